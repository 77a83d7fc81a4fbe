"""Processors beside accelerators: their power, price and CPU work."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from optimizer.catalog.fact import CatalogError, as_fact, read_facts


@dataclass(frozen=True)
class Host:
    """Host processors with their memory, by accelerator.

    Attributes
    ----------
    id, name : str
    it_kw_per_accelerator : float
        With their share of the network [kW].
    usd_per_accelerator : float
        Dollars of 2025 [USD].
    cpu_chips_per_accelerator : float
        CPU work that they do, in processors of `arm_cpu_rack`.
    """

    id: str
    name: str
    it_kw_per_accelerator: float
    usd_per_accelerator: float
    cpu_chips_per_accelerator: float


@lru_cache(maxsize=1)
def hosts() -> dict[str, Host]:
    """All hosts, by id."""
    book = read_facts("hosts")
    network = as_fact(book["network_share"]).value
    return {
        name: Host(
            id=name,
            name=entry["name"],
            it_kw_per_accelerator=as_fact(entry["w_per_accelerator"]).value * network / 1000.0,
            usd_per_accelerator=as_fact(entry["usd_per_accelerator"]).value,
            cpu_chips_per_accelerator=as_fact(entry["cpu_chips_per_accelerator"]).value,
        )
        for name, entry in book["hosts"].items()
    }


def host(host_id: str) -> Host:
    """Hosts of one kind.

    Raises
    ------
    CatalogError
        Unknown id.
    """
    if host_id not in hosts():
        raise CatalogError("host", host_id, hosts())
    return hosts()[host_id]
