"""Where the larger test data lie: OPTIMIZER_TEST_DATA, by default `../shared/data` beside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
RAW = Path(os.environ.get("OPTIMIZER_TEST_DATA", ROOT.parent / "shared" / "data"))
ABSENT = "the test data folder is absent (OPTIMIZER_TEST_DATA)"
needs_raw = pytest.mark.skipif(not RAW.is_dir(), reason=ABSENT)
