"""`plan.plot`: the page's charts for notebooks, found through the entry point `optimizer.plots`."""

from __future__ import annotations

from typing import Any

from optimizer.plan import Plan
from optimizer.report import charts, charts_money, charts_work
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

    def stranded(self, width: int = charts.WIDE) -> Any:
        """Power of halls that denser racks outgrow, in operation and idle."""
        return charts_work.stranded(self._plan, width)

    def work(self, width: int = charts.WIDE) -> Any:
        """Compute at work by workload, chip generation and period."""
        return charts_work.work(self._plan, width)

    def leases(self, width: int = charts.WIDE) -> Any:
        """Leased compute, used and idle, by period."""
        return charts_work.leases(self._plan, width)

    def carbon(self, width: int = charts.WIDE) -> Any:
        """CO2 of energy and of making chips and halls by period."""
        return charts_work.carbon(self._plan, width)

    def limits(self, width: int = charts.WIDE) -> Any:
        """Use of the limits that all sites share by planning period."""
        return charts_work.limits(self._plan, width)

    def opex(self, width: int = charts.WIDE) -> Any:
        """Operating cost by line and period."""
        return charts_money.opex(self._plan, width)

    def levelised(self, width: int = charts.WIDE) -> Any:
        """Levelised cost of compute by generation and by site."""
        return charts_money.levelised(self._plan, width)

    def owed(self, width: int = charts.WIDE) -> Any:
        """What is owed by source at the end of each period."""
        return charts_money.owed(self._plan, width)

    def cash_flow(self, width: int = charts.WIDE) -> Any:
        """Revenue, cost, tax, capital and sales by period, and the free cash flow."""
        return charts_money.cash_flow(self._plan, width)

    def demand(self, width: int = charts.WIDE) -> Any:
        """Compute served and wanted by workload and period."""
        return charts.demand(self._plan, width)

    def waterfall(self, width: int = charts.WIDE) -> Any:
        """From the lines of cost to the objective."""
        return charts.waterfall(self._plan, width)

    def per_gigawatt(self, width: int = charts.WIDE) -> Any:
        """Capital of a gigawatt beside published figures."""
        return charts.per_gigawatt(self._plan, width)
