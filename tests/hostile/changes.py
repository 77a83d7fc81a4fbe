"""The minimal scenario with a change, and the finding that the change must lead to."""

from __future__ import annotations

from pathlib import Path

from .refusals import MINIMAL, refused

# One value of the minimal scenario in place of another: (old, new).
Change = tuple[str, str]

ABILENE = "    tax: {sales_exempt: true}\n    source: assumption\n  - name: port-washington"
BLOCK = "{online: %s, it_mw: %s, chip: %s, cooling: %s}"


def in_abilene(text: str) -> Change:
    """Lines added to the first site, before its tax."""
    return (ABILENE, f"    {text}\n{ABILENE}")


def at_end(text: str) -> Change:
    """Keys added at the end of the file."""
    return ("    source: assumption\n$", f"    source: assumption\n{text}\n$")


def jobs(text: str) -> Change:
    return ("\nchips:", f"\n  jobs:\n    - {text}\n\nchips:")


def sources(*items: str) -> Change:
    lines = "".join(f"    - {item}\n" for item in items)
    return at_end(f"finance:\n  sources:\n{lines}".rstrip())


def changed(*changes: Change) -> str:
    text = MINIMAL.rstrip() + "\n$"
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.removesuffix("$")


def block(
    online: str = "2026-07", it_mw: str = "10", chip: str = "gb300_nvl72", cooling: str = "dlc_dry"
) -> str:
    return BLOCK % (online, it_mw, chip, cooling)


# Power from the first month on, for halls that stand already.
GAS_NOW = "onsite: {gas: {max_mw: 20, lead_months: 0}}\n    "
EQUITY = "{name: owners, kind: equity, cost: 0.1, funds: [land, facility, power, chips]}"
OWN_CHIP = "\n  settings: {mine: {%s}}\n\nhall:"

# Changes, code, path, the start of the line where it is shown, a part of the message.
Case = tuple[tuple[Change, ...], str, str, str, str]


def assert_found(folder: Path, case: Case) -> None:
    """The case's finding, alone, at its line."""
    changes, code, path, start, part = case
    text = changed(*changes)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    found = refused(folder / "case.yaml")
    # One mistake is told once.
    assert len(found) == 1, found
    (problem,) = found
    assert (problem.code, problem.path) == (code, path)
    assert part in problem.message
    assert f"\n{start}" in text
    assert problem.line == text[: text.index(f"\n{start}") + 1].count("\n") + 1
    assert problem.column >= 1
    assert Path(problem.file).name == "case.yaml"
