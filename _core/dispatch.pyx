"""A year of a site's supply hour by hour, many mixes side by side: grid, plant, sun, wind, battery, load that can wait.

Without the battery an hour is bought by price. With it, what a stored MWh is worth at each level of the store is worked out
backwards over a week and AHEAD hours beyond it, then the week is run forwards by that value. docs/power.md derives it.
"""
from libc.stdlib cimport free, malloc

from dispatch_laws cimport (
    BIG, LANES, LEVELS, Block, Hour, Lanes, Later, Mix, State, Worth, act, choose, gather, look, step_back,
)
from precision cimport real

cdef extern from "clones.h":
    ctypedef void clones_void "OPTIMIZER_CLONES void"

# Hours run at a time, and hours that are looked ahead beyond them.
cdef enum:
    WEEK = 168
    AHEAD = 36
    SPAN = 205

# Series of a site, by hour; all of length n.
SERIES = (
    "load", "solar", "wind", "price_usd_per_mwh", "carbon_kg_per_mwh", "firm", "curtailable", "plant", "heat_rate",
)
# Columns of a mix, in the order of `Mix`.
MIX = (
    "load_mw", "firm_mw", "curtailable_mw", "plant_mw", "unit_mw", "plant_usd_per_mwh", "no_load_share", "start_usd",
    "plant_kg_per_mwh", "solar_mw", "wind_mw", "battery_mw", "battery_mwh", "charge_efficiency", "discharge_efficiency",
    "wear_usd_per_mwh", "flexible_share", "flexible_usd_per_mwh", "unserved_usd_per_mwh",
)
# Columns of a mix's year; energies in MWh, at the site's meter.
RESULTS = (
    "cost_usd", "load_mwh", "grid_mwh", "grid_usd", "plant_mwh", "plant_usd", "starts", "solar_mwh", "wind_mwh",
    "spilled_mwh", "charged_mwh", "discharged_mwh", "waited_mwh", "unserved_mwh", "unserved_hours", "co2_kg",
    "grid_peak_mw", "stored_at_end_mwh", "imbalance_mw",
)
# Columns of the hourly answer [MW; USD/MWh].
HOURLY = (
    "load", "grid", "plant", "units", "solar", "wind", "spilled", "charged", "discharged", "stored", "waited",
    "unserved", "stored_usd_per_mwh",
)

assert sizeof(Mix) == sizeof(real) * len(MIX)


cdef clones_void _year(const Block* block, const real* series, Py_ssize_t n, bint stores, Worth* worth,
                       State* state, double* hours) noexcept nogil:
    # Copies of its own, so that the compiler knows that nothing overlaps them.
    cdef Block own = block[0]
    cdef State mine = state[0]
    cdef const Block* b = &own
    cdef State* s = &mine
    cdef Py_ssize_t start = 0, ahead, run
    cdef Later later[LANES]
    cdef Hour hour
    cdef Lanes gains
    cdef int i, k
    for k in range(LANES):
        gains[k] = 0.0
    while start < n:
        run = n - start if n - start < WEEK else WEEK
        if stores:
            for k in range(LANES):
                for i in range(LEVELS + 1):
                    later[k][i] = BIG
                    later[k][2 * LEVELS + 2 + i] = 0.0
            ahead = run + AHEAD - 1
            while ahead >= 0:
                look(b, series, n, (start + ahead) % n, True, &hour)
                if ahead == run + AHEAD - 1:
                    # Beyond what is looked at, a full store is worth nothing more, an empty one twice the cheapest source.
                    for k in range(LANES):
                        for i in range(LEVELS):
                            later[k][LEVELS + 1 + i] = hour.usd[0][k] * 2.0 * (LEVELS - 1 - i) / (LEVELS - 1)
                        later[k][2 * LEVELS + 1] = 0.0
                step_back(b, &hour, later, &worth[ahead * LANES])
                ahead -= 1
        for ahead in range(run):
            look(b, series, n, start + ahead, stores, &hour)
            if stores:
                choose(b, &hour, &worth[ahead * LANES], &worth[(ahead + 1) * LANES], s, gains)
            act(b, series, n, start + ahead, &hour, gains, s, NULL if hours == NULL else hours + (start + ahead) * 13)
        start += run
    state[0] = mine


def dispatch_years(const real[:, ::1] mixes, const real[:, ::1] series, double[:, ::1] out):
    """Years of many mixes at one site.

    Parameters
    ----------
    mixes : array of shape (n_mixes, len(MIX))
        Sizes and prices; `unit_mw` 0: a plant without units.
    series : array of shape (len(SERIES), n_hours)
        Load beside its peak, sun and wind per MW of capacity, price of grid energy [USD/MWh], its CO2 [kg/MWh], shares
        of the firm and the curtailable grid and of the plant that are there, heat rate beside the plant's own.
    out : array of shape (n_mixes, len(RESULTS))
    """
    cdef Py_ssize_t first, count, i, k, n = series.shape[1]
    cdef Block b
    cdef State s
    cdef bint stores
    cdef Lanes* column = <Lanes*> &s
    cdef Worth* worth = <Worth*> malloc(SPAN * LANES * sizeof(Worth))
    if worth == NULL:
        raise MemoryError
    with nogil:
        first = 0
        while first < mixes.shape[0]:
            count = mixes.shape[0] - first
            count = LANES if count > LANES else count
            gather(&mixes[first, 0], count, &b, &s)
            stores = False
            for k in range(b.lanes):
                if b.battery_mwh[k] > 0.0:
                    stores = True
            _year(&b, &series[0, 0], n, stores, worth, &s, NULL)
            for k in range(count):
                # State begins with stored, units and value; then the results in their order.
                for i in range(17):
                    out[first + k, i] = column[3 + i][k]
                out[first + k, 17] = s.stored[k]
                out[first + k, 18] = s.imbalance[k]
            first += LANES
        free(worth)


def dispatch_hours(const real[:, ::1] mixes, const real[:, ::1] series, double[:, ::1] out):
    """Hour by hour, one mix; `out` of shape (n_hours, len(HOURLY))."""
    cdef Block b
    cdef State s
    cdef Worth* worth = <Worth*> malloc(SPAN * LANES * sizeof(Worth))
    if worth == NULL:
        raise MemoryError
    with nogil:
        gather(&mixes[0, 0], 1, &b, &s)
        _year(&b, &series[0, 0], series.shape[1], b.battery_mwh[0] > 0.0, worth, &s, &out[0, 0])
        free(worth)
