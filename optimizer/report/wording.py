"""Figures and statuses in words, the same on the terminal, on the page and in the workbook."""

from __future__ import annotations

import math

_THOUSANDS = ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_METRIC_UNITS = {"h100e": "H100e", "h100e_8bit": "H100e (8-bit)", "pflops": "PFLOP/s"}
_STATUSES = {
    "optimal": "proven within the gap that was asked for",
    "feasible": "a limit came before the gap that was asked for",
    "interrupted": "interrupted; the best plan so far",
    "infeasible": "no plan can meet the scenario",
    "no_plan": "a limit came before the first plan",
}


def number(value: float | None, digits: int = 3) -> str:
    """A number with `digits` significant digits and thousands apart.

    >>> number(1234567.0), number(0.012345), number(None)
    ('1,234,567', '0.0123', '–')
    """
    if value is None or not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{decimals}f}"


def usd(value: float | None) -> str:
    """Dollars in billions or millions.

    >>> usd(311.42e9), usd(-2.5e6), usd(1234.0)
    ('$311.4 bn', '−$2.5 M', '$1,234')
    """
    if value is None or not math.isfinite(value):
        return "–"
    sign, size = ("−" if value < 0 else ""), abs(value)
    if size >= 0.9995e9:
        return f"{sign}${size / 1e9:,.{1 if size >= 9.995e9 else 2}f} bn"
    if size >= 0.9995e6:
        return f"{sign}${size / 1e6:,.1f} M"
    return f"{sign}${size:,.0f}"


def scaled(value: float | None, unit: str = "") -> str:
    """A number with k, M, G, T or P before its unit.

    >>> scaled(8.2e6, "H100e")
    '8.20 M H100e'
    """
    if value is None or not math.isfinite(value):
        return "–"
    for size, prefix in _THOUSANDS:
        if abs(value) >= size * 0.9995:
            return f"{value / size:,.{2 if abs(value) < 99.95 * size else 0}f} {prefix} {unit}".strip()
    return f"{number(value)} {unit}".strip()


def percent(value: float | None) -> str:
    """A fraction as a percentage.

    >>> percent(0.0042)
    '0.42 %'
    """
    return "–" if value is None or not math.isfinite(value) else f"{100 * value:.2f} %"


def compute_unit(metric: str) -> str:
    """The unit of compute of a scenario's metric, as it is printed."""
    return _METRIC_UNITS.get(metric, metric)


def objective(value: float | None, sense: str, metric: str = "h100e") -> str:
    """The objective or its bound: dollars, or discounted compute."""
    return usd(value) if sense == "min" else scaled(value, f"{compute_unit(metric)}-hours")


def status(name: str) -> str:
    """What a status means.

    >>> status("no_plan")
    'a limit came before the first plan'
    """
    return _STATUSES.get(name, name)


def headline(
    status_name: str,
    value: float,
    bound: float,
    gap: float,
    verified: bool,
    sense: str,
    metric: str = "h100e",
) -> str:
    """The plan in one sentence: status, objective, bound, gap, verified."""
    aim = "discounted cost" if sense == "min" else "discounted compute"
    edge = "no plan costs less than" if sense == "min" else "no plan yields more than"
    proof = "no bound was proven"
    if math.isfinite(bound):
        proof = f"{edge} {objective(bound, sense, metric)} (gap {percent(gap)})"
    check = (
        "verified by the independent check"
        if verified
        else "NOT verified: the independent check found faults"
    )
    return f"{status_name}: {aim} {objective(value, sense, metric)}; {proof}; {check}."
