"""Published figures that a plan's capital is laid beside. None of them enters a plan."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    """What somebody said a gigawatt costs.

    Attributes
    ----------
    who : str
    usd_bn_low, usd_bn_high : float
        Capital [billion USD].
    basis : str
        Of which gigawatt, and what is in.
    source : str
    """

    who: str
    usd_bn_low: float
    usd_bn_high: float
    basis: str
    source: str


CAPITAL_PER_GW: tuple[Published, ...] = (
    Published(
        "Bernstein",
        35.0,
        35.0,
        "GW of facility: 5,932 GB200 racks at 168.6 kW; $5.9 M a rack = 3.4 IT + 2.5 buildings and plant",
        "Bernstein, GB200 bill of materials, 2025",
    ),
    Published(
        "Epoch AI",
        38.0,
        38.0,
        "GW of IT, GB200: 25.3 IT + 12.7 buildings and plant",
        "Epoch AI, 2026-05-14",
    ),
    Published(
        "Epoch AI", 29.0, 30.0, "GW of facility: the same bill per GW at the meter", "Epoch AI, 2026-05-14"
    ),
    Published(
        "Barclays",
        50.0,
        60.0,
        "GW of campus, later chip generations; 65–70 % of it compute and network",
        "Barclays, 2025",
    ),
    Published("NVIDIA", 50.0, 60.0, "GW of campus, later chip generations", "NVIDIA, 2025"),
)
"""Capital of one gigawatt as published, with the gigawatt that is meant."""

BERNSTEIN_SHARES: tuple[tuple[str, float], ...] = (
    ("GPUs and the rack around them", 0.39),
    ("network", 0.13),
    ("storage", 0.014),
    ("CPUs", 0.03),
    ("electrical and mechanical plant", 0.33),
    ("generators", 0.06),
)
"""Bernstein's shares of $35 bn for a gigawatt of GB200; the rest is shell, land and labour."""
