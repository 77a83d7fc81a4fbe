"""What facilities, chips and people cost wherever the catalog has nothing nearer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from optimizer.catalog.fact import CatalogError, Fact, facts_in, read_facts


@dataclass(frozen=True)
class Economics:
    """Common cost terms; dollars of 2025, shares as fractions.

    Attributes
    ----------
    facility_capex_usd_per_kw : float
        Shell, electrical and mechanical plant with soft cost, N+1, per kW of IT.
    electrical_share, mechanical_share, shell_share, soft_share : float
        Split of it; they add up to 1.
    redundancy_multiplier : dict of str to float
        Of the electrical part, by topology, beside N.
    spend_curve : tuple of float
        Facility spending by third of the construction time.
    staff_fte_per_mw, staff_usd_per_fte : float
    staff_size_exponent, staff_flat_mw : float
        Of a site staffed for more than so many MW of IT, staff a MW falls with size^-exponent.
    maintenance_share : float
        Of electrical and mechanical value a year.
    insurance_share : float
        Of facility and hardware value a year.
    it_maintenance_share : float
        Of hardware value a year.
    spares_share : float
        Hot spares on top of the rack price.
    residual_first, residual_decline : float
        Resale of chips: first · (1 - decline)^age.
    run_on_availability_factor, run_on_maintenance_factor : float
        Of chips that run on after their life.
    refresh_retrofit_share : float
        Of electrical and mechanical value, paid at each refresh.
    construction_escalation_per_year : float
        Real.
    embodied_kg_per_kw : float
        CO2 of building shell and plant per kW of IT [kg/kW].
    rack_bill : dict of str to float
        Shares of a rack's price: accelerators, hosts, network; the rest is the rack itself.
    plant_bill : dict of str to float
        Share of fit-out, what stands in the white space, in electrical and mechanical plant.
    network_bill : dict of str to float
        Share of storage in scale-out network and storage.
    facts : dict of str to Fact
    """

    facility_capex_usd_per_kw: float
    electrical_share: float
    mechanical_share: float
    shell_share: float
    soft_share: float
    redundancy_multiplier: dict[str, float]
    spend_curve: tuple[float, ...]
    staff_fte_per_mw: float
    staff_size_exponent: float
    staff_flat_mw: float
    staff_usd_per_fte: float
    maintenance_share: float
    insurance_share: float
    it_maintenance_share: float
    spares_share: float
    residual_first: float
    residual_decline: float
    run_on_availability_factor: float
    run_on_maintenance_factor: float
    refresh_retrofit_share: float
    construction_escalation_per_year: float
    embodied_kg_per_kw: float
    rack_bill: dict[str, float]
    plant_bill: dict[str, float]
    network_bill: dict[str, float]
    facts: dict[str, Fact]


@lru_cache(maxsize=1)
def economics() -> Economics:
    """The common cost terms."""
    return _of(facts_in(read_facts("economics")))


@lru_cache(maxsize=64)
def economics_with(given: tuple[tuple[str, float], ...], source: str = "given") -> Economics:
    """The common cost terms with values in place of the catalog's.

    Parameters
    ----------
    given : tuple of (str, float)
        Figures as the catalog names them, nested ones as `spend_curve.first`, and their values.
    source : str
        Where they are from.

    Returns
    -------
    Economics
        Its facts say which values are given, what the catalog has, and whether they lie outside of its range.

    Raises
    ------
    CatalogError
        Unknown figure.
    """
    if not given:
        return economics()
    facts = dict(economics().facts)
    for key, value in given:
        if key not in facts:
            raise CatalogError("figure of economics", key, facts)
        facts[key] = _given(facts[key], value, source)
    return _of(facts)


def _given(fact: Fact, value: float, source: str) -> Fact:
    """A figure with another value, which is weak as it is not the catalog's."""
    known = f"the catalog has {fact.value:g}"
    if fact.low is not None and fact.high is not None:
        outside = not fact.low <= value <= fact.high
        known += f", {'and this lies outside of its' if outside else 'from'} {fact.low:g} to {fact.high:g}"
    return replace(fact, value=float(value), source=f"{source}; {known}", weak=True)


def _of(facts: dict[str, Fact]) -> Economics:
    return Economics(
        redundancy_multiplier=_by_name(facts, "redundancy_multiplier"),
        rack_bill=_by_name(facts, "rack_bill"),
        plant_bill=_by_name(facts, "plant_bill"),
        network_bill=_by_name(facts, "network_bill"),
        spend_curve=tuple(facts[f"spend_curve.{third}"].value for third in ("first", "second", "third")),
        facts=facts,
        **{key: fact.value for key, fact in facts.items() if "." not in key},
    )


def _by_name(facts: dict[str, Fact], group: str) -> dict[str, float]:
    """Values of a nested group of figures."""
    return {key.split(".", 1)[1]: fact.value for key, fact in facts.items() if key.startswith(f"{group}.")}
