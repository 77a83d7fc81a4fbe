# One hour of a hall: power and water of each cooling system, per unit of IT power at full load. docs/physics.md.
cimport cooling_laws as c
from libc.math cimport sqrt

cdef enum:
    AIR_CHILLER = 0
    WATER_CHILLER_ECONOMIZER = 1
    AIR_ECONOMIZER = 2
    DLC_DRY = 3
    DLC_ADIABATIC = 4
    DLC_TOWER = 5

# Inputs of a design; the order is that of `facility.PARAMETERS`.
cdef struct Inputs:
    double liquid_share
    double rating_share
    double ups_a
    double ups_b
    double ups_c
    double transformer_no_load
    double transformer_load
    double distribution_loss
    double lighting
    double supply_air_c
    double air_rise_k
    double coil_effectiveness
    double sensible_heat_ratio
    double fan_pressure_pa
    double fan_efficiency
    double fan_least_speed
    double chilled_rise_k
    double chilled_pump_kpa
    double pump_efficiency
    double carnot_fraction
    double reference_cop
    double condenser_approach_k
    double part_load_ratio
    double ambient_max_c
    double tower_approach_k
    double exchanger_approach_k
    double tower_range_k
    double tower_fan_share
    double tower_pump_kpa
    double drift_share
    double cycles_of_concentration
    double water_on_compressor
    double winter_sensible
    double low_supply_c
    double humidity_low
    double humidity_high
    double humidifier_mpa
    double tcs_supply_c
    double cdu_approach_k
    double facility_rise_k
    double dry_approach_k
    double dry_fan_share
    double dry_fan_least_speed
    double dry_fan_most_speed
    double liquid_pump_share
    double trim_capacity
    double pad_effectiveness
    double wet_start_k
    double cooler_air_rise_k

# What follows from the inputs alone.
cdef struct Derived:
    double eir_scale        # part-load factor
    double reference_eir
    double chilled_c        # chilled water supply of the air side
    double chilled_pump     # per unit of heat
    double tower_pump
    double liquid_pump
    double air_fan          # at full flow, per unit of heat, at sea level
    double air_mass         # kg/s of air per kW of heat
    double room_full        # losses that heat the room, full load
    double air_heat_full
    double liquid_heat_full
    double facility_c       # facility water supply
    double rejected_full
    double warm_chilled     # weight of Carnot's fraction beside the curve, chilled water
    double warm_facility
    double held_chilled_c
    double held_facility_c

# One hour's answer.
cdef struct Hour:
    double facility         # power at the hall's meter
    double water_kg_s       # kg/s per kW of IT at full load
    double compressor       # power of chillers
    double mechanical       # share of the heat that chillers take
    double wet              # wetting of pads, or air that is humidified
    double over             # 1 where the supply temperature can't be held


cdef inline double room_loss(const Inputs* p, double load) noexcept nogil:
    return (c.chain_loss(load, p.rating_share, p.ups_a, p.ups_b, p.ups_c)
            + p.distribution_loss * load + p.lighting)


cdef inline void derive(int system, const Inputs* p, Derived* d) noexcept nogil:
    cdef double air_supply = p.supply_air_c
    cdef double heat
    d.eir_scale = c.part_load_factor(p.part_load_ratio)
    d.reference_eir = 1.0 / p.reference_cop
    d.chilled_c = air_supply + p.air_rise_k - p.air_rise_k / p.coil_effectiveness
    d.chilled_pump = p.chilled_pump_kpa / (1000.0 * p.pump_efficiency * 4.186 * p.chilled_rise_k)
    d.tower_pump = p.tower_pump_kpa / (1000.0 * p.pump_efficiency * 4.184 * p.tower_range_k)
    d.liquid_pump = p.liquid_pump_share
    d.air_mass = 1.0 / (1.01 * p.air_rise_k)
    # 1.19 kg/m3: air at 24 degC and sea level
    d.air_fan = d.air_mass / 1.19 * p.fan_pressure_pa / (1000.0 * p.fan_efficiency)
    d.room_full = room_loss(p, 1.0)
    d.liquid_heat_full = p.liquid_share if system >= DLC_DRY else 0.0
    d.air_heat_full = 1.0 - d.liquid_heat_full + d.room_full
    d.facility_c = p.tcs_supply_c - p.cdu_approach_k
    d.warm_chilled = c.ramp((d.chilled_c - 10.0) * 0.5)
    if system == WATER_CHILLER_ECONOMIZER or system == DLC_TOWER:
        d.held_chilled_c = c.centrifugal_held(d.chilled_c)
        d.held_facility_c = c.centrifugal_held(d.facility_c)
    else:
        d.held_chilled_c = c.scroll_held(d.chilled_c)
        d.held_facility_c = c.scroll_held(d.facility_c)
    d.warm_facility = c.ramp((d.facility_c - 10.0) * 0.5)
    heat = d.air_heat_full / p.sensible_heat_ratio
    # compressor heat at the design hour: a fifth of what chillers take
    d.rejected_full = heat * 1.2 if system != DLC_TOWER else d.liquid_heat_full + heat * 1.2


cdef inline double tower_water(const Inputs* p, double heat, double wet_bulb_c) noexcept nogil:
    """Evaporation, drift and blowdown [kg/s per kW]."""
    cdef double t = wet_bulb_c + p.tower_approach_k + 0.5 * p.tower_range_k
    cdef double sensible = p.winter_sensible * c.at_most(c.at_least(0.2 + 0.01 * (20.0 - wet_bulb_c), 0.0), 0.6)
    cdef double evaporated = heat * (1.0 - sensible) / (2500.5 + t * (-2.3097 - 0.0013 * t))
    cdef double drift = p.drift_share * heat / (4.184 * p.tower_range_k)
    return evaporated + drift + c.at_least(evaporated / (p.cycles_of_concentration - 1.0) - drift, 0.0)


cdef inline double room_fans(const Inputs* p, const Derived* d, double heat, double air) noexcept nogil:
    return c.fan_power(heat, d.air_heat_full, d.air_fan * d.air_heat_full / air, p.fan_least_speed)


cdef inline double tower_fans(const Inputs* p, const Derived* d, double heat, double air) noexcept nogil:
    return c.fan_power(heat, d.rejected_full, p.tower_fan_share * d.rejected_full / (air * air), p.fan_least_speed)


cdef inline double losses(const Inputs* p, double load) noexcept nogil:
    return c.chain_loss(load, p.rating_share, p.transformer_no_load, 0.0, p.transformer_load) + room_loss(p, load)


cdef inline void air_chiller(const Inputs* p, const Derived* d, double load, double heat,
                             double t, double air, Hour* h) noexcept nogil:
    """Air-cooled chiller with air handlers for `heat` in the room; adds to the hour."""
    cdef double total = heat / p.sensible_heat_ratio
    cdef double eir = d.eir_scale * c.air_cooled_eir(
        d.warm_chilled, d.held_chilled_c, p.carnot_fraction, d.reference_eir, d.chilled_c, t, p.condenser_approach_k)
    h.compressor += total * eir
    h.facility += total * (eir + d.chilled_pump) + room_fans(p, d, heat, air)
    h.over = 1.0 if t > p.ambient_max_c else h.over


cdef inline double tower_chiller(const Inputs* p, const Derived* d, double heat, double chilled_c, double warm, double held_c, double rise_k,
                                 double wet_bulb_c, Hour* h) noexcept nogil:
    """A water loop on a tower: economizer first, chiller for the rest; returns the heat that the tower rejects."""
    cdef double free = c.free_share(wet_bulb_c + p.tower_approach_k + p.exchanger_approach_k, chilled_c, chilled_c + rise_k)
    cdef double work = heat * (1.0 - free) * d.eir_scale * c.water_cooled_eir(
        warm, held_c, p.carnot_fraction, d.reference_eir, chilled_c, wet_bulb_c + p.tower_approach_k, p.tower_range_k)
    h.compressor += work
    h.facility += work
    h.mechanical = 1.0 - free
    return heat + work


cdef inline void on_tower(const Inputs* p, const Derived* d, double rejected, double work_free, double wet_bulb_c,
                          double air, Hour* h) noexcept nogil:
    """Fans, pump and water of the tower; the water counts the compressors' heat if the inputs say so."""
    h.facility += tower_fans(p, d, rejected, air) + d.tower_pump * rejected
    h.water_kg_s += tower_water(p, work_free + p.water_on_compressor * (rejected - work_free), wet_bulb_c)


cdef inline void economize_air(const Inputs* p, const Derived* d, double heat, double t, double w, double air,
                               Hour* h) noexcept nogil:
    """Outdoor air where it lies in the box, mixed with return air when cold, the chiller when hot or humid."""
    cdef double hot = c.ramp(t - p.supply_air_c)
    cdef double humid = c.ramp((w - p.humidity_high) * 2000.0)
    cdef double mechanical = c.at_least(hot, humid)
    cdef double outdoor = p.air_rise_k / (p.air_rise_k + c.at_least(p.low_supply_c - t, 0.0))
    cdef double total = mechanical * heat / p.sensible_heat_ratio
    cdef double eir = d.eir_scale * c.air_cooled_eir(
        d.warm_chilled, d.held_chilled_c, p.carnot_fraction, d.reference_eir, d.chilled_c, t, p.condenser_approach_k)
    cdef double moist = (1.0 - mechanical) * outdoor * d.air_mass * heat * c.at_least(p.humidity_low - w, 0.0)
    h.compressor += total * eir
    h.facility += total * (eir + d.chilled_pump) + room_fans(p, d, heat, air) + moist * p.humidifier_mpa / p.pump_efficiency
    h.water_kg_s += moist
    h.mechanical = mechanical
    h.wet = 1.0 if moist > 0.0 else 0.0
    h.over = 1.0 if mechanical > 0.0 and t > p.ambient_max_c else h.over


cdef inline double cube_root(double x) noexcept nogil:
    """For 0.05..2, by Newton from a straight line; 1e-4 relative at 0.1, 1e-9 near 1."""
    cdef double y = (2.0 + x) * 0.3333333333333333
    cdef int _step
    for _step in range(5):
        y -= (y * y * y - x) / (3.0 * y * y)
    return y


cdef inline void dry_cooler(const Inputs* p, const Derived* d, double heat, double t, double wet_bulb_c, double air,
                            bint pads, Hour* h) noexcept nogil:
    """Dry or adiabatic cooler for the liquid loop, a trim chiller for what its fans can't reach."""
    cdef double wet = c.ramp(t - (d.facility_c - p.dry_approach_k - p.wet_start_k)) if pads else 0.0
    cdef double entering = t - p.pad_effectiveness * wet * (t - wet_bulb_c)
    cdef double initial_k = c.at_least(d.facility_c + p.facility_rise_k - entering, 0.1)
    cdef double design_k = p.dry_approach_k + p.facility_rise_k
    cdef double wanted = heat / d.liquid_heat_full * design_k / initial_k
    cdef double most_mass = p.dry_fan_most_speed * air
    cdef double most = sqrt(most_mass) * sqrt(sqrt(most_mass))
    cdef double used = c.at_most(wanted, most)
    cdef double share = used / wanted
    cdef double least = cube_of(p.dry_fan_least_speed) * air
    cdef double rest = heat * (1.0 - share)
    cdef double work = rest * d.eir_scale * c.air_cooled_eir(
        d.warm_facility, d.held_facility_c, p.carnot_fraction, d.reference_eir, d.facility_c, t, p.condenser_approach_k)
    cdef double mass = used * (cube_root(used) if pads else 1.0) * d.liquid_heat_full / (1.006 * p.cooler_air_rise_k)
    h.facility += (p.dry_fan_share * d.liquid_heat_full * c.at_least(used * used * used * used / (air * air), least)
                   + work + d.liquid_pump * heat)
    h.compressor += work
    h.mechanical = 1.0 - share
    h.wet = wet
    # pads: what evaporates, and blowdown to hold the cycles of concentration
    h.water_kg_s += (mass * 1.006 * (t - entering) / (2500.5 - 2.36 * wet_bulb_c)
                     * p.cycles_of_concentration / (p.cycles_of_concentration - 1.0))
    h.over = 1.0 if rest > p.trim_capacity * d.liquid_heat_full * 1.0000001 else h.over


cdef inline double cube_of(double x) noexcept nogil:
    return x * x * x


cdef inline void hour(int system, const Inputs* p, const Derived* d, double load, double t, double wet_bulb_c,
                      double w, double air, Hour* h) noexcept nogil:
    """One hour: load 0..1, dry and wet bulb [degC], humidity ratio, density beside 1.2 kg/m3."""
    cdef double room = room_loss(p, load)
    cdef double liquid = p.liquid_share * load if system >= DLC_DRY else 0.0
    cdef double heat = load - liquid + room
    cdef double total = heat / p.sensible_heat_ratio
    cdef double rejected, mechanical
    h.facility = load + losses(p, load)
    h.water_kg_s = 0.0
    h.compressor = 0.0
    h.mechanical = 1.0
    h.wet = 0.0
    h.over = 0.0
    if system == AIR_CHILLER:
        air_chiller(p, d, load, heat, t, air, h)
    elif system == WATER_CHILLER_ECONOMIZER:
        rejected = tower_chiller(p, d, total, d.chilled_c, d.warm_chilled, d.held_chilled_c, p.chilled_rise_k, wet_bulb_c, h)
        h.facility += d.chilled_pump * total + room_fans(p, d, heat, air)
        on_tower(p, d, rejected, total, wet_bulb_c, air, h)
    elif system == AIR_ECONOMIZER:
        economize_air(p, d, heat, t, w, air, h)
    elif system == DLC_TOWER:
        rejected = tower_chiller(p, d, total, d.chilled_c, d.warm_chilled, d.held_chilled_c, p.chilled_rise_k, wet_bulb_c, h)
        rejected += tower_chiller(p, d, liquid, d.facility_c, d.warm_facility, d.held_facility_c, p.facility_rise_k, wet_bulb_c, h)
        mechanical = h.mechanical
        h.facility += d.chilled_pump * total + room_fans(p, d, heat, air) + d.liquid_pump * liquid
        on_tower(p, d, rejected, total + liquid, wet_bulb_c, air, h)
        h.over = 1.0 if mechanical * liquid > p.trim_capacity * d.liquid_heat_full * 1.0000001 else 0.0
    else:
        air_chiller(p, d, load, heat, t, air, h)
        dry_cooler(p, d, liquid, t, wet_bulb_c, air, system == DLC_ADIABATIC, h)
