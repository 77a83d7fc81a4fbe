# ruff: noqa: E501
"""Write docs/cooling/: a page for each cooling system with its parameters from the catalog; derivations stand beside them."""

from __future__ import annotations

from pathlib import Path

from optimizer import catalog

FOLDER = Path(__file__).resolve().parents[1] / "cooling"

SHARED = """# Cooling systems

What each system is, what its figures are held to, and its parameters with value, range and source, from the catalog. [Derivations](derivations/README.md) of each hour,
as the kernel computes it, are beside them. These pages are written by `python docs/tools/write_cooling.py`.

{table}
"""

HELD = {
    "water_chiller_economizer": "Lei and Masanet's case 2 in fifteen climates, and fourteen campuses of Google ([validation](../validation.md)).",
    "air_economizer": "Lei and Masanet's case 6 in fifteen climates, and case 1 with water-cooled chillers behind it (`air_side: air_economizer_tower`; [validation](../validation.md)).",
    "air_economizer_dec": "Fleets of Meta, Microsoft and AWS, five campuses of Microsoft ([validation](../validation.md)).",
    "dlc_tower": "NREL ESIF, Frontier, NVIDIA's tower water ([physics](../physics.md#what-it-is-held-to)).",
    "dlc_hybrid": "NREL ESIF's thermosyphon, which saves half of the tower's water ([physics](../physics.md#what-it-is-held-to)).",
}


def page(name: str) -> str:
    """One system's page."""
    system = catalog.cooling(name)
    parts = [
        f"# {system.name}",
        "",
        f"`{name}`. {system.description} [Derivation](derivations/{name}.md).",
        "",
    ]
    parts += [
        "Room: `" + system.air_side + "`." + (f" Liquid: `{system.rejection}`." if system.liquid else ""),
        "",
    ]
    parts += [
        "## Held to",
        HELD.get(
            name,
            "The same laws in NumPy, and laws that must hold (`tests/physics/test_laws.py`); no published figure of its own.",
        ),
        "",
    ]
    parts += [
        "## Parameters",
        "| parameter | value | range | unit | source |",
        "| --- | --- | --- | --- | --- |",
    ]
    for key, fact in system.parameters.items():
        span = "" if fact.low is None or fact.high is None else f"{fact.low:g} - {fact.high:g}"
        weak = " (weak)" if fact.weak else ""
        parts.append(f"| `{key}` | {fact.value:g} | {span} | {fact.unit} | {fact.source}{weak} |")
    return "\n".join(parts) + "\n"


def index() -> str:
    """The list of all."""
    rows = ["| system | room | liquid | derivation |", "| --- | --- | --- | --- |"]
    for name in catalog.cooling_ids():
        system = catalog.cooling(name)
        rows.append(
            f"| [`{name}`]({name}.md) | `{system.air_side}` | `{system.rejection}` | [hour](derivations/{name}.md) |"
        )
    return SHARED.replace("{table}", "\n".join(rows))


def pages() -> dict[str, str]:
    """All pages by file name."""
    return {"README.md": index()} | {f"{name}.md": page(name) for name in catalog.cooling_ids()}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, text in pages().items():
        (FOLDER / file).write_text(text, encoding="utf-8")
