"""The electrical chain: losses of UPS, transformers and distribution."""

from __future__ import annotations

from functools import lru_cache

from optimizer.catalog.fact import CatalogError, Fact, facts_in, read_facts


@lru_cache(maxsize=1)
def electrical() -> dict[str, Fact]:
    """Parameters of the chain's losses, by name."""
    return {key: fact for key, fact in facts_in(read_facts("electrical")).items() if "." not in key}


def rating_share(redundancy: str) -> Fact:
    """Share of the rating that a full load takes under a redundancy (`N`, `N+1`, `4N/3`, `2N`)."""
    known = {
        key.split(".", 1)[1]: fact
        for key, fact in facts_in(read_facts("electrical")).items()
        if key.startswith("rating_share.")
    }
    if redundancy not in known:
        raise CatalogError("redundancy", redundancy, known)
    return known[redundancy]
