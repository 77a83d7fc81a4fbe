"""Two plans side by side on the terminal and as JSON."""

from __future__ import annotations

from typing import Any

from optimizer.cli.text_tables import table
from optimizer.report.comparison import Comparison, change_in_words, comparison_tables

FRAMES = ("figures", "cost", "it_mw", "compute", "dates", "sites", "limits")


def comparison_text(found: Comparison, columns: int) -> str:
    """The comparison as a sentence and tables.

    Parameters
    ----------
    found : Comparison
    columns : int
        Width [characters].
    """
    words = [change_in_words(found)] if found.first.aim == "cost" else []
    return "\n\n".join([*words, *(table(part, columns) for part in comparison_tables(found))])


def comparison_document(found: Comparison) -> dict[str, Any]:
    """The comparison as JSON takes it."""
    return {
        "first": found.names[0],
        "second": found.names[1],
        "objective": {"first": found.first.objective, "second": found.second.objective},
        "change_of_objective": found.change_of_objective,
        **{name: getattr(found, name).to_dict(orient="records") for name in FRAMES},
    }
