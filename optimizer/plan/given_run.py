"""The halls of a finished run as a given plan, to be costed under another scenario."""

from __future__ import annotations

from pathlib import Path

from optimizer.plan.load_plan import PlanFileError, decisions_of
from optimizer.plan.times import times
from optimizer.scenario import GivenBuild, GivenPlan, Scenario, held_against, load_given


def load_halls(path: Path | str, scenario: Scenario) -> GivenPlan:
    """A given plan from its YAML file, or the new halls of a run directory or its plan.json, held against a scenario.

    Parameters
    ----------
    path : Path or str
    scenario : Scenario
        Under which the halls shall be costed.

    Raises
    ------
    ScenarioError
        Every problem with file, line, column, code, path and message.
    PlanFileError
        A file that is no plan, or a plan that builds nothing.
    """
    file = Path(path)
    if file.is_dir() or file.suffix.lower() == ".json":
        return held_against(halls_of_run(file), scenario)
    return load_given(file, scenario)


def halls_of_run(path: Path | str) -> GivenPlan:
    """New halls of a finished run by site, month, first chips, cooling and tenure; ways of supply stay open.

    Parameters
    ----------
    path : Path or str
        A run directory, or its plan.json.
    """
    read = decisions_of(path)
    file, labels = read.file, times(read.scenario).labels
    megawatts: dict[tuple[str, str, str, str, bool], float] = {}
    for life in read.content.lives:
        if life.origin == "new" and life.stages:
            key = (life.site, labels[life.commission], life.stages[0].chip, life.cooling, life.leased)
            megawatts[key] = megawatts.get(key, 0.0) + life.it_mw * life.halls
    if not megawatts:
        raise PlanFileError(f"{file}: the plan builds no new halls")
    builds = tuple(
        GivenBuild.model_validate(
            {"site": site, "online": online, "it_mw": mw, "chip": chip, "cooling": cooling, "leased": leased}
        )
        for (site, online, chip, cooling, leased), mw in sorted(megawatts.items(), key=lambda item: item[0])
    )
    name = read.scenario.name if read.given is None else read.given.name
    return GivenPlan(
        name=name, description=f"Halls of {file.parent.name or file.name}", builds=builds, paths={}
    ).marked(str(file))
