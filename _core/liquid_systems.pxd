# What cools the liquid loop, for one hour; each adds to the hour. docs/physics.md.
cimport cooling_laws as c
from facility_inputs cimport Derived, Hour, Inputs
from precision cimport real, sqrt


cdef inline real cube_root(real x) noexcept nogil:
    """For 0.02..2, 1e-10 relative: Newton from the fourth root, which lies within a quarter."""
    cdef real y = sqrt(sqrt(x)) * (0.9 + 0.1 * x)
    cdef int _step
    for _step in range(4):
        y -= (y * y * y - x) / (3.0 * y * y)
    return y


cdef inline real dry_cooler(const Inputs* p, const Derived* d, const bint pads, real heat, real t, real wet_bulb_c,
                            real air, real thin, real air75, Hour* h) noexcept nogil:
    """Dry or adiabatic cooler at the speed that the heat needs; returns the share of the heat that is left."""
    cdef real wet = c.ramp(t - (d.facility_c - p.dry_approach_k - p.wet_start_k)) if pads else 0.0
    cdef real entering = t - p.pad_effectiveness * wet * (t - wet_bulb_c) if pads else t
    cdef real initial_k = c.at_least(d.facility_c + p.facility_rise_k - entering, 0.1)
    cdef real design_k = p.dry_approach_k + p.facility_rise_k
    cdef real wanted = c.at_least(heat * d.per_liquid, 1e-6) * design_k / initial_k
    # Heat over initial difference goes with the air's mass flow to the power 0.75.
    cdef real most = d.dry_most * air75
    cdef real used = c.at_most(wanted, most)
    cdef real least = c.cube(p.dry_fan_least_speed) * air
    cdef real mass, evaporated
    h.rejection_fans += p.dry_fan_share * d.liquid_full * c.at_least(used * used * used * used * thin, least)
    if pads:
        mass = used * cube_root(used) * d.liquid_full / (1.006 * p.cooler_air_rise_k)
        evaporated = mass * 1.006 * (t - entering) / (2500.5 - 2.36 * wet_bulb_c)
        h.humidified += evaporated
        h.blowdown += evaporated * d.per_cycles
        h.wet = c.at_least(wet, h.wet)
    return 1.0 - used / wanted


cdef inline void trim_by_air(const Inputs* p, const Derived* d, real heat, real left, real t, real air75,
                             Hour* h) noexcept nogil:
    """Air-cooled chillers for what dry coolers leave; beyond their size the water warms until the fans reach all of it."""
    cdef real rest = heat * left
    cdef real trimmed = c.at_most(rest, p.trim_capacity * d.liquid_full)
    cdef real warm_k = (rest - trimmed) * d.per_liquid * (p.dry_approach_k + p.facility_rise_k) / (d.dry_most * air75)
    h.compressor += trimmed * c.machine_eir(&d.loop_on_air, t + d.thin_k)
    h.mechanical_liquid = trimmed / c.at_least(heat, 1e-6)
    h.over_k = c.at_least(warm_k, h.over_k)
    h.over_k = c.at_least(t - p.ambient_max_c if trimmed > 0.0 else h.over_k, h.over_k)


cdef inline void chiller(const Inputs* p, const Derived* d, real heat, real t, Hour* h) noexcept nogil:
    """All of the liquid's heat on air-cooled chillers."""
    h.compressor += heat * c.machine_eir(&d.loop_on_air, t + d.thin_k)
    h.mechanical_liquid = 1.0
    h.over_k = c.at_least(t - p.ambient_max_c, h.over_k)


cdef inline void tower(const Inputs* p, const Derived* d, real heat, real left, real wet_bulb_c, Hour* h) noexcept nogil:
    """The tower for the share of the loop's heat that is left, chillers for what it can't reach."""
    cdef real rest = heat * left
    cdef real part = c.at_least(left, 0.001)
    cdef real free = c.free_share(wet_bulb_c + p.tower_approach_k + p.exchanger_approach_k,
                                  d.facility_c + part * p.facility_rise_k, d.per_facility_rise / part)
    cdef real wanted = (1.0 - free) * rest
    cdef real trimmed = c.at_most(wanted, p.trim_capacity * d.liquid_full)
    cdef real work = trimmed * c.machine_eir(&d.loop_on_water, wet_bulb_c + p.tower_approach_k)
    h.compressor += work
    h.tower_heat += rest
    h.tower_work += work
    h.mechanical_liquid = trimmed / c.at_least(heat, 1e-6)
    h.over_k = c.at_least((wanted - trimmed) * d.per_liquid * p.facility_rise_k, h.over_k)
