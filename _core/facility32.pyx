"""The kernel of `facility` in single precision: half the memory, twice the lanes."""

include "facility.pyx"
