"""What the page says above its tables: a plan's figures in short sentences."""

from __future__ import annotations

from typing import Any

from optimizer.plan import Plan
from optimizer.report import frames, frames_limits, frames_money, frames_work
from optimizer.report.wording import compute_unit, megawatts, number, scaled, usd
from optimizer.scenario.carbon_price import carbon_path

_LEAST_TOLD = 1e-3


def stranded(plan: Plan) -> str:
    """How much power denser racks leave idle where it is most."""
    frame = frames_work.stranded(plan)
    by_period = frame.groupby("period", sort=False)[["hall_mw", "stranded_mw"]].sum()
    period = str(by_period["stranded_mw"].idxmax())
    at = frame[frame["period"] == period].sort_values("stranded_mw", ascending=False, kind="stable")
    hall_mw, idle = float(at["hall_mw"].sum()), float(at["stranded_mw"].sum())
    return (
        f"{megawatts(idle)} of {megawatts(hall_mw)} stand idle in {period} at {_some(list(at['site']))}: racks of a later "
        "generation draw more than the positions of those halls were made for (hall.density_headroom), so fewer fit in."
    )


def demand(plan: Plan) -> str:
    """Whether what is wanted is served, and what is not."""
    frame = frames.planning_only(plan, frames.demand_by_workload(plan))
    short = frame.assign(unmet=(frame["demand"] - frame["served"]).clip(lower=0.0))
    short = short[short["unmet"] > 1e-6 * short["demand"]]
    # A rest that would read as 0.0 % is no shortage to speak of.
    told = short[short["unmet"] >= _LEAST_TOLD * short["demand"]]
    if not len(told):
        all_but = ", all but less than 0.1\u00a0% of it" if len(short) else ""
        return f"The compute that is wanted in the planning periods is served{all_but}."
    parts = []
    for workload, rows in told.groupby("workload", sort=False):
        shares = rows["unmet"] / rows["demand"]
        when = frames_limits.spans(plan.accounts.labels, list(rows["period"]))
        most = _tenths(float(shares.max()))
        worst = f"at most {most}, in {rows.loc[shares.idxmax(), 'period']}" if len(rows) > 1 else most
        parts.append(f"{workload} in {when} ({worst})")
    return f"Not all compute that is wanted is served. What is missing: {'; '.join(parts)}."


def jobs(plan: Plan) -> str:
    """Where training runs stand, and which are missed."""
    frame = plan.tables()["jobs"]
    missed, placed = frame[frame["missed"]], frame[~frame["missed"]]
    parts = [
        f"{job} at {site} from {first}"
        for job, site, first in placed[["job", "site", "from"]].itertuples(index=False, name=None)
    ]
    text = f"Training runs that hold one site: {_some(parts)}" if parts else "No training run finds a site"
    return f"{text}; missed: {_some(list(missed['job']))}." if len(missed) else f"{text}."


def moved(plan: Plan) -> str:
    """Chips that end with other work than they began with; empty where none does."""
    parts = []
    for chip, rows in frames_work.work_by_chip(plan).groupby("chip", sort=False):
        wide = rows.pivot_table(index="period", columns="workload", values="amount", aggfunc="sum").fillna(
            0.0
        )
        shares = wide.div(wide.sum(axis=1), axis=0)
        first, last = shares.iloc[0], shares.iloc[-1]
        before, after = str(first.idxmax()), str(last.idxmax())
        if before != after:
            parts.append(
                f"{chip} from {before} ({_whole(first[before])} of its compute in {shares.index[0]}) to {after} "
                f"({_whole(last[after])} in {shares.index[-1]})"
            )
    return f"Older chips move to other work: {'; '.join(parts)}." if parts else ""


def leases(plan: Plan) -> tuple[str, ...]:
    """What is leased and what it costs; halls of developers."""
    texts = []
    frame = plan.tables()["leases_by_period"]
    unit = compute_unit(plan.scenario.demand.metric)
    if len(frame):
        running = frame.groupby("period")["running"].sum()
        money = frame[["rent_usd", "idle_usd", "exit_usd"]].sum()
        texts.append(
            f"At most {scaled(float(running.max()), unit)} are leased, in {running.idxmax()}. Rent comes to "
            f"{usd(float(money['rent_usd']))}, {usd(float(money['idle_usd']))} of it for compute that stands idle (take or "
            f"pay), and leaving early costs {usd(float(money['exit_usd']))}."
        )
    elif plan.scenario.leases:
        texts.append("Leased compute is on offer; the plan signs no contract.")
    rented = [life for life in plan.content.lives if life.leased]
    if rented:
        halls, it_mw = sum(life.halls for life in rented), sum(life.halls * life.it_mw for life in rented)
        opex = plan.tables()["opex_by_site"]
        rent = float(opex.loc[opex["line"] == "rent", "usd"].sum())
        texts.append(
            f"{halls} halls ({megawatts(it_mw)} of IT) are a developer's, at "
            f"{_some(sorted({life.site for life in rented}))}; their rent comes to {usd(rent)}."
        )
    return tuple(texts)


def carbon(plan: Plan) -> str:
    """CO2 of energy beside that of making."""
    frame, money = plan.tables()["carbon"], plan.scenario.money
    energy, made = float(frame["operation_t"].sum()), float(frame["embodied_t"].sum())
    text = (
        f"Until the end of the study energy emits {_tonnes(energy)} of CO₂ and making chips and halls {_tonnes(made)}, "
        f"{_whole(made / (energy + made) if energy + made else 0.0)} of both together."
    )
    prices = carbon_path(plan.scenario).values()
    if not any(prices):
        return text
    price = " to ".join(dict.fromkeys(usd(amount) for amount in (min(prices), max(prices))))
    priced = "both are" if money.embodied_carbon_priced else "that of energy is"
    return f"{text} At {price} a tonne {priced} paid for."


def operation(plan: Plan) -> str:
    """Capital, operation and energy, before and after the planning periods."""
    last = frames.last_planning_period(plan)
    capital, opex = frames.capex(plan), frames_money.opex_by_line(plan)
    energy = opex[opex["line"] == "energy"]

    def split(frame: Any) -> tuple[str, str]:
        now = float(frames.planning_only(plan, frame)["usd"].sum())
        return usd(now), usd(float(frame["usd"].sum()) - now)

    (built, later), (run, run_later), (power, power_later) = split(capital), split(opex), split(energy)
    text = f"Up to the period from {last} the plan spends {built} on capital and {run} on operation, {power} of it on energy"
    if last == plan.accounts.labels[-1]:
        return f"{text}. Money is real and not discounted."
    return (
        f"{text}; after it {later} and {run_later}, energy {power_later}. Money is real and not discounted."
    )


def levelised(plan: Plan) -> str:
    """What an hour of compute costs."""
    frame = plan.tables()["levelised_by_generation"]
    unit = compute_unit(plan.scenario.demand.metric)
    whole = frame[frame["chip"] == ""]
    costs = frames_money.cost_of_compute(plan)
    costs = costs[costs["kind"] == "generation"]
    if not len(whole) or not len(costs):
        return "No hall is at work: compute has no cost an hour."
    taxed = " after tax" if plan.scenario.money.income_tax is not None else ""
    text = (
        f"One {unit}-hour costs ${float(whole['usd_per_unit_hour'].iloc[0]):.3f} in halls of one's own: all cost{taxed}, less "
        "what is sold and left, over compute at work, both discounted"
    )
    if len(costs) == 1:
        return f"{text}."
    low, high = costs.loc[costs["usd"].idxmin()], costs.loc[costs["usd"].idxmax()]
    return f"{text}; ${low['usd']:.3f} with {low['label']}, ${high['usd']:.3f} with {high['label']}."


def debt(plan: Plan) -> str:
    """Peak of what is owed, and the lowest cover."""
    owed = frames_money.owed(plan).groupby("period")["usd"].sum()
    text = f"What is owed peaks at {usd(float(owed.max()))} in {owed.idxmax()} (nominal)"
    cover = frames_money.cover(plan)
    if not len(cover):
        return f"{text}; compute has no price, so there is no cover."
    worst = cover.loc[cover["cover"].idxmin()]
    lowest = f"{worst['cover']:.2f}".replace("-", "−")
    return (
        f"{text}; cover (revenue less operating cost, over what all sources up to a rank are due) is lowest at {lowest} in "
        f"{worst['period']} ({worst['source']})."
    )


def returns(plan: Plan) -> tuple[str, ...]:
    """Net present value and internal rate of return, before and after lenders."""
    frame, made = plan.tables()["returns"].set_index("flow"), plan.statement
    worth = {flow: usd(float(frame.loc[flow, "npv_usd"])) for flow in frame.index}
    basis = f"Nominal dollars; present values at the start of the horizon, at a WACC of {_tenths(made.wacc)}."
    if not made.revenue.any():
        return (
            f"{basis} The scenario gives compute no price (money.revenue_usd_per_h100e_hour): the cash flow holds cost alone, "
            f"{worth['free_cash_flow']}.",
        )

    def said(flow: str) -> str:
        irr, mirr = float(frame.loc[flow, "irr"]), float(frame.loc[flow, "mirr"])
        words = str(frame.loc[flow, "rates"])
        rate = f"a rate of return of {_tenths(irr)}"
        if irr != irr:
            rate = "no rate of return" if words.startswith("none") else f"no single rate of return ({words})"
        modified = (
            f" ({_tenths(mirr)} if all is paid in and invested again at the WACC)" if mirr == mirr else ""
        )
        return f"{worth[flow]}, {rate}{modified}".replace("-", "−")

    lent = f"; after lenders owners have {said('to_owners')}" if made.facilities else ""
    return (f"{basis} The free cash flow is worth {said('free_cash_flow')}{lent}.", _rests_on(plan))


def _rests_on(plan: Plan) -> str:
    """What a rate of return rests on: how much is out, for how long, and the price of compute."""
    frame, made = plan.tables()["returns"].set_index("flow"), plan.statement
    own = frame.loc["to_owners" if made.facilities else "free_cash_flow"]
    capital = sum(int(flow.sum()) for flow in made.uses.values()) / 100
    back = f"has it back from {own['paid_back']} on" if own["paid_back"] else "does not get all of it back"
    if not own["most_paid_in_usd"]:
        return "Lenders and revenue pay for all: owners have no money out at any time, and a rate of return says nothing of them."
    return (
        f"Such a rate rests on how little is out, for how short a time, and on the price of compute: of {usd(capital)} of capital "
        f"the owners' side has {usd(float(own['most_paid_in_usd']))} out at most, and {back}."
    )


def limits(plan: Plan) -> str:
    """How many limits bind, and which."""
    frame, tight = frames_limits.limits(plan), frames_limits.binding(plan)
    if not len(tight):
        nearest = frame.iloc[0]
        return (
            f"None of the {len(frame)} limits over all sites binds; the nearest is {nearest['limit']} "
            f"({_whole(nearest['most_share'])})."
        )
    return (
        f"{len(tight)} of the {len(frame)} limits over all sites bind in some period, which is to say that "
        f"{_whole(frames_limits.BINDS)} or more of them is used: {_some(list(tight['limit']), 6)}."
    )


def _some(names: list[str], most: int = 3) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def _tonnes(tonnes: float) -> str:
    return f"{number(tonnes / 1e6)} Mt" if tonnes >= 1e5 else f"{number(tonnes / 1e3)} kt"


def _tenths(share: float) -> str:
    return f"{100 * share:.1f}\u00a0%"


def _whole(share: float) -> str:
    return f"{100 * share:.0f}\u00a0%"
