"""Cross checks of racks, crews, parts, jobs and places: code, path and the line that is best changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.scenario import load

from ..hostile.changes import GAS_NOW, Case, Change, assert_found, at_end, block, changed, in_abilene, jobs

OFFERED = ("vera_rubin_nvl144]", "vera_rubin_nvl144, %s]")
MUST: Change = ("  unserved_usd_per_h100e_hour: 4", "  # no price of what is not served")


def offered(chip: str, settings: str = "") -> tuple[Change, ...]:
    """A third chip on offer, with settings."""
    more = (OFFERED[0], OFFERED[1] % chip)
    return (more, own(chip, settings)) if settings else (more,)


def own(chip: str, settings: str) -> Change:
    return ("\n\nhall:", f"\n  settings: {{{chip}: {{{settings}}}}}\n\nhall:")


def in_hall(text: str) -> Change:
    return ("max_starts_per_site: 4}", f"max_starts_per_site: 4, {text}}}")


def crew(path: str, states: str = "[TX]") -> Change:
    return in_hall(f"crews: [{{name: c, max_it_mw: {path}, states: {states}}}]")


def part(path: str) -> Change:
    return in_hall(f"lead_items: [{{name: t, per_it_mw: 0.02, deliveries: {path}}}]")


def supply(path: str) -> Change:
    return ("gb300_nvl72: {2026-07: 2500}", f"gb300_nvl72: {path}")


CASES: dict[str, Case] = {
    "release after the horizon": (
        offered("next", "based_on: gb300_nvl72, release: 2033-01"),
        "E205",
        "chips.settings.next.release",
        "  settings:",
        "comes in 2033-01, after the horizon",
    ),
    "release of the catalog after the horizon": (
        (
            ("operate_until: 2032-12", "operate_until: 2026-09"),
            ("periods: 6 ", "periods: 1 "),
            ("  min_it_mw: {2028-01: 400}", "  # none"),
            ("{2027-07: 1.0e5, 2028-01: 3.0e5}", "{2026-01: 0}"),
            ("{2027-07: 5.0e4, 2028-07: 2.0e5}", "{2026-01: 0}"),
            supply("{2026-01: 2500}"),
        ),
        "E205",
        "chips.offered[1]",
        "  offered:",
        "comes in 2026-10",
    ),
    "release after planning where nothing may follow": (
        (*offered("next", "based_on: gb300_nvl72, release: 2031-01, last_sale: 2034-01"),
         ("    gb300_nvl72: {2026", "  refresh: none\n  supply_racks:\n    gb300_nvl72: {2026"),
         ("  supply_racks:           # racks that can be had from each date on; what is not bought stays available\n", "")),
        "E205",
        "chips.settings.next.release",
        "  settings:",
        "no refresh can take it",
    ),
    "sale that ends before any life does": (
        offered("next", "based_on: gb300_nvl72, release: 2029-06, last_sale: 2031-06"),
        "E205",
        "chips.settings.next.release",
        "  settings:",
        "no refresh can take it",
    ),
    "sale that ended": (
        offered("a100_sxm"),
        "E205",
        "chips.offered[2]",
        "  offered:",
        "sold until 2024-12, before the horizon starts in 2026-01",
    ),
    "sale of one's own that ended": (
        (own("gb300_nvl72", "last_sale: 2025-12"),),
        "E205",
        "chips.settings.gb300_nvl72.last_sale",
        "  settings:",
        "sold until 2025-12",
    ),
    "sale between two periods": (
        offered("next", "based_on: gb300_nvl72, release: 2027-02, last_sale: 2027-06"),
        "E205",
        "chips.settings.next.release",
        "  settings:",
        "no period starts then",
    ),
    "deliveries after the horizon": (
        (supply("{2035-01: 100}"),),
        "E205",
        "chips.supply_racks.gb300_nvl72.2035-01",
        "    gb300_nvl72:",
        "after the start of the last planning period (2028-07)",
    ),
    "no deliveries": (
        (supply("{}"),),
        "E106",
        "chips.supply_racks.gb300_nvl72",
        "    gb300_nvl72:",
        "at least one date with racks",
    ),
    "a vendor's deliveries after the horizon": (
        (("\n\nhall:", "\n  supply_vendor_racks: {NVIDIA: {2028-08: 5}}\n\nhall:"),),
        "E205",
        "chips.supply_vendor_racks.NVIDIA.2028-08",
        "  supply_vendor_racks:",
        "2028-08, the first date",
    ),
    "a crew without dates": (
        (crew("{}"),),
        "E106",
        "hall.crews[0].max_it_mw",
        "hall:",
        "at least one date with megawatts",
    ),
    "a crew after the horizon": (
        (crew("{2035-01: 100}"),),
        "E205",
        "hall.crews[0].max_it_mw.2035-01",
        "hall:",
        "2035-01, the first date",
    ),
    "a crew where no site is": (
        (crew("{2026-01: 100}", "[TX, ZZ]"),),
        "E201",
        "hall.crews[0].states[1]",
        "hall:",
        "unknown state of a site: 'ZZ'; known: TX, WI",
    ),
    "parts without dates": (
        (part("{}"),),
        "E106",
        "hall.lead_items[0].deliveries",
        "hall:",
        "at least one date with units",
    ),
    "parts after the horizon": (
        (part("{2035-01: 100}"),),
        "E205",
        "hall.lead_items[0].deliveries.2035-01",
        "hall:",
        "2035-01, the first date",
    ),
    "halls smaller than a rack": (
        (("it_mw: 50", "it_mw: 0.1"),),
        "E208",
        "hall.it_mw",
        "hall:",
        "rack of gb300_nvl72 (140 kW), found 100 kW",
    ),
    "a rack larger than any hall": (
        (("it_mw: 50", "it_mw: 0.2"),),
        "E208",
        "chips.offered[1]",
        "  offered:",
        "takes 210 kW, more than any hall has (200 kW)",
    ),
    "a rack that grows with its hosts": (
        (
            ("it_mw: 50", "it_mw: 0.142"),
            ("[gb300_nvl72, vera_rubin_nvl144]", "[gb300_nvl72]"),
            own("gb300_nvl72", "host: vera"),
        ),
        "E208",
        "hall.it_mw",
        "hall:",
        "rack of gb300_nvl72 (143.119 kW), found 142 kW",
    ),
    "a block smaller than a rack": (
        (in_abilene(f"committed: [{block(it_mw='0.1')}]"),),
        "E208",
        "sites[0].committed[0].it_mw",
        "    committed:",
        "takes 140 kW, found a hall of 100 kW",
    ),
    "halls decided long before their chips": (
        (own("vera_rubin_nvl144", "release: 2028-02"), in_abilene(f"committed: [{block('2027-01', chip='vera_rubin_nvl144')}]")),
        "E205",
        "sites[0].committed[0].online",
        "    committed:",
        "expected a month from 2027-02 (a year before it) on, found 2027-01",
    ),
    "halls decided long after their chips": (
        (in_abilene(f"committed: [{block('2026-07', chip='a100_sxm')}]"),),
        "E205",
        "sites[0].committed[0].online",
        "    committed:",
        "sold until 2024-12; expected 2026-06 at the latest, found 2026-07",
    ),
    "halls that stand since before their chips": (
        (in_abilene(f"{GAS_NOW}existing: [{block('2020-01')}]"),),
        "E205",
        "sites[0].existing[0].online",
        "    existing:",
        "gb300_nvl72 comes in 2025-10",
    ),
    "development after the study": (
        (own("gb300_nvl72", "development_usd: 1.0e+9, development_from: 2033-01"),),
        "E205",
        "chips.settings.gb300_nvl72.development_from",
        "  settings:",
        "ends in 2032-12, found 2033-01",
    ),
    "a job beyond the study": (
        (jobs("{name: j, h100e: 10, from: 2028-07, months: 55}"),),
        "E205",
        "demand.jobs[0].months",
        "    - {name: j",
        "at most 54 months, until the study ends in 2032-12, found 55",
    ),
    "operations of a token without tokens": (
        (("    - name: training ", "    - flop_per_token: 1.0e+9\n      name: training "),),
        "E213",
        "demand.workloads[0].flop_per_token",
        "    - flop_per_token:",
        "needs unit: tokens_per_s, found metric",
    ),
    "work of which the only chip does nothing": (
        (
            ("[gb300_nvl72, vera_rubin_nvl144]", "[gb300_nvl72]"),
            own("gb300_nvl72", "utilisation: {training: 0}"),
        ),
        "E211",
        "demand.workloads[0].name",
        "    - name: training",
        "no chip on offer can do training work",
    ),
    "exempt at once and from a threshold on": (
        (("tax: {sales_exempt: true}", "tax: {sales_exempt: true, sales_exempt_from_usd: 1.0e+9}"),),
        "E209",
        "sites[0].tax.sales_exempt_from_usd",
        "    tax: {sales_exempt: true, ",
        "found both",
    ),
    "a region that nobody may serve": (
        (("lat: 32.8, lon: -96.8}", "lat: 32.8, lon: -96.8, served_from: [FR]}"),),
        "E201",
        "demand.regions[0].served_from",
        "    - {name: texas",
        "no site or lease stands in FR; they stand in US",
    ),
    "work that nobody may do": (
        (("    - name: training ", "    - served_from: [FR, DE]\n      name: training "),),
        "E201",
        "demand.workloads[0].served_from",
        "    - served_from:",
        "no site or lease stands in FR or DE",
    ),
    "a chip that may stand nowhere": (
        (own("gb300_nvl72", "countries: [FR]"),),
        "E201",
        "chips.settings.gb300_nvl72.countries",
        "  settings:",
        "no site stands where 'gb300_nvl72' may; they stand in US",
    ),
    "a chip that is barred everywhere": (
        (own("gb300_nvl72", "barred_countries: [CN, US]"),),
        "E201",
        "chips.settings.gb300_nvl72.barred_countries",
        "  settings:",
        "no site stands where 'gb300_nvl72' may",
    ),
    "decided halls that break export rules": (
        (
            ("    state: WI\n", "    state: WI\n    country: CA\n    market: us-wi\n    carbon_kg_per_mwh: 300\n"),
            own("gb300_nvl72", "countries: [CA]"),
            in_abilene(f"committed: [{block()}]"),
        ),
        "E208",
        "sites[0].committed[0].chip",
        "    committed:",
        "export rules keep gb300_nvl72 out of US",
    ),
    "a region out of reach that must be served": (
        (MUST, ("max_rtt_ms: 40 ", "max_rtt_ms: 6 ")),
        "E211",
        "demand.workloads[1].max_rtt_ms",
        "      max_rtt_ms: 6",
        "(abilene is nearest)",
    ),
    "a region that its rules and the work's leave to nobody": (
        (
            MUST,
            ("    state: WI\n", "    state: WI\n    country: CA\n    market: us-wi\n    carbon_kg_per_mwh: 300\n"),
            ("lon: -96.8}", "lon: -96.8, served_from: [CA]}"),
            ("max_rtt_ms: 40 ", "served_from: [US]\n      max_rtt_ms: 40 "),
        ),
        "E211",
        "demand.workloads[1].served_from",
        "      served_from:",
        "texas must be served, and no country is in both served_from",
    ),
    "compute asked for without work": (
        (
            ("  workloads:\n", "  # workloads:\n"),
            ("    - name: training ", "    # "),
            ("      path: {2027-07: 1.0e5", "    # "),
            ("    - name: inference", "    # "),
            ("      max_rtt_ms: 40", "    # "),
            ("      path: {2027-07: 5.0e4", "    # "),
            at_end("bounds: {min_h100e_hours: 1}"),
        ),
        "E213",
        "bounds.min_h100e_hours",
        "bounds:",
        "needs demand.workloads",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(CASES))
def test_finding(tmp_path: Path, name: str) -> None:
    assert_found(tmp_path, CASES[name])


TAKEN: dict[str, tuple[Change, ...]] = {
    "a refresh in the tail": offered("next", "based_on: gb300_nvl72, release: 2031-01, last_sale: 2033-01"),
    "a refresh of halls that stand": (
        *offered("next", "based_on: gb300_nvl72, release: 2030-06, last_sale: 2031-06"),
        in_abilene(f"{GAS_NOW}existing: [{block('2025-10')}]"),
    ),
    "a sale that ends with the first period": (own("gb300_nvl72", "last_sale: 2026-01"),),
    "halls somewhat before their chips": (
        in_abilene(f"committed: [{block('2026-07', chip='vera_rubin_nvl144')}]"),
    ),
    "old halls that stand": (in_abilene(f"{GAS_NOW}existing: [{block('2025-12', chip='tpu_v4')}]"),),
    "old chips that stand where they may no more": (
        own("gb200_nvl72", "barred_countries: [US]"),
        in_abilene(f"{GAS_NOW}existing: [{block('2025-07', chip='gb200_nvl72')}]"),
    ),
    "some of the countries": (("lon: -96.8}", "lon: -96.8, served_from: [FR, US]}"),),
    "a lease alone in a country": (
        ("    - name: training ", "    - served_from: [FR]\n      name: training "),
        at_end(
            "leases:\n  - {name: c, available: {2026-01: 9}, usd_per_h100e_hour: 2, country: FR, lat: 48.9, lon: 2.4}"
        ),
    ),
    "out of reach, with a price": (("max_rtt_ms: 40 ", "max_rtt_ms: 6 "),),
    "in reach of a lease": (
        MUST,
        ("max_rtt_ms: 40 ", "max_rtt_ms: 6 "),
        at_end(
            "leases:\n  - {name: c, available: {2026-01: 9}, usd_per_h100e_hour: 2, lat: 32.8, lon: -96.8}"
        ),
    ),
    "a chip that does no training beside one that does": (own("gb300_nvl72", "utilisation: {training: 0}"),),
    "a job until the end of the study": (jobs("{name: j, h100e: 10, from: 2028-07, months: 54}"),),
    "dates after the horizon beside others": (
        crew("{2026-01: 100, 2035-01: 200}"),
        supply("{2026-07: 2500, 2035-01: 1}"),
    ),
}


@pytest.mark.parametrize("name", list(TAKEN))
def test_what_may_be_meant_is_taken(tmp_path: Path, name: str) -> None:
    (tmp_path / "case.yaml").write_text(changed(*TAKEN[name]))
    assert load(tmp_path / "case.yaml").name == "minimal"
