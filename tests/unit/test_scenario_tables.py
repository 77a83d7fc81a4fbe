"""Sites from a CSV table: columns, forms of cells, and where a bad cell stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.scenario import Problem, Scenario, ScenarioError, load, load_with_origins, to_document
from optimizer.scenario.schema import parse_month

CONFIGS = Path(__file__).parents[2] / "configs"
MINIMAL = (CONFIGS / "minimal.yaml").read_text(encoding="utf-8")
HEAD = "name,lat,lon,state,weather,grid.offer_mw,price.flat_usd_per_mwh"
ROW = "odessa,31.85,-102.37,TX,usa-tx-midland,2027-07:300;2028-07:700,40"


def scenario_file(folder: Path, table: str | bytes, item: str = "{table: sites.csv}") -> Path:
    """The minimal scenario with a table after its own sites."""
    (folder / "sites.csv").write_bytes(table.encode() if isinstance(table, str) else table)
    file = folder / "case.yaml"
    file.write_text(f"{MINIMAL}  - {item}\n", encoding="utf-8")
    return file


def read(folder: Path, *lines: str, item: str = "{table: sites.csv}") -> Scenario:
    return load(scenario_file(folder, "\n".join(lines) + "\n", item))


def problems(folder: Path, *lines: str, item: str = "{table: sites.csv}") -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        read(folder, *lines, item=item)
    return caught.value.problems


def places(found: tuple[Problem, ...]) -> list[tuple[str, int, int, str]]:
    return [(Path(p.file).name, p.line, p.column, p.code) for p in found]


def test_a_row_is_a_site(tmp_path: Path) -> None:
    scenario = read(tmp_path, HEAD, ROW)
    assert [site.name for site in scenario.sites] == ["abilene", "port-washington", "odessa"]
    assert to_document(scenario)["sites"][2] == {
        **to_document(scenario)["sites"][2],
        "lat": 31.85,
        "lon": -102.37,
        "state": "TX",
        "country": "US",
        "weather": "usa-tx-midland",
    }
    site = scenario.sites[2]
    assert site.grid is not None
    assert site.grid.offer_mw == {parse_month("2027-07"): 300.0, parse_month("2028-07"): 700.0}
    assert site.price is not None
    assert site.price.flat_usd_per_mwh == 40.0


def test_the_same_site_in_yaml(tmp_path: Path) -> None:
    text = (
        "{name: odessa, lat: 31.85, lon: -102.37, state: TX, weather: usa-tx-midland,"
        " grid: {offer_mw: {2027-07: 300, 2028-07: 700}}, price: {flat_usd_per_mwh: 40}}"
    )
    assert read(tmp_path, HEAD, ROW) == read(tmp_path, "", item=text)


def test_empty_cells_are_defaults(tmp_path: Path) -> None:
    head = HEAD + ",grid.loss,land.acres,tax.sales_exempt,cooling,source"
    site = read(tmp_path, head, ROW + ",,,,,").sites[2]
    assert site.grid is not None
    assert site.grid.loss == 0.0
    assert (site.land, site.tax.sales_exempt, site.cooling, site.source) == (None, False, None, None)


def test_keys_beside_the_table_hold_for_every_row_and_cells_go_first(tmp_path: Path) -> None:
    item = "{table: sites.csv, country: MX, grid: {loss: 0.02, min_take: 0.5}, land: {acres: 100}}"
    head = HEAD + ",grid.loss,land.usd_per_acre"
    sites = read(tmp_path, head, ROW + ",,9", ROW.replace("odessa", "midland") + ",0.05,", item=item).sites[
        2:
    ]
    assert [site.country for site in sites] == ["MX", "MX"]
    assert [site.grid and site.grid.loss for site in sites] == [0.02, 0.05]
    assert [site.grid and site.grid.min_take for site in sites] == [0.5, 0.5]
    assert [site.land and (site.land.acres, site.land.usd_per_acre) for site in sites] == [(100, 9), (100, 0)]


def test_comments_blank_lines_spaces_and_line_ends(tmp_path: Path) -> None:
    plain = read(tmp_path, HEAD, ROW)
    spaced = (
        "# sites\r\n\r\n"
        + HEAD.replace(",", " , ")
        + "\r\n  \r\n# more\r\n"
        + ROW.replace(",", " , ")
        + "\r\n"
    )
    assert load(scenario_file(tmp_path, b"\xef\xbb\xbf" + spaced.encode())) == plain


def test_quotes(tmp_path: Path) -> None:
    head = HEAD + ",partners,source"
    site = read(tmp_path, head, ROW + ',"Crusoe, ""Blue Owl""; Primary"," # no comment"').sites[2]
    assert site.partners == 'Crusoe, "Blue Owl"; Primary'
    assert site.source == "# no comment"
    quoted = ",".join(f'"{cell}"' for cell in ROW.split(","))
    assert read(tmp_path, HEAD, quoted) == read(tmp_path, HEAD, ROW)


def test_lists(tmp_path: Path) -> None:
    for cell in ("dlc_dry;dlc_tower", " dlc_dry ; dlc_tower; ", '"dlc_dry;dlc_tower"'):
        assert read(tmp_path, HEAD + ",cooling", ROW + "," + cell).sites[2].cooling == (
            "dlc_dry",
            "dlc_tower",
        )


def test_texts_that_look_like_other_values(tmp_path: Path) -> None:
    """`NO` is a state, and a note that is a number stays a text."""
    head = "name,lat,lon,country,weather,grid.offer_mw,price.flat_usd_per_mwh,source,partners"
    site = read(tmp_path, head, "oslo,59.9,10.7,NO,deu-frankfurt,2027-07:300,60,2026,true").sites[2]
    assert (site.country, site.source, site.partners) == ("NO", "2026", "true")


def test_quantities_with_units(tmp_path: Path) -> None:
    site = read(
        tmp_path, HEAD + ",max_it_mw,elevation_m", ROW.replace(":700", ":0.7 GW") + ",1.2 GW,1000 ft"
    ).sites[2]
    assert (site.max_it_mw, site.elevation_m) == (1200, pytest.approx(304.8))
    assert site.grid is not None
    assert list(site.grid.offer_mw.values()) == [300, 700]


def test_origins_are_cells(tmp_path: Path) -> None:
    _, origins = load_with_origins(
        scenario_file(tmp_path, f"# a\n{HEAD}\n{ROW}\n", "{table: sites.csv, country: US}")
    )
    mark = origins.where("sites[odessa].lon")
    assert mark is not None
    assert (Path(mark.file).name, mark.line, mark.column, mark.layer) == (
        "sites.csv",
        3,
        ROW.index("-102") + 1,
        "table",
    )
    beside = origins.where("sites[odessa].country")
    assert beside is not None
    assert (Path(beside.file).name, beside.layer) == ("case.yaml", "file")


@pytest.mark.parametrize(
    ("column", "cell", "code", "path"),
    [
        ("lat", "4339", "E104", "sites[2].lat"),
        ("lat", "north", "E106", "sites[2].lat"),
        ("lon", "", "E101", "sites[2].lon"),
        ("state", "Texas", "E106", "sites[2].state"),
        ("weather", "usa-tx-midlan", "E201", "sites[2].weather"),
        ("weather", "nowhere.epw", "E001", "sites[2].weather"),
        ("weather", "../outside.epw", "E010", "sites[2].weather"),
        ("name", "a/b", "E106", "sites[2].name"),
        ("name", "abilene", "E202", "sites[2].name"),
        ("grid.offer_mw", "2027-13:300", "E106", "sites[2].grid.offer_mw.2027-13"),
        ("grid.offer_mw", "2027-07:-300", "E104", "sites[2].grid.offer_mw.2027-07"),
        ("grid.offer_mw", "2027-07:lots", "E106", "sites[2].grid.offer_mw.2027-07"),
        ("grid.offer_mw", "2028-07:300;2027-07:100", "E106", "sites[2].grid.offer_mw.2027-07"),
        ("grid.offer_mw", "2027-07:300;2027-07:100", "E005", "grid.offer_mw"),
        ("grid.offer_mw", "300", "E012", "grid.offer_mw"),
        ("grid.offer_mw", "2027-07:", "E012", "grid.offer_mw"),
        ("grid.offer_mw", "2027-07=300", "E012", "grid.offer_mw"),
        ("price.flat_usd_per_mwh", "40 EUR/MWh", "E106", "sites[2].price.flat_usd_per_mwh"),
        ("price.flat_usd_per_mwh", ".nan", "E008", ""),
        ("price.flat_usd_per_mwh", "9" * 100, "E008", ""),
    ],
)
def test_a_bad_cell_is_shown_where_it_stands(
    tmp_path: Path, column: str, cell: str, code: str, path: str
) -> None:
    cells = dict(zip(HEAD.split(","), ROW.split(","), strict=True)) | {column: cell}
    row = ",".join(cells.values())
    at = len(",".join(list(cells.values())[: list(cells).index(column)])) + 2 if column != "name" else 1
    found = problems(
        tmp_path,
        "# sites",
        HEAD,
        ROW.replace("odessa", "first").replace("usa-tx-midland", "usa-tx-dallas"),
        row,
    )
    (problem,) = found
    assert (problem.code, problem.path) == (code, path.replace("[2]", "[3]"))
    assert (Path(problem.file).name, problem.line) == ("sites.csv", 4)
    # What is missing is shown at its row.
    assert problem.column == (1 if code == "E101" else at)


@pytest.mark.parametrize(
    ("cell", "code"), [("dlc_dri", "E105"), ("dlc_dry;dlc_towr", "E105"), ("air_economizer;;x", "E105")]
)
def test_a_bad_item_of_a_list(tmp_path: Path, cell: str, code: str) -> None:
    assert places(problems(tmp_path, HEAD + ",cooling", f"{ROW},{cell}")) == [
        ("sites.csv", 2, len(ROW) + 2, code)
    ]


def test_all_bad_cells_are_shown_at_once(tmp_path: Path) -> None:
    rows = [
        ROW.replace("odessa", f"site {i}").replace("31.85", "331.85").replace("TX", "Texas") for i in range(3)
    ]
    found = problems(tmp_path, HEAD, *rows)
    assert places(found) == [
        ("sites.csv", 2 + i, column, code) for i in range(3) for column, code in ((8, "E104"), (23, "E106"))
    ]


@pytest.mark.parametrize(
    ("column", "code", "word"),
    [
        ("latt", "E102", "did you mean 'lat'?"),
        ("grid.ofer_mw", "E102", "did you mean 'grid.offer_mw'?"),
        ("Lat", "E102", "did you mean 'lat'?"),
        ("", "E102", "unknown column"),
        ("grid", "E012", "can't be given in a table"),
        ("existing", "E012", "can't be given in a table"),
        ("lat", "E012", "a second column"),
        ("sites.lat", "E102", "unknown column"),
        ("table", "E102", "unknown column"),
    ],
)
def test_wrong_column_names(tmp_path: Path, column: str, code: str, word: str) -> None:
    found = problems(tmp_path, f"{HEAD},{column}", ROW + ",1")
    assert places(found) == [("sites.csv", 1, len(HEAD) + 2, code)]
    assert word in found[0].message


@pytest.mark.parametrize(
    ("row", "count"), [(ROW + ",", 8), (ROW.rpartition(",")[0], 6), ("odessa", 1), (",,", 3)]
)
def test_wrong_number_of_cells(tmp_path: Path, row: str, count: int) -> None:
    found = problems(tmp_path, HEAD, ROW, row)
    assert places(found) == [("sites.csv", 3, 1, "E012")]
    assert f"expected 7 cells as in the header, found {count}" in found[0].message


@pytest.mark.parametrize("cell", ['"open', '"a"b', 'a","b', '"a""'])
def test_quotes_that_do_not_end(tmp_path: Path, cell: str) -> None:
    found = problems(tmp_path, HEAD + ",source", f"{ROW},{cell}")
    assert [(p.line, p.code) for p in found] == [(2, "E012")]
    assert found[0].column >= len(ROW) + 2


def test_tables_without_rows(tmp_path: Path) -> None:
    assert len(read(tmp_path, HEAD).sites) == 2
    assert places(problems(tmp_path, "")) == [("sites.csv", 1, 1, "E012")]
    assert places(problems(tmp_path, "# only a comment")) == [("sites.csv", 1, 1, "E012")]


def test_files_that_are_no_tables(tmp_path: Path) -> None:
    line = len(MINIMAL.splitlines()) + 1
    for name, code in (
        ("nowhere.csv", "E001"),
        ("../sites.csv", "E010"),
        ("http://a.b/c.csv", "E010"),
        ("7", "E103"),
    ):
        found = problems(tmp_path, HEAD, ROW, item=f"{{table: {name}}}")
        assert places(found) == [("case.yaml", line, 13, code)]
    with pytest.raises(ScenarioError) as caught:
        load(scenario_file(tmp_path, f"{HEAD}\n{ROW}\n".encode("utf-16")))
    assert [problem.code for problem in caught.value.problems] == ["E002"]


def test_too_many_rows(tmp_path: Path) -> None:
    found = problems(tmp_path, "name", *(f"s{i}" for i in range(20_001)))
    assert [problem.code for problem in found] == ["E004"]


def test_tables_merge_with_layers(tmp_path: Path) -> None:
    scenario_file(tmp_path, f"{HEAD}\n{ROW}\n")
    file = tmp_path / "over.yaml"
    file.write_text("extends: case.yaml\nsites: [{name: odessa, grid: {loss: 0.03}}]\n")
    scenario = load(file, {"sites[odessa].max_it_mw": "90"})
    assert [site.name for site in scenario.sites] == ["abilene", "port-washington", "odessa"]
    assert scenario.sites[2].grid is not None
    assert (scenario.sites[2].grid.loss, scenario.sites[2].max_it_mw) == (0.03, 90)


def test_shipped_table() -> None:
    rows = (CONFIGS / "sites" / "us_offers.csv").read_text(encoding="utf-8").splitlines()
    names = [row.split(",")[0] for row in rows if row and not row.startswith("#")][1:]
    sites = load(CONFIGS / "stargate.yaml").sites
    assert [site.name for site in sites][-len(names) :] == names
    assert {site.country for site in sites[-len(names) :]} == {"US"}
