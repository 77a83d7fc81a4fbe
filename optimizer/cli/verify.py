"""`optimizer verify`: the independent check of a plan that was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from optimizer import pipeline
from optimizer.cli.options import common
from optimizer.cli.output import show, write_json
from optimizer.plan import Plan
from optimizer.plan.save import PLAN_NAME, STUDY_NAME
from optimizer.report.given_plan import verdict

NOT_VERIFIED = 6


@click.command("verify")
@click.argument("plan", type=click.Path(exists=True, path_type=Path), metavar="RUN_DIR|plan.json")
@common
def command(plan: Path, as_json: bool) -> int:
    """Recompute every limit and the cost of a plan, or of every plan of a study, and name each broken limit.

    Exit code 0: all hold; 6: one does not.
    """
    if (plan / STUDY_NAME).is_file():
        return _study(plan, as_json)
    loaded = pipeline.load_plan(plan)
    violations = loaded.report.violations
    if as_json:
        write_json(_document(loaded))
    else:
        for item in violations:
            show(str(item))
        show(_verdict(loaded))
    return 0 if loaded.verified else NOT_VERIFIED


def _verdict(loaded: Plan) -> str:
    if loaded.verified:
        return "verified: every limit holds"
    if loaded.given is not None and loaded.broken_limits == loaded.report.violations:
        return f"{verdict(loaded)}; its figures are verified"
    return f"not verified: {len(loaded.report.violations)} broken limits"


def _document(loaded: Plan) -> dict[str, Any]:
    fields = ("rule", "where", "period", "limit", "found", "unit", "message")
    return {
        "verified": loaded.verified,
        "objective": loaded.report.objective,
        "claimed": loaded.objective,
        "violations": [{name: getattr(item, name) for name in fields} for item in loaded.report.violations],
    }


def _study(folder: Path, as_json: bool) -> int:
    plans = {
        path.parent.name: pipeline.load_plan(path.parent) for path in sorted(folder.glob(f"*/{PLAN_NAME}"))
    }
    good = bool(plans) and all(plan.verified for plan in plans.values())
    if as_json:
        write_json({"verified": good, "plans": {name: _document(plan) for name, plan in plans.items()}})
    else:
        for name, loaded in plans.items():
            for item in loaded.report.violations:
                show(f"{name}: {item}")
        show(
            f"verified: every limit of {len(plans)} {'plans' if len(plans) > 1 else 'plan'} holds"
            if good
            else "not verified"
        )
    return 0 if good else NOT_VERIFIED
