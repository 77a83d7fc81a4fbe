"""Charts of several plans: a frontier between two aims."""

from __future__ import annotations

from typing import Any

from optimizer.report import palette
from optimizer.report.charts import WIDE, styled
from optimizer.report.wording import aim_unit
from optimizer.studies.frontier import FrontierFound


def frontier_chart(found: FrontierFound, width: int = WIDE) -> Any:
    """First aim over second aim, a numbered dot a plan; a tick below each says what no plan at that level can better."""
    import altair as alt
    import pandas as pd

    metric = found.scenario.demand.metric
    (first, second) = found.between
    units = {aim: aim_unit(aim, metric) for aim in found.between}
    frame = pd.DataFrame(
        {
            "number": [str(n) for n in range(1, len(found.plans) + 1)],
            "first": [plan.amounts[first] / units[first][1] for plan in found.plans],
            "second": [plan.amounts[second] / units[second][1] for plan in found.plans],
            "bound": [plan.bound / units[first][1] for plan in found.plans],
        }
    )
    x = alt.X("second:Q", title=units[second][0], scale=alt.Scale(zero=False, padding=24))
    axis = alt.Axis(format=",~r", tickCount=6)
    y = alt.Y("first:Q", title=units[first][0], scale=alt.Scale(zero=False, padding=24), axis=axis)
    base = alt.Chart(frame)
    blue = palette.SERIES[0][0]
    line = base.mark_line(color=blue, strokeWidth=1.5, opacity=0.6).encode(x=x, y=y)
    bound = base.mark_tick(
        color=palette.light("ink_faint"), thickness=2, size=18, orient="horizontal"
    ).encode(x=x, y=alt.Y("bound:Q", axis=axis))
    dots = base.mark_circle(color=blue, size=90, opacity=1).encode(x=x, y=y)
    text = base.mark_text(dy=-12, fontSize=11, color=palette.light("ink")).encode(x=x, y=y, text="number:N")
    layers = bound + line + dots + text
    return styled(layers.properties(width=width - 80, height=320 if width > 500 else 240))
