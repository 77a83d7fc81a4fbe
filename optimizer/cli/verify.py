"""`optimizer verify`: the independent check of a plan that was written."""

from __future__ import annotations

from pathlib import Path

import click

from optimizer import pipeline
from optimizer.cli.options import common
from optimizer.cli.output import show, write_json

NOT_VERIFIED = 6


@click.command("verify")
@click.argument("plan", type=click.Path(exists=True, path_type=Path), metavar="RUN_DIR|plan.json")
@common
def command(plan: Path, as_json: bool) -> int:
    """Recompute every limit and the cost of a plan and name each broken limit.

    Exit code 0: the plan holds; 6: it does not.
    """
    loaded = pipeline.load_plan(plan)
    violations = loaded.report.violations
    if as_json:
        fields = ("rule", "where", "period", "limit", "found", "unit", "message")
        write_json(
            {
                "verified": loaded.verified,
                "objective": loaded.report.objective,
                "claimed": loaded.objective,
                "violations": [{name: getattr(item, name) for name in fields} for item in violations],
            }
        )
    else:
        for item in violations:
            show(str(item))
        show(
            "verified: every limit holds"
            if loaded.verified
            else f"not verified: {len(violations)} broken limits"
        )
    return 0 if loaded.verified else NOT_VERIFIED
