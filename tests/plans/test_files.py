"""Files of plans that somebody has changed: named and refused, never believed and never a crash."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from optimizer.cli.entry import invoke
from optimizer.plan import Plan

Change = Callable[[dict[str, Any]], Any]


def life(**values: Any) -> Change:
    return lambda document: document["content"]["lives"][0].update(values)


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        (lambda d: d.update(objective=0.99 * d["objective"]), 2, "objective: expected"),
        (lambda d: d["record"].update(gap=0.5), 6, "gap claimed"),
        (lambda d: d["record"].update(bound=1e20), 6, "bound"),
        (life(site="nowhere"), 6, "site (nowhere): the scenario has no such site"),
        (life(cooling="ice"), 6, "ice"),
        (life(commission=999), 2, "lives[0].commission: expected a period from 0"),
        (lambda d: d["content"]["uses"][0].update(period=-1), 2, "uses[0].period"),
        (lambda d: d["content"]["lives"][0]["stages"][0].update(chip="abacus"), 6, "abacus"),
        (lambda d: d["content"]["lives"].clear(), 6, "a path without halls"),
    ],
)
def test_a_changed_plan_is_refused(
    minimal: Plan,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: Change,
    code: int,
    message: str,
) -> None:
    minimal.save(tmp_path / "run")
    file = tmp_path / "plan.json"
    document = json.loads((tmp_path / "run" / "plan.json").read_text())
    change(document)
    file.write_text(json.dumps(document))
    assert invoke(["verify", str(file)]) == code
    out, err = capsys.readouterr()
    assert message in out + err


def test_an_unchanged_plan_is_verified(minimal: Plan, tmp_path: Path) -> None:
    minimal.save(tmp_path / "run")
    assert invoke(["verify", str(tmp_path / "run" / "plan.json")]) == 0
