"""A scenario from its file: layers, schema, cross checks; every problem with its line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from optimizer.scenario.checks import find_problems
from optimizer.scenario.layers import inside_project, project_folder, read_layers
from optimizer.scenario.messages import problems_of
from optimizer.scenario.nodes import Entries, Items, Node, Scalar, path_text, plain
from optimizer.scenario.origins import Origins
from optimizer.scenario.problems import Mark, Problem, ScenarioError, problem_at
from optimizer.scenario.schema import Scenario, currency_rates, names_weather_file


def load(path: str | Path, overrides: Mapping[str, Any] | None = None) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    path : str or Path
        YAML file.
    overrides : mapping of str to object, optional
        Path -> value, as of --set: `{"money.wacc": 0.09, "sites[abilene].max_it_mw": "1.2 GW"}`.

    Raises
    ------
    ScenarioError
        `.problems` names each problem with file, line, column, code, path and message.
    """
    return load_with_origins(path, overrides)[0]


def load_with_origins(
    path: str | Path, overrides: Mapping[str, Any] | None = None
) -> tuple[Scenario, Origins]:
    """Read and check a scenario, and keep where each value was written."""
    file = Path(path)
    root = read_layers(file, overrides or {})
    origins = Origins(root)
    document, problems = _with_files(root, file)
    try:
        scenario = Scenario.model_validate(document, context={"currencies": currency_rates(document)})
    except ValidationError as error:
        problems += problems_of(error, origins)
        raise ScenarioError(tuple(problems)) from None
    for finding in find_problems(scenario):
        mark = origins.key(finding.path) if finding.at_key else origins.value(finding.path)
        problems.append(problem_at(mark, finding.code, path_text(finding.path), finding.message))
    if problems:
        raise ScenarioError(tuple(problems))
    return scenario, origins


def _with_files(root: Entries, file: Path) -> tuple[dict[str, Any], list[Problem]]:
    """The plain document with files named in it resolved against the file that names them."""
    document: dict[str, Any] = plain(root)
    problems: list[Problem] = []
    project = project_folder(file)

    def folder_of(mark: Mark) -> Path:
        return file.parent if mark.layer == "set" else Path(mark.file).parent

    def resolve(node: Node | None, holder: dict[str, Any], key: str, path: str) -> None:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            return
        if key == "weather" and not names_weather_file(node.value):
            return
        try:
            found = inside_project(node.value, node.mark, path, folder_of(node.mark), project)
        except ScenarioError as error:
            problems.extend(error.problems)
        else:
            holder[key] = str(found.resolve())

    hall = root.nodes.get("hall")
    if isinstance(hall, Entries):
        resolve(hall.nodes.get("load_file"), document["hall"], "load_file", "hall.load_file")
    sites = root.nodes.get("sites")
    for i, site in enumerate(sites.nodes if isinstance(sites, Items) else ()):
        if not isinstance(site, Entries):
            continue
        price = site.nodes.get("price")
        named = [(site.nodes.get("weather"), document["sites"][i], "weather", f"sites[{i}].weather")]
        if isinstance(price, Entries):
            inner = document["sites"][i]["price"]
            for key in ("file", "tariff"):
                named.append((price.nodes.get(key), inner, key, f"sites[{i}].price.{key}"))
        grid = site.nodes.get("grid")
        tranche = grid.nodes.get("curtailable") if isinstance(grid, Entries) else None
        if isinstance(tranche, Entries):
            inner = document["sites"][i]["grid"]["curtailable"]
            path = f"sites[{i}].grid.curtailable.load_file"
            named.append((tranche.nodes.get("load_file"), inner, "load_file", path))
        for node, holder, key, path in named:
            resolve(node, holder, key, path)
    return document, problems
