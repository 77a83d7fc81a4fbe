"""Terms of sources: how a draw is paid back, what it costs beside the WACC, what may be drawn (docs/economics.md, section 10)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from optimizer.plan.income_tax import kept_share
from optimizer.plan.times import Floats, Times
from optimizer.scenario.schema import Round, Scenario, Source

DEFAULT_YEARS = {"debt": 15.0, "lease": 5.0, "vendor": 5.0}


@dataclass(frozen=True)
class Terms:
    """How the draws of a period are paid back.

    Attributes
    ----------
    rate : float
        Interest a period, nominal [fraction].
    grace : int
        Periods after the draw in which interest is capitalised.
    payments : int
        Level payments in the periods after those.
    """

    rate: float
    grace: int
    payments: int

    @property
    def at_end(self) -> float:
        """Interest from the middle of the last period to the end of the study [fraction]."""
        return float((1 + self.rate) ** 0.5 - 1)

    @property
    def level(self) -> float:
        """Payment a dollar owed when payments begin."""
        if self.rate == 0:
            return 1 / self.payments
        return float(self.rate / (1 - (1 + self.rate) ** -self.payments))

    def level_of(self, drawn: int) -> int:
        """Payment for what is drawn, in whole cents of both."""
        return round(drawn * (1 + self.rate) ** self.grace * self.level)


@dataclass(frozen=True)
class Schedule:
    """What a nominal dollar drawn in a period leads to; shape (T + 1,), the last entry is the end of the study.

    Attributes
    ----------
    interest : ndarray
        Interest on what is owed, paid or capitalised.
    paid : ndarray
        Interest and repayment.
    """

    interest: Floats
    paid: Floats


def rate_of(source: Source) -> float:
    """Yearly nominal price of a source."""
    rate = source.rate if source.kind == "debt" else source.cost
    assert rate is not None  # the scenario's checks refuse a source without a price
    return float(rate)


def terms_of(scenario: Scenario, times: Times, source: Source, drawn: int) -> Terms:
    """Terms of what is drawn in a period."""
    years = source.years
    if years is None:
        years = DEFAULT_YEARS.get(source.kind, (times.count - drawn) * times.years)
    return Terms(
        rate=(1 + rate_of(source)) ** times.years - 1,
        # Interest is capitalised while halls are built.
        grace=times.periods_in(scenario.hall.build_months) if source.kind == "debt" else 0,
        payments=max(1, times.periods_in(12 * float(years))),
    )


def schedule(scenario: Scenario, times: Times, source: Source, drawn: int) -> Schedule:
    """How a nominal dollar drawn in a period is paid back."""
    terms = terms_of(scenario, times, source, drawn)
    interest, paid = np.zeros(times.count + 1), np.zeros(times.count + 1)
    owed, level = 1.0, 0.0
    for period in range(drawn + 1, times.count):
        age = period - drawn
        interest[period] = owed * terms.rate
        if age == terms.grace + 1:
            level = owed * terms.level
        if terms.grace < age < terms.grace + terms.payments:
            paid[period] = level
        elif age == terms.grace + terms.payments:
            paid[period] = owed + interest[period]
        owed += interest[period] - paid[period]
    interest[-1] = owed * terms.at_end
    paid[-1] = owed + interest[-1]
    return Schedule(interest, paid)


def cost_of_draw(scenario: Scenario, times: Times, source: Source, drawn: int) -> tuple[float, float]:
    """Cost of a dollar drawn in a period beside the WACC, and the tax that its interest saves; both as worth at the draw.

    Interest of debt, lease and vendor finance is deducted from taxed income; the cost of equity is not.
    """
    flows = schedule(scenario, times, source, drawn)
    years = np.append(np.arange(times.count) - drawn, times.count - drawn - 0.5) * times.years
    worth = (1 + scenario.money.wacc) ** -years
    saved = 0.0 if source.kind == "equity" else 1 - kept_share(scenario)
    return float(flows.paid @ worth) - 1.0, saved * float(flows.interest @ worth)


def service_of(scenario: Scenario, times: Times, source: Source) -> Floats:
    """Real payments in period t of a real dollar drawn in u, shape (P, T); what is settled at the end is left out."""
    result = np.zeros((times.planning, times.count))
    if source.kind != "equity":
        for drawn in range(times.planning):
            paid = schedule(scenario, times, source, drawn).paid[:-1]
            result[drawn] = paid * times.deflator / times.deflator[drawn]
    return result


def charges_fees(source: Source) -> bool:
    """Whether a plan must say from which round of a source it draws."""
    return any(raised.fee_share > 0 for raised in source.raises)


def fee_of(raised: Round) -> float:
    """Fee a dollar that is drawn from a round."""
    return float(raised.fee_share / (1 - raised.fee_share))


def committed_usd(times: Times, source: Source, online_mw: Floats) -> Floats | None:
    """Nominal dollars that a source may have given up to each planning period, shape (P,); None: no such limit.

    Parameters
    ----------
    times : Times
    source : Source
    online_mw : ndarray of shape (T,)
        IT power in operation, for raises on a condition.
    """
    if source.tranche_months is not None or not (source.tranches or source.raises):
        return None if source.commit_usd is None else np.full(times.planning, source.commit_usd)
    total = without_rounds_usd(times, source)
    for raised in source.raises:
        total += round_usd(times, raised, online_mw)
    return total


def without_rounds_usd(times: Times, source: Source) -> Floats:
    """Nominal dollars of commit_usd and of tranches that carry over, up to each planning period, shape (P,)."""
    total = np.full(times.planning, float(source.commit_usd or 0.0))
    for month, usd in source.tranches.items():
        total[times.period_of(month) :] += usd
    return total


def round_usd(times: Times, raised: Round, online_mw: Floats) -> Floats:
    """Nominal dollars of a round that may have been drawn up to each planning period, shape (P,)."""
    needed = 0.0 if raised.after is None else raised.after.online_mw * (1 - 1e-6)
    come = np.arange(times.planning) >= times.period_of(raised.date)
    met = np.maximum.accumulate(online_mw[: times.planning]) >= needed
    return np.where(come & met, raised.usd * (1 - raised.fee_share), 0.0)


def windows_of(times: Times, source: Source) -> list[tuple[int, int, float]]:
    """Tranches that lapse: first period, end period, nominal dollars."""
    if source.tranche_months is None:
        return []
    return [
        (
            times.period_of(month),
            min(times.planning, times.period_of(month + math.ceil(source.tranche_months))),
            usd,
        )
        for month, usd in source.tranches.items()
    ]
