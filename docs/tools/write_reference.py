"""Write docs/scenario.md, docs/scenario.schema.json and docs/plan.schema.json from the schema; a test holds them to it."""

from __future__ import annotations

import json
from pathlib import Path

from optimizer.scenario import given_schema, json_schema
from optimizer.scenario.reference import reference

DOCS = Path(__file__).resolve().parents[1]


def schema_text() -> str:
    """The JSON Schema as it stands in the file."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def plan_schema_text() -> str:
    """The JSON Schema of given plans as it stands in the file."""
    return json.dumps(given_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    (DOCS / "scenario.md").write_text(reference(), encoding="utf-8")
    (DOCS / "scenario.schema.json").write_text(schema_text(), encoding="utf-8")
    (DOCS / "plan.schema.json").write_text(plan_schema_text(), encoding="utf-8")
