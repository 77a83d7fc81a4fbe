"""What a hall and its place cost, for the accounts (docs/economics.md, sections 5 and 6)."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer import catalog
from optimizer.scenario.economics import economics_of
from optimizer.scenario.schema import BuildToSuit, Scenario, Site
from optimizer.scenario.site_tax import market_of


@dataclass(frozen=True)
class PlaceFacts:
    """A site with its taxes, labour and price of energy."""

    site: Site
    labour: float
    sales_rate: float
    property_rate: float
    escalation: float
    carbon_kg_per_mwh: float
    offer: BuildToSuit | None

    @property
    def tax(self) -> float:
        """Sales tax that is paid [fraction]."""
        return 0.0 if self.site.tax.sales_exempt else self.sales_rate

    def property_owed(self, age_years: float) -> tuple[float, float]:
        """Property tax a year on facility value and on chips, of a hall of an age [fraction]."""
        tax, waived = self.site.tax, self.site.tax.property_abatement
        if waived is None or age_years >= waived.years - 1e-9:
            return self.property_rate, tax.property_rate_chips
        on_chips = tax.property_rate_chips * (1 - waived.share if waived.chips else 1)
        return self.property_rate * (1 - waived.share), on_chips


def place_facts(scenario: Scenario) -> dict[str, PlaceFacts]:
    """All sites of a scenario, by name."""
    places = {}
    for site in scenario.sites:
        market = market_of(site)
        carbon = site.carbon_kg_per_mwh
        if carbon is None:
            carbon = catalog.carbon_rate(site.carbon_region, site.state, site.country).value
        given = site.tax
        places[site.name] = PlaceFacts(
            site=site,
            labour=market.labour_index,
            sales_rate=market.sales_rate if given.sales_rate is None else given.sales_rate,
            property_rate=market.property_rate if given.property_rate is None else given.property_rate,
            escalation=0.0 if site.price is None else site.price.escalation_per_year,
            carbon_kg_per_mwh=carbon,
            offer=site.build_to_suit or scenario.hall.build_to_suit,
        )
    return places


def facility_usd_per_mw(scenario: Scenario, place: PlaceFacts, cooling: str) -> float:
    """Shell, electrical and mechanical plant, soft cost, per MW of IT, base-year money."""
    economics, hall = economics_of(scenario), scenario.hall
    base = economics.facility_capex_usd_per_kw if hall.capex_usd_per_kw is None else hall.capex_usd_per_kw
    multiplier = economics.redundancy_multiplier
    relative = multiplier[hall.redundancy] / multiplier["N+1"] - 1
    with_redundancy = base * (1 + economics.electrical_share * relative)
    per_kw = with_redundancy + catalog.cooling(cooling).capex_usd_per_kw.value
    return float(per_kw * 1000 * place.labour * hall.capex_scale)


def staff_usd_per_mw_year(economics: catalog.Economics, place: PlaceFacts) -> float:
    """Staff per MW of IT and year at a site, fewer where it is staffed for more than the flat size."""
    size, flat = place.site.staff_for_mw, economics.staff_flat_mw
    fte = economics.staff_fte_per_mw
    if size is not None and size > flat:
        fte /= (size / flat) ** economics.staff_size_exponent
    return fte * economics.staff_usd_per_fte * place.labour


def resale_share(economics: catalog.Economics, age_years: float) -> float:
    """What chips fetch beside the price paid [fraction]."""
    return float(economics.residual_first * (1 - economics.residual_decline) ** age_years)


def spend_shares(scenario: Scenario, periods: int) -> tuple[float, ...]:
    """Share of facility cost in each period of construction: an S-curve given in thirds."""
    thirds = economics_of(scenario).spend_curve

    def spent(part: float) -> float:
        return sum(share * min(1.0, max(0.0, 3 * part - n)) for n, share in enumerate(thirds))

    return tuple(spent((i + 1) / periods) - spent(i / periods) for i in range(periods))
