# What cools the room, for one hour; each adds to the hour. docs/physics.md.
cimport cooling_laws as c
from facility_inputs cimport Derived, Hour, Inputs
from precision cimport real


cdef inline void move_air(const Inputs* p, const Derived* d, real heat, Hour* h) noexcept nogil:
    h.room_fans += d.room_fan * c.affinity(heat * d.per_air_heat, p.fan_least_speed)


cdef inline void move_chilled_water(const Inputs* p, const Derived* d, real coil, real running, Hour* h) noexcept nogil:
    """`running`: share of the hour in which the chilled-water loop is on."""
    h.pumps += running * d.chilled_pump * c.affinity(coil * d.per_coil, p.pump_least_speed)


cdef inline void air_chiller(const Inputs* p, const Derived* d, real heat, real t, Hour* h) noexcept nogil:
    """Air handlers on air-cooled chillers."""
    cdef real coil = heat * d.per_shr
    h.compressor += coil * c.machine_eir(&d.room_on_air, t + d.thin_k)
    h.mechanical_air = 1.0
    h.over_k = c.at_least(t - p.ambient_max_c, h.over_k)
    move_chilled_water(p, d, coil, 1.0, h)
    move_air(p, d, heat, h)


cdef inline void water_chiller(const Inputs* p, const Derived* d, real heat, real wet_bulb_c, Hour* h) noexcept nogil:
    """Air handlers on a tower: the economizer's exchanger first, water-cooled chillers for the rest."""
    cdef real coil = heat * d.per_shr
    cdef real free = p.economizer * c.free_share(
        wet_bulb_c + p.tower_approach_k + p.exchanger_approach_k, d.chilled_return_c, d.per_chilled_rise)
    cdef real work = coil * (1.0 - free) * c.machine_eir(&d.room_on_water, wet_bulb_c + p.tower_approach_k)
    h.compressor += work
    h.tower_heat += coil
    h.tower_work += work
    h.mechanical_air = 1.0 - free
    move_chilled_water(p, d, coil, 1.0, h)
    move_air(p, d, heat, h)


cdef inline real drying(const Inputs* p, real cold, real t, real w, real rh) noexcept nogil:
    """Heat that takes outdoor air to the damp end of the box, saturated on the coil [kJ per kg of dry air]."""
    cdef real allowed = w * p.rh_high / c.at_least(rh, 0.01)
    cdef real w_to = c.at_most(p.humidity_high, cold * p.humidity_cold_high + (1.0 - cold) * allowed)
    cdef real t_to = c.at_most(p.dew_high_c, cold * p.dew_cold_high_c + (1.0 - cold) * (t - p.depression_k))
    return c.at_least(1.006 * (t - t_to) + 2501.0 * (w - w_to) + 1.86 * (t * w - t_to * w_to), 0.0)


cdef inline void outdoor_air(const Inputs* p, const Derived* d, const bint on_tower, real heat, real t, real wet_bulb_c,
                             real w, real rh, Hour* h) noexcept nogil:
    """Outdoor air where it lies in the box: mixed with return air when cold, humidified when dry, dried by the coil when
    damp, cooled by wetted media when hot; chillers for what is left."""
    cdef real coil = heat * d.per_shr
    cdef real depth = p.dec_effectiveness * (t - wet_bulb_c)
    # Along the wet bulb (ASHRAE Fundamentals 2017, chapter 1, equation 33), no wetter than the box allows.
    cdef real per_k = (1.006 + 1.86 * w) / (2501.0 + 1.86 * (t - depth) - 4.186 * wet_bulb_c)
    cdef real wetted = c.at_most(c.share_of(t - p.supply_air_c, depth),
                                 c.ramp((p.humidity_high - w) / c.at_least(depth * per_k, 1e-7)))
    cdef real cooled = wetted * depth
    cdef real added = cooled * per_k
    cdef real above = t - cooled - p.supply_air_c
    cdef real cold = c.ramp(p.low_supply_c - t)
    cdef real outdoor = p.air_rise_k / (p.air_rise_k + c.at_least(p.low_supply_c - t, 0.0))
    # Damp: beyond the box's humidity ratio; where return air is not mixed in to dry it, beyond its relative humidity too.
    cdef real damp = c.at_least(c.ramp((w + added - p.humidity_high) * 2000.0),
                                c.at_least(cold * c.ramp((w - p.humidity_cold_high) * 2000.0),
                                           (1.0 - cold) * c.ramp((rh - p.rh_high) * 50.0)))
    # Chillers dry outdoor air as long as that takes less than cooling the room's own, or do that at once; they do it beyond
    # the band as well, and in dry air without humidifiers.
    cdef real dried = damp * (1.0 - p.dry_on_coil
                              + p.dry_on_coil * c.ramp(outdoor * d.air_mass * heat * drying(p, cold, t, w, rh) / coil))
    cdef real least = c.at_least(p.humidity_low, (1.0 - cold) * w * p.rh_low / c.at_least(rh, 0.01))
    cdef real short = c.at_least(least - w - added, 0.0)
    cdef real parched = (1.0 - p.humidify) * c.ramp(short * 2000.0)
    cdef real mechanical = c.at_least(c.at_least(c.ramp(above * d.per_band), dried), parched)
    cdef real shut = c.at_least(c.ramp(above - p.switch_band_k + 1.0), c.ramp(c.at_least(dried, parched) * 20.0 - 19.0))
    cdef real dry_air = (1.0 - shut) * outdoor * d.air_mass * heat
    cdef real sprayed = p.humidify * dry_air * short
    cdef real evaporated = dry_air * added
    cdef real served = c.at_most(mechanical, p.backup_capacity)
    cdef real work
    if on_tower:
        work = served * coil * c.machine_eir(&d.room_on_water, wet_bulb_c + p.tower_approach_k)
        h.tower_heat += served * coil
        h.tower_work += work
    else:
        work = served * coil * c.machine_eir(&d.room_on_air, t + d.thin_k)
        h.over_k = c.at_least(t - p.ambient_max_c if served > 0.0 else h.over_k, h.over_k)
    h.compressor += work
    h.pumps += sprayed * p.humidifier_mpa / p.pump_efficiency
    h.humidified += sprayed + evaporated
    h.blowdown += evaporated * d.per_cycles
    h.mechanical_air = served
    h.wet = c.at_least(wetted if p.dec_effectiveness > 0.0 else 0.0, 1.0 if sprayed > 0.0 else 0.0) * (1.0 - shut)
    h.over_k = c.at_least(c.at_least(above, 0.0) * (mechanical - served) / c.at_least(mechanical, 1e-6), h.over_k)
    move_chilled_water(p, d, served * coil, served, h)
    move_air(p, d, heat, h)


cdef inline void indirect_evaporative(const Inputs* p, const Derived* d, real heat, real t, real wet_bulb_c, real thin,
                                      Hour* h) noexcept nogil:
    """Return air against outdoor air in an exchanger, whose outdoor side is wetted when it has to be; chillers trim."""
    cdef real return_c = p.supply_air_c + p.air_rise_k
    cdef real dry_c = return_c - p.hx_effectiveness * (return_c - t)
    cdef real wet_k = p.hx_wet_effectiveness * (t - wet_bulb_c)
    cdef real wetted = c.share_of(dry_c - p.supply_air_c, p.hx_effectiveness * wet_k)
    cdef real above = dry_c - wetted * p.hx_effectiveness * wet_k - p.supply_air_c
    cdef real mechanical = c.ramp(above * d.per_air_rise)
    cdef real served = c.at_most(mechanical, p.backup_capacity)
    cdef real coil = served * heat * d.per_shr
    # In the cold the exchanger needs only part of its outdoor air.
    cdef real speed = c.at_least(c.share_of(p.air_rise_k, return_c - dry_c), p.fan_least_speed)
    cdef real used = heat * d.per_air_heat * speed
    cdef real evaporated = (d.air_mass * heat * p.secondary_ratio * speed * 1.006 * wetted * wet_k
                            / (2500.5 - 2.36 * wet_bulb_c))
    h.compressor += coil * c.machine_eir(&d.room_on_air, t + d.thin_k)
    h.rejection_fans += d.secondary_fan * c.cube(c.at_least(used, p.fan_least_speed)) * thin
    h.humidified += evaporated
    h.blowdown += evaporated * d.per_cycles
    h.mechanical_air = served
    h.wet = wetted
    h.over_k = c.at_least(t - p.ambient_max_c if served > 0.0 else h.over_k, h.over_k)
    h.over_k = c.at_least(c.at_least(above, 0.0) * (mechanical - served) / c.at_least(mechanical, 1e-6), h.over_k)
    move_chilled_water(p, d, coil, served, h)
    move_air(p, d, heat, h)
