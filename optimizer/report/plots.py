"""`plan.plot`: the page's charts for notebooks, found through the entry point `optimizer.plots`."""

from __future__ import annotations

from typing import Any

from optimizer.plan import Plan
from optimizer.report import charts
from optimizer.report.dispatch_week import dispatch_chart
from optimizer.report.map import map_chart


class Plots:
    """Altair charts of a plan; every method takes a width [pixels].

    Parameters
    ----------
    plan : Plan
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def map(self, width: int = charts.WIDE) -> Any:
        """Sites of the plan by IT megawatts, the other offers as dots."""
        return map_chart(self._plan, width)

    def timeline(self, width: int = charts.WIDE) -> Any:
        """IT megawatts in operation by site and period, against the floor."""
        return charts.timeline(self._plan, width)

    def chips(self, width: int = charts.WIDE) -> Any:
        """IT megawatts in operation by chip generation and period."""
        return charts.chips(self._plan, width)

    def sites(self, width: int = charts.WIDE) -> Any:
        """IT megawatts in operation by site and period."""
        return charts.sites(self._plan, width)

    def capex(self, width: int = charts.WIDE) -> Any:
        """Capital by class and period."""
        return charts.capex(self._plan, width)

    def sources(self, width: int = charts.WIDE) -> Any:
        """Draws by source and period."""
        return charts.sources(self._plan, width)

    def energy(self, width: int = charts.WIDE) -> Any:
        """Energy by source and period."""
        return charts.energy(self._plan, width)

    def dispatch(
        self, site: str | None = None, first_hour: int | None = None, width: int = charts.WIDE
    ) -> Any:
        """A week of a site's supply by source; by default the page's site and its hardest week."""
        return dispatch_chart(self._plan, width, site, first_hour)

    def demand(self, width: int = charts.WIDE) -> Any:
        """Compute served and wanted by workload and period."""
        return charts.demand(self._plan, width)

    def waterfall(self, width: int = charts.WIDE) -> Any:
        """From the lines of cost to the objective."""
        return charts.waterfall(self._plan, width)

    def per_gigawatt(self, width: int = charts.WIDE) -> Any:
        """Capital of a gigawatt beside published figures."""
        return charts.per_gigawatt(self._plan, width)
