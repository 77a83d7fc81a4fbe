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


def megawatts(value: float) -> str:
    """Power in megawatts, from a thousand on in gigawatts.

    >>> megawatts(46.94), megawatts(250.0), megawatts(10143.0)
    ('46.9 MW', '250 MW', '10.1 GW')
    """
    return f"{number(value / 1000)} GW" if value >= 999.5 else f"{number(value)} MW"


def percent(value: float | None) -> str:
    """A fraction as a percentage.

    >>> percent(0.0042)
    '0.42 %'
    """
    return "–" if value is None or not math.isfinite(value) else f"{100 * value:.2f} %"


def compute_unit(metric: str) -> str:
    """The unit of compute of a scenario's metric, as it is printed."""
    return _METRIC_UNITS.get(metric, metric)


# What a plan is judged by, as it is said: name, "no plan …" for the least and for the most.
_AIMS = {
    "cost": "discounted cost",
    "compute": "discounted compute",
    "carbon": "CO₂ of energy and making",
    "water": "water",
    "date": "time to the target",
}


def aim_name(aim: str) -> str:
    """What is made least or most, in words."""
    return _AIMS[aim]


def objective(value: float | None, aim: str, metric: str = "h100e") -> str:
    """The objective or its bound in its unit.

    >>> objective(2.5e6, "carbon"), objective(1.5, "date")
    ('2.50 M t', '1.50 years')
    """
    if aim == "cost":
        return usd(value)
    units = {"compute": f"{compute_unit(metric)}-hours", "carbon": "t", "water": "m3"}
    if aim in units:
        return scaled(value, units[aim])
    return "–" if value is None or not math.isfinite(value) else f"{number(value)} years"


def aim_unit(aim: str, metric: str = "h100e") -> tuple[str, float]:
    """Name and size of the unit in which charts and tables show an aim."""
    return {
        "cost": ("discounted cost [bn USD]", 1e9),
        "compute": (f"discounted compute [G {compute_unit(metric)}-hours]", 1e9),
        "carbon": ("CO₂ [Mt]", 1e6),
        "water": ("water [M m³]", 1e6),
        "date": ("time to the target [years]", 1.0),
    }[aim]


def better(aim: str) -> str:
    """What no plan does, before the bound."""
    return {
        "cost": "costs less than",
        "compute": "yields more than",
        "carbon": "emits less than",
        "water": "uses less than",
        "date": "is there sooner than after",
    }[aim]


def does_best(aim: str) -> str:
    """What the best plan does."""
    return {
        "cost": "costs least",
        "compute": "yields most compute",
        "carbon": "emits least",
        "water": "uses least water",
        "date": "reaches its target soonest",
    }[aim]


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
    aim: str,
    metric: str = "h100e",
) -> str:
    """The plan in one sentence: status, objective, bound, gap, verified."""
    edge = f"no plan {better(aim)}"
    proof = "no bound was proven"
    if math.isfinite(bound):
        proof = f"{edge} {objective(bound, aim, metric)} (gap {percent(gap)})"
    check = (
        "verified by the independent check"
        if verified
        else "NOT verified: the independent check found faults"
    )
    return f"{status_name}: {aim_name(aim)} {objective(value, aim, metric)}; {proof}; {check}."
