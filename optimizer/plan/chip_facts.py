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
    memory_gb: float
    processors: float
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
        if self.memory_gb < (workload.min_memory_gb or 0.0):
            return 0.0
        if kind == "cpu":
            each = self.processors * processor_units(workload, self.metric)
            reference = catalog.chip("arm_cpu_rack").utilisation["cpu"]
        else:
            arithmetic = _arithmetic(workload, self.metric)
            each = self.tflops[arithmetic] / _one(arithmetic, self.metric)
            reference = catalog.chip("h100_sxm").utilisation[kind]
        amount = racks * self.chips_per_rack * each * self.availability
        if workload.cluster_chips is not None:
            amount *= max(0.0, 1 - workload.cluster_chips * self.stopped_share)
        worn = self.run_on_share if run_on else 1.0
        return amount * worn * self.work[kind] / reference


def processor_units(workload: Workload, metric: str) -> float:
    """What one processor of the catalog's arm_cpu_rack counts, in units of demand.metric."""
    arithmetic, arm = _arithmetic(workload, metric), catalog.chip("arm_cpu_rack")
    return float(getattr(arm, f"{arithmetic}_tflops")) / _one(arithmetic, metric)


def _arithmetic(workload: Workload, metric: str) -> str:
    usual = "fp8" if metric == "h100e_8bit" else "bf16"
    return usual if workload.precision is None else workload.precision


def _one(arithmetic: str, metric: str) -> float:
    """Dense rate of one unit of demand.metric [TFLOP/s]."""
    return 1000.0 if metric == "pflops" else _H100[arithmetic]


def chip_facts(scenario: Scenario) -> dict[str, ChipFacts]:
    """All chips of a scenario: on offer, standing or decided."""
    ids = [*scenario.chips.offered]
    ids += [b.chip for site in scenario.sites for b in (*site.existing, *site.committed)]
    return {chip: _chip(scenario, chip) for chip in ids}


def _own(scenario: Scenario, chip_id: str) -> tuple[catalog.Chip, ChipSettings]:
    own = scenario.chips.settings.get(chip_id) or ChipSettings()
    return catalog.chip(chip_id if own.based_on is None else own.based_on), own


def _months_after_base(fact: catalog.Chip, own: ChipSettings) -> int:
    return 0 if own.release is None else own.release - fact.release


def _line(scenario: Scenario, chip_id: str) -> tuple[str, str]:
    """Vendor and kind, within which generations follow each other."""
    fact, own = _own(scenario, chip_id)
    return (fact.vendor if own.vendor is None else own.vendor), fact.kind


def _family(scenario: Scenario, chip_id: str) -> str:
    """Generation: as given, its own for one to come, else that of the base."""
    fact, own = _own(scenario, chip_id)
    yearly = (own.flops_per_watt_gain_per_year, own.usd_per_flops_decline_per_year)
    own_line = yearly != (None, None) and _months_after_base(fact, own) > 0
    return own.family or (chip_id if own_line else fact.family)


def _released(scenario: Scenario, chip_id: str) -> int:
    fact, own = _own(scenario, chip_id)
    return fact.release + _months_after_base(fact, own)


def _overtaken(scenario: Scenario, chip_id: str) -> tuple[int, ...]:
    """Months in which a later generation of the vendor's chips of this kind is first released."""
    known = {*catalog.chips(), *scenario.chips.settings}
    alike = [other for other in known if _line(scenario, other) == _line(scenario, chip_id)]
    families = {_family(scenario, other) for other in alike} - {_family(scenario, chip_id)}
    firsts = [
        min(_released(scenario, other) for other in alike if _family(scenario, other) == family)
        for family in families
    ]
    return tuple(month for month in firsts if month > _released(scenario, chip_id))


def _at_work(failures_a_year: float, hours: float, spares_share: float) -> float:
    """Share of chips that spares leave working beside failed ones."""
    down = failures_a_year * hours / 8760
    return max(0.0, min(1.0, (1 - down) * (1 + spares_share)))


def _available(fact: catalog.Chip, own: ChipSettings, spares_share: float) -> float:
    if own.availability is not None:
        return float(own.availability)
    failures = own.failures_per_chip_year
    failures = fact.failures_per_chip_year if failures is None else failures
    hours = fact.repair_hours if own.repair_hours is None else own.repair_hours
    usual = _at_work(fact.failures_per_chip_year, fact.repair_hours, catalog.economics().spares_share)
    return fact.availability / usual * _at_work(failures, hours, spares_share)


def _chip(scenario: Scenario, chip_id: str) -> ChipFacts:
    fact, own = _own(scenario, chip_id)

    def value(name: str) -> float:
        given = getattr(own, name)
        return float(getattr(fact, name) if given is None else given)

    years = _months_after_base(fact, own) / 12
    count = fact.chips_per_rack if own.chips_per_rack is None else own.chips_per_rack
    as_many = count / fact.chips_per_rack
    kw = fact.it_kw_per_rack * as_many if own.it_kw_per_rack is None else own.it_kw_per_rack
    gain, decline = own.flops_per_watt_gain_per_year, own.usd_per_flops_decline_per_year
    speed = 1.0
    if gain is not None:
        speed = (1 + gain) ** years * (kw / fact.it_kw_per_rack) / as_many
    rates = {}
    for arithmetic in _H100:
        given = getattr(own, f"{arithmetic}_tflops")
        rates[arithmetic] = speed * getattr(fact, f"{arithmetic}_tflops") if given is None else given
    if own.fp4_tflops is None and own.fp8_tflops is not None and fact.fp4_tflops == fact.fp8_tflops:
        rates["fp4"] = own.fp8_tflops
    usd = own.rack_price_usd
    if usd is None:
        usd = fact.rack_price_usd * as_many
        if gain is not None or decline is not None:
            usd *= rates["bf16"] / fact.bf16_tflops * (1 - (decline or 0)) ** years
    processors = fact.cpu_chips
    if fact.kind == "cpu":
        processors *= speed
    elif own.host is not None and fact.host != "none":
        processors = catalog.host(own.host).cpu_chips_per_accelerator
    if own.host is not None and fact.host != "none":
        each, former = catalog.host(own.host), catalog.host(fact.host)
        if own.it_kw_per_rack is None:
            kw += count * (each.it_kw_per_accelerator - former.it_kw_per_accelerator)
        if own.rack_price_usd is None:
            usd += count * (each.usd_per_accelerator - former.usd_per_accelerator)
    economics = economics_of(scenario)
    last = own.last_sale
    if last is None and years <= 0:
        last = fact.last_sale
    release = _released(scenario, chip_id)
    return ChipFacts(
        id=chip_id,
        vendor=_line(scenario, chip_id)[0],
        family=_family(scenario, chip_id),
        kind=fact.kind,
        cooling=own.cooling or fact.cooling,
        release=release,
        last_sale=last,
        chips_per_rack=count,
        it_kw_per_rack=kw,
        prices=dict(own.rack_price_path) or {release: usd},
        overtaken=_overtaken(scenario, chip_id),
        network_storage_share=value("network_storage_share"),
        spares_share=economics.spares_share,
        decline=value("price_decline_per_year"),
        cut=scenario.chips.price_cut_per_generation,
        life_years=value("life_years"),
        availability=_available(fact, own, economics.spares_share),
        run_on_share=economics.run_on_availability_factor,
        stopped_share=value("failures_per_chip_year") * value("restart_minutes") / (60 * 8760),
        embodied_kg_per_rack=value("embodied_kg_per_chip") * count,
        tflops=rates,
        memory_gb=value("hbm_gb"),
        processors=processors if own.cpu_chips is None else own.cpu_chips,
        work={**fact.utilisation, **{str(kind): share for kind, share in own.utilisation.items()}},
        settings=own,
        metric=scenario.demand.metric,
    )
