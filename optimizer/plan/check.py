"""The independent check: every limit and the objective of a plan, recomputed from the scenario.

It shares no code with programmes and planning; both are written from docs/economics.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from optimizer.plan.accounts import Accounts, accounts, amounts
from optimizer.plan.accounts_halls import hall_terms
from optimizer.plan.check_demand import check_demand
from optimizer.plan.check_given import check_given
from optimizer.plan.check_leases import check_leases
from optimizer.plan.check_lives import check_lives
from optimizer.plan.check_money import check_money
from optimizer.plan.check_power import check_power
from optimizer.plan.check_shared import check_shared
from optimizer.plan.check_sites import check_sites
from optimizer.plan.check_statement import check_statement
from optimizer.plan.records import PlanContent
from optimizer.plan.times import times
from optimizer.plan.violations import Findings, Violation
from optimizer.scenario import GivenPlan
from optimizer.scenario.schema import Scenario, aim_of

# The solver's objective and ours may differ by rounding only.
OBJECTIVE_TOLERANCE = 1e-6
# Rules that hold the solver's figures against ours; all others are limits of the scenario.
CLAIMS = ("objective claimed", "bound", "gap claimed")
# Units of what a scenario makes least or most.
UNITS = {"cost": "USD", "compute": "unit-hours", "carbon": "t", "water": "m3", "date": "years"}


@dataclass(frozen=True)
class CheckReport:
    """What the check found.

    Attributes
    ----------
    ok : bool
    violations : tuple of Violation
    objective : float
        Discounted cost [USD] or discounted compute [unit-hours] of the plan as recomputed; NaN where the
        decisions are such that no accounts can be drawn up.
    """

    ok: bool
    violations: tuple[Violation, ...]
    objective: float


def check(
    scenario: Scenario,
    designs: Any,
    content: PlanContent,
    objective: float | None = None,
    bound: float | None = None,
    gap: float | None = None,
    supply: Any = None,
    given: GivenPlan | None = None,
) -> CheckReport:
    """Check a plan.

    Parameters
    ----------
    scenario : Scenario
    designs : DataFrame
        Result of `evaluate`; the one thing that is taken over.
    content : PlanContent
    objective, bound, gap : float, optional
        As the solver claims them.
    supply : DataFrame, optional
        Supply options of `evaluate`; taken over as the designs are.
    given : GivenPlan, optional
        Halls that the plan must consist of.
    """
    t = times(scenario)
    findings = Findings(t)
    if given is not None:
        check_given(t, given, content, findings)
    terms = hall_terms(scenario, t, designs, supply)
    if not check_lives(terms, content, findings):
        return CheckReport(False, tuple(findings.found), math.nan)
    books = accounts(scenario, designs, content, supply)
    check_limits(books, content, findings)
    # A statement can be drawn up of decisions that are in order.
    if not findings.found:
        check_statement(books, content, findings)
    _objective(scenario, books.objective, objective, bound, findings)
    if gap is not None and objective is not None and bound is not None and math.isfinite(bound):
        own = abs(objective - bound) / max(abs(objective), 1e-9)
        findings.at_most("gap claimed", "", None, abs(gap - own), OBJECTIVE_TOLERANCE, "of the objective")
    return CheckReport(not findings.found, tuple(findings.found), books.objective)


def check_limits(books: Accounts, content: PlanContent, findings: Findings) -> None:
    """Every limit of the scenario, once lives are such that accounts can be drawn up."""
    check_sites(books, content, findings)
    check_power(books, content, findings)
    check_demand(books, content, findings)
    check_shared(books, content, findings)
    check_leases(books, content, findings)
    check_money(books, content, findings)
    _bounds(books, content, findings)


def _bounds(books: Accounts, content: PlanContent, findings: Findings) -> None:
    own, found = books.terms.scenario.bounds, amounts(books, content)
    for name, most in (("cost", own.max_cost_usd), ("carbon", own.max_co2_t), ("water", own.max_water_m3)):
        if most is not None:
            findings.at_most(f"bound on {name}", "", None, found[name], most, UNITS[name], 1.0)
    if own.min_h100e_hours is not None:
        findings.at_least("least compute", "", None, found["compute"], own.min_h100e_hours, "unit-hours", 1.0)
    if own.target_by is not None:
        latest = books.times.period_of(own.target_by) * books.times.years
        findings.at_most("date of the target", "", None, found["date"], latest, "years")


def _objective(
    scenario: Scenario, own: float, claimed: float | None, bound: float | None, findings: Findings
) -> None:
    unit = UNITS[aim_of(scenario.objective)]
    room = OBJECTIVE_TOLERANCE * max(1.0, abs(own))
    if claimed is not None and math.isfinite(claimed):
        findings.at_most("objective claimed", "", None, abs(claimed - own), room, unit)
    if bound is not None and math.isfinite(bound):
        if unit != "unit-hours":
            findings.at_most("bound", "", None, bound, own + room, unit)
        else:
            findings.at_least("bound", "", None, bound, own - room, unit)
