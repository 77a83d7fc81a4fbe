"""Tables of the levelised cost of compute: over all chips of a site, over all sites of a generation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from optimizer.plan.accounts import Accounts
from optimizer.plan.levelised import Levelised
from optimizer.plan.tables_decisions import frame


def levelised_by_site(accounts: Accounts, found: Sequence[Levelised]) -> Any:
    """Cost of compute by site, then over all.

    Returns
    -------
    DataFrame
        site, usd (discounted), unit_hours, usd_per_unit_hour, usd_per_pflop_hour. Servers of processors count in a unit of
        their own and are left out; leased compute is no hall's.
    """
    counted = [item for item in found if item.of_halls and accounts.terms.chips[item.chip].kind != "cpu"]
    sites = sorted({item.site for item in counted})
    return _summed(counted, counted, "site", lambda item: item.site, sites)


def levelised_by_generation(accounts: Accounts, found: Sequence[Levelised]) -> Any:
    """The same by chip in order of release, servers of processors last and not in the sum over all."""
    chips = accounts.terms.chips
    found = [item for item in found if item.of_halls]
    counted = [item for item in found if chips[item.chip].kind != "cpu"]
    names = sorted(
        {item.chip for item in found}, key=lambda chip: (chips[chip].kind == "cpu", chips[chip].release, chip)
    )
    return _summed(found, counted, "chip", lambda item: item.chip, names)


def _summed(
    found: Sequence[Levelised],
    counted: Sequence[Levelised],
    column: str,
    key: Callable[[Levelised], str],
    names: Sequence[str],
) -> Any:
    parts = [(name, [item for item in found if key(item) == name]) for name in names]
    rows = []
    for name, part in (*parts, ("", counted)):
        if part:
            usd, hours = sum(item.usd for item in part), sum(item.unit_hours for item in part)
            whole = Levelised("", "", usd, hours, part[0].pflops)
            rows.append((name, usd, hours, whole.usd_per_unit_hour, whole.usd_per_pflop_hour))
    kinds = dict.fromkeys(("usd", "unit_hours", "usd_per_unit_hour", "usd_per_pflop_hour"), "float64")
    return frame(rows, **{column: "object"}, **kinds)
