# A design as the hourly laws see it: its inputs, what follows from them, and one hour's answer; all per unit of IT power at
# full load. docs/physics.md.
cimport cooling_laws as c
from precision cimport real, sqrt

# What cools the room.
cdef enum AirSide:
    AIR_CHILLER = 0
    WATER_CHILLER = 1
    AIR_ECONOMIZER = 2          # outdoor air, air-cooled chillers behind it
    AIR_ECONOMIZER_TOWER = 3    # outdoor air, water-cooled chillers behind it
    INDIRECT_EVAPORATIVE = 4

# What cools the liquid loop.
cdef enum Rejection:
    NO_LIQUID = 0
    DRY = 1
    ADIABATIC = 2
    TOWER = 3
    CHILLER = 4
    HYBRID = 5                  # dry coolers first, a tower for what they leave

# Inputs of a design; the order is that of `facility.PARAMETERS`.
cdef struct Inputs:
    real liquid_share
    real rating_share
    real ups_a
    real ups_b
    real ups_c
    real transformer_no_load
    real transformer_load
    real distribution_loss
    real lighting
    real pressure_ratio
    real supply_air_c
    real air_rise_k
    real coil_effectiveness
    real sensible_heat_ratio
    real fan_pressure_pa
    real fan_efficiency
    real fan_least_speed
    real chilled_rise_k
    real chilled_pump_kpa
    real pump_efficiency
    real pump_least_speed
    real air_cooled_cop
    real air_cooled_carnot
    real condenser_approach_k
    real least_outdoor_c        # head pressure of air-cooled chillers is held from here down
    real water_cooled_cop
    real water_cooled_carnot
    real least_condenser_water_c
    real part_load_ratio
    real carnot_from_c
    real ambient_max_c
    real economizer
    real tower_approach_k
    real exchanger_approach_k
    real tower_range_k
    real tower_fan_share
    real tower_pump_kpa
    real drift_share
    real cycles_of_concentration
    real water_on_compressor
    real winter_sensible
    real low_supply_c
    real humidity_low
    real humidity_high
    real humidity_cold_high     # of air mixed to the least supply temperature
    real rh_high                # of outdoor air that comes in as it is
    real rh_low
    real dew_high_c             # of humidity_high
    real dew_cold_high_c        # of humidity_cold_high
    real depression_k           # dew point of air at rh_high below its dry bulb
    real humidifier_mpa
    real dec_effectiveness
    real switch_band_k
    real dry_on_coil            # damp outdoor air is dried as long as that takes less; 0: it is shut out
    real humidify               # 0: dry outdoor air is shut out
    real backup_capacity
    real hx_effectiveness
    real hx_wet_effectiveness
    real secondary_ratio
    real secondary_pressure_pa
    real tcs_supply_c
    real cdu_approach_k
    real facility_rise_k
    real liquid_pump_share
    real trim_capacity
    real dry_approach_k
    real dry_fan_share
    real dry_fan_least_speed
    real dry_fan_most_speed
    real pad_effectiveness
    real wet_start_k
    real cooler_air_rise_k
    real reuse_share
    real reuse_below_c

# What follows from the inputs alone.
cdef struct Derived:
    real loss_0                 # losses: loss_0 + load (loss_1 + load loss_2)
    real loss_1
    real loss_2
    real room_0                 # of them in the room
    real room_1
    real room_2
    real thin_k                 # condensers in thin air run so much hotter
    real chilled_c              # chilled water supply of the air side
    real chilled_return_c
    c.Machine room_on_air
    c.Machine room_on_water
    c.Machine loop_on_air
    c.Machine loop_on_water
    real facility_c             # facility water supply
    real air_heat_full
    real coil_full
    real liquid_full
    real rejected_full
    real per_air_heat           # reciprocals of what is full, and of other constants
    real per_coil
    real per_liquid
    real per_rejected
    real per_shr
    real per_cycles             # blowdown beside what evaporates
    real per_chilled_rise
    real per_facility_rise
    real per_band
    real per_air_rise
    real drift                  # per unit of heat
    real dry_most               # mass flow at the fans' most to the power 0.75, at 1.2 kg/m3
    real air_mass               # kg/s of air per kW of heat in the room
    real room_fan               # at full flow
    real secondary_fan
    real chilled_pump
    real tower_pump
    real liquid_pump

# One hour's answer: power per unit of IT power at full load, water in kg/s per kW of the same.
cdef struct Hour:
    real electrical             # losses of transformers, UPS, distribution; lighting
    real compressor
    real room_fans
    real rejection_fans         # of towers, dry coolers and exchangers
    real pumps                  # with humidifiers
    real tower_heat             # what towers take, compressors' heat apart
    real tower_work
    real evaporated
    real drift
    real blowdown
    real humidified             # with what wetted media evaporate
    real reused                 # heat of the liquid that somebody else takes
    real mechanical_air         # share of the room's heat that chillers take
    real mechanical_liquid
    real wet                    # 0..1: pads or media are wetted, or air is humidified
    real over_k                 # how far above its set point the supply lies


cdef inline real room_loss(const Derived* d, real load) noexcept nogil:
    return d.room_0 + load * (d.room_1 + load * d.room_2)


cdef inline real losses(const Derived* d, real load) noexcept nogil:
    return d.loss_0 + load * (d.loss_1 + load * d.loss_2)


cdef inline bint has_tower(const int air_side, const int rejection) noexcept nogil:
    return air_side == WATER_CHILLER or air_side == AIR_ECONOMIZER_TOWER or rejection == TOWER or rejection == HYBRID


cdef inline void derive(const int air_side, const int rejection, const Inputs* p, Derived* d) noexcept nogil:
    # A bank of rating 1/share loses (a + b x + c x^2) of it at x = load * share.
    d.room_0 = p.ups_a / p.rating_share + p.lighting
    d.room_1 = p.ups_b + p.distribution_loss
    d.room_2 = p.ups_c * p.rating_share
    d.loss_0 = d.room_0 + p.transformer_no_load / p.rating_share
    d.loss_1 = d.room_1
    d.loss_2 = d.room_2 + p.transformer_load * p.rating_share
    d.thin_k = p.condenser_approach_k * (1.0 / p.pressure_ratio - 1.0)
    d.chilled_c = p.supply_air_c + p.air_rise_k - p.air_rise_k / p.coil_effectiveness
    d.chilled_return_c = d.chilled_c + p.chilled_rise_k
    d.facility_c = p.tcs_supply_c - p.cdu_approach_k
    cdef real scale = c.part_load_factor(p.part_load_ratio)
    c.air_cooled(&d.room_on_air, scale, p.air_cooled_carnot, p.air_cooled_cop, p.carnot_from_c, d.chilled_c,
                 p.condenser_approach_k, p.least_outdoor_c)
    c.air_cooled(&d.loop_on_air, scale, p.air_cooled_carnot, p.air_cooled_cop, p.carnot_from_c, d.facility_c,
                 p.condenser_approach_k, p.least_outdoor_c)
    c.water_cooled(&d.room_on_water, scale, p.water_cooled_carnot, p.water_cooled_cop, p.carnot_from_c, d.chilled_c,
                   p.tower_range_k, p.least_condenser_water_c)
    c.water_cooled(&d.loop_on_water, scale, p.water_cooled_carnot, p.water_cooled_cop, p.carnot_from_c, d.facility_c,
                   p.tower_range_k, p.least_condenser_water_c)
    d.liquid_full = p.liquid_share if rejection != NO_LIQUID else 0.0
    d.air_heat_full = 1.0 - d.liquid_full + room_loss(d, 1.0)
    d.coil_full = d.air_heat_full / p.sensible_heat_ratio
    # compressor heat at the design hour: a fifth of what chillers take
    d.rejected_full = 0.0
    if air_side == WATER_CHILLER or air_side == AIR_ECONOMIZER_TOWER:
        d.rejected_full = d.coil_full * 1.2
    if rejection == TOWER or rejection == HYBRID:
        d.rejected_full += d.liquid_full
    d.rejected_full = c.at_least(d.rejected_full, 1e-6)
    d.per_air_heat = 1.0 / d.air_heat_full
    d.per_shr = 1.0 / p.sensible_heat_ratio
    d.per_coil = 1.0 / d.coil_full
    d.per_liquid = 1.0 / c.at_least(d.liquid_full, 1e-6)
    d.per_rejected = 1.0 / d.rejected_full
    d.per_cycles = 1.0 / (p.cycles_of_concentration - 1.0)
    d.per_chilled_rise = 1.0 / p.chilled_rise_k
    d.per_facility_rise = 1.0 / p.facility_rise_k
    d.per_band = 1.0 / p.switch_band_k
    d.per_air_rise = 1.0 / p.air_rise_k
    d.drift = p.drift_share / (4.184 * p.tower_range_k)
    d.dry_most = sqrt(p.dry_fan_most_speed) * sqrt(sqrt(p.dry_fan_most_speed))
    d.air_mass = 1.0 / (1.01 * p.air_rise_k)
    # 1.19 kg/m3: air at 24 degC and sea level
    d.room_fan = (d.air_heat_full * d.air_mass / (1.19 * p.pressure_ratio)
                  * p.fan_pressure_pa / (1000.0 * p.fan_efficiency))
    d.secondary_fan = (d.air_heat_full * d.air_mass * p.secondary_ratio / 1.2
                       * p.secondary_pressure_pa / (1000.0 * p.fan_efficiency))
    d.chilled_pump = d.coil_full * p.chilled_pump_kpa / (1000.0 * p.pump_efficiency * 4.186 * p.chilled_rise_k)
    d.tower_pump = d.rejected_full * p.tower_pump_kpa / (1000.0 * p.pump_efficiency * 4.184 * p.tower_range_k)
    d.liquid_pump = p.liquid_pump_share * d.liquid_full
