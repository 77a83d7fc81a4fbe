"""What is owed for draws, period by period, to the cent (docs/statement.md)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.plan.finance import Terms, rate_of, terms_of
from optimizer.plan.times import Times
from optimizer.scenario.schema import Scenario, Source

Cents = NDArray[np.int64]


@dataclass(frozen=True)
class Facility:
    """A source that is paid back; cents of nominal dollars, shape (T + 1,), the last entry the end of the study.

    Attributes
    ----------
    name : str
    rank : int
    rate : float
        Interest a year [fraction].
    terms : Terms
        How each draw is paid back.
    min_dscr : float or None
    opening, drawn, capitalised, interest, repaid, closing : Cents
        opening + drawn + capitalised - repaid = closing, and closing is the next period's opening. What is still
        owed at the end of the study is repaid there, with half a period's interest.
    """

    name: str
    rank: int
    rate: float
    terms: Terms
    min_dscr: float | None
    opening: Cents
    drawn: Cents
    capitalised: Cents
    interest: Cents
    repaid: Cents
    closing: Cents

    @property
    def service(self) -> Cents:
        """Interest paid and repayment."""
        return self.interest + self.repaid


def roll_forward(scenario: Scenario, t: Times, source: Source, drawn: Cents) -> Facility:
    """Balance of a source: a draw bears interest from the next period on, capitalised during grace, then level payments."""
    flows = {name: np.zeros(t.count + 1, dtype=np.int64) for name in ("capitalised", "interest", "repaid")}
    for u in np.flatnonzero(drawn):
        own = schedule_in_cents(int(drawn[u]), int(u), terms_of(scenario, t, source, int(u)), t.count)
        for name, flow in own.items():
            flows[name] += flow
    given = np.append(drawn, 0)
    closing = np.cumsum(given + flows["capitalised"] - flows["repaid"])
    return Facility(
        name=source.name,
        rank=source.rank,
        rate=rate_of(source),
        terms=terms_of(scenario, t, source, 0),
        min_dscr=source.min_dscr,
        opening=np.append(0, closing[:-1]),
        drawn=given,
        closing=closing,
        **flows,
    )


def schedule_in_cents(drawn: int, u: int, terms: Terms, count: int) -> dict[str, Cents]:
    """Interest capitalised and paid, and repayment, of what is drawn in period u; cents, shape (T + 1,)."""
    names = ("capitalised", "interest", "repaid")
    capitalised, interest, repaid = flows = [np.zeros(count + 1, dtype=np.int64) for _ in names]
    owed, level = drawn, terms.level_of(drawn)
    for period in range(u + 1, min(count, u + terms.grace + terms.payments + 1)):
        age, due = period - u, round(owed * terms.rate)
        if age <= terms.grace:
            capitalised[period] = due
            owed += due
            continue
        last = age == terms.grace + terms.payments
        back = owed if last else max(0, min(owed, level - due))
        interest[period], repaid[period] = due, back
        owed -= back
    interest[count], repaid[count] = round(owed * terms.at_end), owed
    return dict(zip(names, flows, strict=True))
