"""Layers of a scenario: extends, values set from outside, dated mappings, and where each value was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from optimizer.scenario import Problem, Scenario, ScenarioError, load, load_with_origins

MINIMAL = (Path(__file__).parents[2] / "configs" / "minimal.yaml").read_text(encoding="utf-8")


@pytest.fixture
def minimal(tmp_path: Path) -> Path:
    file = tmp_path / "minimal.yaml"
    file.write_text(MINIMAL, encoding="utf-8")
    return file


def over(minimal: Path, text: str) -> Path:
    """A file that extends the minimal scenario."""
    file = minimal.parent / "over.yaml"
    file.write_text(f"extends: minimal.yaml\n{text}", encoding="utf-8")
    return file


def line_of(text: str, part: str) -> int:
    """Line of the first occurrence of a part."""
    return text[: text.index(part)].count("\n") + 1


def refusal(file: Path, overrides: dict[str, Any] | None = None) -> Problem:
    with pytest.raises(ScenarioError) as caught:
        load(file, overrides)
    (problem,) = caught.value.problems
    return problem


class TestExtends:
    def test_maps_merge(self, minimal: Path) -> None:
        base = load(minimal)
        scenario = load(over(minimal, "money: {wacc: 0.1}\nhall:\n  it_mw: 75\n"))
        assert scenario.money == base.money.model_copy(update={"wacc": 0.1})
        assert scenario.hall == base.hall.model_copy(update={"it_mw": 75.0})
        assert scenario.sites == base.sites

    def test_texts_and_lists_without_names_are_replaced(self, minimal: Path) -> None:
        scenario = load(over(minimal, "name: mine\ncooling: [dlc_tower]\n"))
        assert scenario.name == "mine"
        assert scenario.cooling == ("dlc_tower",)

    def test_lists_of_named_items_merge_by_name_and_keep_their_order(self, minimal: Path) -> None:
        text = """\
sites:
  - name: toronto
    lat: 43.65
    lon: -79.38
    country: CA
    weather: can-toronto
    grid: {offer_mw: {2028-01: 100}}
    price: {flat_usd_per_mwh: 75}
  - {name: port-washington, grid: {loss: 0.03}}
"""
        base, scenario = load(minimal), load(over(minimal, text))
        assert [site.name for site in scenario.sites] == ["abilene", "port-washington", "toronto"]
        assert scenario.sites[0] == base.sites[0]
        grid = scenario.sites[1].grid
        assert grid is not None
        assert grid.loss == 0.03
        assert base.sites[1].grid is not None
        assert grid.offer_mw == base.sites[1].grid.offer_mw
        assert scenario.sites[1].land == base.sites[1].land

    def test_dated_maps_merge_in_order_of_their_dates(self, minimal: Path) -> None:
        text = "sites: [{name: abilene, grid: {offer_mw: {2026-02: 50, 2027-01: 200, 2027-07: 500}}}]\n"
        grid = load(over(minimal, text)).sites[0].grid
        assert grid is not None
        assert list(grid.offer_mw.values()) == [50.0, 100.0, 200.0, 500.0]
        assert list(grid.offer_mw) == sorted(grid.offer_mw)

    def test_null_resets_to_the_default(self, minimal: Path) -> None:
        scenario = load(over(minimal, "money: {unserved_usd_per_h100e_hour: null}\nhall: null\n"))
        assert scenario.money.unserved_usd_per_h100e_hour is None
        assert scenario.money.wacc == 0.08
        assert scenario.hall.it_mw == 100.0

    def test_null_inside_a_named_item_and_a_dated_map(self, minimal: Path) -> None:
        text = "sites: [{name: abilene, land: null, grid: {offer_mw: {2026-07: null}}}]\n"
        site = load(over(minimal, text)).sites[0]
        assert site.land is None
        assert site.grid is not None
        assert list(site.grid.offer_mw.values()) == [400.0]

    def test_null_where_a_value_is_needed(self, minimal: Path) -> None:
        problem = refusal(over(minimal, "money: {wacc: null}\n"))
        assert (problem.code, problem.path) == ("E101", "money.wacc")

    def test_an_empty_list_takes_all_items_away(self, minimal: Path) -> None:
        text = "demand: {regions: [], workloads: [{name: inference, max_rtt_ms: null}]}\n"
        scenario = load(over(minimal, text))
        assert scenario.demand.regions == ()
        assert len(scenario.demand.workloads) == 2

    def test_later_bases_lie_over_earlier_ones(self, minimal: Path) -> None:
        (minimal.parent / "a.yaml").write_text("money: {wacc: 0.11, inflation: 0.01}\n")
        (minimal.parent / "b.yaml").write_text("money: {wacc: 0.12}\n")
        file = minimal.parent / "top.yaml"
        file.write_text("extends: [minimal.yaml, a.yaml, b.yaml]\nname: top\n")
        scenario = load(file)
        assert (scenario.name, scenario.money.wacc, scenario.money.inflation) == ("top", 0.12, 0.01)

    def test_a_chain_and_files_relative_to_the_file_that_names_them(self, minimal: Path) -> None:
        deep = minimal.parent / "deep"
        deep.mkdir()
        (deep / "a.yaml").write_text("extends: b.yaml\nmoney: {wacc: 0.2}\n")
        (deep / "b.yaml").write_text(MINIMAL.replace("name: minimal", "name: b"))
        file = minimal.parent / "top.yaml"
        file.write_text("extends: deep/a.yaml\n")
        scenario = load(file)
        assert (scenario.name, scenario.money.wacc) == ("b", 0.2)

    def test_a_mapping_over_a_value_replaces_it(self, minimal: Path) -> None:
        problem = refusal(over(minimal, "money:\n  wacc: {a: 1}\n"))
        assert (problem.code, problem.path, problem.line) == ("E103", "money.wacc", 3)
        assert Path(problem.file).name == "over.yaml"


class TestSet:
    @pytest.mark.parametrize(
        ("path", "value", "seen"),
        [
            ("money.wacc", "0.11", lambda s: s.money.wacc == 0.11),
            ("money.wacc", 0.11, lambda s: s.money.wacc == 0.11),
            ("money.wacc", "11 %", lambda s: s.money.wacc == pytest.approx(0.11)),
            ("name", "other", lambda s: s.name == "other"),
            ("name", "'010'", lambda s: s.name == "010"),
            ("hall.max_starts", "7", lambda s: s.hall.max_starts == 7),
            (
                "finance.sources",
                "[{name: a, kind: equity, cost: 0.1, funds: [land, facility, power, chips]}]",
                lambda s: s.finance.sources[0].cost == 0.1,
            ),
            ("sites[0].max_it_mw", "1.2 GW", lambda s: s.sites[0].max_it_mw == 1200),
            ("sites[abilene].max_it_mw", "300", lambda s: s.sites[0].max_it_mw == 300),
            ("sites['abilene'].max_it_mw", "300", lambda s: s.sites[0].max_it_mw == 300),
            ('sites["port-washington"].max_it_mw', "300", lambda s: s.sites[1].max_it_mw == 300),
            ("sites[port-washington].grid.loss", "0.02", lambda s: s.sites[1].grid.loss == 0.02),
            ("sites.abilene.grid.loss", "0.02", lambda s: s.sites[0].grid.loss == 0.02),
            ("sites[abilene].onsite.gas.max_mw", "50", lambda s: s.sites[0].onsite.gas.max_mw == 50),
            ("cooling[1]", "air_chiller", lambda s: s.cooling == ("dlc_dry", "air_chiller", "dlc_tower")),
            ("cooling", "[dlc_tower]", lambda s: s.cooling == ("dlc_tower",)),
            ("demand.min_it_mw.2028-01", "300", lambda s: list(s.demand.min_it_mw.values()) == [300]),
            ("demand.min_it_mw[2028-01]", "300", lambda s: list(s.demand.min_it_mw.values()) == [300]),
            ("demand.min_it_mw.2027-01", "100", lambda s: list(s.demand.min_it_mw.values()) == [100, 400]),
            ("demand.min_it_mw", "{2027-01: 5}", lambda s: list(s.demand.min_it_mw.values()) == [5]),
            (
                "demand.workloads[inference].max_rtt_ms",
                "90",
                lambda s: s.demand.workloads[1].max_rtt_ms == 90,
            ),
            ("chips.supply_racks.gb300_nvl72", "null", lambda s: s.chips.supply_racks == {}),
            (
                "money.unserved_usd_per_h100e_hour",
                "null",
                lambda s: s.money.unserved_usd_per_h100e_hour is None,
            ),
            (
                "money.unserved_usd_per_h100e_hour",
                None,
                lambda s: s.money.unserved_usd_per_h100e_hour is None,
            ),
            ("sites[abilene].tax", {"sales_exempt": False}, lambda s: s.sites[0].tax.sales_exempt is False),
            ("objective", "maximize_compute", None),
        ],
    )
    def test_paths(self, minimal: Path, path: str, value: Any, seen: Any) -> None:
        if seen is None:
            problem = refusal(minimal, {path: value})
            assert (problem.code, problem.path) == ("E210", "objective")
            assert problem.file == f"--set {path}"
            return
        scenario: Scenario = load(minimal, {path: value})
        assert seen(scenario)

    def test_later_values_lie_over_earlier_ones(self, minimal: Path) -> None:
        scenario = load(minimal, {"hall": "{it_mw: 20}", "hall.build_months": "9"})
        assert (scenario.hall.it_mw, scenario.hall.build_months, scenario.hall.max_starts_per_site) == (
            20,
            9,
            None,
        )

    @pytest.mark.parametrize(
        "path", ["", ".", "money..wacc", ".money", "money.", "sites[", "sites[]", "sites[0]x", "a]b"]
    )
    def test_what_is_no_path(self, minimal: Path, path: str) -> None:
        problem = refusal(minimal, {path: "1"})
        assert problem.code == "E011"
        assert "expected a path such as" in problem.message
        assert (problem.file, problem.line) == (f"--set {path}", 0)

    @pytest.mark.parametrize(
        ("path", "code", "word"),
        [
            ("sites[abilen].grid.loss", "E011", "did you mean 'abilene'?"),
            ("sites[nowhere].lat", "E011", "known: abilene, port-washington"),
            ("sites[7].lat", "E011", "the list has 2"),
            ("cooling[9]", "E011", "the list has 3"),
            ("cooling[first]", "E011", "no names"),
            ("money.wacc.x", "E011", "inside the value 0.08"),
            ("money.wac", "E102", "did you mean 'wacc'?"),
            ("mony.wacc", "E102", "did you mean 'money'?"),
            ("sites[abilene].grid.losses", "E102", "did you mean 'loss'?"),
            ("wacc", "E102", "did you mean 'money.wacc'?"),
            ("sites[abilene].objective", "E102", "stands at the top"),
        ],
    )
    def test_what_is_not_there(self, minimal: Path, path: str, code: str, word: str) -> None:
        problem = refusal(minimal, {path: "0.1"})
        assert problem.code == code
        assert word in problem.message
        assert problem.file == f"--set {path}"

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            ("8", "E104"),
            ("lots", "E106"),
            (".nan", "E008"),
            ("[", "E003"),
            ("!!int 1", "E006"),
            ("{a: 1, a: 2}", "E005"),
        ],
    )
    def test_bad_values_are_shown_at_their_option(self, minimal: Path, value: str, code: str) -> None:
        problem = refusal(minimal, {"money.wacc": value})
        assert problem.code == code
        assert problem.file == "--set money.wacc"

    def test_a_file_that_is_set_is_sought_beside_the_scenario(self, minimal: Path) -> None:
        (minimal.parent / "price.csv").write_text("usd_per_mwh\n" + "30\n" * 8760)
        price = load(minimal, {"sites[1].price": "{file: price.csv}"}).sites[1].price
        assert price is not None
        assert price.file == str((minimal.parent / "price.csv").resolve())
        problem = refusal(minimal, {"sites[1].price": "{file: nowhere.csv}"})
        assert (problem.code, problem.path) == ("E001", "sites[1].price.file")


@pytest.mark.parametrize(
    ("wrong", "right", "hint"),
    [
        ("wacc: 0.08", "wac: 0.08", "did you mean 'wacc'?"),
        ("horizon:", "horizons:", "did you mean 'horizon'?"),
        ("lat: 32.45", "latitude: 32.45", "unknown key"),
        ("{sales_exempt: true}", "{sales_exemption: true}", "did you mean 'sales_exempt'?"),
        ("objective: minimize_cost", "budget_usd: 1.0e9", "did you mean 'money.budget_usd'?"),
        ("usa-tx-abilene", "usa-tx-abilen", "did you mean 'usa-tx-abilene'"),
        ("ercot-hubavg", "ercot-hubav", "did you mean 'ercot-hubavg'"),
        ("[dlc_dry,", "[dlc_dri,", "did you mean 'dlc_dry'?"),
        ("[gb300_nvl72,", "[gb300_nvl7,", "did you mean 'gb300_nvl72'"),
    ],
)
def test_did_you_mean(minimal: Path, wrong: str, right: str, hint: str) -> None:
    text = MINIMAL.replace(wrong, right, 1)
    minimal.write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load(minimal)
    shown = [problem for problem in caught.value.problems if hint in problem.message]
    assert shown, str(caught.value)
    assert shown[0].line == line_of(text, right)


class TestOrigins:
    def test_of_a_file(self, minimal: Path) -> None:
        _, origins = load_with_origins(minimal)
        for path, part in (
            ("money.wacc", "0.08"),
            ("sites[0].grid.offer_mw.2027-07", "400}, c"),
            ("name", "minimal\ndesc"),
        ):
            mark = origins.where(path)
            assert mark is not None
            assert mark.line == line_of(MINIMAL, part)
            assert mark.column == MINIMAL.index(part) - MINIMAL.rfind("\n", 0, MINIMAL.index(part))
            assert (Path(mark.file), mark.layer) == (minimal, "file")
        assert origins.where("sites[abilene].lat") == origins.where("sites[0].lat")

    def test_of_defaults(self, minimal: Path) -> None:
        _, origins = load_with_origins(minimal)
        for path in (
            "money.carbon_usd_per_t",
            "hall.redundancy",
            "sites[0].grid.loss",
            "sites[nowhere].lat",
            "finance",
            "a..b",
        ):
            assert origins.where(path) is None
        near = origins.nearest("sites[0].grid.loss")
        assert near.line == line_of(MINIMAL, "grid: {")

    def test_of_layers(self, minimal: Path) -> None:
        file = over(minimal, "money:\n  wacc: 0.1\nsites:\n  - {name: abilene, grid: {loss: 0.02}}\n")
        _, origins = load_with_origins(file, {"hall.it_mw": "20"})
        layers = {
            "money.wacc": ("over.yaml", 3, "file"),
            "money.inflation": ("minimal.yaml", line_of(MINIMAL, "inflation:"), "extends"),
            "sites[abilene].grid.loss": ("over.yaml", 5, "file"),
            "sites[abilene].lat": ("minimal.yaml", line_of(MINIMAL, "lat: 32.45"), "extends"),
            "hall.build_months": ("minimal.yaml", line_of(MINIMAL, "hall:"), "extends"),
        }
        for path, (name, line, layer) in layers.items():
            mark = origins.where(path)
            assert mark is not None
            assert (Path(mark.file).name, mark.line, mark.layer) == (name, line, layer)
        mark = origins.where("hall.it_mw")
        assert mark is not None
        assert (mark.file, mark.layer) == ("--set hall.it_mw", "set")
        assert "hall.it_mw" in str(mark)


def test_dates_of_a_layer_are_in_order(minimal: Path) -> None:
    """Merged, they would be sorted, and the mistake lost."""
    text = "demand: {workloads: [{name: training, path: {2028-01: 1.0e+5, 2027-01: 2.0e+5}}]}\n"
    found = refusal(over(minimal, text))
    assert (found.code, found.path, found.line) == ("E106", "demand.workloads[0].path.2027-01", 2)
    assert found.message == "dates out of order: expected a month after 2028-01, found 2027-01"
