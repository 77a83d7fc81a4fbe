"""What chips cost and yield, for the accounts (docs/economics.md, sections 2, 4 and 5)."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer import catalog
from optimizer.scenario.economics import economics_of
from optimizer.scenario.schema import ChipSettings, Scenario, Workload, work_kind

# Dense rates of the H100 that compute is counted against [TFLOP/s]; in FP4 its FP8.
_H100 = {"bf16": 989.5, "fp8": 1979.0, "fp4": 1979.0}


@dataclass(frozen=True)
class ChipFacts:
    """A chip with the scenario's settings over the catalog's figures."""

    id: str
    vendor: str
    family: str
    kind: str
    cooling: str
    release: int
    last_sale: int | None
    chips_per_rack: int
    it_kw_per_rack: float
    prices: dict[int, float]
    overtaken: tuple[int, ...]
    network_storage_share: float
    spares_share: float
    decline: float
    cut: float
    life_years: float
    availability: float
    run_on_share: float
    stopped_share: float
    embodied_kg_per_rack: float
    tflops: dict[str, float]
    work: dict[str, float]
    settings: ChipSettings
    metric: str

    def racks(self, it_mw: float) -> int:
        """Whole racks that a hall's IT power carries."""
        return int(it_mw * 1000 / self.it_kw_per_rack + 1e-9)

    def racks_behind(self, first: ChipFacts, it_mw: float, headroom: float | None) -> int:
        """Racks in a hall whose positions were made for the racks of another chip."""
        if headroom is None or self.id == first.id:
            return self.racks(it_mw)
        carries = headroom * first.it_kw_per_rack
        taken = 1
        while taken * carries < self.it_kw_per_rack * (1 - 1e-9):
            taken += 1
        return min(self.racks(it_mw), first.racks(it_mw) // taken)

    def rack_usd_at(self, year: float) -> float:
        """Price of a bare rack at a calendar time [years]."""
        dates = sorted(self.prices)
        date = max([month for month in dates if month / 12 <= year], default=dates[0])
        price = self.prices[date] * (1 - self.decline) ** max(0.0, year - date / 12)
        for month in self.overtaken:
            if month / 12 <= year:
                price *= 1 - self.cut
        return float(price)

    def yield_of(self, racks: float, workload: Workload, run_on: bool) -> float:
        """Compute of racks that work wholly on a workload [unit of demand.metric]."""
        kind = work_kind(workload)
        if kind not in self.work:
            return 0.0
        arithmetic = workload.precision
        if arithmetic is None:
            arithmetic = "fp8" if self.metric == "h100e_8bit" else "bf16"
        unit = 1000.0 if self.metric == "pflops" else _H100[arithmetic]
        reference = catalog.chip("arm_cpu_rack" if kind == "cpu" else "h100_sxm").utilisation[kind]
        amount = racks * self.chips_per_rack * self.tflops[arithmetic] / unit * self.availability
        if workload.cluster_chips is not None:
            amount *= max(0.0, 1 - workload.cluster_chips * self.stopped_share)
        worn = self.run_on_share if run_on else 1.0
        return amount * worn * self.work[kind] / reference


def chip_facts(scenario: Scenario) -> dict[str, ChipFacts]:
    """All chips of a scenario: on offer, standing or decided."""
    ids = [*scenario.chips.offered]
    ids += [b.chip for site in scenario.sites for b in (*site.existing, *site.committed)]
    return {chip: _chip(scenario, chip) for chip in ids}


def _own(scenario: Scenario, chip_id: str) -> tuple[catalog.Chip, ChipSettings]:
    own = scenario.chips.settings.get(chip_id) or ChipSettings()
    return catalog.chip(chip_id if own.based_on is None else own.based_on), own


def _released(scenario: Scenario, chip_id: str) -> int:
    fact, own = _own(scenario, chip_id)
    return fact.release if own.release is None else own.release


def _vendor(scenario: Scenario, chip_id: str) -> str:
    fact, own = _own(scenario, chip_id)
    return fact.vendor if own.vendor is None else own.vendor


def _chip(scenario: Scenario, chip_id: str) -> ChipFacts:
    fact, own = _own(scenario, chip_id)

    def value(name: str) -> float:
        given = getattr(own, name)
        return float(getattr(fact, name) if given is None else given)

    release = _released(scenario, chip_id)
    ahead = (release - fact.release) / 12
    speed = 1.0
    if own.flops_per_watt_gain_per_year is not None:
        speed = (1 + own.flops_per_watt_gain_per_year) ** ahead
        speed *= value("it_kw_per_rack") / fact.it_kw_per_rack
    rates = {}
    for arithmetic in _H100:
        given = getattr(own, f"{arithmetic}_tflops")
        rates[arithmetic] = speed * getattr(fact, f"{arithmetic}_tflops") if given is None else given
    if own.fp4_tflops is None and own.fp8_tflops is not None and fact.fp4_tflops == fact.fp8_tflops:
        rates["fp4"] = own.fp8_tflops
    kw, usd = value("it_kw_per_rack"), own.rack_price_usd
    if usd is None:
        usd = fact.rack_price_usd * speed * (1 - (own.usd_per_flops_decline_per_year or 0)) ** ahead
    if own.host is not None and fact.host != "none":
        each, former = catalog.host(own.host), catalog.host(fact.host)
        if own.it_kw_per_rack is None:
            kw += fact.chips_per_rack * (each.it_kw_per_accelerator - former.it_kw_per_accelerator)
        if own.rack_price_usd is None:
            usd += fact.chips_per_rack * (each.usd_per_accelerator - former.usd_per_accelerator)
    failures, available = value("failures_per_chip_year"), value("availability")
    economics = economics_of(scenario)
    if own.availability is None and own.repair_hours is not None:
        down = failures * own.repair_hours / 8760
        available = max(0.0, min(1.0, (1 - down) * (1 + economics.spares_share)))
    rivals = [
        other
        for other in scenario.chips.offered
        if other != chip_id
        and _vendor(scenario, other) == _vendor(scenario, chip_id)
        and _own(scenario, other)[0].kind == fact.kind
    ]
    return ChipFacts(
        id=chip_id,
        vendor=_vendor(scenario, chip_id),
        family=fact.family,
        kind=fact.kind,
        cooling=fact.cooling,
        release=release,
        last_sale=fact.last_sale if own.last_sale is None else own.last_sale,
        chips_per_rack=fact.chips_per_rack,
        it_kw_per_rack=kw,
        prices=dict(own.rack_price_path) or {release: usd},
        overtaken=tuple(m for m in (_released(scenario, other) for other in rivals) if m > release),
        network_storage_share=value("network_storage_share"),
        spares_share=economics.spares_share,
        decline=value("price_decline_per_year"),
        cut=scenario.chips.price_cut_per_generation,
        life_years=value("life_years"),
        availability=available,
        run_on_share=economics.run_on_availability_factor,
        stopped_share=failures * value("restart_minutes") / (60 * 8760),
        embodied_kg_per_rack=value("embodied_kg_per_chip") * fact.chips_per_rack,
        tflops=rates,
        work={**fact.utilisation, **{str(kind): share for kind, share in own.utilisation.items()}},
        settings=own,
        metric=scenario.demand.metric,
    )
