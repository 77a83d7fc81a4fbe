"""The house: upper floors import lower ones, no circles, one place for the solver, small files, no loose print."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "optimizer"
FLOORS = (
    ("optimizer._core", "optimizer.errors"),
    ("optimizer.catalog",),
    ("optimizer.scenario",),
    ("optimizer.physics",),
    ("optimizer.programmes",),
    ("optimizer.planning",),
    ("optimizer.plan",),
    ("optimizer.pipeline",),
    ("optimizer.studies",),
    ("optimizer.report", "optimizer.risk"),
    ("optimizer.cli",),
)
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "_core" not in path.parts)
MOST_LINES = 400


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def floor_of(module: str) -> int | None:
    found = [
        (len(name), level)
        for level, names in enumerate(FLOORS)
        for name in names
        if module == name or module.startswith(name + ".")
    ]
    return max(found)[1] if found else None


def imports(path: Path) -> list[tuple[str, int]]:
    """Modules of ours that a file imports, with their line."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                is_module = (ROOT / Path(*inner.split("."))).is_dir() or (
                    ROOT / Path(*inner.split("."))
                ).with_suffix(".py").is_file()
                found.append((inner if is_module else node.module, node.lineno))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_lead_down(path: Path) -> None:
    own = floor_of(module_of(path))
    if own is None:  # the package's front door
        return
    for module, line in imports(path):
        if module.startswith("optimizer"):
            level = floor_of(module)
            same_package = module_of(path).split(".")[:2] == module.split(".")[:2]
            assert level is not None, f"{path}:{line}: {module}"
            assert level < own or same_package, f"{path}:{line}: {module} is not below"


def test_no_circles() -> None:
    graph = {module_of(path): {m for m, _ in imports(path) if m.startswith("optimizer.")} for path in FILES}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail, module))
        if module in done or module not in graph:
            return
        for inner in sorted(graph[module]):
            visit(inner, (*trail, module))
        done.add(module)

    for module in sorted(graph):
        visit(module, ())


def test_one_place_imports_the_solver() -> None:
    places = {
        str(p.relative_to(PACKAGE)) for p in FILES if any(m.startswith("ortools") for m, _ in imports(p))
    }
    assert places == {"planning/mathopt.py"}


@pytest.mark.parametrize("name", ["accounts", "check", "finance", "terms", "times", "violations"])
def test_the_check_knows_nothing_of_the_model(name: str) -> None:
    for path in (PACKAGE / "plan").glob(f"{name}*.py"):
        for module, line in imports(path):
            assert not module.startswith(("optimizer.programmes", "optimizer.planning")), f"{path}:{line}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_are_small_and_quiet(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MOST_LINES
    for node in ast.walk(ast.parse(text)):
        is_print = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        assert not is_print or "cli" in path.parts, f"{path}:{node.lineno}"


def test_names_say_what_is_inside() -> None:
    bad = re.compile(r"(util|helper|common|misc|manager|handler|stuff|data2)s?\Z")
    for path in [*PACKAGE.rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]:
        assert not bad.search(path.stem), path


def test_setup_holds_extensions_only() -> None:
    tree = ast.parse((ROOT / "setup.py").read_text(encoding="utf-8"))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "setup"]
    assert [keyword.arg for call in calls for keyword in call.keywords] == ["options", "ext_modules"]
