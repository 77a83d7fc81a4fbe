"""Charts of a plan: functions that take a Plan and return Altair charts, for the page and for notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from optimizer.plan import Plan
from optimizer.report import frames, palette
from optimizer.report.wording import compute_unit

WIDE = 960
NARROW = 340
PLAIN_ZERO = "datum.value == 0 ? '0' : datum.label"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


def timeline(plan: Plan, width: int = WIDE) -> Any:
    """IT megawatts in operation by site and period, the largest sites by name, against the floor [MW]."""
    frame = frames.largest_sites(plan)
    bars = stacked(plan, frame, "site", "it_mw", "IT MW", width)
    floor = frames.floor_by_period(plan)
    if not len(floor):
        return styled(bars)
    running = frame.loc[frame["it_mw"] > 0, "period"]
    count = sum(label <= max(running, default=plan.accounts.labels[-1]) for label in plan.accounts.labels)
    return styled(bars + _floor(floor, (width - 70) / count))


def chips(plan: Plan, width: int = WIDE) -> Any:
    """IT megawatts in operation by chip generation and period [MW]."""
    return styled(stacked(plan, frames.it_by_chip(plan), "chip", "it_mw", "IT MW", width))


def capex(plan: Plan, width: int = WIDE) -> Any:
    """Capital by asset class and period [billion USD]."""
    frame = frames.capex(plan)
    frame = frame.assign(usd_bn=frame["usd"] / 1e9)
    order = [name for name in palette.ASSET_CLASSES if name in set(frame["asset_class"])]
    return styled(stacked(plan, frame, "asset_class", "usd_bn", "bn USD", width, order))


def sources(plan: Plan, width: int = WIDE) -> Any:
    """Draws by source and period [billion USD]."""
    frame = frames.draws_by_source(plan)
    return styled(stacked(plan, frame.assign(usd_bn=frame["usd"] / 1e9), "source", "usd_bn", "bn USD", width))


def energy(plan: Plan, width: int = WIDE) -> Any:
    """Energy by source and period [GWh]."""
    return styled(stacked(plan, frames.energy_by_source(plan), "source", "gwh", "GWh", width))


def sites(plan: Plan, width: int = WIDE) -> Any:
    """IT megawatts in operation by site and planning period, as a grid with figures [MW]."""
    frame = frames.it_by_site(plan)
    periods = list(dict.fromkeys(frame["period"]))[: plan.scenario.horizon.periods]
    frame = frame[(frame["it_mw"] > 0) & frame["period"].isin(periods)]
    order = list(frame.groupby("site", sort=False)["it_mw"].max().sort_values(ascending=False).index)
    return grid(frame, "site", "it_mw", periods, order, float(frame["it_mw"].max()), width)


def grid(
    frame: Any,
    row: str,
    value: str,
    periods: Sequence[str],
    order: Sequence[str],
    peak: float,
    width: int,
    text: str = ",.0f",
    lead: tuple[int, int] = (190, 96),
) -> Any:
    """Rows by period as cells, the stronger the colour, the more; with figures where cells have room for them.

    Parameters
    ----------
    frame : DataFrame
        With the columns `row`, `period` and `value`.
    row, value : str
    periods, order : sequence of str
        Columns and rows.
    peak : float
        Value of the strongest colour.
    width : int
        [pixels]
    text : str
        Format of figures.
    lead : tuple of int
        Most room for the names of rows on wide and on narrow pages [pixels].
    """
    import altair as alt

    wide = width > 500
    longest = 8 + 7 * max((len(name) for name in order), default=0)
    left = min(lead[0], longest) if wide else min(lead[1], longest)
    base = alt.Chart(frame).encode(
        x=alt.X("period:O", title=None, sort=None, scale=alt.Scale(domain=periods), axis=period_axis(width)),
        y=alt.Y(
            f"{row}:N", title=None, sort=order, axis=alt.Axis(labelLimit=left, domain=False, ticks=False)
        ),
    )
    steps = [light for light, _ in palette.RAMP]
    cells = base.mark_rect(cornerRadius=2, stroke=palette.light("surface"), strokeWidth=2).encode(
        color=alt.Color(
            f"{value}:Q", legend=None, scale=alt.Scale(type="quantize", domain=[0, peak], range=steps)
        )
    )
    room = (width - left - 16) / max(1, len(periods))
    if room < 24:
        return styled(cells.properties(width=width - left - 16, height=alt.Step(24)))
    # White on the dark half of the ramp, ink on the light half.
    dark_from = peak * 3.5 / len(steps)
    figures = base.mark_text(fontSize=11 if room > 34 else 8).encode(
        text=alt.Text(f"{value}:Q", format=text),
        color=alt.condition(
            alt.datum[value] > dark_from, alt.value("#fffffe"), alt.value(palette.light("ink"))
        ),
    )
    return styled((cells + figures).properties(width=width - left - 16, height=alt.Step(24)))


def demand(plan: Plan, width: int = WIDE) -> Any:
    """Compute served and not met (bars) and wanted (ticks) by workload and period [unit of demand.metric]."""
    import altair as alt
    import pandas as pd

    frame = frames.planning_only(plan, frames.demand_by_workload(plan))
    unmet = (frame["demand"] - frame["served"]).clip(lower=0.0)
    kinds = ["served", "not met"]
    long = pd.concat(
        [
            frame.assign(kind="served", amount=frame["served"], rank=0),
            frame.assign(kind="not met", amount=unmet.where(unmet > 1e-6 * frame["demand"], 0.0), rank=1),
        ]
    )
    names = list(dict.fromkeys(frame["workload"]))
    columns = min(len(names), 3 if width > 500 else 1)
    cell = (width - 60 * columns) // max(1, columns)
    x = alt.X("period:O", title=None, sort=None, axis=period_axis(cell))
    axis = alt.Axis(format="~s", tickCount=4, labelExpr=PLAIN_ZERO)
    bars = (
        alt.Chart()
        .mark_bar()
        .encode(
            x=x,
            y=alt.Y("amount:Q", title=compute_unit(plan.scenario.demand.metric), axis=axis),
            color=alt.Color(
                "kind:N",
                sort=kinds,
                scale=alt.Scale(domain=kinds, range=[palette.SERIES[0][0], palette.SERIES[2][0]]),
                legend=legend(2),
            ),
            order=alt.Order("rank:Q"),
        )
    )
    ticks = alt.Chart().mark_tick(color=palette.light("ink"), thickness=2).encode(x=x, y=alt.Y("demand:Q"))
    layered = alt.layer(bars, ticks, data=long).properties(width=cell, height=150)
    facets = layered.facet(facet=alt.Facet("workload:N", title=None, sort=names), columns=columns)
    return styled(facets.resolve_scale(y="independent"))


def waterfall(plan: Plan, width: int = WIDE) -> Any:
    """From the cost lines to the objective, discounted [billion USD]."""
    import altair as alt

    frame = frames.waterfall_lines(plan)
    frame = frame.assign(usd_bn=frame["usd"] / 1e9, line=frame["line"].str.replace("_", " "))
    frame["end"] = frame["usd_bn"].cumsum()
    frame["start"] = frame["end"] - frame["usd_bn"]
    frame["kind"] = ["cost" if value >= 0 else "credit" for value in frame["usd_bn"]]
    total = frame["end"].iloc[-1]
    last = {"line": "total", "usd_bn": total, "start": 0.0, "end": total, "kind": "total"}
    frame.loc[len(frame)] = {**dict.fromkeys(frame.columns), **last}
    lead = 170 if width > 500 else 110
    order = list(frame["line"])
    y = alt.Y("line:N", title=None, sort=order, axis=alt.Axis(labelLimit=lead, domain=False, ticks=False))
    kinds = ["cost", "credit", "total"]
    colours = [palette.SERIES[0][0], palette.SERIES[1][0], palette.light("other")]
    bars = (
        alt.Chart(frame)
        .mark_bar(cornerRadius=2, height={"band": 0.7})
        .encode(
            y=y,
            x=alt.X("start:Q", title="bn USD, discounted", axis=alt.Axis(tickCount=5)),
            x2="end:Q",
            color=alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=colours), legend=legend(3)),
        )
    )
    edge = alt.Chart(frame).transform_calculate(edge="max(datum.start, datum.end)")
    text = edge.mark_text(align="left", dx=4, fontSize=11, color=palette.light("ink_soft")).encode(
        y=y, x="edge:Q", text=alt.Text("usd_bn:Q", format=",.1f")
    )
    return styled((bars + text).properties(width=width - lead - 40, height=alt.Step(22)))


def per_gigawatt(plan: Plan, width: int = WIDE) -> Any:
    """The plan's capital a gigawatt beside published figures, by the gigawatt that is meant [billion USD]."""
    import altair as alt

    frame = frames.per_gigawatt(plan)
    wide = width > 500
    lead = 200 if wide else 128
    y = alt.Y(
        "label:N",
        title=None,
        sort=list(frame["label"]),
        axis=alt.Axis(labelLimit=lead, domain=False, ticks=False, labelFontSize=11 if wide else 10),
    )
    most = float(frame["high"].max()) * 1.12
    kinds = ["this plan", "published"]
    colour = alt.Color(
        "kind:N",
        sort=kinds,
        scale=alt.Scale(domain=kinds, range=[palette.SERIES[0][0], palette.light("other")]),
        legend=legend(2),
    )
    base = alt.Chart(frame)
    bars = base.mark_bar(height={"band": 0.62}, cornerRadiusEnd=2).encode(
        y=y,
        x=alt.X("low:Q", title="billion USD", scale=alt.Scale(domain=[0, most]), axis=alt.Axis(tickCount=6)),
        color=colour,
    )
    spans = base.mark_bar(height={"band": 0.62}, opacity=0.45).encode(
        y=y, x="low:Q", x2="high:Q", color=colour
    )
    text = base.mark_text(align="left", dx=5, fontSize=11, color=palette.light("ink_soft")).encode(
        y=y, x="high:Q", text="text:N"
    )
    layers = bars + spans + text
    return styled(layers.properties(width=width - lead - 24, height=alt.Step(24)))


def stacked(
    plan: Plan,
    frame: Any,
    series: str,
    value: str,
    unit: str,
    width: int,
    order: Sequence[str] | None = None,
    colours: Sequence[str] | None = None,
    periods: Sequence[str] | None = None,
) -> Any:
    """Bars by period, negative amounts downwards; periods are by default those of the plan up to the last bar."""
    import altair as alt

    names = list(order) if order is not None else list(dict.fromkeys(frame[series]))
    frame = frame.assign(rank=frame[series].map({name: n for n, name in enumerate(names)}))
    shown = frame[frame[value] != 0]
    if periods is None:
        last = max(shown["period"], default=plan.accounts.labels[0])
        periods = [label for label in plan.accounts.labels if label <= last]
    return (
        alt.Chart(shown)
        .mark_bar(stroke=palette.light("surface"), strokeWidth=1)
        .encode(
            x=alt.X(
                "period:O",
                title=None,
                sort=None,
                axis=period_axis(width, periods),
                scale=alt.Scale(domain=periods, paddingInner=0.25),
            ),
            y=alt.Y(f"{value}:Q", title=unit, axis=alt.Axis(format=",~r", tickCount=5)),
            color=alt.Color(
                f"{series}:N",
                sort=names,
                scale=alt.Scale(domain=names, range=colours or palette.series(names)),
                legend=legend(4 if width > 500 else 2),
            ),
            order=alt.Order("rank:Q"),
        )
        .properties(width=width - 70, height=240 if width > 500 else 180)
    )


def _floor(floor: Any, band: float) -> Any:
    import altair as alt

    return (
        alt.Chart(floor[floor["floor_mw"] > 0])
        .mark_tick(color=palette.light("ink"), thickness=2.5, size=0.95 * band)
        .encode(x=alt.X("period:O", sort=None), y=alt.Y("floor_mw:Q"))
    )


def legend(columns: int) -> Any:
    import altair as alt

    return alt.Legend(orient="top", direction="horizontal", title=None, columns=columns, symbolType="square")


def period_axis(width: int, periods: Sequence[str] = ()) -> Any:
    """Labels of periods; where they would touch, every second, third, … of them."""
    import altair as alt

    flat = width > 500
    step = -(-len(periods) * (56 if flat else 18) // width) if periods else 1
    # What is no month is named whatever its place: the end of the study.
    named = [label for n, label in enumerate(periods) if n % step == 0 or not label[0].isdigit()]
    axis: dict[str, Any] = {"values": named} if step > 1 else {"labelOverlap": True}
    return alt.Axis(domain=False, ticks=False, labelAngle=0 if flat else -60, **axis)


def styled(chart: Any) -> Any:
    """The look that all charts share: recessive axes, no frame, colours of the palette."""
    soft, grid = palette.light("ink_soft"), palette.light("grid")
    return (
        chart.configure(font=FONT, background=palette.light("surface"), padding=4, aria=False)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=soft,
            titleColor=soft,
            gridColor=grid,
            domainColor=palette.light("axis"),
            tickColor=palette.light("axis"),
            labelFontSize=11,
            titleFontSize=11,
            titleFontWeight="normal",
        )
        .configure_axisX(grid=False)
        .configure_legend(labelColor=soft, labelFontSize=11, labelLimit=220)
        .configure_header(labelColor=soft, labelFontSize=12, labelFontWeight="bold")
    )
