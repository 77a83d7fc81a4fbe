"""A guard on the kernel's loops: instructions of a design-hour, counted by callgrind; no clock is asked.

The counts are of the x86-64-v3 versions, which valgrind runs, built by GCC 12. A loop that no longer vectorises, or does its
work twice, is far above the tolerance; another compiler is not.
"""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DESIGNS, HOURS = 32, 512
TOLERANCE = 1.35
# Instructions a design-hour, both at the hour's load and at full load.
COUNTED = {
    "_air_chiller": 30,
    "_water_chiller": 57,
    "_air_economizer": 133,
    "_indirect_evaporative": 56,
    "_dry": 60,
    "_adiabatic": 79,
    "_tower": 82,
    "_hybrid": 100,
}
SCRIPT = f"""
import sys
import numpy as np
import optimizer._core.facility as kernel
rows = np.load(sys.argv[1])
hours = np.ones((10, {HOURS}))
hours[1], hours[2], hours[3], hours[4] = 20.0, 15.0, 0.008, 0.5
for (air, rejection), row in zip(((0, 0), (1, 0), (2, 0), (4, 0), (0, 1), (0, 2), (1, 3), (1, 5)), rows):
    out = np.zeros(({DESIGNS}, len(kernel.RESULTS)))
    inputs = np.ascontiguousarray(np.repeat(row[None], {DESIGNS}, 0))
    kernel.facility_years(air, rejection, inputs, np.full({DESIGNS}, 0.8), hours, out)
"""
SYSTEMS = (
    "air_chiller", "water_chiller_economizer", "air_economizer", "indirect_evaporative", "dlc_dry", "dlc_adiabatic",
    "dlc_tower", "dlc_hybrid",
)  # fmt: skip


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed")
@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="counts are of x86-64 on Linux"
)
def test_instructions_of_a_design_hour(tmp_path: Path) -> None:
    import numpy as np

    from optimizer.physics.design_inputs import design_inputs

    np.save(tmp_path / "rows.npy", np.vstack([design_inputs(name).inputs for name in SYSTEMS]))
    counted = tmp_path / "counts"
    names = [f"__pyx_f_9optimizer_5_core_8facility_{name}.arch_x86_64_v3" for name in COUNTED]
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={counted}"]
    command += [f"--toggle-collect={name}" for name in names]
    run = [*command, sys.executable, "-c", SCRIPT, str(tmp_path / "rows.npy")]
    subprocess.run(run, check=True, capture_output=True, timeout=300)
    # Nothing is counted, and nothing listed, where the processor has no AVX2.
    listed = subprocess.run(
        ["callgrind_annotate", str(counted)], check=False, capture_output=True, text=True, timeout=60
    ).stdout
    found = {
        name: int(amount.replace(",", "")) / (DESIGNS * HOURS)
        for amount, name in re.findall(r"([\d,]+) \([ \d.]+%\)\s.*8facility_(_\w+)\.arch_x86_64_v3", listed)
    }
    if not found:
        pytest.skip("the loops have no versions for x86-64-v3 here")
    assert set(found) == set(COUNTED)
    above = {
        name: (round(found[name], 1), most)
        for name, most in COUNTED.items()
        if found[name] > TOLERANCE * most
    }
    assert not above, f"instructions a design-hour, found and counted before: {above}"
