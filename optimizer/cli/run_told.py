"""What `optimizer run` says of a plan, on the terminal and as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from optimizer.cli.comparison_text import comparison_document, comparison_text
from optimizer.cli.output import say, show, write_json
from optimizer.cli.plan_text import plan_text
from optimizer.cli.text_tables import width
from optimizer.plan import Plan
from optimizer.report.comparison import comparison
from optimizer.report.given_plan import broken_lines, headline
from optimizer.report.run_folder import BESIDE_NAME

_VIOLATION = ("rule", "where", "period", "limit", "found", "unit", "message")


def tell(plan: Plan, run_dir: Path, interrupted: bool, as_json: bool, beside: Plan | None = None) -> None:
    """Print a plan: one JSON object on stdout, or tables on stdout; broken limits on stderr."""
    if as_json:
        write_json(_document(plan, run_dir, interrupted, beside))
    else:
        show(plan_text(plan))
        if beside is not None:
            show("\n" + comparison_text(comparison(plan, beside), width()))
    for line in broken_lines(plan):
        say(f"broken limit: {line}")
    if interrupted:
        say(f"the page is not written after an interrupt; `optimizer report {run_dir}` writes it")
    say(f"written to {run_dir}")


def _document(plan: Plan, run_dir: Path, interrupted: bool, beside: Plan | None) -> dict[str, Any]:
    document = {
        "status": "interrupted" if interrupted else plan.status,
        "objective": plan.objective,
        "bound": plan.bound,
        "gap": plan.gap,
        "verified": plan.verified,
        "solve_seconds": plan.record.solve_seconds,
        "run_dir": run_dir,
        "sense": plan.record.sense,
    }
    if plan.given is not None:
        # Status, bound and gap are those of what the given halls leave open.
        document |= {
            "given_plan": plan.given.name,
            "headline": headline(plan),
            "violations": [
                {name: getattr(found, name) for name in _VIOLATION} for found in plan.report.violations
            ],
        }
    if beside is not None:
        document["beside"] = {
            "status": beside.status,
            "objective": beside.objective,
            "bound": beside.bound,
            "gap": beside.gap,
            "verified": beside.verified,
            "run_dir": run_dir / BESIDE_NAME,
        }
        document["comparison"] = comparison_document(comparison(plan, beside))
    return document
