"""Sun and wind at a site, from its own weather."""

from __future__ import annotations

import threading
import warnings

import numpy as np
from numpy.typing import NDArray

from optimizer.physics.weather import Weather, WeatherError

Floats = NDArray[np.float64]

# PVWatts version 5 (Dobos 2014, NREL/TP-6A20-62641): losses together, nominal inverter efficiency, power temperature coefficient.
LOSSES = 0.14
INVERTER_EFFICIENCY = 0.96
PER_K = -0.0037
# The filters of warnings belong to the process: one thread at a time changes them.
_FILTERS = threading.Lock()
# Hub height of onshore turbines and the exponent of the wind's profile over open country (IEC 61400-1: 0.2).
HUB_M = 100.0
MEASURED_AT_M = 10.0
SHEAR = 0.2
# Power curve of a class II turbine, beside its rating: m/s to output (NREL ATB, class of 2020, shape).
_CURVE_M_PER_S = (0.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 25.0, 25.01)
_CURVE = (0.0, 0.0, 0.03, 0.09, 0.17, 0.29, 0.45, 0.64, 0.82, 0.94, 1.0, 1.0, 0.0)
REFERENCE_DENSITY = 1.225


def solar_output(
    weather: Weather,
    dc_ac_ratio: float = 1.2,
    losses: float = LOSSES,
    max_angle_deg: float = 60.0,
    ground_cover: float = 0.35,
) -> Floats:
    """AC output of one-axis trackers beside DC capacity, hour by hour; shape (n_hours,).

    Sun's place and tracker by pvlib, Hay and Davies' sky, cells after PVWatts with King's temperature model; the inverter clips at
    1/`dc_ac_ratio`.

    Parameters
    ----------
    weather : Weather
        With sun; hours in local standard time, values of the hour that begins.
    dc_ac_ratio, losses, max_angle_deg, ground_cover : float

    Raises
    ------
    WeatherError
        The weather has no sun or no place.
    """
    with _FILTERS, warnings.catch_warnings():
        # pvlib uses what the newest pandas is about to drop.
        warnings.simplefilter("ignore", DeprecationWarning)
        return _trackers(weather, dc_ac_ratio, losses, max_angle_deg, ground_cover)


def _trackers(
    weather: Weather, dc_ac_ratio: float, losses: float, max_angle_deg: float, ground_cover: float
) -> Floats:
    import pandas as pd
    import pvlib

    series = {name: getattr(weather, name) for name in ("ghi_w_per_m2", "dni_w_per_m2", "dhi_w_per_m2")}
    missing = [name for name, values in series.items() if values is None]
    if missing or not np.isfinite([weather.lat, weather.lon]).all():
        raise WeatherError(f"{weather.id}: no {', '.join(missing) or 'place'}; solar output needs it")
    ghi, dni, dhi = (np.nan_to_num(np.asarray(values, dtype=np.float64)) for values in series.values())
    # A year without a leap day; the middle of the hour stands for it.
    year = 2024 if weather.n_hours == 8784 else 2023
    offset = pd.Timedelta(hours=weather.tz_hours)
    times = pd.date_range(f"{year}-01-01 00:30", periods=weather.n_hours, freq="h", tz="UTC") - offset
    sun = pvlib.solarposition.get_solarposition(
        times, weather.lat, weather.lon, altitude=weather.elevation_m, temperature=12.0
    )
    zenith, azimuth = sun["apparent_zenith"].to_numpy(), sun["azimuth"].to_numpy()
    tracker = pvlib.tracking.singleaxis(
        zenith,
        azimuth,
        axis_tilt=0.0,
        axis_azimuth=180.0,
        max_angle=max_angle_deg,
        backtrack=True,
        gcr=ground_cover,
    )
    tilt = np.nan_to_num(np.asarray(tracker["surface_tilt"]))
    facing = np.nan_to_num(np.asarray(tracker["surface_azimuth"]), nan=180.0)
    plane = pvlib.irradiance.get_total_irradiance(
        tilt, facing, zenith, azimuth, dni, ghi, dhi, dni_extra=pvlib.irradiance.get_extra_radiation(times).to_numpy(),
        model="haydavies",
    )  # fmt: skip
    beam = np.clip(np.nan_to_num(np.asarray(plane["poa_global"])), 0.0, None)
    wind = weather.wind_m_per_s
    speed = np.full(weather.n_hours, 3.0) if wind is None else np.nan_to_num(np.asarray(wind), nan=3.0)
    cells = pvlib.temperature.sapm_cell(
        beam,
        weather.dry_bulb_c,
        speed,
        **pvlib.temperature.TEMPERATURE_MODEL_PARAMETERS["sapm"]["open_rack_glass_polymer"],
    )
    dc = beam / 1000.0 * (1.0 + PER_K * (np.asarray(cells) - 25.0)) * (1.0 - losses)
    output: Floats = np.clip(dc * INVERTER_EFFICIENCY, 0.0, 1.0 / dc_ac_ratio)
    output[zenith > 90.0] = 0.0
    return output


def wind_output(weather: Weather, hub_m: float = HUB_M, shear: float = SHEAR, losses: float = 0.15) -> Floats:
    """Output of onshore turbines beside their rating, hour by hour; shape (n_hours,).

    Wind at 10 m is taken to the hub by a power law; density moves the curve's speed by its cube root (IEC 61400-12-1).

    Raises
    ------
    WeatherError
        The weather has no wind.
    """
    if weather.wind_m_per_s is None:
        raise WeatherError(f"{weather.id}: no wind_m_per_s; wind output needs it")
    density = weather.pressure_pa / (287.05 * (weather.dry_bulb_c + 273.15))
    speed = np.nan_to_num(np.asarray(weather.wind_m_per_s)) * (hub_m / MEASURED_AT_M) ** shear
    speed = speed * np.cbrt(density / REFERENCE_DENSITY)
    output: Floats = np.interp(speed, _CURVE_M_PER_S, _CURVE) * (1.0 - losses)
    return output
