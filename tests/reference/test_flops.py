"""The operations that the benchmark counts for a design-hour are those of the compiled loop."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

from benchmarks.kernel import FLOPS

TOOL = Path(__file__).parents[2] / "docs" / "tools" / "count_flops.py"


def test_flops_by_disassembly() -> None:
    """Within a tenth: another compiler fuses other products."""
    if shutil.which("objdump") is None:
        pytest.skip("objdump is not installed")
    spec = importlib.util.spec_from_file_location("count_flops", TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    try:
        found = tool.flops_per_hour()
    except LookupError as error:
        pytest.skip(f"no such loop in this build: {error}")
    assert found == {system: pytest.approx(count, rel=0.1) for system, count in FLOPS.items()}
