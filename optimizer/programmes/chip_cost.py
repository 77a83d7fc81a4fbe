"""Levelised cost of compute of one kind of chip, by line, from the terms of docs/economics.md, sections 5 and 6."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from optimizer import catalog
from optimizer.physics.supply.annuity import capital_recovery_factors

Floats = npt.NDArray[np.float64]
Amount = float | Floats
Precision = Literal["bf16", "fp8"]

HOURS_PER_YEAR = 8760.0

CAPITAL_LINES = ("servers", "network_storage", "spares", "facility", "retrofit")
OPERATION_LINES = (
    "staff",
    "maintenance",
    "insurance",
    "property_tax",
    "it_maintenance",
    "water",
)


@dataclass(frozen=True, eq=False)
class ChipCost:
    """What a chip costs while it stands; arrays have the shape to which the inputs broadcast.

    Attributes
    ----------
    chip : catalog.Chip
    hardware_usd_per_chip : ndarray
        Share of the rack with network, storage and spares, before tax [USD].
    facility_usd_per_chip : ndarray
        Shell, electrical and mechanical plant with soft cost, before tax [USD].
    usd_per_chip_year : dict of str to ndarray
        Level yearly cost by line [USD/year]: `CAPITAL_LINES`, energy, `OPERATION_LINES`.
    sold_share : ndarray
        Share of the year's hours that are sold [fraction].
    """

    chip: catalog.Chip
    hardware_usd_per_chip: Floats
    facility_usd_per_chip: Floats
    usd_per_chip_year: dict[str, Floats]
    sold_share: Floats

    @property
    def usd_per_chip_hour_by_line(self) -> dict[str, Floats]:
        """Cost of an hour sold, by line [USD per chip and hour]."""
        hours = HOURS_PER_YEAR * self.sold_share
        return {line: usd / hours for line, usd in self.usd_per_chip_year.items()}

    @property
    def usd_per_chip_hour(self) -> Floats:
        """Cost of an hour sold [USD per chip and hour]."""
        return _sum(self.usd_per_chip_hour_by_line.values())

    @property
    def usd_per_h100e_hour(self) -> Floats:
        """Cost of an hour of one H100's dense BF16 rate [USD per H100e and hour]."""
        return self.usd_per_chip_hour / self.chip.h100e

    @property
    def operation_usd_per_chip_year(self) -> Floats:
        """Staff, upkeep, insurance, property tax and water, without energy [USD/year]."""
        return _sum(self.usd_per_chip_year[line] for line in OPERATION_LINES)

    def usd_per_pflop_hour(self, mfu: Amount | None = None, precision: Precision = "bf16") -> Floats:
        """Cost of 1 PFLOP/s of useful work for an hour, 3.6e18 operations [USD].

        Parameters
        ----------
        mfu : float or ndarray, optional
            Share of the dense rate that does model operations [fraction]. Default: the catalog's for training.
        precision : {"bf16", "fp8"}
            Whose dense rate counts.
        """
        return usd_per_pflop_hour(self.chip, self.usd_per_chip_hour, mfu, precision)


def usd_per_pflop_hour(
    chip: str | catalog.Chip,
    usd_per_chip_hour: Amount,
    mfu: Amount | None = None,
    precision: Precision = "bf16",
) -> Floats:
    """Cost of 1 PFLOP/s of useful work for an hour, 3.6e18 operations, at any price of a chip's hour [USD].

    Parameters
    ----------
    chip : str or catalog.Chip
    usd_per_chip_hour : float or ndarray
        Cost or rent [USD per chip and hour].
    mfu : float or ndarray, optional
        Share of the dense rate that does model operations [fraction]. Default: the catalog's for training.
    precision : {"bf16", "fp8"}
        Whose dense rate counts.

    Raises
    ------
    CatalogError
        Unknown chip.
    ValueError
        No utilisation is known for training, or it is not above 0.
    """
    known = catalog.chip(chip) if isinstance(chip, str) else chip
    if mfu is None:
        if "training" not in known.utilisation:
            raise ValueError(f"{known.id} has no utilisation for training; give mfu")
        mfu = known.utilisation["training"]
    if not np.all(np.asarray(mfu) > 0):
        raise ValueError("mfu must be above 0")
    tflops = {"bf16": known.bf16_tflops, "fp8": known.fp8_tflops}[precision]
    return np.asarray(usd_per_chip_hour / (tflops / 1000.0 * np.asarray(mfu, dtype=float)))


def chip_cost(
    chip: str | catalog.Chip,
    wacc: Amount,
    *,
    market: str = "us-tx",
    it_life_years: Amount | None = None,
    facility_life_years: Amount = 20.0,
    energy_usd_per_mwh: Amount | None = None,
    pue: Amount = 1.1,
    utilisation: Amount = 0.8,
    facility_usd_per_kw: Amount | None = None,
    cooling_usd_per_kw: Amount = 0.0,
    bought_year: Amount | None = None,
    residual_first: Amount | None = None,
    sold_share: Amount | None = None,
    sales_rate: Amount = 0.0,
    property_rate: Amount | None = None,
    wue_l_per_kwh: Amount = 0.0,
    water_usd_per_m3: Amount = 2.0,
    economics: catalog.Economics | None = None,
) -> ChipCost:
    """Levelised cost of compute of a chip in a facility that is refreshed with its like for ever.

    .. math:: LCOC = \\frac{CRF_{it} C_{it} (1 - RV (1+r)^{-n}) + CRF_{fac} C_{fac} + O + E}{8760 s}

    Terms are those of plans (docs/economics.md, sections 5 and 6) at base-year prices; C_fac holds the retrofits at
    refreshes too. All numbers may be arrays and broadcast against one another.

    Parameters
    ----------
    chip : str or catalog.Chip
        Catalog id, or a chip with figures of one's own (`dataclasses.replace`).
    wacc : float or ndarray
        Cost of capital a year [fraction], above -1. A real rate gives a cost in real dollars, as in plans; a nominal one a
        payment that stays level in nominal dollars, as in most published studies.
    market : str
        Catalog id; its construction index, property tax and, by default, its state's industrial price of energy hold.
    it_life_years : float or ndarray, optional
        Life of the chips [years]. Default: the catalog's.
    facility_life_years : float or ndarray
        Life of shell and plant [years].
    energy_usd_per_mwh : float or ndarray, optional
        Price at the hall, grid losses included [USD/MWh]. Default: the mean industrial price of the market's state.
    pue : float or ndarray
        Annual, at least 1. The default is of a mild climate with economizer or dry coolers; `facility_year` has a place's own.
    utilisation : float or ndarray
        Mean over peak IT power [fraction].
    facility_usd_per_kw : float or ndarray, optional
        Before the market's index [USD/kW of IT]. Default: the catalog's, for N+1.
    cooling_usd_per_kw : float or ndarray
        What the cooling system costs beside `dlc_dry` [USD/kW of IT].
    bought_year : float or ndarray, optional
        When chips are bought, calendar years (2026.25 is April 2026); the price falls from the release on. Default: the
        price at release.
    residual_first : float or ndarray, optional
        Resale value of chips at age 0 [fraction]; it falls at the catalog's rate. Default: the catalog's; 0 for none.
    sold_share : float or ndarray, optional
        Share of hours sold [fraction]. Default: the chip's availability.
    sales_rate : float or ndarray
        Sales tax on plant and chips [fraction]; 0 where exempt.
    property_rate : float or ndarray, optional
        Property tax on facility value [fraction a year]. Default: the market's.
    wue_l_per_kwh, water_usd_per_m3 : float or ndarray
        Water a kWh of IT energy [L/kWh] and its price [USD/m3].
    economics : catalog.Economics, optional
        Common cost terms, such as `catalog.economics_with((("staff_fte_per_mw", 0.8),))`. Default: the catalog's.

    Raises
    ------
    CatalogError
        Unknown chip or market.
    ValueError
        A figure out of its range, or no price of energy given where the market has none.

    Notes
    -----
    Held to published costs in tests/physics/test_published_money.py and to hall programmes in
    tests/unit/test_chip_cost.py. Racks are not rounded to whole ones.

    Examples
    --------
    >>> cost = chip_cost("gb200_nvl72", 0.08)
    >>> bool(1.5 < cost.usd_per_chip_hour < 2.5)
    True
    """
    known = catalog.chip(chip) if isinstance(chip, str) else chip
    place, economics = catalog.market(market), catalog.economics() if economics is None else economics
    given = {
        "wacc": wacc,
        "it_life_years": known.life_years if it_life_years is None else it_life_years,
        "facility_life_years": facility_life_years,
        "energy_usd_per_mwh": _energy_price(place) if energy_usd_per_mwh is None else energy_usd_per_mwh,
        "pue": pue,
        "utilisation": utilisation,
        "facility_usd_per_kw": economics.facility_capex_usd_per_kw
        if facility_usd_per_kw is None
        else facility_usd_per_kw,
        "cooling_usd_per_kw": cooling_usd_per_kw,
        "bought_year": known.release / 12 if bought_year is None else bought_year,
        "residual_first": economics.residual_first if residual_first is None else residual_first,
        "sold_share": known.availability if sold_share is None else sold_share,
        "sales_rate": sales_rate,
        "property_rate": place.property_rate if property_rate is None else property_rate,
        "wue_l_per_kwh": wue_l_per_kwh,
        "water_usd_per_m3": water_usd_per_m3,
    }
    arrays = np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in given.values()))
    v = dict(zip(given, arrays, strict=True))
    _check(v)

    age_years = np.maximum(0.0, v["bought_year"] - known.release / 12)
    rack_usd = known.rack_price_usd * (1 - known.price_decline_per_year) ** age_years
    parts = {
        "servers": 1.0,
        "network_storage": known.network_storage_share,
        "spares": economics.spares_share,
    }
    hardware = rack_usd / known.chips_per_rack * sum(parts.values())
    kw = known.it_kw_per_chip
    facility = kw * place.labour_index * (v["facility_usd_per_kw"] + v["cooling_usd_per_kw"])
    plant = facility * (economics.electrical_share + economics.mechanical_share)

    life, rate = v["it_life_years"], v["wacc"]
    sold_on = v["residual_first"] * (1 - economics.residual_decline) ** life * (1 + rate) ** -life
    of_hardware = capital_recovery_factors(rate, life) * (1 + v["sales_rate"] - sold_on)
    of_facility = capital_recovery_factors(rate, v["facility_life_years"])
    retrofits = economics.refresh_retrofit_share * plant * _refreshes(rate, life, v["facility_life_years"])
    it_kwh = kw * v["utilisation"] * HOURS_PER_YEAR
    yearly = {line: hardware * part / sum(parts.values()) * of_hardware for line, part in parts.items()} | {
        "facility": of_facility * (facility + v["sales_rate"] * plant),
        "retrofit": of_facility * retrofits,
        "energy": it_kwh * v["pue"] * v["energy_usd_per_mwh"] / 1000.0,
        "staff": np.full_like(
            rate,
            economics.staff_fte_per_mw / 1000.0 * economics.staff_usd_per_fte * kw * place.labour_index,
        ),
        "maintenance": economics.maintenance_share * plant,
        "insurance": economics.insurance_share * (facility + hardware),
        "property_tax": v["property_rate"] * facility,
        "it_maintenance": economics.it_maintenance_share * hardware,
        "water": it_kwh * v["wue_l_per_kwh"] / 1000.0 * v["water_usd_per_m3"],
    }
    return ChipCost(
        chip=known,
        hardware_usd_per_chip=np.asarray(hardware),
        facility_usd_per_chip=np.asarray(facility),
        usd_per_chip_year={line: np.asarray(usd) for line, usd in yearly.items()},
        sold_share=v["sold_share"],
    )


def _sum(amounts: Iterable[Floats]) -> Floats:
    found: Floats = np.sum(list(amounts), axis=0)
    return found


def _energy_price(market: catalog.Market) -> float:
    if market.country != "US" or market.state is None:
        raise ValueError(f"market {market.id} has no mean price of energy; give energy_usd_per_mwh")
    return catalog.retail_price(market.state).value


def _refreshes(rate: Floats, life: Floats, facility_life: Floats) -> Floats:
    """Present value of one dollar at each refresh within the facility's life: at n, 2n, … < its end."""
    count = np.ceil(facility_life / life - 1e-9) - 1
    once = (1 + rate) ** -life
    # A geometric sum; without interest each dollar counts in full.
    free = rate == 0
    below_one = np.where(free, 0.5, once)
    found: Floats = np.where(free, count, below_one * (1 - below_one**count) / (1 - below_one))
    return found


def _check(values: dict[str, Floats]) -> None:
    """Ranges outside which the formulas mean nothing."""
    for name, low, high, with_low in (
        ("wacc", -1.0, np.inf, False),
        ("it_life_years", 0.0, np.inf, False),
        ("facility_life_years", 0.0, np.inf, False),
        ("pue", 1.0, np.inf, True),
        ("utilisation", 0.0, 1.0, True),
        ("facility_usd_per_kw", 0.0, np.inf, True),
        ("residual_first", 0.0, np.inf, True),
        ("sold_share", 0.0, 1.0, False),
        ("sales_rate", 0.0, np.inf, True),
        ("property_rate", 0.0, np.inf, True),
        ("wue_l_per_kwh", 0.0, np.inf, True),
    ):
        value = values[name]
        above = value >= low if with_low else value > low
        if not np.all(above & (value <= high)):
            words = f"{'at least' if with_low else 'above'} {low:g}"
            if np.isfinite(high):
                words += f" and at most {high:g}"
            raise ValueError(f"{name} must be {words}")
    if not all(np.all(np.isfinite(value)) for value in values.values()):
        raise ValueError("all figures must be finite")
