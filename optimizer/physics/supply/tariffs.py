"""Electricity tariffs: terms by period and tier, read from URDB records as OpenEI publishes them (API version 8)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimizer.errors import OptimizerError

# What a tier's end counts: energy of the month, the same per kW of the month's peak, either by the day.
ENERGY_UNITS = ("kwh", "kwh/kw", "kwh daily", "kwh/kw daily")
NO_END = float("inf")
_FIXED = {"$/month": 1.0, "$/day": 365.0 / 12.0, "$/year": 1.0 / 12.0}


class TariffError(OptimizerError):
    """A tariff that can't be billed; the message names file and key."""

    exit_code = 2


@dataclass(frozen=True)
class Tier:
    """A step of a charge.

    Attributes
    ----------
    usd : float
        Per kWh or per kW, adjustments in.
    until : float
        End of the tier, inf for the last.
    unit : str
        One of ENERGY_UNITS; "kw" for demand.
    """

    usd: float
    until: float
    unit: str


Schedule = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Charge:
    """A charge by time of use.

    Attributes
    ----------
    periods : tuple of tuple of Tier
    weekday, weekend : tuple of 12 tuples of 24 int
        Period of each hour, by month.
    """

    periods: tuple[tuple[Tier, ...], ...]
    weekday: Schedule
    weekend: Schedule


# Charges that depend on what a record does not hold (hour of the system peak, power factor, adjustments), each with the
# scenario key that stands for it. The System Advisor Model does not bill them either.
NOT_BILLED = {
    "coincidentratestructure": "price.coincident_usd_per_kw_year",
    "demandreactivepowercharge": "price.riders",
    "fueladjustmentsmonthly": "price.riders",
}


@dataclass(frozen=True)
class Tariff:
    """All terms of a bill.

    Attributes
    ----------
    name, source : str
    energy, demand : Charge or None
        By time of use [USD/kWh; USD/kW of the period's peak in the month].
    flat_demand : tuple of 12 tuples of Tier
        By month, of the month's peak [USD/kW].
    fixed_usd, minimum_usd : float
        A month.
    annual_minimum_usd : float
    ratchet_share : float
        Least billed demand beside the highest peak of the months before it.
    ratchet_months : tuple of bool
        Months in which the ratchet binds.
    ratchet_range : int
        Months that it looks back.
    hourly_tiers : bool
        Whether tiers fill hour by hour; else a month's tiers are shared among its periods by their energy.
    not_billed : tuple of str
        Charges of the record that its terms do not suffice to bill (`NOT_BILLED`).
    """

    name: str
    source: str
    energy: Charge | None
    demand: Charge | None
    flat_demand: tuple[tuple[Tier, ...], ...]
    fixed_usd: float = 0.0
    minimum_usd: float = 0.0
    annual_minimum_usd: float = 0.0
    ratchet_share: float = 0.0
    ratchet_months: tuple[bool, ...] = (True,) * 12
    ratchet_range: int = 0
    hourly_tiers: bool = False
    not_billed: tuple[str, ...] = ()


def read_tariff(path: str | Path) -> Tariff:
    """A URDB record from a file: the record itself, or an answer of the API with one item.

    Raises
    ------
    TariffError
        Not readable, not one record, or a term that can't be billed.
    """
    file = Path(path)
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise TariffError(f"{file}: can't be read: {error.strerror}") from error
    except ValueError as error:
        raise TariffError(f"{file}: not JSON: {error}") from error
    if isinstance(record, dict) and "items" in record:
        items = record["items"]
        if not isinstance(items, list) or len(items) != 1:
            raise TariffError(f"{file}: items: expected one rate, found {len(items)}")
        record = items[0]
    return tariff_of(record, str(file.name))


def tariff_of(record: Mapping[str, Any], where: str = "tariff") -> Tariff:
    """Terms of a URDB record.

    Raises
    ------
    TariffError
        A structure without its schedule, a schedule that names a period that is not there, hours or months missing, an
        unknown unit, a term that is no number.
    """
    if not isinstance(record, Mapping):
        raise TariffError(f"{where}: expected one rate, found {type(record).__name__}")
    energy = _charge(record, "energy", ENERGY_UNITS, "kwh", where)
    demand = _charge(record, "demand", ("kw",), "kw", where)
    flat: tuple[tuple[Tier, ...], ...] = ((),) * 12
    if "flatdemandstructure" in record:
        structure = _structure(record["flatdemandstructure"], "flatdemandstructure", ("kw",), "kw", where)
        months: Any = record.get("flatdemandmonths")
        if not _is_list(months, 12):
            raise TariffError(f"{where}: flatdemandmonths: expected 12 periods, found {_count(months)}")
        for month, period in enumerate(months):
            if not (isinstance(period, int) and 0 <= period < len(structure)):
                raise TariffError(
                    f"{where}: flatdemandmonths[{month}]: no period {period!r} in flatdemandstructure"
                )
        flat = tuple(structure[period] for period in months)
    if energy is None and demand is None and "flatdemandstructure" not in record:
        raise TariffError(f"{where}: no energyratestructure, demandratestructure or flatdemandstructure")
    least, unit = _amount(record, "mincharge", where), record.get("minchargeunits", "$/month")
    yearly = unit == "$/year"
    if unit not in _FIXED:
        raise TariffError(f"{where}: minchargeunits: expected {', '.join(_FIXED)}, found {unit!r}")
    months = record.get("lookbackmonths", [True] * 12)
    if not _is_list(months, 12):
        raise TariffError(f"{where}: lookbackmonths: expected 12, found {_count(months)}")
    share = _amount(record, "lookbackpercent", where)
    if not 0.0 <= share <= 1.0:
        raise TariffError(f"{where}: lookbackpercent: expected 0 to 1, found {share:g}")
    return Tariff(
        name=str(record.get("name", where)),
        source=str(record.get("uri", record.get("source", where))),
        energy=energy,
        demand=demand,
        flat_demand=flat,
        fixed_usd=_amount(record, "fixedchargefirstmeter", where)
        * _per_month(record, "fixedchargeunits", where),
        minimum_usd=0.0 if yearly else least * _FIXED[unit],
        annual_minimum_usd=least if yearly else 0.0,
        ratchet_share=share,
        ratchet_months=tuple(bool(month) for month in months),
        ratchet_range=int(_amount(record, "lookbackrange", where)),
        not_billed=tuple(key for key in NOT_BILLED if _asks(record.get(key))),
        hourly_tiers=record.get("dgrules") in ("Net Billing Instantaneous", "Net Billing Hourly"),
    )


def _asks(value: Any) -> bool:
    """Whether any rate in a structure is more or less than nothing."""
    if isinstance(value, Mapping):
        return any(_asks(value.get(key)) for key in ("rate", "adj"))
    if isinstance(value, list):
        return any(_asks(item) for item in value)
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value != 0


def _charge(
    record: Mapping[str, Any], kind: str, units: Sequence[str], usual: str, where: str
) -> Charge | None:
    key = f"{kind}ratestructure"
    if key not in record:
        return None
    periods = _structure(record[key], key, units, usual, where)
    schedules = []
    for day in ("weekday", "weekend"):
        name = f"{kind}{day}schedule"
        if name not in record:
            raise TariffError(f"{where}: {key} without {name}")
        schedules.append(_schedule(record[name], name, len(periods), where))
    return Charge(periods, schedules[0], schedules[1])


def _structure(
    value: Any, key: str, units: Sequence[str], usual: str, where: str
) -> tuple[tuple[Tier, ...], ...]:
    if not isinstance(value, list) or not value:
        raise TariffError(f"{where}: {key}: expected a list of periods, found {_count(value)}")
    periods = []
    for i, period in enumerate(value):
        if not isinstance(period, list) or not period:
            raise TariffError(f"{where}: {key}[{i}]: expected a list of tiers, found {_count(period)}")
        tiers: list[Tier] = []
        for j, entry in enumerate(period):
            at = f"{where}: {key}[{i}][{j}]"
            if not isinstance(entry, Mapping):
                raise TariffError(f"{at}: expected rate, max and unit, found {entry!r}")
            unit = str(entry.get("unit", usual)).lower()
            if unit not in units:
                raise TariffError(f"{at}.unit: expected {', '.join(units)}, found {entry['unit']!r}")
            usd = _number(entry.get("rate", 0.0), f"{at}.rate") + _number(entry.get("adj", 0.0), f"{at}.adj")
            until = NO_END if entry.get("max") is None else _number(entry["max"], f"{at}.max")
            if tiers and until <= tiers[-1].until:
                raise TariffError(
                    f"{at}.max: tiers overlap: expected more than {tiers[-1].until:g}, found {until:g}"
                )
            tiers.append(Tier(usd, until, unit))
        # What lies beyond the last tier is billed as it is.
        tiers[-1] = Tier(tiers[-1].usd, NO_END, tiers[-1].unit)
        periods.append(tuple(tiers))
    return tuple(periods)


def _schedule(value: Any, key: str, periods: int, where: str) -> Schedule:
    if not _is_list(value, 12):
        raise TariffError(f"{where}: {key}: expected 12 months, found {_count(value)}")
    for month, hours in enumerate(value):
        if not _is_list(hours, 24):
            raise TariffError(f"{where}: {key}[{month}]: expected 24 hours, found {_count(hours)}")
        for hour, period in enumerate(hours):
            if not (isinstance(period, int) and 0 <= period < periods):
                raise TariffError(
                    f"{where}: {key}[{month}][{hour}]: expected a period from 0 to {periods - 1}, found {period!r}"
                )
    return tuple(tuple(hours) for hours in value)


def _per_month(record: Mapping[str, Any], key: str, where: str) -> float:
    unit = record.get(key, "$/month")
    if unit not in _FIXED:
        raise TariffError(f"{where}: {key}: expected {', '.join(_FIXED)}, found {unit!r}")
    return _FIXED[unit]


def _amount(record: Mapping[str, Any], key: str, where: str) -> float:
    return _number(record.get(key, 0.0), f"{where}: {key}")


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        raise TariffError(f"{where}: expected a number, found {value!r}")
    return float(value)


def _is_list(value: Any, length: int) -> bool:
    return isinstance(value, list) and len(value) == length


def _count(value: Any) -> str:
    return f"{len(value)}" if isinstance(value, list) else repr(value)
