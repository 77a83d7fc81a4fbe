"""A plan: its decisions, its accounts, its independent check, its tables and its files."""

from optimizer.plan.check import CheckReport, check
from optimizer.plan.given_run import halls_of_run, load_halls
from optimizer.plan.load_plan import load_plan
from optimizer.plan.plan import Plan, make_plan
from optimizer.plan.records import (
    Billed,
    Draw,
    Life,
    PlanContent,
    Served,
    SolveRecord,
    Stage,
    Unserved,
    Use,
)
from optimizer.plan.statistics import Statistics
from optimizer.plan.violations import Violation

__all__ = [
    "Billed",
    "CheckReport",
    "Draw",
    "Life",
    "Plan",
    "PlanContent",
    "Served",
    "SolveRecord",
    "Stage",
    "Statistics",
    "Unserved",
    "Use",
    "Violation",
    "check",
    "halls_of_run",
    "load_halls",
    "load_plan",
    "make_plan",
]
