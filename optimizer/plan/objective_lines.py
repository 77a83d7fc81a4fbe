"""The discounted cost line by line, tax in it (docs/economics.md, sections 11 and 13)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.plan.accounts import Accounts
from optimizer.plan.income_tax import in_study, kept_share
from optimizer.plan.times import Floats
from optimizer.scenario.schema import ASSET_CLASSES

# Lines of tax, of which those that save it are negative.
TAX_LINES = ("tax_shield_operating", "tax_on_sales", "tax_shield_capital", "tax_shield_interest")


@dataclass(frozen=True)
class Line:
    """An amount of the discounted cost [USD, real]; `period` None: at the end of the study; `factor`: its discounting."""

    name: str
    asset_class: str
    period: int | None
    usd: float
    factor: float


def objective_lines(accounts: Accounts) -> list[Line]:
    """Every line of the discounted cost; costs positive, credits negative. Discounted they add up to `cost_usd`."""
    t = accounts.times
    rate = 1 - kept_share(accounts.terms.scenario)

    def line(name: str, asset_class: str, period: int | None, usd: float) -> Line:
        factor = t.discount_end if period is None else t.discount[period]
        return Line(name, asset_class, period, usd, float(factor))

    lines = [line(c.line, c.asset_class, c.period, c.usd) for c in accounts.capital]
    running = [line(o.line, "", o.period, o.usd) for o in accounts.opex]
    running += [line("unserved", "", period, usd) for _, period, usd in accounts.unserved]
    sales = [line(c.line, "", c.period, -c.usd) for c in accounts.credits]
    lines += running + sales
    lines += [line("cost_of_money", "", period, usd) for _, period, usd in accounts.premiums]
    lines += [line("fees", "", period, usd) for _, period, usd in accounts.fees]
    if rate:
        lines += [line("tax_shield_operating", "", part.period, -rate * part.usd) for part in running]
        # Land comes back at what was paid for it: no income.
        taxed = [part for part in sales if part.name != "residual_land"]
        lines += [line("tax_on_sales", "", part.period, -rate * part.usd) for part in taxed]
        lines += [
            line("tax_shield_capital", "", period, -rate * usd) for period, usd in _written_off(accounts)
        ]
    lines += [line("tax_shield_interest", "", period, -usd) for _, period, usd in accounts.shields]
    return lines


def _written_off(accounts: Accounts) -> list[tuple[int | None, float]]:
    """Deductions of all capital by the period they fall into, real; those after the study stand at its end."""
    t, scenario = accounts.times, accounts.terms.scenario
    total: Floats = np.zeros(t.count + 1)
    spent = accounts.spent()
    for name in ASSET_CLASSES:
        nominal = np.array([spent.get((name, u), 0.0) for u in range(t.count)]) / t.deflator
        total += nominal @ in_study(scenario, t, name)
    real = total * np.append(t.deflator, t.deflator_end)
    return [(None if at == t.count else int(at), float(real[at])) for at in np.flatnonzero(real)]
