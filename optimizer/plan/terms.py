"""What a hall, its chips and its place cost and yield, for the accounts (docs/economics.md, sections 2 to 6)."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer import catalog
from optimizer.scenario.schema import Scenario, Site, Workload, work_kind


@dataclass(frozen=True)
class ChipFacts:
    """A chip with the scenario's settings over the catalog's figures."""

    id: str
    family: str
    kind: str
    cooling: str
    release: int
    last_sale: int | None
    chips_per_rack: int
    it_kw_per_rack: float
    rack_usd: float
    network_storage_share: float
    decline: float
    life_years: float
    availability: float
    rate: float
    work: dict[str, float]

    def racks(self, it_mw: float) -> int:
        """Whole racks that a hall's IT power carries."""
        return int(it_mw * 1000 / self.it_kw_per_rack + 1e-9)

    def rack_usd_at(self, year: float) -> float:
        """Price of a bare rack at a calendar time [years]."""
        return float(self.rack_usd * (1 - self.decline) ** max(0.0, year - self.release / 12))

    def yield_of(self, it_mw: float, workload: Workload, run_on: bool) -> float:
        """Compute of a hall that works wholly on a workload [unit of demand.metric]."""
        kind = work_kind(workload)
        if kind not in self.work:
            return 0.0
        reference = catalog.chip("arm_cpu_rack" if kind == "cpu" else "h100_sxm").utilisation[kind]
        amount = self.racks(it_mw) * self.chips_per_rack * self.rate * self.availability
        worn = catalog.economics().run_on_availability_factor if run_on else 1.0
        return amount * worn * self.work[kind] / reference


def chip_facts(scenario: Scenario) -> dict[str, ChipFacts]:
    """All chips of a scenario: on offer, standing or decided."""
    ids = [*scenario.chips.offered]
    ids += [b.chip for site in scenario.sites for b in (*site.existing, *site.committed)]
    return {chip: _chip(scenario, chip) for chip in ids}


def _chip(scenario: Scenario, chip_id: str) -> ChipFacts:
    given = scenario.chips.settings.get(chip_id)
    fact = catalog.chip(given.based_on if given is not None and given.based_on else chip_id)

    def value(name: str) -> float:
        own = None if given is None else getattr(given, name)
        return float(getattr(fact, name) if own is None else own)

    metric = scenario.demand.metric
    rate = value("fp8_tflops") / 1979.0 if metric == "h100e_8bit" else value("bf16_tflops")
    if metric == "h100e":
        rate /= 989.5
    elif metric == "pflops":
        rate /= 1000.0
    return ChipFacts(
        id=chip_id,
        family=fact.family,
        kind=fact.kind,
        cooling=fact.cooling,
        release=int(value("release")),
        last_sale=fact.last_sale if given is None or given.last_sale is None else given.last_sale,
        chips_per_rack=fact.chips_per_rack,
        it_kw_per_rack=value("it_kw_per_rack"),
        rack_usd=value("rack_price_usd"),
        network_storage_share=value("network_storage_share"),
        decline=value("price_decline_per_year"),
        life_years=value("life_years"),
        availability=value("availability"),
        rate=rate,
        work=dict(fact.utilisation),
    )


@dataclass(frozen=True)
class PlaceFacts:
    """A site with its taxes, labour and price of energy."""

    site: Site
    labour: float
    sales_rate: float
    property_rate: float
    escalation: float
    carbon_kg_per_mwh: float

    @property
    def tax(self) -> float:
        """Sales tax that is paid [fraction]."""
        return 0.0 if self.site.tax.sales_exempt else self.sales_rate


def place_facts(scenario: Scenario) -> dict[str, PlaceFacts]:
    """All sites of a scenario, by name."""
    places = {}
    for site in scenario.sites:
        market = catalog.market(site.market) if site.market else catalog.market_of(site.country, site.state)
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
        )
    return places


def facility_usd_per_mw(scenario: Scenario, place: PlaceFacts, cooling: str) -> float:
    """Shell, electrical and mechanical plant, soft cost, per MW of IT, base-year money."""
    economics, hall = catalog.economics(), scenario.hall
    base = economics.facility_capex_usd_per_kw if hall.capex_usd_per_kw is None else hall.capex_usd_per_kw
    multiplier = economics.redundancy_multiplier
    relative = multiplier[hall.redundancy] / multiplier["N+1"] - 1
    with_redundancy = base * (1 + economics.electrical_share * relative)
    per_kw = with_redundancy + catalog.cooling(cooling).capex_usd_per_kw.value
    return float(per_kw * 1000 * place.labour * hall.capex_scale)


def spend_shares(periods: int) -> tuple[float, ...]:
    """Share of facility cost in each period of construction: an S-curve given in thirds."""
    thirds = catalog.economics().spend_curve

    def spent(part: float) -> float:
        return sum(share * min(1.0, max(0.0, 3 * part - n)) for n, share in enumerate(thirds))

    return tuple(spent((i + 1) / periods) - spent(i / periods) for i in range(periods))
