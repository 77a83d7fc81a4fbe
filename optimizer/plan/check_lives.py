"""Whether every hall of a plan has a life that the scenario allows (docs/economics.md, section 2)."""

from __future__ import annotations

import math
from collections import Counter

from optimizer.plan.accounts_halls import HallTerms, racks_in
from optimizer.plan.chip_facts import ChipFacts
from optimizer.plan.records import Life, PlanContent, Stage
from optimizer.plan.violations import Findings
from optimizer.scenario.schema import AIR_SYSTEMS, HallBlock, month_label


def check_lives(terms: HallTerms, content: PlanContent, findings: Findings) -> bool:
    """Check all lives.

    Returns
    -------
    bool
        Whether accounts can be drawn up: every life names a design and lies within the study.
    """
    usable = True
    for life in content.lives:
        before = len(findings.found)
        if not _drawable(terms, life, findings):
            usable = False
            continue
        if life.origin == "new":
            _new(terms, life, findings)
        else:
            _block(terms, life, findings)
        if len(findings.found) == before:
            _stages(terms, life, findings)
    _every_block_once(terms, content, findings)
    return usable


def _drawable(terms: HallTerms, life: Life, findings: Findings) -> bool:
    where = life.site
    if life.site not in terms.places:
        findings.wrong("site", where, "the scenario has no such site")
        return False
    if not life.stages:
        findings.wrong("life", where, "a hall without chips")
        return False
    if not (math.isfinite(life.it_mw) and life.it_mw > 0 and life.halls >= 1):
        findings.wrong(
            "life", where, f"expected halls with IT power, found {life.halls} of {life.it_mw:g} MW"
        )
        return False
    for stage in life.stages:
        if stage.chip not in terms.chips:
            findings.wrong("chip", where, f"{stage.chip} is not among the scenario's chips")
            return False
        if (life.site, life.cooling, stage.chip) not in terms.designs:
            findings.wrong("cooling", where, f"no design of {stage.chip} under {life.cooling}")
            return False
        if not 0 <= stage.first < stage.end <= terms.times.count:
            findings.wrong("life", where, f"{stage.chip} runs from period {stage.first} to {stage.end}")
            return False
    listed = terms.places[life.site].site
    blocks = {"existing": listed.existing, "committed": listed.committed}.get(life.origin, ())
    if life.origin != "new" and (life.block is None or not 0 <= life.block < len(blocks)):
        findings.wrong("block", where, f"the site has no {life.origin} block {life.block}")
        return False
    return True


def _new(terms: HallTerms, life: Life, findings: Findings) -> None:
    scenario, times = terms.scenario, terms.times
    site = terms.places[life.site].site
    where, k = life.site, life.commission
    build = times.periods_in(scenario.hall.build_months)
    if life.block is not None:
        findings.wrong("block", where, "a new hall is no block")
    if abs(life.it_mw - scenario.hall.it_mw) > 1e-9:
        findings.wrong("hall", where, f"new halls have {scenario.hall.it_mw:g} MW, found {life.it_mw:g}")
    if life.cooling not in (site.cooling or scenario.cooling):
        findings.wrong("cooling", where, f"{life.cooling} is not on offer here")
    opens = 0 if site.available_from is None else times.period_of(site.available_from)
    if k - build < opens:
        start = terms.scenario.horizon.start
        begins, first = (month_label(start + t * times.step) for t in (k - build, opens))
        findings.wrong("start", where, f"construction would start in {begins}; {first} is the first", k)
    if k > times.planning - 1:
        findings.wrong("start", where, "commissioned after the last planning period", k)
    if life.stages[0].first != k:
        findings.wrong("life", where, "the first chips do not come with commissioning", k)
    chip = terms.chips[life.stages[0].chip]
    _on_sale(terms, life, chip, k, findings)
    if life.leased and terms.places[life.site].offer is None:
        findings.wrong("build to suit", where, "no developer offers a hall here", k)


def _on_sale(terms: HallTerms, life: Life, chip: ChipFacts, period: int, findings: Findings) -> None:
    if chip.id not in terms.scenario.chips.offered:
        findings.wrong("chip", life.site, f"{chip.id} is not on offer", period)
    if terms.times.period_of(chip.release) > period:
        text = f"{chip.id} is not on sale yet; it comes in {month_label(chip.release)}"
        findings.wrong("chip", life.site, text, period)
    _export(terms, life, chip, period, findings)
    if chip.last_sale is not None and terms.times.start + period * terms.times.step > chip.last_sale:
        text = f"{chip.id} is not on sale any more; its last month was {month_label(chip.last_sale)}"
        findings.wrong("chip", life.site, text, period)


def _export(terms: HallTerms, life: Life, chip: ChipFacts, period: int, findings: Findings) -> None:
    country, own = terms.places[life.site].site.country, chip.settings
    barred = country in own.barred_countries or (own.countries is not None and country not in own.countries)
    if barred:
        findings.wrong("export rules", life.site, f"{chip.id} may not stand in {country}", period)


def _block(terms: HallTerms, life: Life, findings: Findings) -> None:
    if life.leased:
        findings.wrong("block", life.site, "blocks are not on offer by a developer")
    block = _record(terms, life)
    where, first = life.site, life.stages[0]
    if life.halls != 1:
        findings.wrong("block", where, f"a block is taken once, found {life.halls}")
    if abs(life.it_mw - block.it_mw) > 1e-9 or life.cooling != block.cooling or first.chip != block.chip:
        findings.wrong("block", where, f"{life.origin} block {life.block} is not as the scenario has it")
    online = terms.times.period_of(block.online)
    if life.commission != online or first.first != online:
        findings.wrong(
            "block",
            where,
            f"{life.origin} block {life.block} comes online in period {online}",
            life.commission,
        )
    # What stands already is a fact; what is decided is yet to come.
    if life.origin == "committed":
        _export(terms, life, terms.chips[first.chip], first.first, findings)


def _record(terms: HallTerms, life: Life) -> HallBlock:
    site = terms.places[life.site].site
    assert life.block is not None
    return site.existing[life.block] if life.origin == "existing" else site.committed[life.block]


def _every_block_once(terms: HallTerms, content: PlanContent, findings: Findings) -> None:
    taken: Counter[tuple[str, str, int | None]] = Counter(
        (life.site, life.origin, life.block) for life in content.lives if life.origin != "new"
    )
    for name, place in terms.places.items():
        for origin, blocks in (("existing", place.site.existing), ("committed", place.site.committed)):
            for n in range(len(blocks)):
                if taken[name, origin, n] != 1:
                    findings.wrong("block", name, f"{origin} block {n} stands {taken[name, origin, n]} times")


def _life_end(terms: HallTerms, life: Life, n: int) -> int:
    """Period in which the life of the chips of stage n ends."""
    stage, times = life.stages[n], terms.times
    years = terms.chips[stage.chip].life_years
    if n == 0 and life.origin == "existing":
        gone = _record(terms, life).online + round(years * 12)
        return max(stage.first + 1, times.period_of(gone))
    return stage.first + max(1, math.ceil(years / times.years - 1e-9))


def _stages(terms: HallTerms, life: Life, findings: Findings) -> None:
    count = terms.times.count
    for n, stage in enumerate(life.stages):
        due = min(_life_end(terms, life, n), count)
        if stage.run_on:
            _run_on(terms, life, n, findings)
            continue
        if stage.end != due and not _refreshed_early(terms, life, n):
            text = f"{stage.chip} leaves in period {stage.end}, its life ends in {due}"
            findings.wrong("life", life.site, text, stage.first)
        _weight(terms, life, n, findings)
        if not _compatible(terms, life, stage):
            findings.wrong("cooling", life.site, f"{stage.chip} does not go with {life.cooling}", stage.first)
        if racks_in(terms, life, stage) < 1:
            findings.wrong("density", life.site, f"no rack of {stage.chip} fits the hall", stage.first)
        if n > 0:
            _refresh(terms, life, n, findings)


def _refreshed_early(terms: HallTerms, life: Life, n: int) -> bool:
    """Whether new chips follow stage n after a life that `chips.early_refresh_years` allows."""
    stage, times = life.stages[n], terms.times
    if n + 1 == len(life.stages) or life.stages[n + 1].run_on:
        return False
    for years in terms.scenario.chips.early_refresh_years:
        if n == 0 and life.origin == "existing":
            end = times.period_of(_record(terms, life).online + round(years * 12))
        else:
            end = stage.first + max(1, math.ceil(years / times.years - 1e-9))
        if stage.end == end < _life_end(terms, life, n):
            return True
    return False


def _weight(terms: HallTerms, life: Life, n: int, findings: Findings) -> None:
    """Racks that are bought are no heavier than halls take; those of a block stand or are decided."""
    most, chip = terms.scenario.hall.max_rack_kw, terms.chips[life.stages[n].chip]
    if most is None or (n == 0 and life.origin != "new"):
        return
    if chip.it_kw_per_rack > most + 1e-9:
        text = f"a rack of {chip.id} takes {chip.it_kw_per_rack:g} kW, halls at most {most:g}"
        findings.wrong("rack power", life.site, text, life.stages[n].first)


def _compatible(terms: HallTerms, life: Life, stage: Stage) -> bool:
    wanted = terms.chips[stage.chip].cooling
    return wanted == "either" or (wanted == "air") == (life.cooling in AIR_SYSTEMS)


def _run_on(terms: HallTerms, life: Life, n: int, findings: Findings) -> None:
    stage = life.stages[n]
    before = life.stages[n - 1] if n else None
    if not terms.scenario.chips.run_on:
        findings.wrong("run on", life.site, "chips may not run on", stage.first)
    if before is None or before.run_on or before.chip != stage.chip or before.end != stage.first:
        findings.wrong("run on", life.site, f"{stage.chip} runs on without a life before", stage.first)
    if stage.end != terms.times.count or n != len(life.stages) - 1:
        findings.wrong("run on", life.site, "chips that run on do so until the end", stage.first)


def _refresh(terms: HallTerms, life: Life, n: int, findings: Findings) -> None:
    scenario, stage, before = terms.scenario, life.stages[n], life.stages[n - 1]
    if before.end != stage.first:
        findings.wrong("life", life.site, "chips do not follow each other", stage.first)
    rule = scenario.chips.refresh
    same = terms.chips[stage.chip].family == terms.chips[before.chip].family
    if before.run_on or rule == "none" or (rule == "same_family" and not same):
        findings.wrong(
            "refresh", life.site, f"{before.chip} may not be followed by {stage.chip}", stage.first
        )
    free = scenario.objective == "minimize_cost" or scenario.money.budget_usd is not None
    if stage.first >= terms.times.planning and not free:
        findings.wrong(
            "refresh", life.site, "nothing is bought after the planning periods without a budget", stage.first
        )
    _on_sale(terms, life, terms.chips[stage.chip], stage.first, findings)
