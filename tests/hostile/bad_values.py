"""Bad values for every key of the schema, with the code of the problem that each is."""

from __future__ import annotations

Cases = tuple[tuple[str, str], ...]

TEXT: Cases = (("7", "E103"), ("true", "E103"), ("[a]", "E103"), ("{a: 1}", "E103"))
NAME: Cases = (*TEXT, ('""', "E106"), ("a/b", "E106"), ("-a", "E106"), ("x" * 81, "E106"))
MONTH: Cases = (
    ("2027-13", "E106"),
    ("2027-00", "E106"),
    ("2027-1", "E106"),
    ("2027", "E106"),
    ("1066-01", "E106"),
    ("soon", "E106"),
    ("true", "E106"),
    ("[2027-01]", "E106"),
)
FLAG: Cases = (("maybe", "E103"), ("2", "E103"), ("[true]", "E103"), ("{a: 1}", "E103"))
MAPPING: Cases = (("7", "E103"), ("words", "E103"), ("[1, 2]", "E103"))
LIST: Cases = (("7", "E103"), ("words", "E103"), ("{a: 1}", "E103"))
RECORD: Cases = (("7", "E103"), ("words", "E103"), ("[1, 2]", "E103"))


def number(*outside: str) -> Cases:
    """Bad values of a number, and some outside its range."""
    wrong = (
        ("plenty", "E106"),
        ("12 parsecs", "E106"),
        ("true", "E106"),
        ("[1]", "E103"),
        ("{a: 1}", "E103"),
    )
    return (*wrong, *((value, "E104") for value in outside))


def whole(*outside: str) -> Cases:
    wrong = (("1.5", "E103"), ("several", "E103"), ("[1]", "E103"), ("{a: 1}", "E103"))
    return (*wrong, *((value, "E104") for value in outside))


def choice(*more: tuple[str, str]) -> Cases:
    return (("nonsense", "E105"), ("7.5", "E105"), ("[a]", "E105"), ("{a: 1}", "E105"), *more)


def name_of(wrong: str) -> Cases:
    """Bad values of an id of the catalog or of the scenario."""
    return (*TEXT, (wrong, "E201"))


AMOUNT = number("-1", "-0.001")
POSITIVE = number("-1", "0")
SHARE = number("-0.01", "1.01", "85", "101 %")
LATITUDE = number("-90.1", "91", "4339")
LONGITUDE = number("-180.5", "181")
YEARS = number("0", "-5", "100.5", "2000")
BLOCK: dict[str, Cases] = {
    "online": MONTH,
    "it_mw": POSITIVE,
    "chip": name_of("gb300_nvl73"),
    "cooling": choice(("dlc_drie", "E105")),
    "source": TEXT,
}

# Key -> (bad value, code of the problem). A key of the schema that is not here fails the test.
CASES: dict[str, Cases] = {
    "extends": (
        ("7", "E103"),
        ("nowhere.yaml", "E001"),
        ("../base.yaml", "E010"),
        ("http://a.b/c.yaml", "E010"),
    ),
    "extends[]": (),  # see test_extends_takes_a_list_of_files
    "name": (*TEXT, ('""', "E106"), ("x" * 121, "E106")),
    "description": TEXT,
    "horizon": MAPPING,
    "horizon.start": MONTH,
    "horizon.periods": whole("0", "-3", "81"),
    "horizon.months_per_period": choice(("5", "E105"), ("0", "E105"), ("24", "E105")),
    "horizon.operate_until": (*MONTH, ("2026-12", "E205")),
    "money": MAPPING,
    "money.base_year": whole("1989", "2101", "25"),
    "money.wacc": SHARE,
    "money.inflation": number("-0.2", "1.5"),
    "money.carbon_usd_per_t": AMOUNT,
    "money.unserved_usd_per_h100e_hour": AMOUNT,
    "money.revenue_usd_per_h100e_hour": AMOUNT,
    "money.budget_usd": (*AMOUNT, ("5 EUR", "E106")),
    "objective": choice(("minimise_cost", "E105")),
    "demand": MAPPING,
    "demand.metric": choice(("h100", "E105")),
    "demand.min_it_mw": MAPPING,
    "demand.min_it_mw.{}": (*AMOUNT, ("40 MWh", "E106")),
    "demand.regions": LIST,
    "demand.regions[]": RECORD,
    "demand.regions[].name": NAME,
    "demand.regions[].lat": LATITUDE,
    "demand.regions[].lon": LONGITUDE,
    "demand.workloads": LIST,
    "demand.workloads[]": RECORD,
    "demand.workloads[].name": NAME,
    "demand.workloads[].kind": choice(("trainin", "E105")),
    "demand.workloads[].path": (*MAPPING, ("{}", "E106")),
    "demand.workloads[].path.{}": AMOUNT,
    "demand.workloads[].max_rtt_ms": (*POSITIVE, ("40 km", "E106")),
    "demand.workloads[].shares": MAPPING,
    "demand.workloads[].shares.{}": SHARE,
    "demand.jobs": LIST,
    "demand.jobs[]": RECORD,
    "demand.jobs[].name": NAME,
    "demand.jobs[].h100e": POSITIVE,
    "demand.jobs[].from": (*MONTH, ("2040-01", "E205")),
    "demand.jobs[].months": whole("0", "-6", "241"),
    "demand.jobs[].workload": name_of("trainings"),
    "chips": MAPPING,
    "chips.offered": (*LIST, ("[]", "E106")),
    "chips.offered[]": name_of("gb300_nvl73"),
    "chips.supply_racks": MAPPING,
    "chips.supply_racks.{}": MAPPING,
    "chips.supply_racks.{}.{}": AMOUNT,
    "chips.settings": MAPPING,
    "chips.settings.{}": MAPPING,
    "chips.settings.{}.based_on": name_of("gb300_nvl73"),
    "chips.settings.{}.release": MONTH,
    "chips.settings.{}.last_sale": MONTH,
    "chips.settings.{}.rack_price_usd": (*POSITIVE, ("4 MEUR", "E106")),
    "chips.settings.{}.network_storage_share": SHARE,
    "chips.settings.{}.price_decline_per_year": SHARE,
    "chips.settings.{}.life_years": YEARS,
    "chips.settings.{}.it_kw_per_rack": (*POSITIVE, ("140 kWh", "E106")),
    "chips.settings.{}.bf16_tflops": POSITIVE,
    "chips.settings.{}.fp8_tflops": POSITIVE,
    "chips.settings.{}.availability": SHARE,
    "chips.refresh": choice(("same family", "E105")),
    "chips.run_on": FLAG,
    "hall": MAPPING,
    "hall.it_mw": (*POSITIVE, ("2001", "E104"), ("3 GW", "E104"), ("50 MWh", "E106")),
    "hall.build_months": (*AMOUNT, ("15 days", "E106")),
    "hall.max_starts_per_site": whole("-1"),
    "hall.max_starts": whole("-1"),
    "hall.redundancy": choice(("N+2", "E105")),
    "hall.utilisation": number("0", "-0.1", "1.1", "80"),
    "hall.load_profile": choice(("bursty", "E105")),
    "hall.load_file": (*TEXT, ("nowhere.csv", "E001"), ("../load.csv", "E010")),
    "hall.capex_usd_per_kw": (*AMOUNT, ("11 EUR/W", "E106")),
    "hall.capex_scale": POSITIVE,
    "hall.life_years": YEARS,
    "cooling": (*LIST, ("[]", "E106")),
    "cooling[]": choice(("dlc_drie", "E105")),
    "cooling_parameters": MAPPING,
    "cooling_parameters.{}": MAPPING,
    "cooling_parameters.{}.{}": number("800", "-20"),
    "cooling_options": MAPPING,
    "cooling_options.{}": RECORD,
    "cooling_options.{}.air_side": choice(("chiller", "E105")),
    "cooling_options.{}.rejection": choice(("none", "E105")),
    "cooling_options.{}.dec_policy": choice(("lei2020", "E105")),
    "cooling_options.{}.ashrae_air": choice(("A5", "E105")),
    "cooling_options.{}.ashrae_liquid": choice(("W30", "E105")),
    "cooling_options.{}.water_heat_basis": choice(("p", "E105")),
    "sites": (*LIST, ("[]", "E106")),
    "sites[]": RECORD,
    "sites[].name": NAME,
    "sites[].lat": LATITUDE,
    "sites[].lon": LONGITUDE,
    "sites[].weather": (*name_of("usa-tx-abilen"), ("nowhere.epw", "E001"), ("../out.epw", "E010")),
    "sites[].elevation_m": number("-431", "5001"),
    "sites[].market": name_of("us-texas"),
    "sites[].country": (*TEXT, ("USA", "E106"), ("U", "E106")),
    "sites[].state": (*TEXT, ("T", "E106"), ("Texas", "E106")),
    "sites[].carbon_region": name_of("ERCOT"),
    "sites[].carbon_kg_per_mwh": AMOUNT,
    "sites[].grid": MAPPING,
    "sites[].grid.offer_mw": MAPPING,
    "sites[].grid.offer_mw.{}": (*AMOUNT, ("100 MVA", "E106")),
    "sites[].grid.connection_usd_per_kw": AMOUNT,
    "sites[].grid.substation_usd_per_kw": AMOUNT,
    "sites[].grid.loss": SHARE,
    "sites[].grid.min_take": SHARE,
    "sites[].grid.source": TEXT,
    "sites[].price": MAPPING,
    "sites[].price.hub": name_of("ercot-hubav"),
    "sites[].price.year": (*whole("1999", "2101"), ("2003", "E201")),
    "sites[].price.adder_usd_per_mwh": (*number(), ("14 EUR/MWh", "E106")),
    "sites[].price.retail_state": (*TEXT, ("Wisconsin", "E106"), ("XX", "E201")),
    "sites[].price.flat_usd_per_mwh": (*number(), ("75 USD/GWh", "E106")),
    "sites[].price.file": (
        *TEXT,
        ("nowhere.csv", "E001"),
        ("../price.csv", "E010"),
        ("/etc/hostname", "E010"),
    ),
    "sites[].price.tariff": (
        *TEXT,
        ("nowhere.json", "E001"),
        ("../tariff.json", "E010"),
        ("/etc/hostname", "E010"),
    ),
    "sites[].price.escalation_per_year": number("-0.6", "0.6", "2"),
    "sites[].price.source": TEXT,
    "sites[].onsite": MAPPING,
    "sites[].onsite.gas": MAPPING,
    "sites[].onsite.gas.max_mw": POSITIVE,
    "sites[].onsite.gas.lead_months": AMOUNT,
    "sites[].onsite.gas.technology": (*name_of("gas_aero_simpel"), ("solar_pv", "E201")),
    "sites[].onsite.gas.usd_per_mmbtu": POSITIVE,
    "sites[].onsite.gas.sunk": FLAG,
    "sites[].onsite.gas.source": TEXT,
    "sites[].land": MAPPING,
    "sites[].land.acres": (*POSITIVE, ("600 m2", "E106"), ("1", "E208")),
    "sites[].land.acres_per_mw": POSITIVE,
    "sites[].land.usd_per_acre": AMOUNT,
    "sites[].land.source": TEXT,
    "sites[].water": MAPPING,
    "sites[].water.usd_per_m3": AMOUNT,
    "sites[].water.max_m3_per_year": AMOUNT,
    "sites[].tax": MAPPING,
    "sites[].tax.sales_exempt": FLAG,
    "sites[].tax.sales_rate": SHARE,
    "sites[].tax.property_rate": SHARE,
    "sites[].available_from": MONTH,
    "sites[].max_it_mw": (*POSITIVE, ("15", "E208")),
    "sites[].cooling": LIST,
    "sites[].cooling[]": choice(("dlc_drie", "E105")),
    "sites[].existing": LIST,
    "sites[].existing[]": RECORD,
    **{f"sites[].existing[].{key}": cases for key, cases in BLOCK.items()},
    "sites[].committed": LIST,
    "sites[].committed[]": RECORD,
    **{f"sites[].committed[].{key}": cases for key, cases in BLOCK.items()},
    "sites[].partners": TEXT,
    "sites[].source": TEXT,
    "sites[].table": (("7", "E103"), ("[a]", "E103"), ("nowhere.csv", "E001"), ("../more_sites.csv", "E010")),
    "finance": MAPPING,
    "finance.sources": LIST,
    "finance.sources[]": RECORD,
    "finance.sources[].name": NAME,
    "finance.sources[].kind": choice(("equities", "E105")),
    "finance.sources[].commit_usd": AMOUNT,
    "finance.sources[].tranches": MAPPING,
    "finance.sources[].tranches.{}": AMOUNT,
    "finance.sources[].from": MONTH,
    "finance.sources[].until": (*MONTH, ("2025-12", "E205")),
    "finance.sources[].cost": SHARE,
    "finance.sources[].rate": SHARE,
    "finance.sources[].years": YEARS,
    "finance.sources[].loan_to_cost": SHARE,
    "finance.sources[].min_dscr": number("0.9", "11"),
    "finance.sources[].funds": (*LIST, ("[]", "E106")),
    "finance.sources[].funds[]": choice(("chip", "E105")),
    "finance.sources[].after": MAPPING,
    "finance.sources[].after.online_mw": AMOUNT,
    "finance.sources[].source": TEXT,
}
