"""Charts of money beside capital: cost of compute, what is owed, cash flow."""

from __future__ import annotations

from typing import Any

from optimizer.plan import Plan
from optimizer.report import frames, frames_money, palette
from optimizer.report.charts import WIDE, legend, stacked, styled
from optimizer.report.wording import compute_unit

# Lines of the cash flow that are drawn as bars; the dark line is what is left of them.
_FLOWS = ("revenue", "operating cost", "income tax", "capital", "sales and what is left")


def opex(plan: Plan, width: int = WIDE) -> Any:
    """Operating cost by line and period [billion USD]; the smallest lines together."""
    frame = frames_money.opex_by_line(plan)
    frame = frame.assign(usd_bn=frame["usd"] / 1e9)
    order = list(dict.fromkeys(frame["line"]))
    if len(order) > 7:
        kept, rest = order[:6], f"{len(order) - 6} smaller lines"
        frame["line"] = [line if line in kept else rest for line in frame["line"]]
        frame = frame.groupby(["line", "period"], sort=False)["usd_bn"].sum().reset_index()
        order = [*kept, rest]
    return styled(stacked(plan, frame, "line", "usd_bn", "bn USD", width, order))


def levelised(plan: Plan, width: int = WIDE) -> Any:
    """Levelised cost of compute by generation and by site [USD per unit of demand.metric and hour]."""
    import altair as alt

    frame, wide = frames_money.cost_of_compute(plan), width > 500
    kinds = ["generation", "site"]
    lead = 200 if wide else 120
    y = alt.Y(
        "label:N",
        title=None,
        sort=list(frame["label"]),
        axis=alt.Axis(labelLimit=lead, domain=False, ticks=False, labelFontSize=11 if wide else 10),
    )
    most = max(float(frame["usd"].max()), 1e-9) * 1.15
    base = alt.Chart(frame)
    bars = base.mark_bar(height={"band": 0.65}, cornerRadiusEnd=2).encode(
        y=y,
        x=alt.X(
            "usd:Q",
            title=f"USD per {compute_unit(plan.scenario.demand.metric)}-hour",
            scale=alt.Scale(domain=[0, most]),
            axis=alt.Axis(tickCount=5),
        ),
        color=alt.Color(
            "kind:N",
            sort=kinds,
            scale=alt.Scale(domain=kinds, range=[palette.SERIES[4][0], palette.SERIES[0][0]]),
            legend=legend(2),
        ),
    )
    text = base.mark_text(align="left", dx=4, fontSize=11, color=palette.light("ink_soft")).encode(
        y=y, x="usd:Q", text=alt.Text("usd:Q", format=".3f")
    )
    return styled((bars + text).properties(width=width - lead - 24, height=alt.Step(22)))


def owed(plan: Plan, width: int = WIDE) -> Any:
    """What is owed by source at the end of each period, nominal [billion USD]; colours are those of the draws."""
    frame = frames_money.owed(plan)
    drawn = list(dict.fromkeys(frames.draws_by_source(plan)["source"]))
    colours = dict(zip(drawn, palette.series(drawn), strict=True))
    names = [name for name in drawn if name in set(frame["source"])]
    frame = frame.assign(usd_bn=frame["usd"] / 1e9)
    chosen = [colours[name] for name in names]
    return styled(stacked(plan, frame, "source", "usd_bn", "bn USD", width, names, chosen))


def cash_flow(plan: Plan, width: int = WIDE) -> Any:
    """Revenue, cost, tax, capital and sales by period, and the free cash flow, nominal [billion USD]."""
    import altair as alt

    frame = frames_money.cash_flow(plan)
    frame = frame.assign(usd_bn=frame["usd"] / 1e9)
    flows = frame[frame["line"].isin(_FLOWS)]
    names = [line for line in _FLOWS if (flows.loc[flows["line"] == line, "usd_bn"] != 0).any()]
    periods = [*plan.accounts.labels, "end"]
    colours = [palette.SERIES[_FLOWS.index(name)][0] for name in names]
    bars = stacked(plan, flows, "line", "usd_bn", "bn USD", width, names, colours, periods)
    left = frame[frame["line"] == "free cash flow"]
    ticks = (
        alt.Chart(left)
        .mark_tick(color=palette.light("ink"), thickness=2.5, size=0.75 * (width - 70) / len(periods))
        .encode(x=alt.X("period:O", sort=None), y=alt.Y("usd_bn:Q"))
    )
    return styled(bars + ticks)
