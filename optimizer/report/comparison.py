"""Two plans side by side: what changes in cost, megawatts, compute and sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from optimizer.errors import OptimizerError
from optimizer.plan import Plan
from optimizer.report import frames
from optimizer.report.tables import Table, billions, by_period, plain_table


class ComparisonError(OptimizerError):
    """Plans that can't be set side by side: the message says why."""

    exit_code = 2


@dataclass(frozen=True)
class Comparison:
    """What changes from a first plan to a second one.

    Attributes
    ----------
    first, second : Plan
    cost : DataFrame
        line, first_usd, second_usd, change_usd: discounted cost, sales and residual values negative.
    it_mw : DataFrame
        figure (first, second, change), period, mw.
    compute : DataFrame
        figure, period, served (all workloads together) [unit of demand.metric].
    sites : DataFrame
        site, first_it_mw, second_it_mw (largest in the planning periods), first_path, second_path; sites that differ.
    dates : DataFrame
        it_mw (a level), first, second (month from which it stands), months_later.
    """

    first: Plan
    second: Plan
    cost: Any
    it_mw: Any
    compute: Any
    sites: Any
    dates: Any

    @property
    def change_of_objective(self) -> float:
        """Objective of the second plan less that of the first [unit of the objective]."""
        return self.second.objective - self.first.objective


def comparison(first: Plan, second: Plan) -> Comparison:
    """Set two plans side by side.

    Raises
    ------
    ComparisonError
        One minimises cost and the other maximises compute, or they count compute or dollars differently.
    """
    for name, own, other in (
        ("objective", first.scenario.objective, second.scenario.objective),
        ("demand.metric", first.scenario.demand.metric, second.scenario.demand.metric),
        ("money.base_year", first.scenario.money.base_year, second.scenario.money.base_year),
    ):
        if own != other:
            raise ComparisonError(f"{name}: the plans can't be compared: {own} beside {other}")
    return Comparison(
        first,
        second,
        _cost(first, second),
        *_paths(first, second),
        _sites(first, second),
        _dates(first, second),
    )


def comparison_tables(found: Comparison) -> list[Table]:
    """The comparison as tables of text."""
    return [
        plain_table(found.cost, "Discounted cost by line", total=True),
        by_period(found.it_mw, ("figure",), "mw", "IT megawatts in operation"),
        by_period(found.compute, ("figure",), "served", "Compute served", lambda v: f"{v:,.0f}"),
        plain_table(found.dates, "When capacity stands"),
        plain_table(found.sites, "Sites that differ"),
    ]


def billions_changed(found: Comparison) -> str:
    """Change of cost in words."""
    more = found.change_of_objective
    return f"{billions(abs(more))} billion USD {'more' if more >= 0 else 'less'}"


def _cost(first: Plan, second: Plan) -> Any:
    import pandas as pd

    sums = [
        plan.tables()["money_by_period"].groupby("line", sort=False)["usd_discounted"].sum()
        for plan in (first, second)
    ]
    both = pd.concat(sums, axis=1, keys=["first_usd", "second_usd"]).fillna(0.0)
    both["change_usd"] = both["second_usd"] - both["first_usd"]
    both = both.sort_values("change_usd", key=abs, ascending=False, kind="stable")
    both.loc["total"] = both.sum()
    return both.rename_axis("line").reset_index()


def _paths(first: Plan, second: Plan) -> tuple[Any, Any]:
    import pandas as pd

    def sides(table: str, value: str, name: str) -> Any:
        by_plan = [plan.tables()[table].groupby("period")[value].sum() for plan in (first, second)]
        wide = pd.concat(by_plan, axis=1, keys=["first", "second"]).fillna(0.0)
        wide["change"] = wide["second"] - wide["first"]
        return wide.rename_axis("period").reset_index().melt("period", var_name="figure", value_name=name)

    return sides("sites_by_period", "it_mw", "mw"), sides("demand", "served", "served")


def _sites(first: Plan, second: Plan) -> Any:
    import pandas as pd

    rows: dict[str, list[Any]] = {}
    for side, plan in enumerate((first, second)):
        largest = frames.planning_only(plan, plan.tables()["sites_by_period"]).groupby("site")["it_mw"].max()
        for site, it_mw in largest.items():
            row = rows.setdefault(str(site), [0.0, 0.0, "–", "–"])
            row[side], row[2 + side] = float(it_mw), plan.content.paths.get(str(site), "–")
    kept = [
        (site, *row) for site, row in sorted(rows.items()) if abs(row[0] - row[1]) > 1e-6 or row[2] != row[3]
    ]
    names = ["site", "first_it_mw", "second_it_mw", "first_path", "second_path"]
    return pd.DataFrame(kept, columns=names)


def _dates(first: Plan, second: Plan) -> Any:
    """Months from which quarters of the first plan's largest capacity stand."""
    import pandas as pd

    totals = [plan.tables()["sites_by_period"].groupby("period")["it_mw"].sum() for plan in (first, second)]
    most = float(totals[0].max()) if len(totals[0]) else 0.0
    rows = []
    for level in (0.25 * most, 0.5 * most, 0.75 * most, most):
        months = []
        for total in totals:
            reached = [str(period) for period, mw in total.items() if mw >= level - 1e-6]
            months.append(min(reached) if reached else "never")
        known = "never" not in months
        rows.append(
            (level, *months, float(_months(months[1]) - _months(months[0])) if known else float("nan"))
        )
    return pd.DataFrame(rows, columns=["it_mw", "first", "second", "months_later"])


def _months(label: str) -> int:
    return 12 * int(label[:4]) + int(label[5:7])
