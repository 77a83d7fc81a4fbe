"""A week of a site's supply, hour by hour: frame and chart."""

from __future__ import annotations

from typing import Any

import numpy as np

from optimizer.errors import OptimizerError
from optimizer.physics import evaluation_of
from optimizer.plan import Plan
from optimizer.report import palette
from optimizer.report.charts import WIDE, styled

WEEK = 168
# From the bottom of the stack upwards, each with its place among the series colours.
SOURCES = {"grid": 0, "plant": 5, "wind": 4, "solar": 2, "battery": 1, "not served": 7}


class NoDispatchError(OptimizerError):
    """A site without a supply option that is worked out by the hour."""

    exit_code = 2


def mixed_sites(plan: Plan) -> list[str]:
    """Sites of the plan whose path is worked out by the hour, the largest first."""
    it_mw = plan.tables()["sites_by_period"].groupby("site")["it_mw"].max()
    found = [site for site, path in plan.content.paths.items() if (site, path) in plan.accounts.terms.supply]
    return sorted(found, key=lambda site: (-float(it_mw.get(site, 0.0)), site))


def shown_site(plan: Plan) -> str | None:
    """The site whose week the page shows: most kinds of sources, then one with sun or wind, then the larger."""
    energy = plan.tables()["energy_by_source"]
    kinds = energy.groupby("site")["source"].agg(set).to_dict()
    sites = mixed_sites(plan)

    def interest(site: str) -> tuple[int, int, int]:
        own = kinds.get(site, set())
        return len(own), len(own & {"solar", "wind"}), -sites.index(site)

    return max(sites, key=interest, default=None)


def dispatch_week(plan: Plan, site: str, first_hour: int | None = None) -> Any:
    """Sources of a week of a site at the load that its path carries, in its last state.

    Parameters
    ----------
    plan : Plan
    site : str
    first_hour : int, optional
        Hour of the year at which the week begins. Default: the week in which what is not sun, wind or grid gives most.

    Returns
    -------
    DataFrame
        hour (of the year), source, mw; and load as a source of its own name.

    Raises
    ------
    NoDispatchError
        The site's path is not worked out by the hour, or the week lies outside the year.
    """
    import pandas as pd

    if site not in mixed_sites(plan):
        raise NoDispatchError(f"{site}: no path of the plan there is worked out by the hour")
    path = plan.content.paths[site]
    states = plan.accounts.terms.supply[site, path]
    month = max(int(state["from_month"]) for state in states)
    hours = evaluation_of(plan.scenario, plan.designs, plan.supply).supply_hourly(site, path, month)
    if first_hour is None:
        own = (hours["plant"] + hours["discharged"] + hours["unserved"]).to_numpy()
        sums = np.convolve(own, np.ones(WEEK), "valid")
        # Weeks begin at midnight.
        first_hour = int(np.argmax(sums[::24])) * 24
    if not 0 <= first_hour <= len(hours) - WEEK:
        raise NoDispatchError(f"first_hour: expected 0 to {len(hours) - WEEK}, found {first_hour}")
    week = hours.iloc[first_hour : first_hour + WEEK]
    charged = week["charged"].to_numpy()
    columns = {
        "grid": week["grid"],
        "plant": week["plant"],
        "wind": week["wind"],
        "solar": week["solar"],
        "battery": week["discharged"],
        "charging": -charged,
        "not served": week["unserved"] + week["waited"],
        "load": week["load"],
    }
    at = np.arange(first_hour, first_hour + WEEK)
    return pd.concat(
        [pd.DataFrame({"hour": at, "source": name, "mw": np.asarray(mw)}) for name, mw in columns.items()],
        ignore_index=True,
    )


def dispatch_chart(
    plan: Plan, width: int = WIDE, site: str | None = None, first_hour: int | None = None
) -> Any:
    """A week of a site's supply by source, charging below the line, the load as a line [MW].

    Raises
    ------
    NoDispatchError
        As `dispatch_week`; or no site of the plan has such a path.
    """
    chosen = shown_site(plan) if site is None else site
    if chosen is None:
        raise NoDispatchError("no site of the plan has a path that is worked out by the hour")
    return week_chart(dispatch_week(plan, chosen, first_hour), width)


def week_chart(frame: Any, width: int = WIDE) -> Any:
    """A chart of what `dispatch_week` found."""
    import altair as alt

    day = frame["hour"] // 24 + 1
    frame = frame.assign(time=day + frame["hour"] % 24 / 24)
    present = [
        name for name in (*SOURCES, "charging") if frame.loc[frame["source"] == name, "mw"].abs().max() > 1e-6
    ]
    colours = [
        palette.light("other") if name == "charging" else palette.SERIES[SOURCES[name]][0] for name in present
    ]
    areas = frame[frame["source"].isin(present)]
    areas = areas.assign(rank=areas["source"].map({name: n for n, name in enumerate(present)}))
    x = alt.X(
        "time:Q", title="day of the year", scale=alt.Scale(nice=False, zero=False), axis=alt.Axis(tickCount=7)
    )
    stack = (
        alt.Chart(areas)
        .mark_area(interpolate="step-after")
        .encode(
            x=x,
            y=alt.Y("mw:Q", title="MW", stack="zero", axis=alt.Axis(format=",~r", tickCount=5)),
            color=alt.Color(
                "source:N",
                sort=present,
                scale=alt.Scale(domain=present, range=colours),
                legend=alt.Legend(
                    orient="top",
                    direction="horizontal",
                    title=None,
                    columns=6 if width > 500 else 3,
                    symbolType="square",
                ),
            ),
            order=alt.Order("rank:Q"),
        )
    )
    load = (
        alt.Chart(frame[frame["source"] == "load"])
        .mark_line(color=palette.light("ink"), strokeWidth=1.5, interpolate="step-after")
        .encode(x=x, y="mw:Q")
    )
    return styled((stack + load).properties(width=width - 70, height=240 if width > 500 else 180))
