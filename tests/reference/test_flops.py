"""The operations that the benchmark counts for a design-hour are those of the compiled loop."""

from __future__ import annotations

import shutil

import pytest

from benchmarks.kernel import FLOPS

from ..docs_tools import tool


def test_flops_by_disassembly() -> None:
    """Within a tenth: another compiler fuses other products."""
    if shutil.which("objdump") is None:
        pytest.skip("objdump is not installed")
    try:
        found = tool("count_flops").flops_per_hour()
    except LookupError as error:
        pytest.skip(f"no such loop in this build: {error}")
    assert found == {system: pytest.approx(count, rel=0.1) for system, count in FLOPS.items()}
