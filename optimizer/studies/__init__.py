"""Studies: several plans of one scenario, by running the pipeline many times."""

from optimizer.studies.alternatives import Alternatives, alternatives
from optimizer.studies.frontier import FrontierFound, frontier

__all__ = ["Alternatives", "FrontierFound", "alternatives", "frontier"]
