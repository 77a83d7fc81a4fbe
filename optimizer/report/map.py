"""Where the plan builds: sites on the outline of the United States or of the world."""

from __future__ import annotations

import json
import math
from typing import Any

from optimizer import catalog
from optimizer.plan import Plan
from optimizer.report import frames, palette
from optimizer.report.charts import WIDE, styled
from optimizer.report.map_places import Frame, names_apart, states_frame, world_frame

# Area of the largest circle [square pixels]; the others' areas follow their IT megawatts.
_AREA_WIDE, _AREA_NARROW = 1300, 420
_LETTER = 0.58  # width of a letter over the size of its type


def map_chart(plan: Plan, width: int = WIDE) -> Any:
    """Sites that the plan uses as circles by IT megawatts with their names, the other offers as small dots.

    Narrow maps bear numbers instead of names: those of `frames.places(plan)`, by falling megawatts.
    """
    import altair as alt

    wide = width > 500
    places = frames.places(plan)
    used, idle = places[places["it_mw"] > 0], places[places["it_mw"] <= 0]
    in_states = all(_in_states(site) for site in plan.scenario.sites)
    if in_states:
        data, feature = catalog.outlines("us"), "states"
        beyond = any(site.lat > 50 or site.lon < -126 for site in plan.scenario.sites)
        frame = states_frame(width - 8, beyond)
    else:
        data, feature = catalog.outlines("world"), "countries"
        frame = world_frame(width - 8, list(zip(places["lon"], places["lat"], strict=True)))
    projection = {"type": frame.kind, "scale": frame.scale, "translate": list(frame.translate)}
    if frame.kind == "albers":
        # Vega's own centre of this projection, said here so that both sides hold the same.
        projection |= {"rotate": [96, 0], "center": [-0.6, 38.7], "parallels": [29.5, 45.5]}
    form = alt.TopoDataFormat(type="topojson", feature=feature)
    outline = (
        # As text: Altair copies every object that it is given many times over.
        alt.Chart(alt.InlineData(values=json.dumps(data), format=form)).mark_geoshape(
            fill=palette.light("land"), stroke=palette.light("border"), strokeWidth=0.6, clip=True
        )
    )
    largest = float(used["it_mw"].max()) if len(used) else 1.0
    area = _AREA_WIDE if wide else _AREA_NARROW
    layers = [
        outline,
        alt.Chart(idle)
        .mark_circle(size=26 if wide else 14, color=palette.light("offer"), opacity=1)
        .encode(longitude="lon:Q", latitude="lat:Q"),
        # Large first, so that small ones stay visible on top of them.
        alt.Chart(used)
        .mark_circle(color=palette.SERIES[0][0], opacity=0.85, stroke=palette.light("surface"), strokeWidth=1)
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            size=alt.Size(
                "it_mw:Q",
                scale=alt.Scale(domain=[0, largest], range=[0, area]),
                legend=alt.Legend(
                    title="IT MW",
                    values=_round_values(largest),
                    format=",.0f",
                    orient="bottom-left" if wide else "bottom",
                    direction="vertical" if wide else "horizontal",
                    symbolFillColor=palette.SERIES[0][0],
                    symbolStrokeWidth=0,
                ),
            ),
        ),
    ]
    if len(used):
        layers += _names(used, idle, frame, largest, area, wide)
    layered = alt.layer(*(layer.project(**projection) for layer in layers))
    return styled(layered.properties(width=frame.width, height=frame.height))


def _names(used: Any, idle: Any, frame: Frame, largest: float, area: float, wide: bool) -> list[Any]:
    import altair as alt
    import pandas as pd

    size = 11 if wide else 8
    rows = list(used.itertuples(index=False))
    texts = [f"{row.site} {row.it_mw:,.0f}" if wide else str(row.rank) for row in rows]
    circles = [
        (*frame.pixel(row.lon, row.lat), math.sqrt(area * row.it_mw / largest / math.pi)) for row in rows
    ]
    dots = [frame.pixel(row.lon, row.lat) for row in idle.itertuples(index=False)]
    boxes = [(_LETTER * size * len(text) + 2, size + 2.0) for text in texts]
    found = names_apart(circles, boxes, frame.width, frame.height, dots)
    names, lines = [], []
    for row, text, name in zip(rows, texts, found, strict=True):
        names.append((text, *frame.place(name.text, (row.lon, row.lat))))
        if name.line is not None:
            start, end = (frame.place(pixel, (row.lon, row.lat)) for pixel in name.line)
            lines.append((*start, *end))
    rule = (
        alt.Chart(pd.DataFrame(lines, columns=["lon", "lat", "lon2", "lat2"]))
        .mark_rule(color=palette.light("ink_faint"), strokeWidth=0.8)
        .encode(longitude="lon:Q", latitude="lat:Q", longitude2="lon2:Q", latitude2="lat2:Q")
    )
    text_layer = (
        alt.Chart(pd.DataFrame(names, columns=["text", "lon", "lat"]))
        .mark_text(fontSize=size, color=palette.light("ink"), align="center", baseline="middle")
        .encode(longitude="lon:Q", latitude="lat:Q", text="text:N")
    )
    return [rule, text_layer] if lines else [text_layer]


def _round_values(largest: float) -> list[float]:
    """Round figures for the key of sizes, the last at most the largest.

    >>> _round_values(1143.0)
    [100.0, 500.0, 1000.0]
    """
    power = 10.0 ** math.floor(math.log10(largest)) if largest > 0 else 1.0
    top = max(step * power for step in (1, 2, 5) if step * power <= largest * (1 + 1e-9))
    return [top / 10, top / 2, top]


def _in_states(site: Any) -> bool:
    inside: bool = site.country == "US" and 18 <= site.lat <= 72 and -180 <= site.lon <= -65
    return inside
