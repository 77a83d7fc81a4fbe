"""Files that are not there, that can't be read, and that a scenario must not start from."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from optimizer.cli.entry import invoke
from optimizer.scenario import Problem, ScenarioError, load

from .refusals import MINIMAL, at, problem_of, refused


class TestFiles:
    """Files that can't be read or must not be."""

    def test_missing(self, tmp_path: Path) -> None:
        (problem,) = refused(tmp_path / "nowhere.yaml")
        assert problem.code == "E001"
        assert "no such file" in problem.message

    def test_folder(self, tmp_path: Path) -> None:
        (problem,) = refused(tmp_path)
        assert problem.code == "E001"
        assert "folder" in problem.message

    @pytest.mark.parametrize("name", ["a\0b.yaml", "x" * 5000 + ".yaml"])
    def test_strange_names(self, tmp_path: Path, name: str) -> None:
        (problem,) = refused(tmp_path / name)
        assert problem.code == "E001"

    def test_command_line(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "empty.yaml").write_text("")
        (tmp_path / "tag.yaml").write_text("name: !!python/object/apply:os.system [echo]\n")
        for name in ("nowhere.yaml", ".", "empty.yaml", "tag.yaml"):
            assert invoke(["validate", str(tmp_path / name)]) == 2
            shown = capfd.readouterr()
            assert "Traceback" not in shown.out + shown.err
            assert len(shown.out.splitlines()) == 1


class TestExtends:
    """What a scenario may start from."""

    def extending(self, folder: Path, name: str) -> Problem:
        return problem_of(folder, f"# first line\nextends: {name}\n", "E010")

    def test_itself(self, tmp_path: Path) -> None:
        problem = self.extending(tmp_path, "case.yaml")
        assert at(problem) == (2, 10)
        assert "extends itself" in problem.message

    def test_circle(self, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_text("extends: b.yaml\n")
        (tmp_path / "b.yaml").write_text("name: b\nextends: case.yaml\n")
        problem = self.extending(tmp_path, "a.yaml")
        assert Path(problem.file).name == "b.yaml"
        assert at(problem) == (2, 10)

    def test_long_chain(self, tmp_path: Path) -> None:
        for i in range(100):
            (tmp_path / f"{i}.yaml").write_text(f"extends: {i + 1}.yaml\n")
        (tmp_path / "100.yaml").write_text(MINIMAL)
        assert "files extend each other" in self.extending(tmp_path, "0.yaml").message

    def test_many_times_the_same_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each layer names the next one eight times: a budget holds, or files are read once."""
        reads = 0
        read_bytes = Path.read_bytes

        def counted(path: Path) -> bytes:
            nonlocal reads
            reads += 1
            assert reads <= 1000, "the files of twelve layers are read over and over"
            return read_bytes(path)

        monkeypatch.setattr(Path, "read_bytes", counted)
        (tmp_path / "12.yaml").write_text(MINIMAL)
        for i in range(12):
            (tmp_path / f"{i}.yaml").write_text(f"extends: [{', '.join([f'{i + 1}.yaml'] * 8)}]\n")
        assert load(tmp_path / "11.yaml").name == "minimal"
        with contextlib.suppress(ScenarioError):
            load(tmp_path / "0.yaml")

    def test_missing(self, tmp_path: Path) -> None:
        problem = problem_of(tmp_path, "extends: nowhere.yaml\n", "E001")
        assert at(problem) == (1, 10)
        assert "nowhere.yaml" in problem.message

    def test_folder(self, tmp_path: Path) -> None:
        (tmp_path / "folder").mkdir()
        assert problem_of(tmp_path, "extends: folder\n", "E001").path == "extends"

    @pytest.mark.parametrize(
        "name", ["../other.yaml", "../../etc/hostname", "/etc/hostname", "a/../../other.yaml"]
    )
    def test_outside_of_the_project(self, tmp_path: Path, name: str) -> None:
        project = tmp_path / "project"
        (project / "a").mkdir(parents=True)
        (tmp_path / "other.yaml").write_text(MINIMAL)
        problem = self.extending(project, name)
        assert "out of the project" in problem.message

    def test_symlink_that_leads_outside(self, tmp_path: Path) -> None:
        project = tmp_path / "project"
        project.mkdir()
        (tmp_path / "other.yaml").write_text(MINIMAL)
        (project / "inside.yaml").symlink_to(tmp_path / "other.yaml")
        assert "out of the project" in self.extending(project, "inside.yaml").message

    def test_symlink_in_a_circle(self, tmp_path: Path) -> None:
        (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
        assert problem_of(tmp_path, "extends: loop.yaml\n", "E001").path == "extends"

    @pytest.mark.parametrize("name", ["http://a.b/c.yaml", "https://a.b/c.yaml", "file:///etc/hostname"])
    def test_address(self, tmp_path: Path, name: str) -> None:
        assert "address" in self.extending(tmp_path, name).message

    def test_project_folder_is_that_of_pyproject(self, tmp_path: Path) -> None:
        """A base beside the scenario's folder is taken where both lie in one project."""
        (tmp_path / "pyproject.toml").write_text("")
        (tmp_path / "cases").mkdir()
        (tmp_path / "base.yaml").write_text(MINIMAL)
        file = tmp_path / "cases" / "case.yaml"
        file.write_text("extends: ../base.yaml\nname: mine\n")
        assert load(file).name == "mine"

    def test_problem_in_the_base_is_shown_there(self, tmp_path: Path) -> None:
        (tmp_path / "base.yaml").write_text(MINIMAL.replace("wacc: 0.08", "wacc: 8"))
        problem = problem_of(tmp_path, "extends: base.yaml\nname: mine\n", "E104")
        assert Path(problem.file).name == "base.yaml"
        assert problem.line == next(i for i, line in enumerate(MINIMAL.splitlines(), 1) if "wacc" in line)

    def test_base_that_is_no_mapping(self, tmp_path: Path) -> None:
        (tmp_path / "base.yaml").write_text("- a\n")
        assert Path(problem_of(tmp_path, "extends: base.yaml\n", "E103").file).name == "base.yaml"
