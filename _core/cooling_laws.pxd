# Power and water of cooling and of the electrical chain, one point at a time; all per unit of IT power at full load.
# Sources: DOE-2.1E curves as in EnergyPlus; Lei and Masanet 2020 (doi 10.1016/j.energy.2020.117556) and 2022
# (doi 10.1016/j.resconrec.2022.106323); docs/physics.md.
from precision cimport real

cdef inline real ramp(real x) noexcept nogil:
    """0 below 0, 1 above 1, straight in between: every switch is one of these."""
    return 0.0 if x < 0.0 else (1.0 if x > 1.0 else x)


cdef inline real at_least(real x, real least) noexcept nogil:
    return x if x > least else least


cdef inline real at_most(real x, real most) noexcept nogil:
    return x if x < most else most


cdef inline real cube(real x) noexcept nogil:
    return x * x * x


cdef inline real biquadratic(real a, real b, real c, real d, real e, real f, real x, real y) noexcept nogil:
    return a + x * (b + c * x) + y * (d + e * y) + f * x * y


# The curves take chilled water that is held within their range already: it does not change by hour, and a clamp
# inside the loop keeps the compiler from making vectors of it.
cdef inline real centrifugal_held(real chilled_c) noexcept nogil:
    return at_most(at_least(chilled_c, 5.0), 10.0)


cdef inline real scroll_held(real chilled_c) noexcept nogil:
    return at_most(at_least(chilled_c, 5.56), 10.0)


cdef inline real centrifugal_eir_factor(real held_c, real condenser_c) noexcept nogil:
    """Energy input ratio beside 6.67/29.4 degC, DOE-2.1E centrifugal; entering water is held within 24..35 degC."""
    return biquadratic(.933884, -.058212, .00450036, .00243, .000486, -.001215,
                       held_c, at_most(at_least(condenser_c, 24.0), 35.0))


cdef inline real scroll_eir_factor(real held_c, real outdoor_c) noexcept nogil:
    """Energy input ratio beside 6.67/35 degC, air-cooled scroll (EnergyPlus AirCooledChiller.idf); held to 23.9..46.1."""
    return biquadratic(.7690169642, -.023780081, .0009828809, .0015396954, .000353063, -.0005959493,
                       held_c, at_most(at_least(outdoor_c, 23.9), 46.1))


cdef inline real part_load_factor(real ratio) noexcept nogil:
    """Energy input ratio beside full load at a part-load ratio, DOE-2.1E centrifugal."""
    return (.222903 + ratio * (.313387 + .463710 * ratio)) / ratio


cdef inline real carnot_eir(real per_k, real chilled_c, real condensing_c) noexcept nogil:
    """1/COP of a machine at a fraction of Carnot's COP between evaporation and condensation, COP at most 14."""
    return at_least((condensing_c - chilled_c + 3.0) * per_k, 1.0 / 14.0)


cdef inline real carnot_per_k(real fraction, real chilled_c) noexcept nogil:
    """1/COP of each kelvin of lift, 1.5 K at either exchanger in."""
    return 1.0 / (fraction * (chilled_c - 1.5 + 273.15))


cdef inline real water_cooled_eir(real warm, real held_c, real per_k, real reference_eir,
                                  real chilled_c, real entering_c, real rise_k) noexcept nogil:
    """1/COP of a water-cooled machine: the curve below 10 degC chilled water, Carnot's fraction above 12, mixed between."""
    return (warm * carnot_eir(per_k, chilled_c, entering_c + rise_k)
            + (1.0 - warm) * reference_eir * centrifugal_eir_factor(held_c, entering_c))


cdef inline real air_cooled_eir(real warm, real held_c, real per_k, real reference_eir,
                                real chilled_c, real outdoor_c, real approach_k) noexcept nogil:
    """1/COP of an air-cooled machine with its fans, in the same way."""
    return (warm * carnot_eir(per_k, chilled_c, outdoor_c + approach_k)
            + (1.0 - warm) * reference_eir * scroll_eir_factor(held_c, outdoor_c))


cdef inline real free_share(real need_c, real return_c, real per_rise) noexcept nogil:
    """Share of a water loop's heat that a source at need_c takes: it cools the return water as far as it can."""
    return ramp((return_c - need_c) * per_rise)


cdef inline real share_of(real part, real whole) noexcept nogil:
    """Part of a whole, 0..1; the whole may be as small as it likes."""
    return ramp(part / at_least(whole, 1e-6))


cdef inline real affinity(real flow, real least) noexcept nogil:
    """Power of a fan or pump at a flow, both beside full: the cube of its speed, never below the least."""
    return cube(at_least(flow, least))
