"""A plan's file read back: the same decisions, or the place and nature of what is wrong."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from optimizer.plan import load_plan as load_plan_function
from optimizer.plan.load_plan import PlanFileError, record_from
from optimizer.plan.plan import in_order
from optimizer.plan.records import Billed, Draw, Life, PlanContent, Served, Stage, Unserved, Use
from optimizer.plan.save import json_text

CONTENT = PlanContent(
    lives=(
        Life("east", "new", None, "dlc_dry", 0.1 + 0.2, 3, 1, (Stage("a", 1, 3), Stage("a", 3, 4, True))),
        Life("east", "existing", 0, "air_chiller", 20.0, 1, 0, (Stage("old", 0, 1),)),
    ),
    paths={"east": "grid+gas"},
    uses=(Use("east", "a", False, 50.0, "training", 1, 2.5),),
    served=(Served("east", "", "training", 1, 1e6 / 3),),
    unserved=(Unserved("", "training", 1, 2.0),),
    billed=(Billed("east", "grid", 1, 7.0),),
    draws=(Draw("bank", "chips", 0, 1e9 / 7),),
    jobs={"run-1": "east", "run-2": None},
)


def test_decisions_survive_the_file_exactly() -> None:
    text = json_text(CONTENT)
    again = record_from(PlanContent, json.loads(text), "content")
    assert again == CONTENT
    assert json_text(again) == text


def test_the_order_in_which_decisions_were_found_does_not_show() -> None:
    other = PlanContent(
        lives=CONTENT.lives[::-1],
        paths=dict(CONTENT.paths),
        uses=CONTENT.uses,
        served=CONTENT.served,
        unserved=CONTENT.unserved,
        billed=CONTENT.billed,
        draws=CONTENT.draws,
        jobs={"run-2": None, "run-1": "east"},
    )
    assert other != CONTENT
    assert json_text(in_order(other)) == json_text(in_order(CONTENT))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lives": 3}, r"content\.lives: expected a list"),
        ({"lives": [{"site": "east"}]}, r"content\.lives\[0\]: origin is missing"),
        ({"paths": []}, r"content\.paths: expected a mapping"),
        ({"colour": 1}, r"content: unknown key 'colour'"),
        ({"uses": [7]}, r"content\.uses\[0\]: expected a mapping"),
        ({"jobs": {"a": 4}}, r"content\.jobs\.a: expected str, found 4"),
    ],
)
def test_a_wrong_entry_is_named_with_its_place(change: dict[str, object], message: str) -> None:
    document = {**json.loads(json_text(CONTENT)), **change}
    with pytest.raises(PlanFileError, match=message):
        record_from(PlanContent, document, "content")


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("halls", 2.5, "expected int, found 2.5"),
        ("halls", True, "expected int, found True"),
        ("it_mw", "50", "expected float, found '50'"),
        ("it_mw", 10**400, "too large"),
        ("origin", "bought", "expected one of new, existing, committed"),
    ],
)
def test_a_wrong_value_is_named(key: str, value: object, message: str) -> None:
    document = json.loads(json_text(CONTENT))
    document["lives"][0][key] = value
    with pytest.raises(PlanFileError, match=message):
        record_from(PlanContent, document, "content")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no plan"),
        ("[1]", "expected a mapping"),
        ('{"schema_version": 99}', "schema_version is 99"),
        ('{"schema_version": 1}', "scenario: expected a mapping"),
        ('{"schema_version": NaN}', "NaN is not allowed"),
        ('{"schema_version": 1e999}', "1e999 is too large"),
        ("[" * 200_000, "is no plan"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "plan.json").write_text(text)
    with pytest.raises(PlanFileError, match=message):
        load_plan_function(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError, match=r"plan\.json: can't be read"):
        load_plan_function(tmp_path)


def test_whole_numbers_do_for_floats() -> None:
    document = json.loads(json_text(CONTENT))
    document["lives"][0]["it_mw"] = 50
    life = record_from(PlanContent, document, "content").lives[0]
    assert life.it_mw == 50.0
    assert isinstance(life.it_mw, float)
    assert math.isfinite(life.it_mw)
