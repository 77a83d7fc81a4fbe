"""Published figures that a plan's capital is laid beside. None of them enters a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Published:
    """What somebody said a gigawatt costs.

    Attributes
    ----------
    who : str
    usd_bn_low, usd_bn_high : float
        Capital [billion USD].
    gigawatt : {"IT", "facility", ""}
        Of which gigawatt; empty where the publication does not say.
    basis : str
        What is in.
    source : str
    """

    who: str
    usd_bn_low: float
    usd_bn_high: float
    gigawatt: Literal["IT", "facility", ""]
    basis: str
    source: str

    @property
    def span(self) -> str:
        """The figure, or its span, as text [billion USD]."""
        if self.usd_bn_low == self.usd_bn_high:
            return f"{self.usd_bn_low:g}"
        return f"{self.usd_bn_low:g}–{self.usd_bn_high:g}"


CAPITAL_PER_GW: tuple[Published, ...] = (
    Published(
        "Epoch AI",
        38.0,
        38.0,
        "IT",
        "GB200: 25.3 IT + 12.7 buildings and plant",
        "Epoch AI, 2026-05-14",
    ),
    Published(
        "Epoch AI",
        29.0,
        30.0,
        "facility",
        "the same bill over the power at the meter; 44 is quoted elsewhere",
        "Epoch AI, 2026-05-14",
    ),
    Published(
        "Bernstein",
        35.0,
        35.0,
        "facility",
        "5,932 GB200 racks at 168.6 kW; $5.9 M a rack = 3.4 IT + 2.5 buildings and plant",
        "Bernstein, GB200 bill of materials",
    ),
    Published(
        "Barclays",
        50.0,
        60.0,
        "",
        "65–70 % compute and network; about 500,000 GPUs a GW",
        "Barclays, as quoted in the press",
    ),
    Published("NVIDIA", 50.0, 60.0, "", "no bill given", "NVIDIA, as quoted in the press"),
)
"""Capital of one gigawatt as published, with the gigawatt that is meant."""

BERNSTEIN_USD_BN = 35.0
"""Bernstein's gigawatt of GB200 [billion USD a GW of facility]."""

BERNSTEIN_BILL: tuple[tuple[str, float, tuple[str, ...]], ...] = (
    ("GPUs with their racks", 0.39, ("accelerators", "racks")),
    ("network", 0.13, ("network",)),
    ("storage", 0.014, ("storage",)),
    ("CPUs and hosts", 0.03, ("hosts",)),
    ("electrical and mechanical plant, generators", 0.39, ("electrical", "mechanical", "fit_out")),
)
"""Bernstein's lines, their shares, and the plan's lines that hold the same things; what is left stands for shell,
land and labour. A third for plant and 6 % for generators are added up: the plan's lines hold both, fit-out is part of plant."""
