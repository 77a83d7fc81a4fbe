"""Files of a plan: equal bytes for equal plans, no formulas in tables, all or nothing, no overwriting."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.plan import save
from optimizer.plan.records import Life, Stage


def _write(folder: Path, **changes: object) -> None:
    table = pd.DataFrame({"site": ["=cmd()", "east"], "usd": [0.1 + 0.2, float("nan")], "halls": [1, -2]})
    given_: dict[str, object] = {
        "document": {"b": 1, "a": (1.0, float("inf"))},
        "tables": {"builds": table},
        "config_yaml": "name: x\n",
        "manifest": {"status": "optimal", "bound": -float("inf")},
        "argv": ("optimizer", "run"),
    }
    save.write_run(folder, **{**given_, **changes})  # type: ignore[arg-type]


def test_a_record_is_written_with_sorted_keys_and_exact_floats() -> None:
    life = Life("east", "new", None, "dlc_dry", 0.1 + 0.2, 3, 0, (Stage("a", 0, 2),))
    text = save.json_text(life)
    assert json.loads(text)["it_mw"] == 0.30000000000000004
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert json.loads(text)["stages"] == [{"chip": "a", "end": 2, "first": 0, "run_on": False}]


def test_numpy_figures_are_written_as_plain_ones() -> None:
    assert save.plain({"a": np.float64(1.5), "b": np.int64(2), "c": np.bool_(True), 4: np.inf}) == {
        "a": 1.5,
        "b": 2,
        "c": True,
        "4": None,
    }


@given(st.text(max_size=20))
def test_no_text_cell_starts_as_a_formula(text: str) -> None:
    cell = save.safe_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell in (text, "'" + text)


def test_files_of_a_run(tmp_path: Path) -> None:
    source = tmp_path / "config.yaml"
    source.write_text("abc")
    run = tmp_path / "run"
    _write(run, inputs={"config": source})
    names = sorted(str(path.relative_to(run)) for path in run.rglob("*"))
    assert names == ["config.resolved.yaml", "manifest.json", "plan.json", "tables", "tables/builds.csv"]
    with (run / "tables" / "builds.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [
            ["site", "usd", "halls"],
            ["'=cmd()", "0.30000000000000004", "1"],
            ["east", "", "-2"],
        ]
    manifest = json.loads((run / "manifest.json").read_text())
    assert manifest["status"] == "optimal"
    assert manifest["bound"] is None
    assert manifest["argv"] == ["optimizer", "run"]
    # SHA-256 of "abc", FIPS 180-2 appendix B.1
    assert manifest["inputs"]["config"] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert manifest["plan_sha256"] == save.digest(run / "plan.json")
    assert not list(tmp_path.glob(".partial-*"))


def test_a_former_run_is_replaced_whole(tmp_path: Path) -> None:
    run = tmp_path / "run"
    _write(run)
    (run / "tables" / "old.csv").write_text("old")
    _write(run, document={"a": 2})
    assert json.loads((run / "plan.json").read_text()) == {"a": 2}
    assert not (run / "tables" / "old.csv").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_other_folders_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_text("dear")
    with pytest.raises(save.PlanFolderError, match="not overwritten"):
        _write(tmp_path / "photos")
    assert (tmp_path / "photos" / "a.jpg").read_text() == "dear"
    with pytest.raises(save.PlanFolderError, match="not overwritten"):
        _write(tmp_path / "photos" / "a.jpg")


def test_an_error_half_way_leaves_the_former_run(tmp_path: Path) -> None:
    run = tmp_path / "run"
    _write(run)
    before = (run / "plan.json").read_bytes()

    def fill(folder: Path) -> None:
        (folder / "plan.json").write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(save.PlanFolderError, match="No space left"):
        save.write_whole(run, fill)
    assert (run / "plan.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_what_stood_there_comes_back_if_the_rename_fails(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "kept").write_text("kept")
    with pytest.raises(OSError, match="missing"):
        save.put_in_place(tmp_path / "missing", tmp_path / "target", tmp_path / "former")
    assert (tmp_path / "target" / "kept").read_text() == "kept"
