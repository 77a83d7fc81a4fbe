"""One hall programme: cash flow by class, energy, peak and water by period. Equations: docs/economics.md, sections 3 and 5 to 7."""

ctypedef double real


cdef struct Place:
    # A site x cooling, by MW of IT; money in USD.
    real facility_usd_per_mw
    real plant_usd_per_mw
    real plant_tax
    real chip_tax
    real fixed_opex_usd_per_mw_year
    real property_usd_per_mw_year
    real abated_share           # of property tax, while a hall is younger than `abated_years`
    real abated_years
    real chip_property_rate     # property tax on the resale value of chips
    real chip_abated_share
    real water_usd_per_m3
    real rent_usd_per_mw_year
    int lease_periods
    int exit_fee_periods


cdef struct Rates:
    # What holds for all programmes of a sample.
    real period_years
    real insurance_share
    real it_maintenance_share
    real run_on_maintenance_factor
    real retrofit_share
    real residual_first
    real residual_keep
    real residual_keep_monthly
    real hall_life_years


cdef struct Hall:
    # A programme's own facts; stages are (chip, first, end, run_on) one after another.
    const int* stages
    const real* racks
    const real* fill
    int depth
    int commission
    real it_mw
    real online_years
    real first_hardware     # USD a rack of the first stage, < 0: the price path holds
    bint pays_building
    bint pays_first_chips
    bint leased


cdef struct Rows:
    # Results of a programme by period; zero on entry.
    real* facility
    real* chips
    real* opex
    real* sales
    real* energy_mwh
    real* peak_mw
    real* water_m3


cdef inline real power_int(real base, int exponent) noexcept nogil:
    cdef real result = 1.0
    while exponent > 0:
        if exponent & 1:
            result *= base
        base *= base
        exponent >>= 1
    return result


cdef inline real chip_resale(real hardware, const Rates* rates, real age_years) noexcept nogil:
    """Resale value: first share times what is kept a year, to the power of the age; ages are whole months."""
    cdef int months = <int>(age_years * 12.0 + 0.5)
    cdef real kept = power_int(rates.residual_keep, months // 12)
    return hardware * rates.residual_first * kept * power_int(rates.residual_keep_monthly, months % 12)


cdef inline real programme_flows(
    const Hall* hall,
    const Place* place,
    const Rates* rates,
    const real* energy_mwh_per_mw,      # (G,) designs of the place by MW of hall and year
    const real* peak_mw_per_mw,
    const real* water_m3_per_mw,
    const real* shape_usd_per_mw,
    const real* price_growth,           # (T,)
    const real* hardware_usd_per_rack,  # (G, T)
    const real* escalation,             # (T,)
    const real* build_shares,           # (B,)
    int build,
    int periods,
    Rows* rows,
) noexcept nogil:
    """Fill the rows of a programme; returns what is left of it at the end of the study [USD]."""
    cdef:
        int k, t, u, g, first, end, out_at = 0, left
        bint run_on
        real mw = hall.it_mw
        real facility = place.facility_usd_per_mw * mw
        real plant = place.plant_usd_per_mw * mw
        real taxed = facility + place.plant_tax * plant
        real hardware = 0.0, age = 0.0, residual = 0.0, yearly, shape, water, used
        real years = rates.period_years
        real property = place.property_usd_per_mw_year * mw
        real property_young = property * (1.0 - place.abated_share)
        real chip_rate = place.chip_property_rate
        real chip_rate_young = chip_rate * (1.0 - place.chip_abated_share)
        real ripe = (hall.online_years + place.abated_years - 1e-9) / years   # periods that start before it are waived
        real owed
        bint young
    if hall.pays_building and not hall.leased:
        if build == 0:
            rows.facility[hall.commission] += taxed * escalation[hall.commission]
        for u in range(build):
            t = hall.commission - build + u
            if t >= 0 and t < periods:
                rows.facility[t] += taxed * escalation[t] * build_shares[u]
    for k in range(hall.depth):
        g = hall.stages[4 * k]
        if g < 0:
            break
        first = hall.stages[4 * k + 1]
        end = hall.stages[4 * k + 2]
        run_on = hall.stages[4 * k + 3] != 0
        if not run_on:
            if k == 0 and hall.first_hardware >= 0.0:
                hardware = hall.racks[k] * hall.first_hardware
            else:
                hardware = hall.racks[k] * hardware_usd_per_rack[g * periods + first]
            # Age runs from the purchase, which for existing blocks lies before the horizon.
            age = hall.online_years if k == 0 else first * years
            if k > 0 or hall.pays_first_chips:
                rows.chips[first] += hardware * (1.0 + place.chip_tax)
            if k > 0:
                rows.facility[first] += rates.retrofit_share * plant * escalation[first]
        used = hall.fill[k] * mw
        water = water_m3_per_mw[g] * used
        yearly = place.fixed_opex_usd_per_mw_year * mw + rates.insurance_share * hardware
        yearly += rates.it_maintenance_share * hardware * (rates.run_on_maintenance_factor if run_on else 1.0)
        yearly += water * place.water_usd_per_m3
        if hall.leased:
            yearly += place.rent_usd_per_mw_year * mw
        shape = shape_usd_per_mw[g] * used
        for t in range(first, end):
            young = t < ripe
            owed = property_young if young else property
            if chip_rate > 0.0:
                owed += (chip_rate_young if young else chip_rate) * chip_resale(hardware, rates, t * years - age)
            rows.opex[t] += years * (yearly + owed + shape * price_growth[t])
            rows.energy_mwh[t] = energy_mwh_per_mw[g] * used * years
            rows.peak_mw[t] = peak_mw_per_mw[g] * used
            rows.water_m3[t] = water * years
        out_at = end
        # The chips are sold when neither the same chips run on nor the study ends.
        if end < periods and (k + 1 == hall.depth or hall.stages[4 * k + 4] < 0 or hall.stages[4 * k + 7] == 0):
            rows.sales[end] += chip_resale(hardware, rates, end * years - age)
            hardware = 0.0
    if hall.leased and out_at < periods:
        # Who leaves before the lease ends pays the rent that is left, up to the exit fee.
        left = hall.commission + place.lease_periods - out_at
        if left > place.exit_fee_periods:
            left = place.exit_fee_periods
        if left > 0:
            rows.opex[out_at] += left * years * place.rent_usd_per_mw_year * mw
    if hardware > 0.0:
        residual = chip_resale(hardware, rates, periods * years - age)
    age = periods * years - hall.online_years
    if not hall.leased and age < rates.hall_life_years:
        residual += facility * (1.0 - age / rates.hall_life_years)
    return residual
