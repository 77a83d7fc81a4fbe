"""Rates of return: every one that solves a flow, none where none does, the modified one by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.plan.returns import LEAST, MOST, returns_of

HALF_YEARS = 0.25


def grid(count: int, step: float = 0.5) -> np.ndarray:
    """Mid-periods and the end of the study [years]."""
    return np.append((np.arange(count) + 0.5) * step, count * step)


def worth(flow: np.ndarray, years: np.ndarray, rate: float) -> float:
    return float((flow * (1 + rate) ** -years).sum())


def test_one_rate_by_hand() -> None:
    """100 now is 121 two years later: 10 % a year."""
    flow = np.array([-100.0, 0, 121.0, 0])
    found = returns_of(flow, grid(3, 1.0), 0.08)
    assert found.rates == pytest.approx((0.10,), abs=1e-12)
    assert found.irr == found.rates[0]
    assert found.words == "one"
    assert found.lends
    assert (found.most_paid_in_usd, found.paid_back) == (100.0, 2)


def test_two_rates_are_both_named() -> None:
    """-100 + 230 x - 132 x^2 = 0 at x = 1/1.1 and 1/1.2: 10 % and 20 %; neither is the rate."""
    found = returns_of(np.array([-100.0, 230.0, -132.0, 0]), grid(3, 1.0), 0.08)
    assert found.rates == pytest.approx((0.10, 0.20), abs=1e-9)
    assert math.isnan(found.irr)
    assert found.words == "several: 10.00 %, 20.00 %"


def test_no_rate_though_the_sign_changes_twice() -> None:
    """-100 + 200 x - 101 x^2 has no real root."""
    found = returns_of(np.array([-100.0, 200.0, -101.0, 0]), grid(3, 1.0), 0.08)
    assert found.rates == ()
    assert math.isnan(found.irr)
    assert found.words.startswith("none")


def test_a_little_money_before_a_lot_makes_a_second_rate() -> None:
    """-4, then income, then a large loss: one rate is -18 %, one 281,000 %; neither is what the owners earn."""
    flow = np.array([-4.0, 219, 134, 176, 172, 150, 148, 134, 132, 130, 128, 100, -933])
    found = returns_of(flow, grid(12), 0.08)
    assert len(found.rates) == 2
    assert found.rates[1] > 1000
    assert found.words.startswith("several: -")


def test_no_rate_without_a_change_of_sign() -> None:
    found = returns_of(np.array([5.0, 1.0, 0.0]), grid(2), 0.08)
    assert found.rates == ()
    assert math.isnan(found.mirr)
    assert found.paid_back == -1


def test_money_that_comes_first() -> None:
    """A rate, but one of borrowing: the words say so."""
    found = returns_of(np.array([100.0, 0.0, -121.0, 0]), grid(3, 1.0), 0.08)
    assert found.irr == pytest.approx(0.10)
    assert "the lower, the better" in found.words


def test_a_loss_has_its_rate() -> None:
    """10 of 100 come back after a year."""
    found = returns_of(np.array([-100.0, 10.0, 0.0]), grid(2, 1.0), 0.08)
    assert found.irr == pytest.approx(-0.90, abs=1e-12)


def test_modified_rate_by_hand() -> None:
    """At 8 %: 100 half a year in is worth 96.225 at the start; 150 at 1.5 years are 155.885 at the end after two years."""
    found = returns_of(np.array([-100.0, 150.0, 0.0]), grid(2, 1.0), 0.08)
    paid, back = 100 / 1.08**0.5, 150 * 1.08**0.5
    assert found.mirr == pytest.approx((back / paid) ** 0.5 - 1, abs=1e-12)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.floats(-1e9, 1e9).map(lambda usd: round(usd, 2)), min_size=2, max_size=30),
    st.sampled_from([1 / 12, 0.25, 0.5, 1.0]),
)
def test_every_rate_solves_its_flow_and_none_is_missed(flow: list[float], step: float) -> None:
    usd, years = np.array(flow), grid(len(flow) - 1, step)
    found = returns_of(usd, years, 0.08)
    for rate in found.rates:
        size = np.abs(usd * (1 + rate) ** -years).sum()
        assert abs(worth(usd, years, rate)) <= 1e-7 * size
    # As many rates as the worth changes its sign between the ends, or more by an even number.
    if not usd.any():
        return
    ends = [
        np.sign((usd * np.exp(-years * np.log1p(rate) + years.max() * max(0.0, np.log1p(-LEAST)))).sum())
        for rate in (LEAST, MOST)
    ]
    if 0 not in ends:
        assert (len(found.rates) % 2 == 1) == (ends[0] != ends[1])
