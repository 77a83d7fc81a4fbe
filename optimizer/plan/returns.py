"""Rates of return of a flow: every rate that solves it, and the modified one (docs/statement.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Rates a year that are looked for: all that a float can tell from a total loss, and from a gain without bounds.
LEAST, MOST = -1 + 1e-9, 1e12
_GRID = 400
# A pair of complex roots as close as this to the real line is tried as a real one.
_NEAR = 1e-6
_HALVINGS = 200


@dataclass(frozen=True)
class Returns:
    """What a flow returns.

    Attributes
    ----------
    npv_usd : float
        Net present value at the start of the horizon, nominal at the WACC [USD].
    rates : tuple of float
        Every rate a year above -100 % at which the flow is worth nothing, ascending.
    mirr : float
        Modified rate: what is paid in, discounted at the WACC to the start, grows to what comes back, invested at the WACC
        until the end; nan where one of them is missing.
    most_paid_in_usd : float
        Largest sum that has been paid in at a time, nominal [USD].
    paid_back : int
        Entry of the flow from which the sum of all is positive for good; -1: never, or always.
    lends : bool
        Whether money is paid in before any comes back.
    """

    npv_usd: float
    rates: tuple[float, ...]
    mirr: float
    most_paid_in_usd: float
    paid_back: int
    lends: bool

    @property
    def irr(self) -> float:
        """The internal rate of return; nan where there is none, or more than one."""
        return self.rates[0] if len(self.rates) == 1 else float("nan")

    @property
    def words(self) -> str:
        """How many rates there are, in words."""
        if not self.rates:
            return "none: no rate makes the flow worth nothing"
        if len(self.rates) > 1:
            return "several: " + ", ".join(f"{100 * rate:,.2f} %" for rate in self.rates)
        return "one" if self.lends else "one, of money that comes first: the lower, the better"


def returns_of(flow_usd: Floats, years: Floats, wacc: float) -> Returns:
    """Returns of a flow.

    Parameters
    ----------
    flow_usd, years : ndarray of shape (T + 1,)
        Nominal dollars and time of each, at half a period, one and a half … and at the end; negative: paid in.
    wacc : float
        Nominal, a year.
    """
    worth = flow_usd * (1 + wacc) ** -years
    back, paid = float(worth[worth > 0].sum()), -float(worth[worth < 0].sum())
    total = np.cumsum(flow_usd)
    negative = np.flatnonzero(total < 0)
    since = int(negative[-1]) + 1 if len(negative) else -1
    given = np.flatnonzero(flow_usd)
    return Returns(
        npv_usd=float(worth.sum()),
        rates=_rates(flow_usd, years),
        mirr=(1 + wacc) * (back / paid) ** (1 / float(years[-1])) - 1
        if back > 0 and paid > 0
        else float("nan"),
        most_paid_in_usd=max(0.0, -float(total.min(initial=0.0))),
        paid_back=since if since < len(flow_usd) else -1,
        lends=bool(len(given) and flow_usd[given[0]] < 0),
    )


def _rates(flow_usd: Floats, years: Floats) -> tuple[float, ...]:
    """Roots of the polynomial that the flow is on the grid of half periods: odd halves, and the end at the last."""
    if not ((flow_usd > 0).any() and (flow_usd < 0).any()):
        return ()
    half = float(years[0])
    powers = np.rint(years / half).astype(int)

    def worth(rate: float) -> float:
        # Scaled by the largest term, so that no rate is too low for a float.
        exponent = -years * np.log1p(rate)
        return float(flow_usd @ np.exp(exponent - exponent.max()))

    polynomial = np.zeros(powers[-1] + 1)
    polynomial[powers] = flow_usd / np.abs(flow_usd).max()
    roots = np.roots(np.trim_zeros(polynomial[::-1]))
    real = roots[(np.abs(roots.imag) <= _NEAR * np.abs(roots)) & (roots.real > 0)].real
    found = np.unique(real ** (-1 / half) - 1)
    found = found[(found > LEAST) & (found < MOST)]
    # Where the sign changes there is a root; edges lie between the candidates and on a grid of their own.
    grid = np.expm1(np.linspace(np.log1p(LEAST), np.log1p(MOST), _GRID))
    edges = np.unique(np.concatenate((grid, (found[1:] + found[:-1]) / 2)))
    signs = np.sign([worth(rate) for rate in edges])
    exact = [float(rate) for rate in edges[signs == 0]]
    kept, signs = edges[signs != 0], signs[signs != 0]
    return tuple(
        sorted(
            exact
            + [
                _between(worth, float(kept[n]), float(kept[n + 1]))
                for n in np.flatnonzero(signs[1:] != signs[:-1])
                if not any(kept[n] < rate < kept[n + 1] for rate in exact)
            ]
        )
    )


def _between(worth: Callable[[float], float], low: float, high: float) -> float:
    """The rate between two at which the worth has other signs."""
    sign = np.sign(worth(low))
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if np.sign(worth(middle)) == sign:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
