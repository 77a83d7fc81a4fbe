"""Where the plan builds: sites on the outline of the United States or of the world."""

from __future__ import annotations

import json
from typing import Any

from optimizer import catalog
from optimizer.plan import Plan
from optimizer.report import frames, palette
from optimizer.report.charts import WIDE, styled

# A circle's area follows its IT megawatts; the smallest still holds its number.
_AREA_WIDE, _AREA_NARROW = (220, 1400), (110, 500)


def map_chart(plan: Plan, width: int = WIDE) -> Any:
    """Sites that the plan uses as numbered circles by IT megawatts, the other offers as small dots.

    The numbers are those of `frames.places(plan)`, by falling megawatts.
    """
    import altair as alt

    places = frames.places(plan)
    used, idle = places[places["it_mw"] > 0], places[places["it_mw"] <= 0]
    in_states = all(_in_states(site) for site in plan.scenario.sites)
    if in_states:
        data, feature, projection, ratio = catalog.outlines("us"), "states", "albersUsa", 0.62
    else:
        data, feature, projection, ratio = catalog.outlines("world"), "countries", "equalEarth", 0.5
    form = alt.TopoDataFormat(type="topojson", feature=feature)
    outline = (
        # As text: Altair copies every object that it is given many times over.
        alt.Chart(alt.InlineData(values=json.dumps(data), format=form))
        .mark_geoshape(fill=palette.light("land"), stroke=palette.light("border"), strokeWidth=0.6)
        .project(projection)
    )
    dots = (
        alt.Chart(idle)
        .mark_circle(size=26 if width > 500 else 14, color=palette.light("offer"), opacity=1)
        .encode(longitude="lon:Q", latitude="lat:Q")
    )
    low, high = _AREA_WIDE if width > 500 else _AREA_NARROW
    # Large first, so that small ones stay visible on top of them.
    ordered = used.sort_values("it_mw", ascending=False)
    circles = (
        alt.Chart(ordered)
        .mark_circle(
            color=palette.SERIES[0][0], opacity=0.9, stroke=palette.light("surface"), strokeWidth=1.5
        )
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            size=alt.Size("it_mw:Q", legend=None, scale=alt.Scale(range=[low, high])),
        )
    )
    numbers = (
        alt.Chart(ordered)
        .mark_text(color="#fffffe", fontSize=10 if width > 500 else 7, fontWeight="bold")
        .encode(longitude="lon:Q", latitude="lat:Q", text="rank:N")
    )
    layers = alt.layer(outline, dots, circles, numbers)
    return styled(layers.properties(width=width - 8, height=int((width - 8) * ratio)))


def _in_states(site: Any) -> bool:
    inside: bool = site.country == "US" and 18 <= site.lat <= 72 and -180 <= site.lon <= -65
    return inside
