"""Whether a plan consists of the halls that were given."""

from __future__ import annotations

from collections import defaultdict

from optimizer.plan.records import Life, PlanContent
from optimizer.plan.times import Times
from optimizer.plan.violations import Findings
from optimizer.scenario import GivenBuild, GivenPlan

Key = tuple[str, int, str]
Asked = tuple[str | None, bool | None]
DUST_MW = 1e-6


def check_given(t: Times, given: GivenPlan, content: PlanContent, findings: Findings) -> None:
    """Megawatts by site, period and first chips as given; cooling, tenure and ways of supply where they are named."""
    asked: dict[Key, list[GivenBuild]] = defaultdict(list)
    built: dict[Key, list[Life]] = defaultdict(list)
    for build in given.builds:
        asked[build.site, t.period_of(build.online), build.chip].append(build)
    for life in content.lives:
        if life.origin == "new" and life.stages:
            built[life.site, life.commission, life.stages[0].chip].append(life)
    for key in sorted({*asked, *built}):
        site, period, chip = key
        wanted = sum(build.it_mw for build in asked[key])
        found = sum(life.it_mw * life.halls for life in built[key])
        where = f"{site}, {chip}"
        findings.at_least("given halls", where, period, found, wanted, "MW")
        findings.at_most("given halls", where, period, found, wanted, "MW")
        if abs(found - wanted) <= 1e-6 * max(1.0, wanted):
            missing = _unmatched(asked[key], built[key])
            if missing > 0:
                findings.wrong(
                    "given halls", where, f"{missing:g} MW are not as given in cooling and tenure", period
                )
    for site, path in given.paths.items():
        if any(life.site == site for life in content.lives) and content.paths.get(site) != path:
            findings.wrong("given supply path", site, f"expected {path}, found {content.paths.get(site)}")


def _unmatched(builds: list[GivenBuild], lives: list[Life]) -> float:
    """Megawatts of builds that find no halls with their cooling and tenure, each hall for one build only."""
    need: dict[Asked, float] = defaultdict(float)
    free: dict[tuple[str, bool], float] = defaultdict(float)
    for build in builds:
        need[build.cooling, build.leased] += build.it_mw
    for life in lives:
        free[life.cooling, life.leased] += life.it_mw * life.halls
    placed: dict[tuple[Asked, tuple[str, bool]], float] = defaultdict(float)

    def place(asked: Asked, megawatts: float, seen: set[tuple[str, bool]]) -> float:
        """Megawatts of a kind of build that are placed now; others make way where they fit elsewhere."""
        for kind in [k for k in free if k not in seen and _fits(asked, k)]:
            seen.add(kind)
            moved = min(megawatts, free[kind])
            free[kind] -= moved
            for other in need:
                if moved < DUST_MW and placed[other, kind] > DUST_MW:
                    moved = place(other, min(megawatts, placed[other, kind]), seen)
                    placed[other, kind] -= moved
            placed[asked, kind] += moved
            if moved >= DUST_MW:
                return moved
        return 0.0

    missing = 0.0
    for asked, megawatts in need.items():
        left = megawatts
        while left > DUST_MW and (moved := place(asked, left, set())) > 0:
            left -= moved
        missing += left if left > DUST_MW else 0.0
    return missing


def _fits(asked: Asked, kind: tuple[str, bool]) -> bool:
    return asked[0] in (None, kind[0]) and asked[1] in (None, kind[1])
