"""Count the floating-point operations of a design-hour in the compiled kernel's loops, by disassembly (x86-64, objdump).

An add, subtraction, product, division, root, minimum or maximum counts one, a fused multiply-add two; comparisons and moves count
nothing. Each hour is computed twice, at its load and at full load, for the peak.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import optimizer._core.facility as kernel

# The kernel's loop of each measured system, by symbol.
LOOPS = {
    "dlc_tower": "_tower",
    "water_chiller_economizer": "_water_chiller",
    "dlc_dry": "_dry",
    "dlc_adiabatic": "_adiabatic",
}
# Sums of five outputs and two running maxima, outside the loop over hours.
SUMS = 7
_LINE = re.compile(r"\s*([0-9a-f]+):\s+(\S+)\s*(.*)")
_PACKED = re.compile(r"v(fn?m(?:add|sub)\d+|add|sub|mul|div|sqrt|min|max)p[ds]$")


def flops_per_hour(library: Path | None = None, isa: str = "x86_64_v4") -> dict[str, int]:
    """Operations a design-hour, by cooling system.

    Raises
    ------
    OSError
        There is no objdump.
    LookupError
        The library has no loop of the name and instruction set.
    """
    path = Path(kernel.__file__) if library is None else library
    text = subprocess.run(
        ["objdump", "-d", "--no-show-raw-insn", str(path)], capture_output=True, text=True, check=True
    ).stdout
    return {
        system: _innermost(text, f"__{symbol.lstrip('_')}.arch_{isa}") + SUMS
        for system, symbol in LOOPS.items()
    }


def _innermost(text: str, symbol: str) -> int:
    """Operations in one turn of the loop over hours: the shortest loop with at least half of the most operations."""
    found = re.search(rf"^[0-9a-f]+ <\S*{re.escape(symbol)}>:\n(.*?)\n\n", text, re.S | re.M)
    if found is None:
        raise LookupError(f"no {symbol} in the disassembly")
    lines = [match.groups() for match in map(_LINE.match, found[1].splitlines()) if match]
    at = {int(address, 16): i for i, (address, _, _) in enumerate(lines)}
    loops = []
    for i, (address, name, operands) in enumerate(lines):
        target = re.match(r"[0-9a-f]+", operands) if name.startswith("j") else None
        if target and int(target[0], 16) <= int(address, 16) and int(target[0], 16) in at:
            start = at[int(target[0], 16)]
            flops, width = 0, "zmm" if "v4" in symbol else "ymm"
            for _, mnemonic, arguments in lines[start : i + 1]:
                kind = _PACKED.match(mnemonic)
                if kind and width in arguments:
                    flops += 2 if kind[1].startswith("f") else 1
            # The loop over hours holds no other; sums over lanes are loops without products.
            loops.append((i - start, flops, any("mulp" in m for _, m, _ in lines[start : i + 1])))
    return next(flops for _, flops, products in sorted(loops) if products and flops >= 40)


if __name__ == "__main__":
    for name, count in flops_per_hour().items():
        print(f"{name}: {count}")
