"""The plan: what is decided, what follows from it, and whether the independent check agrees."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from optimizer.errors import OptimizerError
from optimizer.plan.accounts import Accounts, accounts, amounts
from optimizer.plan.check import CLAIMS, CheckReport, check
from optimizer.plan.records import Life, PlanContent, SolveRecord
from optimizer.plan.save import SCHEMA_VERSION, write_run
from optimizer.plan.statement import Statement
from optimizer.plan.statement import statement as draw_up_statement
from optimizer.plan.statistics import Statistics
from optimizer.plan.tables import plan_tables
from optimizer.plan.violations import Violation
from optimizer.scenario import GivenPlan, Scenario, dump_yaml, given_document, to_document
from optimizer.scenario.schema import aim_of

# Fields of the record that differ between runs of one and the same plan: they go to the manifest only.
OF_THE_RUN = ("solve_seconds", "details")


class BrokenPlanError(OptimizerError):
    """A plan whose halls can't be: the message names each broken limit."""

    exit_code = 6


@dataclass(frozen=True)
class Plan:
    """A plan with its scenario, accounts and check.

    Attributes
    ----------
    scenario : Scenario
    content : PlanContent
        All decisions, in canonical order.
    record : SolveRecord
        How the plan came about: status, objective, bound, gap, seconds.
    designs : DataFrame
        Result of `evaluate`: one row a site, cooling and chip.
    supply : DataFrame or None
        Supply options of `evaluate`.
    given : GivenPlan or None
        Halls that were given; None where all halls were chosen.
    accounts : Accounts
        Every quantity and every dollar that follows from the decisions.
    report : CheckReport
        Violations that the independent check found, and the objective that it recomputed.

    Examples
    --------
    >>> plan.builds  # doctest: +SKIP
    >>> plan.statistics.capex(by="site")  # doctest: +SKIP
    """

    scenario: Scenario
    content: PlanContent
    record: SolveRecord
    designs: Any
    accounts: Accounts
    report: CheckReport
    supply: Any = None
    given: GivenPlan | None = None

    @property
    def status(self) -> str:
        """optimal, feasible, infeasible, no_plan or interrupted."""
        return self.record.status

    @property
    def aim(self) -> str:
        """What the plan makes least or most: cost, compute, carbon, water or date."""
        return aim_of(self.scenario.objective)

    @cached_property
    def amounts(self) -> dict[str, float]:
        """What plans are compared by: cost [USD], compute [unit-hours], carbon [t], water [m3], date [years]."""
        return amounts(self.accounts, self.content)

    @property
    def objective(self) -> float:
        """What the scenario makes least or most [USD, unit-hours, t, m3, years]."""
        return self.record.objective

    @property
    def bound(self) -> float:
        """What no plan can better [unit of the objective]."""
        return self.record.bound

    @property
    def gap(self) -> float:
        """|objective − bound| / max(|objective|, 1e-9) [fraction]."""
        return self.record.gap

    @property
    def verified(self) -> bool:
        """Whether the independent check found every limit kept and the objective right."""
        return self.report.ok

    @property
    def name(self) -> str:
        """The given plan's name, else the scenario's."""
        return self.scenario.name if self.given is None else self.given.name

    @property
    def broken_limits(self) -> tuple[Violation, ...]:
        """Limits of the scenario that the plan breaks; what else the check found speaks against the figures themselves."""
        return tuple(found for found in self.report.violations if found.rule not in CLAIMS)

    @property
    def builds(self) -> Any:
        """Who does what when: site, period, cooling, chip, halls, it_mw, action (DataFrame)."""
        return self.tables()["builds"]

    @property
    def statistics(self) -> Statistics:
        """Sums by site, period, line and class."""
        return Statistics(self._tables, self.accounts.discount.tolist())

    @cached_property
    def statement(self) -> Statement:
        """Money by period in nominal dollars, to the cent: cash flow, sources and uses, balances, returns."""
        return draw_up_statement(self.scenario, self.accounts, self.content)

    @property
    def plot(self) -> Any:
        """Charts: map, timeline, sites, capex, sources, demand, waterfall (Altair).

        They come through the entry point `optimizer.plots`, so that a plan knows nothing of its pages.
        """
        (charts,) = entry_points(group="optimizer.plots", name="altair")
        return charts.load()(self)

    def tables(self) -> dict[str, Any]:
        """All tables of the plan: name -> DataFrame, made once; copy a frame before changing it."""
        return dict(self._tables)

    @cached_property
    def _tables(self) -> dict[str, Any]:
        return plan_tables(self.scenario, self.content, self.designs, self.accounts)

    def document(self) -> dict[str, Any]:
        """What plan.json holds: nothing that differs between runs that find the same plan."""
        record = {name: value for name, value in vars(self.record).items() if name not in OF_THE_RUN}
        return {
            "schema_version": SCHEMA_VERSION,
            "scenario": to_document(self.scenario),
            "content": self.content,
            "record": record,
            "objective": self.objective,
            "verified": self.verified,
            **({} if self.given is None else {"given": given_document(self.given)}),
        }

    def save(
        self,
        folder: Path | str,
        argv: Sequence[str] = (),
        inputs: Mapping[str, Path] | None = None,
    ) -> Path:
        """Write plan.json, tables/*.csv, config.resolved.yaml and manifest.json.

        Parameters
        ----------
        folder : Path or str
            Appears complete or not at all; a former run there is replaced, anything else is refused.
        argv : sequence of str
            The command line, for the manifest.
        inputs : mapping of str to Path, optional
            Files that entered, by name; their SHA-256 goes to the manifest.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        PlanFolderError
            The folder can't be written there.
        """
        target = Path(folder)
        manifest = {
            "scenario": self.scenario.name,
            "verified": self.verified,
            "violations": [str(violation) for violation in self.report.violations],
            **vars(self.record),
        }
        write_run(target, self.document(), self._tables, dump_yaml(self.scenario), manifest, argv, inputs)
        return target


def make_plan(
    scenario: Scenario,
    designs: Any,
    content: PlanContent,
    record: SolveRecord,
    supply: Any = None,
    given: GivenPlan | None = None,
) -> Plan:
    """A plan from decisions: puts them in order, draws up the accounts and checks every limit.

    Parameters
    ----------
    scenario : Scenario
    designs : DataFrame
        Result of `evaluate`.
    content : PlanContent
    record : SolveRecord
        Objective and bound as the solver claims them.
    supply : DataFrame, optional
        Supply options of `evaluate`.
    given : GivenPlan, optional
        Halls that were given; the check compares them with those of the plan.

    Raises
    ------
    BrokenPlanError
        The halls' lives are such that no accounts can be drawn up.
    """
    ordered = in_order(content)
    report = check(
        scenario,
        designs,
        ordered,
        objective=record.objective,
        bound=record.bound,
        gap=record.gap,
        supply=supply,
        given=given,
    )
    if math.isnan(report.objective):
        raise BrokenPlanError("\n".join(str(violation) for violation in report.violations))
    books = accounts(scenario, designs, ordered, supply)
    return Plan(scenario, ordered, record, designs, books, report, supply, given)


def in_order(content: PlanContent) -> PlanContent:
    """The same decisions in canonical order, so that equal plans are written by equal bytes."""
    return replace(
        content,
        lives=tuple(sorted(content.lives, key=_life_key)),
        paths=dict(sorted(content.paths.items())),
        uses=tuple(
            sorted(content.uses, key=lambda u: (u.period, u.site, u.chip, u.run_on, u.it_mw, u.workload))
        ),
        cuts=tuple(
            sorted(content.cuts, key=lambda c: (c.period, c.site, c.chip, c.run_on, c.it_mw, c.workload))
        ),
        served=tuple(sorted(content.served, key=lambda s: (s.period, s.workload, s.region, s.site))),
        unserved=tuple(sorted(content.unserved, key=lambda u: (u.period, u.workload, u.region))),
        billed=tuple(sorted(content.billed, key=lambda b: (b.period, b.site, b.block))),
        draws=tuple(sorted(content.draws, key=lambda d: (d.period, d.source, d.asset_class))),
        jobs=dict(sorted(content.jobs.items())),
        developed=tuple(sorted(content.developed)),
        contracts=tuple(sorted(content.contracts, key=lambda c: (c.first, c.end, c.lease))),
        idle=tuple(sorted(content.idle, key=lambda i: (i.period, i.first, i.end, i.lease))),
        rebates=tuple(sorted(content.rebates, key=lambda r: (r.period, r.site, r.asset_class))),
        raised=tuple(sorted(content.raised, key=lambda r: (r.period, r.source, r.number))),
    )


def _life_key(life: Life) -> tuple[Any, ...]:
    stages = tuple((s.first, s.end, s.chip, s.run_on) for s in life.stages)
    block = -1 if life.block is None else life.block
    return (
        life.commission,
        life.site,
        life.origin,
        block,
        life.cooling,
        life.it_mw,
        stages,
        life.leased,
        life.halls,
    )
