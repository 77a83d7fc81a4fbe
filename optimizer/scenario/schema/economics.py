"""Common cost terms in place of the catalog's: building, staff, upkeep, insurance, resale, bills."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from optimizer.scenario.schema.base import Fraction, PositiveMw, Rate, Record, quantity

Multiplier = quantity("fraction", gt=0, le=10)


class RedundancyMultiplier(Record):
    """Cost of the electrical part beside N, by topology."""

    n: Annotated[Multiplier | None, Field(alias="N")] = None  # type: ignore[valid-type]
    """Without redundancy [fraction]."""
    n_plus_1: Annotated[Multiplier | None, Field(alias="N+1")] = None  # type: ignore[valid-type]
    """One unit more than needed [fraction]."""
    four_n_over_3: Annotated[Multiplier | None, Field(alias="4N/3")] = None  # type: ignore[valid-type]
    """Four units for the load of three [fraction]."""
    two_n: Annotated[Multiplier | None, Field(alias="2N")] = None  # type: ignore[valid-type]
    """Everything twice [fraction]."""


class SpendCurve(Record):
    """Shares of facility spending by third of the construction time; they add up to 1."""

    first: Fraction
    """In the first third [fraction]."""
    second: Fraction
    """In the second [fraction]."""
    third: Fraction
    """In the last [fraction]."""


class RackBill(Record):
    """Shares of a rack's price in bills; what is left is the rack itself. No cost depends on them."""

    accelerators: Fraction | None = None
    """Accelerators [fraction]."""
    hosts: Fraction | None = None
    """Hosts [fraction]."""
    network: Fraction | None = None
    """Network in the rack [fraction]."""


class PlantBill(Record):
    """Shares of electrical and mechanical plant in bills. No cost depends on them."""

    fit_out: Fraction | None = None
    """Fit-out: what stands in the white space [fraction]."""


class NetworkBill(Record):
    """Shares of scale-out network and storage in bills. No cost depends on them."""

    storage: Fraction | None = None
    """Storage [fraction]."""


class Economics(Record):
    """Common cost terms in place of the catalog's; what is not given is the catalog's. Dollars of money.base_year."""

    facility_capex_usd_per_kw: quantity("USD/kW", gt=0) | None = None  # type: ignore[valid-type]
    """Shell, electrical and mechanical plant with soft cost, N+1; hall.capex_usd_per_kw goes before it [USD/kW of IT]."""
    electrical_share: Fraction | None = None
    """Electrical plant, of facility cost; the four shares add up to 1 [fraction]."""
    mechanical_share: Fraction | None = None
    """Mechanical plant, of facility cost [fraction]."""
    shell_share: Fraction | None = None
    """Shell, of facility cost [fraction]."""
    soft_share: quantity("fraction", ge=0, lt=1) | None = None  # type: ignore[valid-type]
    """General contractor and soft cost, of facility cost [fraction]."""
    redundancy_multiplier: RedundancyMultiplier = RedundancyMultiplier()
    """Cost of the electrical part beside N, by topology."""
    spend_curve: SpendCurve | None = None
    """Facility spending by third of the construction time."""
    staff_fte_per_mw: quantity("FTE/MW", ge=0) | None = None  # type: ignore[valid-type]
    """Staff of a site up to staff_flat_mw, per MW of IT [FTE/MW]."""
    staff_size_exponent: quantity("exponent", ge=0, le=1) | None = None  # type: ignore[valid-type]
    """How staff per MW falls with size beyond staff_flat_mw, at sites with staff_for_mw [exponent]."""
    staff_flat_mw: PositiveMw | None = None
    """Size up to which staff per MW is the same [MW of IT]."""
    staff_usd_per_fte: quantity("USD/FTE-year", ge=0) | None = None  # type: ignore[valid-type]
    """Loaded cost of a full-time post, before the market's index [USD/FTE-year]."""
    maintenance_share: Rate | None = None
    """Upkeep, of electrical and mechanical value a year [fraction]."""
    insurance_share: Rate | None = None
    """Insurance, of facility and hardware value a year [fraction]."""
    it_maintenance_share: Rate | None = None
    """Upkeep of hardware, of its value a year [fraction]."""
    spares_share: Fraction | None = None
    """Hot spares on top of the rack price [fraction]."""
    residual_first: Fraction | None = None
    """Resale value of chips at age 0 beside the price paid [fraction]."""
    residual_decline: Rate | None = None
    """Fall of that value a year [fraction]."""
    run_on_availability_factor: Fraction | None = None
    """Availability of chips that run on after their life, beside their own before [fraction]."""
    run_on_maintenance_factor: quantity("fraction", ge=0, le=100) | None = None  # type: ignore[valid-type]
    """Upkeep of chips that run on, beside their own before [fraction]."""
    refresh_retrofit_share: Fraction | None = None
    """Changes to the hall at each refresh, of electrical and mechanical value [fraction]."""
    construction_escalation_per_year: quantity("fraction", ge=0, le=1) | None = None  # type: ignore[valid-type]
    """Growth of construction cost a year, real [fraction]."""
    embodied_kg_per_kw: quantity("kg/kW", ge=0) | None = None  # type: ignore[valid-type]
    """CO2 of building shell and plant per kW of IT; hall.embodied_kg_per_kw goes before it [kg/kW]."""
    rack_bill: RackBill = RackBill()
    """Shares of a rack's price in bills."""
    plant_bill: PlantBill = PlantBill()
    """Shares of electrical and mechanical plant in bills."""
    network_bill: NetworkBill = NetworkBill()
    """Shares of scale-out network and storage in bills."""
    source: str | None = None
    """Where these values are from, or `assumption` [text]."""

    def given(self) -> tuple[tuple[str, float], ...]:
        """Values that are written, by the catalog's names: `spend_curve.first`."""
        return tuple(_written(self, ""))


def _written(record: Record, before: str) -> Iterator[tuple[str, float]]:
    for name, field in type(record).model_fields.items():
        value, key = getattr(record, name), before + (field.alias or name)
        if isinstance(value, Record):
            yield from _written(value, f"{key}.")
        elif isinstance(value, (int, float)):
            yield key, float(value)
