# Power and water of cooling and of the electrical chain, one point at a time; all per unit of IT power at full load.
# Sources: DOE-2.1E curves as in EnergyPlus; Lei and Masanet 2020 (doi 10.1016/j.energy.2020.117556) and 2022
# (doi 10.1016/j.resconrec.2022.106323); docs/physics.md.

cdef inline double ramp(double x) noexcept nogil:
    """0 below 0, 1 above 1, straight in between: every switch is one of these."""
    return 0.0 if x < 0.0 else (1.0 if x > 1.0 else x)


cdef inline double at_least(double x, double least) noexcept nogil:
    return x if x > least else least


cdef inline double at_most(double x, double most) noexcept nogil:
    return x if x < most else most


cdef inline double cube(double x) noexcept nogil:
    return x * x * x


cdef inline double biquadratic(double a, double b, double c, double d, double e, double f, double x, double y) noexcept nogil:
    return a + x * (b + c * x) + y * (d + e * y) + f * x * y


# The curves take chilled water that is held within their range already: it does not change by hour, and a clamp
# inside the loop keeps the compiler from making vectors of it.
cdef inline double centrifugal_held(double chilled_c) noexcept nogil:
    return at_most(at_least(chilled_c, 5.0), 10.0)


cdef inline double scroll_held(double chilled_c) noexcept nogil:
    return at_most(at_least(chilled_c, 5.56), 10.0)


cdef inline double centrifugal_eir_factor(double held_c, double condenser_c) noexcept nogil:
    """Energy input ratio beside 6.67/29.4 degC, DOE-2.1E centrifugal; entering water is held within 24..35 degC."""
    return biquadratic(.933884, -.058212, .00450036, .00243, .000486, -.001215,
                       held_c, at_most(at_least(condenser_c, 24.0), 35.0))


cdef inline double scroll_eir_factor(double held_c, double outdoor_c) noexcept nogil:
    """Energy input ratio beside 6.67/35 degC, air-cooled scroll (EnergyPlus AirCooledChiller.idf); held to 23.9..46.1."""
    return biquadratic(.7690169642, -.023780081, .0009828809, .0015396954, .000353063, -.0005959493,
                       held_c, at_most(at_least(outdoor_c, 23.9), 46.1))


cdef inline double part_load_factor(double ratio) noexcept nogil:
    """Energy input ratio beside full load at a part-load ratio, DOE-2.1E centrifugal."""
    return (.222903 + ratio * (.313387 + .463710 * ratio)) / ratio


cdef inline double carnot_eir(double fraction, double chilled_c, double condensing_c) noexcept nogil:
    """1/COP of a machine at a fraction of Carnot's COP between evaporation and condensation, COP at most 14."""
    cdef double lift = condensing_c - chilled_c + 3.0
    return at_least(lift / (fraction * (chilled_c - 1.5 + 273.15)), 1.0 / 14.0)


cdef inline double water_cooled_eir(double warm, double held_c, double fraction, double reference_eir,
                                    double chilled_c, double entering_c, double rise_k) noexcept nogil:
    """1/COP of a water-cooled machine: the curve below 10 degC chilled water, Carnot's fraction above 12, mixed between."""
    return (warm * carnot_eir(fraction, chilled_c, entering_c + rise_k)
            + (1.0 - warm) * reference_eir * centrifugal_eir_factor(held_c, entering_c))


cdef inline double air_cooled_eir(double warm, double held_c, double fraction, double reference_eir,
                                  double chilled_c, double outdoor_c, double approach_k) noexcept nogil:
    """1/COP of an air-cooled machine with its fans, in the same way."""
    return (warm * carnot_eir(fraction, chilled_c, outdoor_c + approach_k)
            + (1.0 - warm) * reference_eir * scroll_eir_factor(held_c, outdoor_c))


cdef inline double free_share(double need_c, double supply_c, double return_c) noexcept nogil:
    """Share of a water loop's heat that a source at need_c takes: it cools the return water as far as it can."""
    return ramp((return_c - need_c) / (return_c - supply_c))


cdef inline double fan_power(double heat, double full_heat, double full_power, double least_speed) noexcept nogil:
    """Cube law on the flow that the heat needs, never below the least speed."""
    cdef double speed = at_least(heat / full_heat, least_speed)
    return full_power * cube(speed)


cdef inline double chain_loss(double load, double share, double a, double b, double c) noexcept nogil:
    """Loss of a device bank that carries `load` at `share` of its rating when the load is full: rating (a + b x + c x^2)."""
    cdef double x = load * share
    return (a + x * (b + x * c)) / share
