"""Plans of the shipped scenarios, solved once a run."""

from __future__ import annotations

from pathlib import Path

import pytest

import optimizer
from optimizer.plan import Plan

CONFIGS = Path(__file__).resolve().parents[2] / "configs"


@pytest.fixture(scope="session")
def minimal() -> Plan:
    return optimizer.solve(optimizer.load(CONFIGS / "minimal.yaml"), time_limit=60, gap=0.001)


@pytest.fixture(scope="session")
def stargate() -> Plan:
    """With time to spare: a loaded machine must not change what is tested."""
    return optimizer.solve(optimizer.load(CONFIGS / "stargate.yaml"), time_limit=400, gap=0.005, threads=2)


@pytest.fixture(scope="session")
def world() -> Plan:
    return optimizer.solve(optimizer.load(CONFIGS / "global.yaml"), time_limit=200, gap=0.005, threads=2)
