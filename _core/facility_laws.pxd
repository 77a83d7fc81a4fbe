# One hour of a hall: power and water, per unit of IT power at full load. docs/physics.md.
cimport air_systems as room
cimport cooling_laws as c
cimport liquid_systems as loop
from facility_inputs cimport (
    ADIABATIC, AIR_CHILLER, AIR_ECONOMIZER, AIR_ECONOMIZER_TOWER, CHILLER, DRY, HYBRID, INDIRECT_EVAPORATIVE, NO_LIQUID,
    TOWER, WATER_CHILLER, Derived, Hour, Inputs, derive, has_tower, losses, room_loss,
)
from precision cimport real


cdef inline void reject_by_tower(const Inputs* p, const Derived* d, real wet_bulb_c, real thin, Hour* h) noexcept nogil:
    """Fans, pump and water of the towers; the water counts the compressors' heat if the inputs say so."""
    cdef real heat = h.tower_heat + h.tower_work
    cdef real counted = h.tower_heat + p.water_on_compressor * h.tower_work
    cdef real t = wet_bulb_c + p.tower_approach_k + 0.5 * p.tower_range_k
    cdef real sensible = p.winter_sensible * c.at_most(c.at_least(0.2 + 0.01 * (20.0 - wet_bulb_c), 0.0), 0.6)
    cdef real evaporated = counted * (1.0 - sensible) / (2500.5 + t * (-2.3097 - 0.0013 * t))
    cdef real drift = d.drift * counted
    cdef real flow = heat * d.per_rejected
    # Towers without heat stand still.
    cdef real running = c.ramp(flow * 1000.0)
    h.rejection_fans += running * p.tower_fan_share * d.rejected_full * thin * c.affinity(flow, p.fan_least_speed)
    h.pumps += running * d.tower_pump * c.affinity(flow, p.pump_least_speed)
    h.evaporated += evaporated
    h.drift += drift
    h.blowdown += c.at_least(evaporated * d.per_cycles - drift, 0.0)


cdef inline void hour(const int air_side, const int rejection, const Inputs* p, const Derived* d, real load, real t,
                      real wet_bulb_c, real w, real rh, real air, real thin, real air75, Hour* h) noexcept nogil:
    """One hour: load 0..1, dry and wet bulb [degC], humidity ratio, relative humidity; density beside 1.2 kg/m3, its
    square's reciprocal, its power 0.75."""
    cdef real liquid = p.liquid_share * load if rejection != NO_LIQUID else 0.0
    cdef real heat = load - liquid + room_loss(d, load)
    cdef real left
    h.electrical = losses(d, load)
    h.compressor = 0.0
    h.room_fans = 0.0
    h.rejection_fans = 0.0
    h.pumps = 0.0
    h.tower_heat = 0.0
    h.tower_work = 0.0
    h.evaporated = 0.0
    h.drift = 0.0
    h.blowdown = 0.0
    h.humidified = 0.0
    h.reused = 0.0
    h.mechanical_air = 0.0
    h.mechanical_liquid = 0.0
    h.wet = 0.0
    h.over_k = 0.0
    if air_side == AIR_CHILLER:
        room.air_chiller(p, d, heat, t, h)
    elif air_side == WATER_CHILLER:
        room.water_chiller(p, d, heat, wet_bulb_c, h)
    elif air_side == AIR_ECONOMIZER:
        room.outdoor_air(p, d, False, heat, t, wet_bulb_c, w, rh, h)
    elif air_side == AIR_ECONOMIZER_TOWER:
        room.outdoor_air(p, d, True, heat, t, wet_bulb_c, w, rh, h)
    else:
        room.indirect_evaporative(p, d, heat, t, wet_bulb_c, thin, h)
    if rejection != NO_LIQUID:
        h.pumps += d.liquid_pump * c.affinity(liquid * d.per_liquid, p.pump_least_speed)
        h.reused = p.reuse_share * liquid * c.ramp((p.reuse_below_c - t) * 0.2)
        liquid -= h.reused
    if rejection == DRY or rejection == ADIABATIC:
        left = loop.dry_cooler(p, d, rejection == ADIABATIC, liquid, t, wet_bulb_c, air, thin, air75, h)
        loop.trim_by_air(p, d, liquid, left, t, air75, h)
    elif rejection == TOWER:
        loop.tower(p, d, liquid, 1.0, wet_bulb_c, h)
    elif rejection == CHILLER:
        loop.chiller(p, d, liquid, t, h)
    elif rejection == HYBRID:
        left = loop.dry_cooler(p, d, False, liquid, t, wet_bulb_c, air, thin, air75, h)
        loop.tower(p, d, liquid, left, wet_bulb_c, h)
    if has_tower(air_side, rejection):
        reject_by_tower(p, d, wet_bulb_c, thin, h)


cdef inline real facility_power(const Hour* h, real load) noexcept nogil:
    """At the hall's meter."""
    return load + h.electrical + h.compressor + h.room_fans + h.rejection_fans + h.pumps


cdef inline real water(const Hour* h) noexcept nogil:
    """Taken from the supply [kg/s per kW]."""
    return h.evaporated + h.drift + h.blowdown + h.humidified
