"""Broken limits of a plan, each in one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.plan.times import Times

RELATIVE = 1e-6


@dataclass(frozen=True)
class Violation:
    """A limit that a plan breaks.

    Attributes
    ----------
    rule : str
        Short name of the rule.
    where : str
        Site, source, workload or what else it holds for; empty for the whole plan.
    period : str
        First month of the period; empty where the rule has none.
    limit, found : float
    unit : str
    message : str
    """

    rule: str
    where: str
    period: str
    limit: float
    found: float
    unit: str
    message: str

    def __str__(self) -> str:
        return self.message


def plain(amount: float) -> str:
    """Six digits, and large amounts without an exponent.

    >>> plain(1518310.4), plain(441.3929)
    ('1,518,310', '441.393')
    """
    return f"{amount:,.0f}" if 1e6 <= abs(amount) < 1e16 else f"{amount:,.6g}"


class Findings:
    """Collects violations.

    Parameters
    ----------
    times : Times
    """

    def __init__(self, times: Times) -> None:
        self._times = times
        self.found: list[Violation] = []

    def wrong(self, rule: str, where: str, text: str, period: int | None = None) -> None:
        """A decision that is not allowed."""
        label = self._label(period)
        self.found.append(
            Violation(rule, where, label, 0.0, 1.0, "", self._sentence(rule, where, label, text))
        )

    def at_most(
        self,
        rule: str,
        where: str,
        period: int | None,
        found: float,
        limit: float,
        unit: str,
        scale: float = 1.0,
    ) -> None:
        """`found` may not be above `limit` by more than a millionth of what counts (`scale` at least)."""
        if not found <= limit + RELATIVE * max(abs(limit), scale):
            self._add(rule, where, period, limit, found, unit, "at most")

    def at_least(
        self,
        rule: str,
        where: str,
        period: int | None,
        found: float,
        limit: float,
        unit: str,
        scale: float = 1.0,
    ) -> None:
        """`found` may not be below `limit`."""
        if not found >= limit - RELATIVE * max(abs(limit), scale):
            self._add(rule, where, period, limit, found, unit, "at least")

    def _add(
        self, rule: str, where: str, period: int | None, limit: float, found: float, unit: str, word: str
    ) -> None:
        label = self._label(period)
        text = f"expected {word} {plain(limit)} {unit}, found {plain(found)}".replace("  ", " ")
        self.found.append(
            Violation(
                rule, where, label, float(limit), float(found), unit, self._sentence(rule, where, label, text)
            )
        )

    def _label(self, period: int | None) -> str:
        if period is None:
            return ""
        known = 0 <= period < self._times.count
        return self._times.labels[period] if known else f"period {period}"

    @staticmethod
    def _sentence(rule: str, where: str, label: str, text: str) -> str:
        place = " ".join(part for part in (where, label) if part)
        return f"{rule}{' (' + place + ')' if place else ''}: {text}"
