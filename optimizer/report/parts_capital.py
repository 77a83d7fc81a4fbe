"""Section on the capital of a gigawatt beside published figures."""

from __future__ import annotations

from typing import Any

from optimizer.plan import Plan
from optimizer.report import charts
from optimizer.report.part import Figure, Part, drawn
from optimizer.report.published import BERNSTEIN_BILL, BERNSTEIN_USD_BN, CAPITAL_PER_GW
from optimizer.report.tables import Table, plain_table


def capital(plan: Plan) -> Part:
    """The first build's bill a gigawatt, beside published ones."""
    bill = plan.tables()["capital_bill"]
    published = tuple(
        (item.who, item.span, item.gigawatt or "not said", item.basis, item.source) for item in CAPITAL_PER_GW
    )
    figures: tuple[Figure, ...] = ()
    beside: tuple[Table, ...] = ()
    if len(bill):
        figures = (
            drawn(
                plan,
                charts.per_gigawatt,
                "per-gigawatt",
                "Capital of a gigawatt beside published figures",
                "Billion dollars a gigawatt. A bar with a pale end is a span.",
            ),
        )
        beside = (_beside_bernstein(bill),)
    return Part(
        "capital",
        "Capital per gigawatt",
        texts=(
            "A gigawatt of IT and a gigawatt of facility are not the same gigawatt: the facility's holds "
            "cooling and losses too. Both are given; compare like with like.",
        ),
        figures=figures,
        tables=(plain_table(bill, "The plan's bill", total=bool(len(bill))), *beside),
        folded=(
            Table(
                "Published figures and their sources",
                ("who", "bn USD per GW", "of", "what is in", "source"),
                published,
                frozenset({1}),
            ),
        ),
    )


def _beside_bernstein(bill: Any) -> Table:
    """The plan's lines a gigawatt of facility beside Bernstein's bill for GB200 [billion USD]."""
    own = bill.set_index("line")["usd_per_gw_facility"] / 1e9
    rows = []
    for line, share, mine in BERNSTEIN_BILL:
        rows.append((line, sum(float(own.get(name, 0.0)) for name in mine), share * BERNSTEIN_USD_BN))
    named = (sum(row[1] for row in rows), sum(row[2] for row in rows))
    rows.append(
        ("shell, land, labour and the rest", float(own["total"]) - named[0], BERNSTEIN_USD_BN - named[1])
    )
    rows.append(("total", float(own["total"]), BERNSTEIN_USD_BN))
    return Table(
        "Beside Bernstein's bill for GB200, billion USD per GW of facility",
        ("line", "this plan", "Bernstein"),
        tuple((line, f"{mine:.2f}", f"{theirs:.2f}") for line, mine, theirs in rows),
        frozenset({1, 2}),
        total=True,
    )
