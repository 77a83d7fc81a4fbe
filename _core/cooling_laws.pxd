# Power and water of cooling and of the electrical chain, one point at a time; all per unit of IT power at full load.
# Sources: DOE-2.1E curves as in EnergyPlus; Lei and Masanet 2020 (doi 10.1016/j.energy.2020.117556) and 2022
# (doi 10.1016/j.resconrec.2022.106323); docs/physics.md.
from precision cimport real

cdef inline real at_least(real x, real least) noexcept nogil:
    return x if x > least else least


cdef inline real at_most(real x, real most) noexcept nogil:
    return x if x < most else most


cdef inline real ramp(real x) noexcept nogil:
    """0 below 0, 1 above 1, straight in between: every switch is one of these. Two instructions, no comparison."""
    return at_most(at_least(x, 0.0), 1.0)


cdef inline real cube(real x) noexcept nogil:
    return x * x * x


# One chiller: what the hour's law needs of it, weights and reference COP in.
cdef struct Machine:
    real least_c        # head pressure is held from here down
    real low_c          # the curve's range
    real high_c
    real per_lift
    real carnot_0
    real carnot_1
    real carnot_least
    real curve_0
    real curve_1
    real curve_2
    real curve_least

cdef inline real centrifugal_held(real chilled_c) noexcept nogil:
    return at_most(at_least(chilled_c, 5.0), 10.0)


cdef inline real scroll_held(real chilled_c) noexcept nogil:
    return at_most(at_least(chilled_c, 5.56), 10.0)


cdef inline real part_load_factor(real ratio) noexcept nogil:
    """Energy input ratio beside full load at a part-load ratio, DOE-2.1E centrifugal."""
    return (.222903 + ratio * (.313387 + .463710 * ratio)) / ratio


cdef inline real machine_eir(const Machine* m, real t) noexcept nogil:
    """1/COP of a chiller whose condenser sees t: air-cooled the air, water-cooled the entering water [degC].

    The curve in cold chilled water, a fraction of Carnot's COP in warm, mixed between. Beyond the curve's cold end it
    falls as the lift does, until head pressure is held.
    """
    cdef real seen = at_least(t, m.least_c)
    cdef real y = at_most(at_least(seen, m.low_c), m.high_c)
    cdef real beyond = 1.0 + at_most(seen - m.low_c, 0.0) * m.per_lift
    return (at_least(m.carnot_0 + m.carnot_1 * seen, m.carnot_least)
            + at_least((m.curve_0 + y * (m.curve_1 + m.curve_2 * y)) * beyond, m.curve_least))


cdef inline void make_machine(Machine* m, real scale, real fraction, real reference_cop, real carnot_from_c,
                              real chilled_c, real held_c, real rise_k, real least_c) noexcept nogil:
    """What does not change by hour; the curve's own part is the caller's (`air_cooled`, `water_cooled`)."""
    cdef real warm = ramp((chilled_c - carnot_from_c) * 0.5)
    # 1/COP of each kelvin of lift, 1.5 K at either exchanger in; COP at most 14.
    cdef real per_k = warm * scale / (fraction * (chilled_c - 1.5 + 273.15))
    cdef real weight = (1.0 - warm) * scale / reference_cop
    m.least_c = least_c
    m.carnot_0 = per_k * (rise_k - chilled_c + 3.0)
    m.carnot_1 = per_k
    m.carnot_least = warm * scale / 14.0
    m.curve_0 *= weight
    m.curve_1 *= weight
    m.curve_2 *= weight
    m.curve_least = (1.0 - warm) * scale / 14.0
    m.per_lift = 1.0 / (m.low_c + rise_k - held_c + 3.0)


cdef inline void water_cooled(Machine* m, real scale, real fraction, real reference_cop, real carnot_from_c,
                              real chilled_c, real rise_k, real least_c) noexcept nogil:
    """DOE-2.1E centrifugal; its condenser's water enters at what the machine sees and leaves rise_k warmer."""
    cdef real x = centrifugal_held(chilled_c)
    m.low_c = 24.0
    m.high_c = 35.0
    m.curve_0 = .933884 + x * (-.058212 + .00450036 * x)
    m.curve_1 = .00243 - .001215 * x
    m.curve_2 = .000486
    make_machine(m, scale, fraction, reference_cop, carnot_from_c, chilled_c, x, rise_k, least_c)


cdef inline void air_cooled(Machine* m, real scale, real fraction, real reference_cop, real carnot_from_c,
                            real chilled_c, real approach_k, real least_c) noexcept nogil:
    """Air-cooled scroll (EnergyPlus AirCooledChiller.idf), its fans in; it condenses approach_k above the air."""
    cdef real x = scroll_held(chilled_c)
    m.low_c = 23.9
    m.high_c = 46.1
    m.curve_0 = .7690169642 + x * (-.023780081 + .0009828809 * x)
    m.curve_1 = .0015396954 - .0005959493 * x
    m.curve_2 = .000353063
    make_machine(m, scale, fraction, reference_cop, carnot_from_c, chilled_c, x, approach_k, least_c)


cdef inline real free_share(real need_c, real return_c, real per_rise) noexcept nogil:
    """Share of a water loop's heat that a source at need_c takes: it cools the return water as far as it can."""
    return ramp((return_c - need_c) * per_rise)


cdef inline real share_of(real part, real whole) noexcept nogil:
    """Part of a whole, 0..1; the whole may be as small as it likes."""
    return ramp(part / at_least(whole, 1e-6))


cdef inline real affinity(real flow, real least) noexcept nogil:
    """Power of a fan or pump at a flow, both beside full: the cube of its speed, never below the least."""
    return cube(at_least(flow, least))
