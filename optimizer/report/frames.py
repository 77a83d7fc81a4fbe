"""The plan's tables in the long form that charts and tables take: chosen columns, sums, nothing new."""

from __future__ import annotations

from typing import Any

from optimizer.plan import Plan
from optimizer.report import labels
from optimizer.report.palette import ASSET_CLASSES, OTHERS
from optimizer.report.published import CAPITAL_PER_GW


def places(plan: Plan) -> Any:
    """All offered sites with the IT megawatts that the plan reaches there, largest first.

    Returns
    -------
    DataFrame
        rank (1 is the largest; 0 for offers that are not used), site, lat, lon, it_mw, partners.
    """
    import pandas as pd

    reached = it_by_site(plan).groupby("site")["it_mw"].max().to_dict()
    frame = pd.DataFrame(
        {
            "site": [site.name for site in plan.scenario.sites],
            "lat": [site.lat for site in plan.scenario.sites],
            "lon": [site.lon for site in plan.scenario.sites],
            "it_mw": [float(reached.get(site.name, 0.0)) for site in plan.scenario.sites],
            "partners": [site.partners or "" for site in plan.scenario.sites],
        }
    )
    frame = frame.sort_values("it_mw", ascending=False, kind="stable").reset_index(drop=True)
    frame.insert(0, "rank", [n + 1 if mw > 0 else 0 for n, mw in enumerate(frame["it_mw"])])
    return frame


def last_planning_period(plan: Plan) -> str:
    """Label of the last period in which halls may come into operation."""
    labels = plan.accounts.labels
    label: str = labels[min(plan.scenario.horizon.periods, len(labels)) - 1]
    return label


def planning_only(plan: Plan, frame: Any) -> Any:
    """Rows of the planning periods; the tail, in which nothing new is built, is left out."""
    return frame[frame["period"] <= last_planning_period(plan)]


def totals_by_period(plan: Plan) -> Any:
    """Power, energy, water and carbon over all sites: figure (with unit), period, amount."""
    sites = plan.tables()["sites_by_period"].groupby("period", sort=False)
    lines = [
        ("IT power [MW]", sites["it_mw"].sum()),
        ("facility peak [MW]", sites["peak_mw"].sum()),
        ("power there [MW]", sites["power_mw"].sum()),
        ("energy [GWh]", sites["energy_mwh"].sum() / 1e3),
        ("water [1000 m³]", sites["water_m3"].sum() / 1e3),
        ("CO₂ [kt]", sites["co2_t"].sum() / 1e3),
    ]
    return _long(lines)


def compute_by_period(plan: Plan) -> Any:
    """Compute wanted and served by workload, and what is not met where something is not: figure, period, amount
    [thousands of the demand's unit]."""
    lines: list[tuple[str, Any]] = []
    for name, rows in demand_by_workload(plan).groupby("workload", sort=False):
        by_period = rows.set_index("period")
        wanted, served = by_period["demand"] / 1e3, by_period["served"] / 1e3
        lines += [(f"{name} wanted", wanted), (f"{name} served", served)]
        unmet = (wanted - served).clip(lower=0.0)
        if unmet.max() > 1e-6 * wanted.max():
            lines.append((f"{name} not met", unmet.where(unmet > 1e-6 * wanted.max(), 0.0)))
    return _long(lines)


def _long(lines: list[tuple[str, Any]]) -> Any:
    import pandas as pd

    rows = [(figure, period, float(amount)) for figure, line in lines for period, amount in line.items()]
    return pd.DataFrame(rows, columns=["figure", "period", "amount"])


def it_by_site(plan: Plan) -> Any:
    """IT megawatts in operation: site, period, it_mw."""
    return plan.tables()["sites_by_period"][["site", "period", "it_mw"]]


def it_by_chip(plan: Plan) -> Any:
    """IT megawatts in operation, what racks leave idle apart: chip, period, it_mw; chips in order of their first period."""
    import pandas as pd

    periods = plan.accounts.labels
    megawatts: dict[tuple[str, int], float] = {}
    for book in plan.accounts.halls:
        for stage in book.life.stages:
            for period in range(stage.first, min(stage.end, len(periods))):
                key = (labels.chip(stage.chip), period)
                megawatts[key] = megawatts.get(key, 0.0) + float(book.it_mw[period])
    first = {chip: min(p for c, p in megawatts if c == chip) for chip, _ in megawatts}
    rows = [
        (chip, label, megawatts.get((chip, period), 0.0))
        for chip in sorted(first, key=lambda name: (first[name], name))
        for period, label in enumerate(periods)
    ]
    return pd.DataFrame(rows, columns=["chip", "period", "it_mw"])


def capex(plan: Plan) -> Any:
    """Capital, not discounted: asset_class, period, usd; one row each, by class in the palette's order."""
    frame = plan.tables()["capex_by_class"]
    sums = frame.groupby(["asset_class", "period"], sort=False)["usd"].sum().reset_index()
    return sums.sort_values(
        "asset_class", key=lambda names: names.map(ASSET_CLASSES.index), kind="stable"
    ).reset_index(drop=True)


def draws(plan: Plan) -> Any:
    """Money drawn: source, asset_class, period, usd."""
    frame = plan.tables()["sources_and_uses"]
    return frame[frame["source"] != ""][["source", "asset_class", "period", "usd"]]


def draws_by_source(plan: Plan) -> Any:
    """Money drawn for all classes: source, period, usd."""
    return draws(plan).groupby(["source", "period"], sort=False)["usd"].sum().reset_index()


def cost_lines(plan: Plan) -> Any:
    """Lines of the discounted cost: line, usd; costs first, credits last, zeros left out."""
    frame = plan.tables()["money_by_period"]
    lines = frame.groupby("line", sort=False)["usd_discounted"].sum().rename("usd").reset_index()
    lines = lines[lines["usd"] != 0]
    return lines.sort_values("usd", ascending=False, kind="stable").reset_index(drop=True)


def per_gigawatt(plan: Plan) -> Any:
    """Capital of a gigawatt, the plan's first build beside published figures.

    Returns
    -------
    DataFrame
        label, kind ("this plan" or "published"), low, high [billion USD], text; by the gigawatt that is meant.
    """
    import pandas as pd

    bill = plan.tables()["capital_bill"].set_index("line")
    rows = []
    for gigawatt, column in (("IT", "usd_per_gw_it"), ("facility", "usd_per_gw_facility"), ("", "")):
        if column and "total" in bill.index:
            own = float(bill.loc["total", column]) / 1e9
            rows.append((f"This plan, GW of {gigawatt}", "this plan", own, own, f"{own:.1f}"))
        for item in CAPITAL_PER_GW:
            if item.gigawatt == gigawatt:
                of = f"GW of {gigawatt}" if gigawatt else "GW not defined"
                low, high = item.usd_bn_low, item.usd_bn_high
                rows.append((f"{item.who}, {of}", "published", low, high, item.span))
    return pd.DataFrame(rows, columns=["label", "kind", "low", "high", "text"])


def waterfall_lines(plan: Plan, least: float = 0.006) -> Any:
    """The cost lines, those below `least` of all costs put together: line, usd."""
    import pandas as pd

    lines = cost_lines(plan)
    small = lines["usd"].abs() < least * lines["usd"].clip(lower=0.0).sum()
    costs, credits = lines[~small & (lines["usd"] > 0)], lines[~small & (lines["usd"] < 0)]
    rest = [
        (f"{count} smaller {word}", amount)
        for word, part in (
            ("costs", lines[small & (lines["usd"] > 0)]),
            ("credits", lines[small & (lines["usd"] < 0)]),
        )
        for count, amount in [(len(part), float(part["usd"].sum()))]
    ]
    others = [pd.DataFrame([row], columns=["line", "usd"]) for row in rest]
    return pd.concat([costs, others[0], credits, others[1]])[lambda frame: frame["usd"] != 0].reset_index(
        drop=True
    )


def demand_by_workload(plan: Plan) -> Any:
    """Compute wanted and served over all regions: workload, period, demand, served."""
    frame = plan.tables()["demand"]
    return frame.groupby(["workload", "period"], sort=False)[["demand", "served"]].sum().reset_index()


def efficiency(plan: Plan) -> Any:
    """Designs that the plan uses, largest site first, a hall over a year.

    Returns
    -------
    DataFrame
        site, cooling, chip, it_mw (most in operation with this chip), pue, pue_peak, facility_mw (in the worst hour,
        at it_mw), wue_l_per_kwh, mean_price_usd_per_mwh, co2_kg_per_mwh (of IT energy).
    """
    import pandas as pd

    designs = plan.tables()["designs"].set_index(["site", "cooling", "chip"])
    most: dict[tuple[str, str, str], dict[int, float]] = {}
    for book in plan.accounts.halls:
        for stage in book.life.stages:
            path = most.setdefault((book.life.site, book.life.cooling, stage.chip), {})
            for period in range(stage.first, min(stage.end, len(plan.accounts.labels))):
                path[period] = path.get(period, 0.0) + float(book.it_mw[period])
    rank = {site: n for n, site in enumerate(places(plan)["site"])}
    rows = []
    for key in sorted(most, key=lambda key: (rank[key[0]], key[1], min(most[key], default=0), key[2])):
        design, it_mw = designs.loc[key], max(most[key].values(), default=0.0)
        rows.append(
            (
                key[0],
                labels.cooling(key[1]),
                labels.chip(key[2]),
                it_mw,
                design["pue"],
                design["pue_peak"],
                design["peak_mw"] / design["it_mw"] * it_mw,
                design["wue_l_per_kwh"],
                design["mean_price_usd_per_mwh"],
                1000 * design["co2_t"] * design["pue"] / design["energy_mwh"],
            )
        )
    names = ("site", "cooling", "chip", "it_mw", "pue", "pue_peak", "facility_mw", "wue_l_per_kwh")
    return pd.DataFrame(rows, columns=[*names, "mean_price_usd_per_mwh", "co2_kg_per_mwh"])


def floor_by_period(plan: Plan) -> Any:
    """Least IT megawatts that the scenario asks for in the planning periods: period, floor_mw; empty without a floor."""
    import pandas as pd

    wanted = plan.scenario.demand.min_it_mw
    path: Any = plan.accounts.times.path(wanted)[: plan.scenario.horizon.periods] if wanted else []
    rows = [(label, float(mw)) for label, mw in zip(plan.accounts.labels, path, strict=False)]
    return pd.DataFrame(rows, columns=["period", "floor_mw"])


def steps(plan: Plan) -> Any:
    """The plan step by step: what each planning period adds.

    Returns
    -------
    DataFrame
        period, new_sites (names), added_it_mw, it_mw, floor_mw (0 without a floor), facility_mw (peak), power_mw
        (there for the halls), capital_usd.
    """
    import pandas as pd

    by_site = planning_only(plan, it_by_site(plan))
    sites = plan.tables()["sites_by_period"].groupby("period")[["it_mw", "peak_mw", "power_mw"]].sum()
    capital = capex(plan).groupby("period")["usd"].sum()
    first = by_site[by_site["it_mw"] > 0].groupby("site", sort=False)["period"].min()
    floor = floor_by_period(plan).set_index("period")["floor_mw"]
    rows, former = [], 0.0
    for label in plan.accounts.labels[: plan.scenario.horizon.periods]:
        it_mw = float(sites["it_mw"].get(label, 0.0))
        rows.append(
            (
                label,
                ", ".join(first[first == label].index) or "–",
                it_mw - former,
                it_mw,
                float(floor.get(label, 0.0)),
                float(sites["peak_mw"].get(label, 0.0)),
                float(sites["power_mw"].get(label, 0.0)),
                float(capital.get(label, 0.0)),
            )
        )
        former = it_mw
    names = [
        "period",
        "new_sites",
        "added_it_mw",
        "it_mw",
        "floor_mw",
        "facility_mw",
        "power_mw",
        "capital_usd",
    ]
    return pd.DataFrame(rows, columns=names)


def with_later(plan: Plan, frame: Any) -> Any:
    """A frame whose periods after the planning ones are one: "later"."""
    last = last_planning_period(plan)
    return frame.assign(period=["later" if period > last else period for period in frame["period"]])


def energy_by_source(plan: Plan) -> Any:
    """Energy by source and period: source, period, gwh."""
    frame = plan.tables()["energy_by_source"]
    sums = frame.groupby(["source", "period"], sort=False)["mwh"].sum().reset_index()
    return sums.assign(gwh=sums["mwh"] / 1e3)[["source", "period", "gwh"]]


def supply_taken(plan: Plan) -> Any:
    """Each site's path in the last planning period: what it carries, costs and emits."""
    frame = plan.tables()["supply_by_site"]
    columns = [
        "site",
        "path",
        "firm_mw",
        "curtailable_mw",
        "mwh",
        "usd_per_mwh",
        "clean_share",
        "co2_t",
        "hours_unserved",
    ]
    return frame.loc[frame["period"] == last_planning_period(plan), columns]


def ways_to_power(plan: Plan) -> Any:
    """Supply options of sites that the plan uses and that have more than one, with the best by each measure."""
    frame = plan.tables()["supply_options"]
    used = frame.groupby("site")["taken"].transform("any") & (
        frame.groupby("site")["path"].transform("size") > 1
    )
    frame = frame[used]
    best = [
        " and ".join(word for word, is_so in (("LCOE", by_cost), ("time", with_waiting)) if is_so)
        for by_cost, with_waiting in zip(frame["best_by_lcoe"], frame["best_with_waiting"], strict=True)
    ]
    columns = [
        "site",
        "path",
        "taken",
        "best_by",
        "first_power",
        "mw",
        "lcoe_usd_per_mwh",
        "waiting_usd_per_mwh",
        "clean_share",
    ]
    return frame.assign(best_by=best)[[*columns, "capital_usd", "usd_per_month_of_delay"]]


def largest_sites(plan: Plan, count: int = 6) -> Any:
    """IT megawatts of the largest sites, the others together: site, period, it_mw."""
    frame = it_by_site(plan)
    ranked = places(plan)
    ranked = list(ranked.loc[ranked["it_mw"] > 0, "site"])
    keep = ranked if len(ranked) <= count + 1 else ranked[:count]
    other = f"{len(ranked) - len(keep)}{OTHERS}"
    named = frame.assign(site=[site if site in keep else other for site in frame["site"]])
    sums = named.groupby(["site", "period"], sort=False)["it_mw"].sum().reset_index()
    rank = {site: n for n, site in enumerate([*keep, other])}
    sums = sums.assign(rank=sums["site"].map(rank)).sort_values(["rank", "period"])
    return sums[sums["rank"].notna() & (sums.groupby("site")["it_mw"].transform("max") > 0)]
