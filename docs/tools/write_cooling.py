# ruff: noqa: E501
"""Write docs/cooling/: a page for each cooling system, its hour derived, with its parameters from the catalog."""

from __future__ import annotations

from pathlib import Path

from optimizer import catalog

FOLDER = Path(__file__).resolve().parents[1] / "cooling"

SHARED = r"""# Cooling systems

Each page derives one system's hour as the kernel computes it. All power is per unit of IT power at full load; a load $x$ is between 0 and 1. Laws are in
`_core/air_systems.pxd`, `_core/liquid_systems.pxd`, `_core/cooling_laws.pxd` and `_core/facility_laws.pxd`; `tests/reference` has the same in NumPy.
$\mathrm{ramp}(y)$ is $y$ held within 0 and 1: every switch is one. The pages are written by `python docs/tools/write_cooling.py`.

{table}

## The chain before the cooling
Losses of UPS, distribution and lighting in the room: $\ell(x) = a/\rho + \text{{lighting}} + (b + d)\,x + c\,\rho\,x^2$ with `ups_a`, `ups_b`, `ups_c`,
`distribution_loss`, and $\rho$ the share of its rating that a full load takes (N 1, N+1 10/11, 4N/3 3/4, 2N 1/2). Transformers lose
$t_0/\rho + t_1\,\rho\,x^2$ outside the room. Losses inside server power supplies are IT power.

## Fans and pumps
Full power of the room's fans: $\dfrac{{\dot m}}{{\rho_{{air}}}}\dfrac{{\Delta p}}{{1000\,\eta}}$, $\dot m = Q/(1.01\,\Delta T)$ [kg/s per kW], density at the site's pressure.
At part load all fans and pumps take $\max(q, n_{{least}})^3$ of full power, $q$ the flow beside full flow (affinity laws).

## Chillers
$1/\mathrm{{COP}} = g(PLR)\,[(1 - w)\,\mathrm{{EIR}}(T_{{ch}}, T_{{cond}})/\mathrm{{COP}}_{{ref}} + w\,/\mathrm{{COP}}_{{Carnot}}]$, $w = \mathrm{{ramp}}((T_{{ch}} - \text{{carnot\_from\_c}})/2)$.
EIR is DOE-2.1E's biquadratic (centrifugal: $T_{{cond}}$ entering water, held to 5-10 and 24-35 °C; air-cooled scroll: outdoor air, 5.56-10 and 23.9-46.1 °C; EnergyPlus
engineering reference). $g = (0.2229 + 0.3134\,PLR + 0.4637\,PLR^2)/PLR$. Below the curve's cold end EIR falls as the lift $T_{{cond}} + r - T_{{ch}} + 3$ does, $r$ the
condenser's rise (`tower_range_k`, `condenser_approach_k`), until head pressure is held (`least_condenser_water_c`, `least_outdoor_c`).
$\mathrm{{COP}}_{{Carnot}} = \min(14,\ \eta\,T_e/(T_c - T_e))$ with $T_e = T_{{ch}} - 1.5 + 273.15$, $T_c = T_{{cond}} + r + 1.5 + 273.15$. COP is 14 at most. In thin air the
condenser's difference is larger by the ratio of pressures.

## Towers
Water leaves at $T_{{wb}}$ + `tower_approach_k`. Fans: `tower_fan_share` of the heat at full flow, over the square of relative density. Evaporation
$E = (1 - s)\,Q/h_{{fg}}$, $h_{{fg}} = 2500.5 - 2.3097\,T - 0.0013\,T^2$ kJ/kg at $T = T_{{wb}}$ + approach + range/2, $s$ = `winter_sensible` · ramp-limited
$0.2 + 0.01\,(20 - T_{{wb}})$ (at most 0.6). Drift: `drift_share` of the flow. Blowdown: $\max(E/(CC - 1) - \text{{drift}},\ 0)$. $Q$ holds the compressors' heat as far as
`water_on_compressor` says (`water_heat_basis`).

## The peak, and halls that get too hot
The hour is computed twice, at its load and at full load; the largest of the second is the peak, and `peak_design_mw` the value that 0.4 % of the hours exceed.
Where chillers are too small or it is hotter than they bear, the year says in how many hours the supply lies above its set point, and by how many kelvin.

## Sources
ASHRAE Handbook of Fundamentals 2017, chapter 1; ASHRAE 90.1-2019; EnergyPlus engineering reference (DOE-2.1E curves); Lei and Masanet 2020
(doi 10.1016/j.energy.2020.117556) and 2022 (doi 10.1016/j.resconrec.2022.106323).
"""

HEAT = {
    False: r"""The room takes all heat: $Q = x + \ell(x)$ ([losses in the room](README.md#the-chain-before-the-cooling)). The coil takes $Q/\mathrm{SHR}$ (`sensible_heat_ratio`).""",
    True: r"""The liquid takes $Q_l = \varphi x$ (`liquid_share`, or the chip's own), the room $Q = (1 - \varphi)\,x + \ell(x)$ ([losses in the room](README.md#the-chain-before-the-cooling)).
The room's coil takes $Q/\mathrm{SHR}$. Heat handed on, $r\,Q_l\,\mathrm{ramp}((T_{reuse} - T)/5)$ (`reuse_share`, `reuse_below_c`), does not reach the coolers.""",
}
CHILLED = r"""Chilled water is as cold as the coil needs: $T_{ch} = T_{sa} + \Delta T_a - \Delta T_a/\varepsilon$ (`supply_air_c`, `air_rise_k`, `coil_effectiveness`)."""
AIR = {
    "air_chiller": (
        "The room on air-cooled chillers",
        CHILLED
        + r"""

1. Chillers: $\dfrac{Q}{\mathrm{SHR}}\,\dfrac{1}{\mathrm{COP}(T_{ch}, T)}$ in all hours ([chillers](README.md#chillers)), $T$ the dry bulb.
2. Chilled-water pumps and room fans by [affinity](README.md#fans-and-pumps).
3. Above `ambient_max_c` the machines stop: the hour counts as too hot, by $T - $ `ambient_max_c`.

No water is used. Left out: free cooling by glycol coils; chillers' own staging (`part_load_ratio` stands for it).""",
    ),
    "water_chiller": (
        "The room on towers and water-cooled chillers",
        CHILLED
        + r"""

1. The tower's water reaches $T_n = T_{wb}$ + `tower_approach_k` + `exchanger_approach_k`. It cools the return water as far as it can: free share
   $f = \text{economizer}\cdot\mathrm{ramp}\!\left(\dfrac{T_{ch} + \Delta T_w - T_n}{\Delta T_w}\right)$, $\Delta T_w$ = `chilled_rise_k`.
2. Chillers take the rest: $(1 - f)\dfrac{Q}{\mathrm{SHR}}\dfrac{1}{\mathrm{COP}(T_{ch}, T_{wb} + \text{approach})}$.
3. Towers reject the coil's and the compressors' heat ([towers](README.md#towers)); their pump and fans by affinity.

Left out: freeze protection; towers at their least approach in all hours.""",
    ),
    "air_economizer": (
        "The room on outdoor air, air-cooled chillers behind it",
        r"""Outdoor air (dry bulb $T$, humidity ratio $W$, relative humidity $\phi$) is taken where it lies in a box: supply `low_supply_c` to `supply_air_c`, dew point `low_dew_point_c` to
`high_dew_point_c`, relative humidity `low_rh` to `high_rh`; $W_{hi}$, $W_{lo}$ are the box's ends at the site's pressure.

1. **Cold**: return air is mixed in to `low_supply_c`; the outdoor share is $\Delta T_a/(\Delta T_a + \max(T_{low} - T, 0))$.
2. **Hot**: wetted media cool by at most `dec_effectiveness` · $(T - T_{wb})$ along the wet bulb, no further than needed and no wetter than $W_{hi}$. What is still above the set
   point, $A$, is trimmed by chillers: share $\mathrm{ramp}(A/\text{switch\_band\_k})$; beyond the band outdoor air is shut out (over 1 K).
3. **Damp**: where $W$ is above $W_{hi}$ (over 0.5 g/kg), or $\phi$ above `high_rh` (over 2 %) and return air is not mixed in to dry it (`mix_to_dry`, `mix_when_cold`), the coil
   takes the enthalpy down to the damp end's dew point, or the room's own air goes round where that takes less (`dry_on_coil`; 0: at once).
4. **Dry**: sprayed to $W_{lo}$ (`humidifier_mpa`); without humidifiers (`humidify` 0) outdoor air is shut out.
5. Chillers serve the largest of these shares, at most `backup_capacity`; what they can't take warms the supply.

Water: spray, and media with blowdown by `cycles_of_concentration`. `dec_policy` sets the rules of step 2 to 4 as a word. Room fans by affinity.
Left out: air quality (smoke, salt), filters' ageing, mixing that is not perfect.""",
    ),
    "indirect_evaporative": (
        "The room through an exchanger, wetted outside",
        CHILLED
        + r"""

1. Dry: the exchanger brings room air from $T_{ra} = T_{sa} + \Delta T_a$ to $T_d = T_{ra} - \varepsilon\,(T_{ra} - T)$ (`hx_effectiveness`).
2. Wet, as far as dry does not do: up to $\varepsilon\,\varepsilon_w\,(T - T_{wb})$ colder (`hx_wet_effectiveness`); the wetted share is what reaches the set point.
3. Chillers trim what is left: share $\mathrm{ramp}((T_{out} - T_{sa})/\Delta T_a)$, at most `backup_capacity`.
4. Outdoor fans slow to the share of outdoor air that is needed, never below `fan_least_speed`; thin air takes more.

Water evaporates as the outdoor side cools: $\dot m_{out}\,1.006\,\varepsilon_w (T - T_{wb})\cdot\text{wetted}/h_{fg}$, with blowdown.
Left out: frost, scaling, leakage between the streams.""",
    ),
}
LIQUID_HEAD = r"""Facility water leaves at $T_f$ = `tcs_supply_c` − `cdu_approach_k` and returns `facility_rise_k` warmer; the loop at the racks is no warmer than the chips allow. Its pumps and those of the
CDUs take `liquid_pump_share` of the heat at full flow."""
DRY = r"""1. Initial difference $\Delta_i = T_f + \Delta T_f - T_{in}$, at design $\Delta_d$ = `dry_approach_k` + `facility_rise_k`.
2. Heat over difference goes with mass flow to the power 0.75, so the air needed is $m = \left(\dfrac{Q_l}{Q_d}\dfrac{\Delta_d}{\Delta_i}\right)^{4/3}$ of design, at most what the fans move in air of the
   site's density (`dry_fan_most_speed`).
3. Fans: `dry_fan_share` · $m^3$ over the square of relative density, never below `dry_fan_least_speed` cubed.
4. What is left goes to trim chillers (air-cooled on facility water, at most `trim_capacity` of full heat); beyond them the water warms."""
LIQUID = {
    "dry": (
        "The liquid on dry coolers",
        LIQUID_HEAD
        + "\n\n"
        + DRY.replace("T_{in}", "T")
        + "\n\nNo water is used. Left out: recirculation of hot air, fouling.",
    ),
    "adiabatic": (
        "The liquid on coolers with wetted pads",
        LIQUID_HEAD
        + "\n\n"
        + r"""Pads are wetted above $T_f$ − `dry_approach_k` − `wet_start_k`, over 1 K; air enters at $T_{in} = T - \varepsilon_p\,(T - T_{wb})\cdot\text{wet}$ (`pad_effectiveness`).

"""
        + DRY
        + r"""

Water: what the pads evaporate in the air that the coolers draw (`cooler_air_rise_k` at design), with blowdown. Left out: pads that stay wet after the hour.""",
    ),
    "tower": (
        "The liquid on towers",
        LIQUID_HEAD
        + r"""

1. The tower's water reaches $T_n = T_{wb}$ + `tower_approach_k` + `exchanger_approach_k`; free share $\mathrm{ramp}((T_f + \Delta T_f - T_n)/\Delta T_f)$.
2. Water-cooled trim chillers take the rest, at most `trim_capacity` of full heat.
3. Towers reject the loop's and the compressors' heat ([towers](README.md#towers)), together with the room's.

Left out: freeze protection.""",
    ),
    "chiller": (
        "The liquid on air-cooled chillers",
        LIQUID_HEAD
        + r"""

Chillers take all of the loop's heat in all hours, at COP$(T_f, T)$ ([chillers](README.md#chillers)): for loops colder than the outdoors gives. No water is used.""",
    ),
    "hybrid": (
        "The liquid on dry coolers first, towers for the rest",
        LIQUID_HEAD
        + "\n\n"
        + DRY.replace("T_{in}", "T").rsplit("\n", 1)[0]
        + r"""
4. What the dry coolers, or thermosyphons, leave goes to a tower through an exchanger that cools the rest of the rise: free share as for towers, with the rise that is left;
   water-cooled trim chillers after it. So the switch is by temperature, hour by hour, and gradual: all dry in the cold, all the tower's in the heat.

Left out: controls that save water at a price of their own.""",
    ),
}
HELD = {
    "water_chiller_economizer": "Lei and Masanet's case 2 in fifteen climates, and fourteen campuses of Google ([validation](../validation.md)).",
    "air_economizer": "Lei and Masanet's cases 1 and 6 in fifteen climates ([validation](../validation.md)).",
    "air_economizer_dec": "Fleets of Meta, Microsoft and AWS, five campuses of Microsoft ([validation](../validation.md)).",
    "dlc_tower": "NREL ESIF, Frontier, NVIDIA's tower water ([physics](../physics.md#what-it-is-held-to)).",
    "dlc_hybrid": "NREL ESIF's thermosyphon, which saves half of the tower's water ([physics](../physics.md#what-it-is-held-to)).",
    "dlc_dry": "Annual PUE of five US cities in Newkirk's study ([physics](../physics.md#what-it-is-held-to)).",
}


def page(name: str) -> str:
    """One system's page."""
    system = catalog.cooling(name)
    air = AIR["air_economizer"] if system.air_side == "air_economizer_tower" else AIR[system.air_side]
    parts = [
        f"# {system.name}",
        "",
        f"`{name}`. {system.description}",
        "",
        "## Heat",
        HEAT[system.liquid],
        "",
        f"## {air[0]}",
        air[1],
    ]
    if system.liquid:
        title, text = LIQUID[system.rejection]
        parts += ["", f"## {title}", text]
    if "server_fan_share" in system.own:
        parts += [
            "",
            "All heat is in the fluid ($\\varphi = 1$); what server fans no longer draw is reported apart (`server_fan_saving_mwh`) and is not in PUE.",
        ]
    parts += [
        "",
        "## Held to",
        HELD.get(
            name,
            "The same laws in NumPy, and laws that must hold (`tests/physics/test_laws.py`); no published figure of its own.",
        ),
        "",
    ]
    parts += [
        "## Parameters",
        "| parameter | value | range | unit | source |",
        "| --- | --- | --- | --- | --- |",
    ]
    for key, fact in system.parameters.items():
        span = "" if fact.low is None or fact.high is None else f"{fact.low:g} - {fact.high:g}"
        weak = " (weak)" if fact.weak else ""
        parts.append(f"| `{key}` | {fact.value:g} | {span} | {fact.unit} | {fact.source}{weak} |")
    return "\n".join(parts) + "\n"


def index() -> str:
    """The page that all share."""
    rows = ["| system | room | liquid |", "| --- | --- | --- |"]
    for name in catalog.cooling_ids():
        system = catalog.cooling(name)
        liquid = LIQUID[system.rejection][0] if system.liquid else "none"
        rows.append(f"| [`{name}`]({name}.md) | {AIR[system.air_side][0]} | {liquid} |")
    return SHARED.replace("{table}", "\n".join(rows)).replace("{{", "{").replace("}}", "}")


def pages() -> dict[str, str]:
    """All pages by file name."""
    return {"README.md": index()} | {f"{name}.md": page(name) for name in catalog.cooling_ids()}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, text in pages().items():
        (FOLDER / file).write_text(text, encoding="utf-8")
