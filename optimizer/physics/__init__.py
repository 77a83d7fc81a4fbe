"""Hourly physics: weather, moist air, a facility's year, the designs of a scenario."""

from optimizer.physics import psychrometrics
from optimizer.physics.design_inputs import DesignError, design_inputs
from optimizer.physics.designs import Evaluation, EvaluationError, evaluate, evaluation_of
from optimizer.physics.facility import FacilityYear, facility_year
from optimizer.physics.psychrometrics import wet_bulb
from optimizer.physics.site_series import carbon_of, price_of
from optimizer.physics.weather import Weather, WeatherError, weather_from_catalog
from optimizer.physics.weather_files import read_weather, weather_of

__all__ = [
    "DesignError",
    "Evaluation",
    "EvaluationError",
    "FacilityYear",
    "Weather",
    "WeatherError",
    "carbon_of",
    "design_inputs",
    "evaluate",
    "evaluation_of",
    "facility_year",
    "price_of",
    "psychrometrics",
    "read_weather",
    "weather_from_catalog",
    "weather_of",
    "wet_bulb",
]
