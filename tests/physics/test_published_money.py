"""Money of chips, gigawatts, buildings and loans held to published figures."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.physics.supply.annuity import capital_recovery_factor
from optimizer.planning.sources import owed_after

from ..data_folder import ROOT
from ..docs_tools import tool
from . import published_money as money


def hold(rows: tuple[money.Beside, ...]) -> None:
    for row in rows:
        within = row.asked if row.holds is None else row.holds
        assert abs(row.error) <= within * (1 + 1e-9), row


def test_epochs_gigawatt() -> None:
    """V14. Arithmetic check: rate and split into IT and building were found back from the published 8.5 B$ a year.

    Added, as prediction: the same gigawatt from the catalog.
    """
    hold(money.v14())


def test_gpt_3_on_h100s() -> None:
    """V15. Arithmetic check: FP8 and 1.45 $/GPU-h were found back from the published 218 and 162 k$.

    Added, as prediction: what an H100 costs at the rates and lives under discussion.
    """
    hold(money.v15())


def test_hamiltons_data_centre_of_2010() -> None:
    """V16. Arithmetic check: the inputs were found back from the published shares."""
    hold(money.v16())


def test_bernsteins_gigawatt() -> None:
    """V17. Rack, kilowatts and ASIC: arithmetic check. A plan's bill line by line: prediction, within 15 %.

    Missed: plant with generators, 26 % low, as 3 % of Bernstein's bill are left for shell and land; building and plant
    together are 13 % low in the bill, and 18 % low by rack.
    """
    hold(money.v17())


def test_capital_of_a_gigawatt() -> None:
    """V18. Prediction: every chip of NVIDIA's within 29 to 60 B$ a GW of IT.

    Missed: AMD's two, at 27 and 28; Barclays's and NVIDIA's own 50 to 60 (42 to 46 here) and, for GB200, 65 % for
    compute and network (63 %).
    """
    hold(money.v18())


def test_deepseek_v3() -> None:
    """V26. Arithmetic check of hours by dollars; its use of the chips, as prediction, lies in the catalog's range."""
    hold(money.v26())


def test_abilenes_loans() -> None:
    """V27. Arithmetic check: costs a megawatt, and a plan that draws the loan up to loan to cost and no further."""
    hold(money.v27())


def test_hyperions_bonds_are_paid_back() -> None:
    """V27. Arithmetic check: 27.3 B$ at 6.58 % from 2025 to 2049, level payments, as plans owe them."""
    rate, years = 0.0658, 24
    service = 27.3 * capital_recovery_factor(rate, years)
    left = 27.3 * owed_after(np.arange(25.0), rate, 0, years)
    assert left[1:] == pytest.approx(left[:-1] * (1 + rate) - service, abs=1e-9)
    assert left[-1] == 0


def test_cost_of_chips_by_the_hour() -> None:
    """V31. Prediction, at the price of release; hyperscaler 8 % over 5 years, neocloud 12 % over 4, Columbus, Ohio.

    All twelve lie within 15 %. A first reading, host added to each GPU's quoted price, had B200 and MI355X 18 to 26 %
    high; since then one rule prices every server of eight: the quoted price times what H100's server bears to it.
    """
    hold(money.v31())


def test_order_of_chips() -> None:
    """V31. Prediction: dear to cheap as published, for hyperscalers and for neoclouds."""
    for i, owner in enumerate(money.OWNERS):
        published = sorted(money.PUBLISHED_CHIPS, key=lambda name: -money.PUBLISHED_CHIPS[name][1 + i])
        here = sorted(money.PUBLISHED_CHIPS, key=lambda name: -money.chip_costs(name)[owner])
        assert here == published


def test_other_readings_of_the_cost_of_chips() -> None:
    """V31. What is not published (life by owner, date of purchase, resale) moves some of the twelve beyond 15 %.

    Prices of April 2026, 15 % a year down from the release, put an H100 22 to 27 % low: the published figures are those of
    fleets that stand.
    """
    errors = money.errors_by_reading()
    for name, found in errors.items():
        assert 5 <= sum(abs(error) <= 0.15 for error in found) <= 12, name
        assert max(map(abs, found)) < 0.31, name
    assert all(-0.30 < error < -0.20 for error in errors["bought in April 2026"][:2])


def test_the_page_says_so() -> None:
    page = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    assert "\n".join(tool("write_validation").money_section()) in page


def test_building_costs() -> None:
    """V32. Prediction from index and hall's cost; a facility megawatt is one of peak with dry coolers at Abilene.

    Missed: Abilene's phase 1 (28 % low; 206 MW that bear what the campus needs first), San Antonio (26 % high) and Reno
    (11 % low), as the index knows states, not cities; plant's share (78 beside 63 %, the survey leaves out plant that
    owners furnish).
    """
    hold(money.v32())


def test_life_of_chips_in_a_gigawatt() -> None:
    """V34. Arithmetic check: level payments, chips refreshed at 3, 5 or 7 years, 7 %, within 1 %."""
    hold(money.v34())
