"""What the machine can do: measured peaks beside which shares are stated, and the instruction set in use."""

from __future__ import annotations

import platform
import time
from pathlib import Path

import numpy as np
import optimizer._core.roofline as double
import optimizer._core.roofline32 as single

ROUNDS = 4_000_000
# Flags of /proc/cpuinfo that the kernel's versions need (x86-64 psABI, microarchitecture levels).
V4 = {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}
V3 = {"avx2", "bmi1", "bmi2", "fma", "f16c", "movbe"}


def multiply_adds_per_s(dtype: str) -> float:
    """Floating-point operations a second of independent fused multiply-adds, one thread."""
    module = single if dtype == "float32" else double
    lanes = np.linspace(0.0, 1.0, module.LANES).astype(dtype)
    module.multiply_adds(lanes, ROUNDS // 10)
    started = time.perf_counter()
    module.multiply_adds(lanes, ROUNDS)
    return 2.0 * module.LANES * ROUNDS / (time.perf_counter() - started)


def bytes_per_s() -> float:
    """Reading of memory that no cache holds, one thread: NumPy's sum over 256 MB."""
    numbers = np.ones(32 * 1024 * 1024)
    numbers.sum()
    started = time.perf_counter()
    numbers.sum()
    return numbers.nbytes / (time.perf_counter() - started)


def instruction_set() -> str:
    """Which version of the kernel's loops the loader picks."""
    if platform.machine() != "x86_64":
        return platform.machine()
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return "x86-64"
    flags = set(next((line for line in text.splitlines() if line.startswith("flags")), "").split())
    if flags >= V3 | V4:
        return "x86-64-v4"
    return "x86-64-v3" if flags >= V3 else "x86-64"
