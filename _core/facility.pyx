"""A year of a hall, hour by hour: energy, water, cost and peak for many designs on one weather.

The caller allocates and checks. Sums run in eight lanes over blocks of 512 hours, so that they vectorise
and their order never depends on threads.
"""

cimport facility_laws as law
cimport psychrometric_laws as air_law

cdef extern from "clones.h":
    ctypedef void clones_void "OPTIMIZER_CLONES void"

cdef enum:
    BLOCK = 512
    LANES = 8

# Columns of a design's inputs, in the order of `facility_laws.Inputs`.
PARAMETERS = (
    "liquid_share", "rating_share", "ups_a", "ups_b", "ups_c", "transformer_no_load", "transformer_load",
    "distribution_loss", "lighting", "supply_air_c", "air_rise_k", "coil_effectiveness", "sensible_heat_ratio",
    "fan_pressure_pa", "fan_efficiency", "fan_least_speed", "chilled_rise_k", "chilled_pump_kpa", "pump_efficiency",
    "carnot_fraction", "reference_cop", "condenser_approach_k", "part_load_ratio", "ambient_max_c",
    "tower_approach_k", "exchanger_approach_k", "tower_range_k", "tower_fan_share", "tower_pump_kpa", "drift_share",
    "cycles_of_concentration", "water_on_compressor", "winter_sensible", "low_supply_c", "humidity_low",
    "humidity_high", "humidifier_mpa", "tcs_supply_c", "cdu_approach_k", "facility_rise_k", "dry_approach_k",
    "dry_fan_share", "dry_fan_least_speed", "dry_fan_most_speed", "liquid_pump_share", "trim_capacity",
    "pad_effectiveness", "wet_start_k", "cooler_air_rise_k",
)
# Columns of a design's answer: sums over the hours per unit of IT power at full load, and the worst hour.
RESULTS = ("facility_h", "water_kg_h_per_kw_s", "cost", "compressor_h", "peak", "hours_over_temperature")
# Columns of the hourly answer.
HOURLY = ("facility", "water_kg_s", "compressor", "mechanical", "wet", "over")
SYSTEMS = ("air_chiller", "water_chiller_economizer", "air_economizer", "dlc_dry", "dlc_adiabatic", "dlc_tower")

assert sizeof(law.Inputs) == 8 * len(PARAMETERS)


cdef inline double _sum(const double* block) noexcept nogil:
    cdef double lanes[LANES]
    cdef int i, lane
    for lane in range(LANES):
        lanes[lane] = 0.0
    for i in range(BLOCK // LANES):
        for lane in range(LANES):
            lanes[lane] += block[i * LANES + lane]
    return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))


cdef inline double _largest(const double* block) noexcept nogil:
    cdef double lanes[LANES]
    cdef int i, lane
    cdef double result = 0.0
    cdef double x
    for lane in range(LANES):
        lanes[lane] = 0.0
    for i in range(BLOCK // LANES):
        for lane in range(LANES):
            x = block[i * LANES + lane]
            lanes[lane] = x if x > lanes[lane] else lanes[lane]
    for lane in range(LANES):
        result = lanes[lane] if lanes[lane] > result else result
    return result


cdef inline void _year(const int system, const law.Inputs* inputs, double load, const double* t, const double* wet_bulb,
                       const double* w, const double* air, const double* price, Py_ssize_t n, double* out) noexcept nogil:
    # A copy of its own, so that the compiler knows that the blocks do not overlap it.
    cdef law.Inputs p = inputs[0]
    cdef law.Derived d
    cdef law.Hour h
    cdef law.Hour full
    cdef double facility[BLOCK]
    cdef double water[BLOCK]
    cdef double cost[BLOCK]
    cdef double work[BLOCK]
    cdef double peak[BLOCK]
    cdef double over[BLOCK]
    cdef Py_ssize_t start, block, i, count
    law.derive(system, &p, &d)
    for block in range((n + BLOCK - 1) // BLOCK):
        start = block * BLOCK
        count = n - start if n - start < BLOCK else BLOCK
        for i in range(count):
            law.hour(system, &p, &d, load, t[start + i], wet_bulb[start + i], w[start + i], air[start + i], &h)
            law.hour(system, &p, &d, 1.0, t[start + i], wet_bulb[start + i], w[start + i], air[start + i], &full)
            facility[i] = h.facility
            water[i] = h.water_kg_s
            cost[i] = h.facility * price[start + i]
            work[i] = h.compressor
            peak[i] = full.facility
            over[i] = full.over
        for i in range(count, BLOCK):
            facility[i] = 0.0
            water[i] = 0.0
            cost[i] = 0.0
            work[i] = 0.0
            peak[i] = 0.0
            over[i] = 0.0
        out[0] += _sum(facility)
        out[1] += _sum(water)
        out[2] += _sum(cost)
        out[3] += _sum(work)
        out[4] = _largest(peak) if _largest(peak) > out[4] else out[4]
        out[5] += _sum(over)


cdef clones_void _air_chiller(const law.Inputs* p, double load, const double* t, const double* wb, const double* w,
                              const double* air, const double* price, Py_ssize_t n, double* out) noexcept nogil:
    _year(law.AIR_CHILLER, p, load, t, wb, w, air, price, n, out)


cdef clones_void _water_chiller_economizer(const law.Inputs* p, double load, const double* t, const double* wb,
                                           const double* w, const double* air, const double* price, Py_ssize_t n,
                                           double* out) noexcept nogil:
    _year(law.WATER_CHILLER_ECONOMIZER, p, load, t, wb, w, air, price, n, out)


cdef clones_void _air_economizer(const law.Inputs* p, double load, const double* t, const double* wb, const double* w,
                                 const double* air, const double* price, Py_ssize_t n, double* out) noexcept nogil:
    _year(law.AIR_ECONOMIZER, p, load, t, wb, w, air, price, n, out)


cdef clones_void _dlc_dry(const law.Inputs* p, double load, const double* t, const double* wb, const double* w,
                          const double* air, const double* price, Py_ssize_t n, double* out) noexcept nogil:
    _year(law.DLC_DRY, p, load, t, wb, w, air, price, n, out)


cdef clones_void _dlc_adiabatic(const law.Inputs* p, double load, const double* t, const double* wb, const double* w,
                                const double* air, const double* price, Py_ssize_t n, double* out) noexcept nogil:
    _year(law.DLC_ADIABATIC, p, load, t, wb, w, air, price, n, out)


cdef clones_void _dlc_tower(const law.Inputs* p, double load, const double* t, const double* wb, const double* w,
                            const double* air, const double* price, Py_ssize_t n, double* out) noexcept nogil:
    _year(law.DLC_TOWER, p, load, t, wb, w, air, price, n, out)


def weather_terms(const double[::1] t_c, const double[::1] rh, const double[::1] p_pa, double[::1] wet_bulb_c,
                  double[::1] humidity_ratio, double[::1] density_ratio):
    """What all designs share of a weather: wet bulb [degC], humidity ratio, density beside 1.2 kg/m3."""
    cdef Py_ssize_t i
    cdef double w
    with nogil:
        for i in range(t_c.shape[0]):
            w = air_law.humidity_ratio(t_c[i], rh[i], p_pa[i])
            humidity_ratio[i] = w
            wet_bulb_c[i] = air_law.wet_bulb(t_c[i], rh[i], w, p_pa[i])
            density_ratio[i] = air_law.density(t_c[i], w, p_pa[i]) * (1.0 / 1.2)


def facility_years(int system, const double[:, ::1] inputs, const double[::1] load, const double[::1] t_c,
                   const double[::1] wet_bulb_c, const double[::1] humidity_ratio, const double[::1] density_ratio,
                   const double[::1] price, double[:, ::1] out):
    """Years of many designs of one cooling system on one weather.

    Shapes: inputs (S, len(PARAMETERS)), load (S,), weather and price (n_hours,), out (S, len(RESULTS)), zeros at the start.
    """
    cdef Py_ssize_t s
    cdef Py_ssize_t n = t_c.shape[0]
    cdef const law.Inputs* p
    with nogil:
        for s in range(inputs.shape[0]):
            p = <const law.Inputs*> &inputs[s, 0]
            if system == law.AIR_CHILLER:
                _air_chiller(p, load[s], &t_c[0], &wet_bulb_c[0], &humidity_ratio[0], &density_ratio[0], &price[0], n, &out[s, 0])
            elif system == law.WATER_CHILLER_ECONOMIZER:
                _water_chiller_economizer(p, load[s], &t_c[0], &wet_bulb_c[0], &humidity_ratio[0], &density_ratio[0], &price[0], n, &out[s, 0])
            elif system == law.AIR_ECONOMIZER:
                _air_economizer(p, load[s], &t_c[0], &wet_bulb_c[0], &humidity_ratio[0], &density_ratio[0], &price[0], n, &out[s, 0])
            elif system == law.DLC_DRY:
                _dlc_dry(p, load[s], &t_c[0], &wet_bulb_c[0], &humidity_ratio[0], &density_ratio[0], &price[0], n, &out[s, 0])
            elif system == law.DLC_ADIABATIC:
                _dlc_adiabatic(p, load[s], &t_c[0], &wet_bulb_c[0], &humidity_ratio[0], &density_ratio[0], &price[0], n, &out[s, 0])
            else:
                _dlc_tower(p, load[s], &t_c[0], &wet_bulb_c[0], &humidity_ratio[0], &density_ratio[0], &price[0], n, &out[s, 0])


def facility_hours(int system, const double[::1] inputs, double load, const double[::1] t_c, const double[::1] wet_bulb_c,
                   const double[::1] humidity_ratio, const double[::1] density_ratio, double[:, ::1] out):
    """Hour by hour, one design; out has shape (n_hours, len(HOURLY))."""
    cdef law.Inputs p = (<const law.Inputs*> &inputs[0])[0]
    cdef law.Derived d
    cdef law.Hour h
    cdef Py_ssize_t i
    with nogil:
        law.derive(system, &p, &d)
        for i in range(t_c.shape[0]):
            law.hour(system, &p, &d, load, t_c[i], wet_bulb_c[i], humidity_ratio[i], density_ratio[i], &h)
            out[i, 0] = h.facility
            out[i, 1] = h.water_kg_s
            out[i, 2] = h.compressor
            out[i, 3] = h.mechanical
            out[i, 4] = h.wet
            out[i, 5] = h.over


def chiller_cop(double reference_cop, double chilled_c, double condenser_c):
    """Full-load COP of the DOE-2.1E centrifugal curve, clamped to where it is valid."""
    return reference_cop / law.c.centrifugal_eir_factor(law.c.centrifugal_held(chilled_c), condenser_c)
