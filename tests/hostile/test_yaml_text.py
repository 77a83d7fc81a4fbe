"""Text that is no scenario: bombs, broken bytes, values that other readers bend."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.scenario import ScenarioError, load, load_with_origins

from .refusals import MINIMAL, at, problem_of, refused

BILLION_LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 10)
)
QUADRATIC = "a: &a [" + "x, " * 2000 + "x]\nb: [" + "*a, " * 90 + "*a]\n"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        pytest.param(BILLION_LAUGHS, "E004", None, id="billion laughs"),
        pytest.param(QUADRATIC, "E004", 2, id="quadratic"),
        pytest.param("a: &a 1\nb: [" + "*a, " * 500 + "]\n", "E004", 2, id="many aliases"),
        pytest.param("a: &a [1, *a]\n", "E007", 1, id="alias inside its anchor"),
        pytest.param("a: &a {b: *a}\n", "E007", 1, id="mapping inside itself"),
        pytest.param("a: *nobody\n", "E003", 1, id="alias of nothing"),
        pytest.param("a: " + "[" * 200_000 + "]" * 200_000, "E004", 1, id="lists in lists"),
        pytest.param("a: " + "[" * 200_000, "E004", 1, id="lists that never end"),
        pytest.param("a: " + "{b: " * 200_000, "E004", 1, id="mappings in mappings"),
        pytest.param("".join(" " * i + "a:\n" for i in range(200)), "E004", None, id="block mappings"),
        pytest.param("- " * 200_000 + "x\n", "E004", 1, id="dashes"),
        pytest.param("".join(f"k{i}: 1\n" for i in range(120_000)), "E004", None, id="too many keys"),
        pytest.param("a: [" + "1, " * 200_000 + "]\n", "E004", 1, id="too many items"),
        pytest.param("name: " + "x" * 6_000_000 + "\n", "E004", None, id="huge file"),
    ],
)
def test_bomb(tmp_path: Path, text: str, code: str, line: int | None) -> None:
    problem = problem_of(tmp_path, text, code)
    if line is not None:
        assert problem.line == line
    assert len(problem.message) < 300


@pytest.mark.parametrize(
    ("text", "code", "place", "word"),
    [
        ("name: a\nname: b\n", "E005", (2, 1), "first stands at line 1"),
        ("money:\n  wacc: 0.1\n  wacc: 0.1\n", "E005", (3, 3), "'wacc'"),
        ("name: a\nmoney: {wacc: 1, wacc: 2}\n", "E005", (2, 18), "duplicate"),
        ("2027-01: 1\n'2027-01': 2\n", "E005", (2, 1), "duplicate"),
        ("name: a\nx: .nan\n", "E008", (2, 4), "finite"),
        ("name: a\nx: .inf\n", "E008", (2, 4), "finite"),
        ("x: [1, -.INF]\n", "E008", (1, 8), "finite"),
        ("x: 1e999\n", "E008", (1, 4), "too large"),
        ("name: a\nx: " + "9" * 5000 + "\n", "E008", (2, 4), "digits"),
        ("x: 0." + "1" * 5000 + "\n", "E008", (1, 4), "digits"),
        ("x: 0x" + "f" * 5000 + "\n", "E008", (1, 4), "digits"),
        ("name: a\n\tmoney: 1\n", "E003", (2, None), "not YAML"),
        ("money:\n\twacc: 1\n", "E003", (2, None), "not YAML"),
        ("name: !!python/object/apply:os.system [echo]\n", "E006", (1, 7), "tags"),
        ("name: !!python/name:os.system x\n", "E006", (1, 7), "tags"),
        ("name: !!str 5\n", "E006", (1, 7), "tags"),
        ("x: !mine {a: 1}\n", "E006", (1, 4), "tags"),
        ("a: &a {x: 1}\nb:\n  <<: *a\n", "E006", (3, 3), "extends"),
        ("name: a\n---\nname: b\n", "E003", (2, 1), "second"),
        ("name: a\n...\n---\nname: b\n", "E003", (3, 1), "second"),
        ("", "E103", (1, 1), "mapping"),
        ("# nothing\n\n", "E103", (1, 1), "mapping"),
        ("---\n", "E103", (1, 1), "mapping"),
        ("- name: a\n- name: b\n", "E103", (1, 1), "mapping"),
        ("just words\n", "E103", (1, 1), "mapping"),
        ("42\n", "E103", (1, 1), "mapping"),
        ("name: a\nmoney:\nobjective: minimize_cost\n", "E009", (2, 1), "no value"),
        ("name: a\ncooling: [dlc_dry, , dlc_tower]\n", "E003", (2, 20), "not YAML"),
        ("cooling:\n  - dlc_dry\n  -\n", "E009", (3, None), "empty item"),
        ("name: [a\nmoney: 1\n", "E003", (2, None), "not YAML"),
        ("name: 'a\n", "E003", (None, None), "not YAML"),
        ("name: a: b\n", "E003", (1, 8), "not YAML"),
        ("name: {a: 1\n", "E003", (None, None), "not YAML"),
        ("? [a, b]\n: 1\n", "E003", (1, 3), "key"),
        ("{a: 1}: 2\n", "E003", (1, 1), "key"),
        (": 2\n", "E003", (1, 1), "key"),
        ("name: @a\n", "E003", (1, 7), "not YAML"),
        ("name: `a`\n", "E003", (1, 7), "not YAML"),
        ("%YAML 3.0\n---\nname: a\n", "E003", (1, None), "not YAML"),
        ("name: \x01\n", "E003", (1, None), "not YAML"),
        ("name: \x00\n", "E003", (1, None), "not YAML"),
        ('name: "\\ud800"\n', "E003", (1, None), "not YAML"),
    ],
)
def test_text_that_is_no_scenario(
    tmp_path: Path, text: str, code: str, place: tuple[int | None, int | None], word: str
) -> None:
    problem = problem_of(tmp_path, text, code)
    line, column = at(problem)
    assert line >= 1
    assert column >= 1
    assert line == (place[0] or line)
    assert column == (place[1] or column)
    assert word in problem.message
    assert Path(problem.file).name == "case.yaml"


def test_every_duplicate_key_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text("a: 1\na: 2\nb: {c: 1, c: 2}\na: 3\n")
    assert [(p.code, *at(p)) for p in refused(file)] == [("E005", 2, 1), ("E005", 3, 11), ("E005", 4, 1)]


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        pytest.param(MINIMAL.encode("utf-16"), 1, id="UTF-16"),
        pytest.param(MINIMAL.encode("utf-16-be"), None, id="UTF-16 without a mark"),
        pytest.param("name: a\ndescription: München\n".encode("latin-1"), 2, id="latin-1"),
        pytest.param(b"name: a\nx: \xff\xfe\n", 2, id="stray bytes"),
        pytest.param(b"name: \xed\xa0\x80\n", 1, id="surrogate"),
        pytest.param(b"\x80" * 100, 1, id="bytes"),
    ],
)
def test_bytes_that_are_no_text(tmp_path: Path, raw: bytes, line: int | None) -> None:
    file = tmp_path / "case.yaml"
    file.write_bytes(raw)
    (problem,) = refused(file)
    assert problem.code in ("E002", "E003")
    if line is not None:
        assert problem.line == line
        assert problem.code == "E002"


def test_byte_order_mark_and_carriage_returns_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())
    assert load(file).name == "minimal"


def test_names_in_other_scripts_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(
        MINIMAL.replace("description: Two sites", "description: 二つの場所 🏗 ñ"), encoding="utf-8"
    )
    assert load(file).description.startswith("二つの場所 🏗")


def test_many_problems_are_one_line_each(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    bad = (
        MINIMAL.replace("wacc: 0.08", 'wacc: "a\\nb"')
        .replace("periods: 6 ", "periods: many")
        .replace("name: texas", "name: 'a\n\n      b'")
    )
    file.write_text(bad)
    found = refused(file)
    assert len(found) == 3
    assert all("\n" not in problem.message for problem in found)


def test_line_ends_in_keys_and_paths_do_not_break_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(MINIMAL + '"new\\nline": 1\n')
    assert len(refused(file)) == 1
    file.write_text(MINIMAL)
    with pytest.raises(ScenarioError) as caught:
        load(file, {"money\n.wacc": "1"})
    assert len(str(caught.value).splitlines()) == 1


def test_a_long_bad_value_is_shown_short(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(MINIMAL.replace("wacc: 0.08", "wacc: " + "x" * 100_000))
    (problem,) = refused(file)
    assert problem.path == "money.wacc"
    assert len(problem.message) < 300


@pytest.mark.parametrize("key", ["x" * 100_000, "a b", "é", "--", "a.b", "sites[0]", "{}", "%s%n"])
def test_strange_unknown_keys(tmp_path: Path, key: str) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(f"{MINIMAL}'{key}': 1\n", encoding="utf-8")
    if len(key) > 1000:
        # The parser takes simple keys of up to 1,024 characters.
        (problem,) = refused(file)
        assert problem.code == "E003"
        return
    (problem,) = refused(file)
    assert problem.code == "E102"
    assert at(problem) == (len(MINIMAL.splitlines()) + 1, 1)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1e9", 1e9),
        ("1E+2", 100.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("+7", 7.0),
        ("010", 10.0),
        ("0o17", 15.0),
        ("0x1F", 31.0),
        ("1_000", "E106"),
        ("0b11", "E106"),
        ("12:30", "E106"),
        ("1,000", "E106"),
        ("NO", "E106"),
        ("yes", "E106"),
        ("True", "E106"),
    ],
)
def test_numbers_are_those_of_yaml_1_2(tmp_path: Path, written: str, meant: float | str) -> None:
    text = MINIMAL.replace("unserved_usd_per_h100e_hour: 4 ", f"unserved_usd_per_h100e_hour: {written} ")
    assert written in text
    if isinstance(meant, str):
        assert problem_of(tmp_path, text, meant).path == "money.unserved_usd_per_h100e_hour"
    else:
        (tmp_path / "case.yaml").write_text(text)
        assert load(tmp_path / "case.yaml").money.unserved_usd_per_h100e_hour == meant


@pytest.mark.parametrize(
    "written", ["NO", "no", "yes", "on", "off", "Y", "12:30", "2027-01-01", "1_000", "=", "0b1"]
)
def test_texts_are_those_of_yaml_1_2(tmp_path: Path, written: str) -> None:
    (tmp_path / "case.yaml").write_text(MINIMAL.replace("Two sites, 500 MW by 2028", written))
    assert load(tmp_path / "case.yaml").description == written


@pytest.mark.parametrize("written", ["true", "010", "1e9", "0x1F", "3.0"])
def test_quotes_make_text(tmp_path: Path, written: str) -> None:
    for quote in "'\"":
        (tmp_path / "case.yaml").write_text(
            MINIMAL.replace("Two sites, 500 MW by 2028", quote + written + quote)
        )
        assert load(tmp_path / "case.yaml").description == written


@pytest.mark.parametrize("written", ["null", "~", "Null", "NULL"])
def test_null_is_the_default(tmp_path: Path, written: str) -> None:
    (tmp_path / "case.yaml").write_text(MINIMAL.replace("inflation: 0.025 ", f"inflation: {written} "))
    scenario, origins = load_with_origins(tmp_path / "case.yaml")
    assert scenario.money.inflation == 0.025
    assert origins.where("money.inflation") is None


def test_anchors_are_taken(tmp_path: Path) -> None:
    text = MINIMAL.replace("tax: {sales_exempt: true}", "tax: &free {sales_exempt: true}", 1)
    text = text.replace("tax: {sales_exempt: true}", "tax: *free", 1)
    (tmp_path / "case.yaml").write_text(text)
    assert [site.tax.sales_exempt for site in load(tmp_path / "case.yaml").sites] == [True, True]
