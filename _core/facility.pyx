"""A year of a hall, hour by hour: energy, water, cost, carbon and peak for many designs on one weather.

The caller allocates and checks. Sums run in sixteen lanes over groups of 128 hours, so that they vectorise and their order
depends neither on threads nor on the length of blocks.
"""

cimport cooling_laws as c
cimport facility_laws as law
cimport psychrometric_laws as air_law
from facility_inputs cimport (
    AIR_CHILLER, AIR_ECONOMIZER, AIR_ECONOMIZER_TOWER, INDIRECT_EVAPORATIVE, WATER_CHILLER,
    ADIABATIC, CHILLER, DRY, HYBRID, NO_LIQUID, TOWER, Derived, Hour, Inputs, derive,
)
from precision cimport real

cdef extern from "clones.h":
    ctypedef void clones_void "OPTIMIZER_CLONES void"

cdef enum:
    BLOCK = 512
    GROUP = 128
    LANES = 16

# Columns of a design's inputs, in the order of `facility_inputs.Inputs`.
PARAMETERS = (
    "liquid_share", "rating_share", "ups_a", "ups_b", "ups_c", "transformer_no_load", "transformer_load",
    "distribution_loss", "lighting", "pressure_ratio", "supply_air_c", "air_rise_k", "coil_effectiveness",
    "sensible_heat_ratio", "fan_pressure_pa", "fan_efficiency", "fan_least_speed", "chilled_rise_k",
    "chilled_pump_kpa", "pump_efficiency", "pump_least_speed", "air_cooled_cop", "air_cooled_carnot",
    "condenser_approach_k", "least_outdoor_c", "water_cooled_cop", "water_cooled_carnot",
    "least_condenser_water_c", "part_load_ratio", "carnot_from_c",
    "ambient_max_c", "economizer", "tower_approach_k", "exchanger_approach_k", "tower_range_k", "tower_fan_share",
    "tower_pump_kpa", "drift_share", "cycles_of_concentration", "water_on_compressor", "winter_sensible",
    "low_supply_c", "humidity_low", "humidity_high", "humidity_cold_high", "rh_high", "rh_low", "dew_high_c",
    "dew_cold_high_c", "depression_k", "humidifier_mpa", "dec_effectiveness", "switch_band_k", "dry_on_coil",
    "humidify", "backup_capacity", "hx_effectiveness", "hx_wet_effectiveness", "secondary_ratio", "secondary_pressure_pa",
    "tcs_supply_c", "cdu_approach_k", "facility_rise_k", "liquid_pump_share", "trim_capacity", "dry_approach_k",
    "dry_fan_share", "dry_fan_least_speed", "dry_fan_most_speed", "pad_effectiveness", "wet_start_k",
    "cooler_air_rise_k", "reuse_share", "reuse_below_c",
)
# Columns of a design's answer: sums over the hours per unit of IT power at full load; peak and over_k of the worst hour.
RESULTS = (
    "facility_h", "water_kg_h_per_kw_s", "cost", "carbon", "compressor_h", "hours_over_temperature", "peak", "over_k",
)
# Columns of the hourly answer.
HOURLY = (
    "load", "facility", "electrical", "compressor", "room_fans", "rejection_fans", "pumps", "water_kg_s", "evaporated",
    "drift", "blowdown", "humidified", "reused", "mechanical_air", "mechanical_liquid", "wet", "over_k",
)
AIR_SIDES = ("air_chiller", "water_chiller", "air_economizer", "air_economizer_tower", "indirect_evaporative")
REJECTIONS = ("none", "dry", "adiabatic", "tower", "chiller", "hybrid")
BLOCK_HOURS = BLOCK
DTYPE = "float64" if sizeof(real) == 8 else "float32"

assert sizeof(Inputs) == sizeof(real) * len(PARAMETERS)

# Hours of a weather with what is paid and emitted; all of length n.
cdef struct Series:
    const real* load
    const real* t
    const real* wet_bulb
    const real* w
    const real* rh
    const real* air
    const real* thin
    const real* air75
    const real* price
    const real* carbon
    Py_ssize_t n
    Py_ssize_t step             # hours of a block, a multiple of GROUP


cdef inline double _sum(const real* block, double total) noexcept nogil:
    """A whole block added to a total, group by group, so that single precision stays good to 1e-6."""
    cdef real lanes[LANES]
    cdef const real* b
    cdef int group, lane
    for group in range(BLOCK // GROUP):
        b = block + group * GROUP
        for lane in range(LANES):
            lanes[lane] = (((b[lane] + b[LANES + lane]) + (b[2 * LANES + lane] + b[3 * LANES + lane]))
                           + ((b[4 * LANES + lane] + b[5 * LANES + lane]) + (b[6 * LANES + lane] + b[7 * LANES + lane])))
        for lane in range(8):
            lanes[lane] += lanes[lane + 8]
        for lane in range(4):
            lanes[lane] += lanes[lane + 4]
        total += (<double> lanes[0] + lanes[2]) + (<double> lanes[1] + lanes[3])
    return total


cdef inline real _more(real x, real y) noexcept nogil:
    return x if x > y else y


cdef inline real _largest(const real* block) noexcept nogil:
    cdef real lanes[LANES]
    cdef const real* b
    cdef int group, lane
    cdef real result = 0.0
    for lane in range(LANES):
        lanes[lane] = 0.0
    for group in range(BLOCK // GROUP):
        b = block + group * GROUP
        for lane in range(LANES):
            lanes[lane] = _more(lanes[lane], _more(
                _more(_more(b[lane], b[LANES + lane]), _more(b[2 * LANES + lane], b[3 * LANES + lane])),
                _more(_more(b[4 * LANES + lane], b[5 * LANES + lane]), _more(b[6 * LANES + lane], b[7 * LANES + lane]))))
    for lane in range(LANES):
        result = _more(lanes[lane], result)
    return result


cdef inline void _year(const int air_side, const int rejection, const Inputs* inputs, real load, const Series* series,
                       double* out) noexcept nogil:
    # A copy of its own, so that the compiler knows that the blocks do not overlap it.
    cdef Inputs p = inputs[0]
    cdef Derived d
    cdef Hour h
    cdef Hour full
    cdef real facility[BLOCK]
    cdef real water[BLOCK]
    cdef real cost[BLOCK]
    cdef real carbon[BLOCK]
    cdef real work[BLOCK]
    cdef real peak[BLOCK]
    cdef real over_k[BLOCK]
    cdef real x
    cdef double largest
    cdef Py_ssize_t start, i, count
    cdef Py_ssize_t n = series.n
    cdef const real* loads = series.load
    cdef const real* t = series.t
    cdef const real* wet_bulb = series.wet_bulb
    cdef const real* w = series.w
    cdef const real* rh = series.rh
    cdef const real* air = series.air
    cdef const real* thin = series.thin
    cdef const real* air75 = series.air75
    cdef const real* price = series.price
    cdef const real* intensity = series.carbon
    derive(air_side, rejection, &p, &d)
    for i in range(BLOCK):
        facility[i] = water[i] = cost[i] = carbon[i] = work[i] = peak[i] = over_k[i] = 0.0
    start = 0
    while start < n:
        count = n - start if n - start < series.step else series.step
        for i in range(count):
            x = load * loads[start + i]
            law.hour(air_side, rejection, &p, &d, x, t[start + i], wet_bulb[start + i], w[start + i], rh[start + i],
                     air[start + i], thin[start + i], air75[start + i], &h)
            law.hour(air_side, rejection, &p, &d, 1.0, t[start + i], wet_bulb[start + i], w[start + i], rh[start + i],
                     air[start + i], thin[start + i], air75[start + i], &full)
            facility[i] = law.facility_power(&h, x)
            water[i] = law.water(&h)
            cost[i] = facility[i] * price[start + i]
            carbon[i] = facility[i] * intensity[start + i]
            work[i] = h.compressor
            peak[i] = law.facility_power(&full, 1.0)
            over_k[i] = full.over_k
        for i in range(count, series.step):
            facility[i] = water[i] = cost[i] = carbon[i] = work[i] = peak[i] = over_k[i] = 0.0
        out[0] = _sum(facility, out[0])
        out[1] = _sum(water, out[1])
        out[2] = _sum(cost, out[2])
        out[3] = _sum(carbon, out[3])
        out[4] = _sum(work, out[4])
        largest = _largest(peak)
        out[6] = largest if largest > out[6] else out[6]
        largest = _largest(over_k)
        if largest > 0.0:
            out[7] = largest if largest > out[7] else out[7]
            for i in range(count):
                out[5] += 1.0 if over_k[i] > 0.0 else 0.0
        start += series.step


# Usual combinations have a loop of their own that asks nothing inside; others share one that does.
cdef void _any(int air_side, int rejection, const Inputs* p, real load, const Series* s, double* out) noexcept nogil:
    _year(air_side, rejection, p, load, s, out)


cdef clones_void _air_chiller(const Inputs* p, real load, const Series* s, double* out) noexcept nogil:
    _year(AIR_CHILLER, NO_LIQUID, p, load, s, out)


cdef clones_void _water_chiller(const Inputs* p, real load, const Series* s, double* out) noexcept nogil:
    _year(WATER_CHILLER, NO_LIQUID, p, load, s, out)


cdef clones_void _air_economizer(const Inputs* p, real load, const Series* s, double* out) noexcept nogil:
    _year(AIR_ECONOMIZER, NO_LIQUID, p, load, s, out)


cdef clones_void _air_economizer_tower(const Inputs* p, real load, const Series* s, double* out) noexcept nogil:
    _year(AIR_ECONOMIZER_TOWER, NO_LIQUID, p, load, s, out)


cdef clones_void _indirect_evaporative(const Inputs* p, real load, const Series* s, double* out) noexcept nogil:
    _year(INDIRECT_EVAPORATIVE, NO_LIQUID, p, load, s, out)


cdef clones_void _dry(const Inputs* p, real load, const Series* s, double* out) noexcept nogil:
    _year(AIR_CHILLER, DRY, p, load, s, out)


cdef clones_void _adiabatic(const Inputs* p, real load, const Series* s, double* out) noexcept nogil:
    _year(AIR_CHILLER, ADIABATIC, p, load, s, out)


cdef clones_void _chiller(const Inputs* p, real load, const Series* s, double* out) noexcept nogil:
    _year(AIR_CHILLER, CHILLER, p, load, s, out)


cdef clones_void _tower(const Inputs* p, real load, const Series* s, double* out) noexcept nogil:
    _year(WATER_CHILLER, TOWER, p, load, s, out)


cdef clones_void _hybrid(const Inputs* p, real load, const Series* s, double* out) noexcept nogil:
    _year(WATER_CHILLER, HYBRID, p, load, s, out)


cdef inline void _design(int air_side, int rejection, const Inputs* p, real load, const Series* s, double* out) noexcept nogil:
    if rejection == NO_LIQUID and air_side == AIR_CHILLER:
        _air_chiller(p, load, s, out)
    elif rejection == NO_LIQUID and air_side == WATER_CHILLER:
        _water_chiller(p, load, s, out)
    elif rejection == NO_LIQUID and air_side == AIR_ECONOMIZER:
        _air_economizer(p, load, s, out)
    elif rejection == NO_LIQUID and air_side == AIR_ECONOMIZER_TOWER:
        _air_economizer_tower(p, load, s, out)
    elif rejection == NO_LIQUID and air_side == INDIRECT_EVAPORATIVE:
        _indirect_evaporative(p, load, s, out)
    elif rejection == DRY and air_side == AIR_CHILLER:
        _dry(p, load, s, out)
    elif rejection == ADIABATIC and air_side == AIR_CHILLER:
        _adiabatic(p, load, s, out)
    elif rejection == CHILLER and air_side == AIR_CHILLER:
        _chiller(p, load, s, out)
    elif rejection == TOWER and air_side == WATER_CHILLER:
        _tower(p, load, s, out)
    elif rejection == HYBRID and air_side == WATER_CHILLER:
        _hybrid(p, load, s, out)
    else:
        _any(air_side, rejection, p, load, s, out)


cdef clones_void _weather_terms(const double* t_c, const double* rh, const double* p_pa, double* wet_bulb_c,
                                double* humidity_ratio, double* density_ratio, Py_ssize_t n) noexcept nogil:
    # A loop each: with few arrays in it the compiler makes vectors of it.
    cdef Py_ssize_t i
    for i in range(n):
        humidity_ratio[i] = air_law.humidity_ratio(t_c[i], rh[i], p_pa[i])
    for i in range(n):
        density_ratio[i] = air_law.density(t_c[i], humidity_ratio[i], p_pa[i]) * (1.0 / 1.2)
    for i in range(n):
        wet_bulb_c[i] = air_law.wet_bulb(t_c[i], rh[i], air_law.humidity_ratio(t_c[i], rh[i], p_pa[i]), p_pa[i])


def weather_terms(const double[::1] t_c, const double[::1] rh, const double[::1] p_pa, double[::1] wet_bulb_c,
                  double[::1] humidity_ratio, double[::1] density_ratio):
    """What all designs share of a weather: wet bulb [degC], humidity ratio, density beside 1.2 kg/m3."""
    with nogil:
        _weather_terms(&t_c[0], &rh[0], &p_pa[0], &wet_bulb_c[0], &humidity_ratio[0], &density_ratio[0], t_c.shape[0])


def facility_years(int air_side, int rejection, const real[:, ::1] inputs, const real[::1] load, const real[:, ::1] hours,
                   double[:, ::1] out, Py_ssize_t block_hours=BLOCK):
    """Years of many designs of one cooling system on one weather.

    Parameters
    ----------
    air_side, rejection : int
        Positions in AIR_SIDES and REJECTIONS.
    inputs : array of shape (n_designs, len(PARAMETERS))
    load : array of shape (n_designs,)
        Times the profile of `hours`: IT power of the hour beside full load.
    hours : array of shape (10, n_hours)
        Profile of the load, dry bulb [degC], wet bulb [degC], humidity ratio, relative humidity, density ratio, the
        reciprocal of its square, its power 0.75, price and carbon per unit.
    out : array of shape (n_designs, len(RESULTS)), zeros at the start
    block_hours : int
        128, 256, 384 or 512; the answer is the same to the last bit.
    """
    cdef Py_ssize_t s
    cdef Series series
    cdef const Inputs* p
    series.n = hours.shape[1]
    series.step = block_hours
    series.load = &hours[0, 0]
    series.t = &hours[1, 0]
    series.wet_bulb = &hours[2, 0]
    series.w = &hours[3, 0]
    series.rh = &hours[4, 0]
    series.air = &hours[5, 0]
    series.thin = &hours[6, 0]
    series.air75 = &hours[7, 0]
    series.price = &hours[8, 0]
    series.carbon = &hours[9, 0]
    with nogil:
        for s in range(inputs.shape[0]):
            p = <const Inputs*> &inputs[s, 0]
            _design(air_side, rejection, p, load[s], &series, &out[s, 0])


def facility_hours(int air_side, int rejection, const real[::1] inputs, real load, const real[:, ::1] hours,
                   double[:, ::1] out):
    """Hour by hour, one design; `hours` as above, out of shape (n_hours, len(HOURLY))."""
    cdef Inputs p = (<const Inputs*> &inputs[0])[0]
    cdef Derived d
    cdef Hour h
    cdef real x
    cdef Py_ssize_t i
    with nogil:
        derive(air_side, rejection, &p, &d)
        for i in range(hours.shape[1]):
            x = load * hours[0, i]
            law.hour(air_side, rejection, &p, &d, x, hours[1, i], hours[2, i], hours[3, i], hours[4, i],
                     hours[5, i], hours[6, i], hours[7, i], &h)
            out[i, 0] = x
            out[i, 1] = law.facility_power(&h, x)
            out[i, 2] = h.electrical
            out[i, 3] = h.compressor
            out[i, 4] = h.room_fans
            out[i, 5] = h.rejection_fans
            out[i, 6] = h.pumps
            out[i, 7] = law.water(&h)
            out[i, 8] = h.evaporated
            out[i, 9] = h.drift
            out[i, 10] = h.blowdown
            out[i, 11] = h.humidified
            out[i, 12] = h.reused
            out[i, 13] = h.mechanical_air
            out[i, 14] = h.mechanical_liquid
            out[i, 15] = h.wet
            out[i, 16] = h.over_k


def chiller_cop(double reference_cop, double chilled_c, double condenser_c):
    """Full-load COP of the DOE-2.1E centrifugal curve, held at the warm end of where it is valid [entering water, degC]."""
    cdef c.Machine m
    c.water_cooled(&m, 1.0, 0.6, reference_cop, 1e3, chilled_c, 5.5, 24.0)
    return 1.0 / c.machine_eir(&m, condenser_c)
