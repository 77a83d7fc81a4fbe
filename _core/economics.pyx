"""Chip-cost model of hall programmes: cash flow by class, energy and peak by period, for all programmes in one call.

Equations: docs/economics.md, sections 3, 5, 6 and 7. The caller allocates and checks; the loops
know arrays and numbers only.
"""


ctypedef double real

# Classes of capital that a hall causes; land and power belong to the site.
cdef enum:
    FACILITY = 0
    CHIPS = 1


cdef inline real power_int(real base, int exponent) noexcept nogil:
    cdef real result = 1.0
    while exponent > 0:
        if exponent & 1:
            result *= base
        base *= base
        exponent >>= 1
    return result


cdef inline real chip_resale(real hardware, real first, real keep, real age_years, real keep_log2_steps) noexcept nogil:
    """Resale value: first share times what is kept a year, to the power of the age.

    `keep_log2_steps` is keep ** (1/12); ages are whole months, so an integer power is exact.
    """
    cdef int months = <int>(age_years * 12.0 + 0.5)
    return hardware * first * power_int(keep, months // 12) * power_int(keep_log2_steps, months % 12)


def hall_programmes(
    # lives
    const int[:, :, ::1] stages,          # (J, K, 4): chip (-1: none), first, end, run_on
    const int[::1] commission,            # (J,)
    const int[::1] place,                 # (J,) row of the place arrays
    const real[::1] it_mw,                # (J,)
    const real[::1] online_years,         # (J,) commissioning relative to the start of the horizon [years]
    const unsigned char[::1] pays_building,      # (J,)
    const unsigned char[::1] pays_first_chips,   # (J,)
    const real[::1] first_hardware,       # (J,) USD per rack of the first stage, < 0: the price path holds
    # places: site x cooling
    const real[::1] facility_usd_per_mw,      # (N,)
    const real[::1] plant_usd_per_mw,         # (N,) electrical and mechanical
    const real[::1] plant_tax,                # (N,) share of plant
    const real[::1] chip_tax,                 # (N,)
    const real[::1] fixed_opex_usd_per_mw_year,   # (N,) staff, maintenance, insurance and property tax of the facility
    const real[::1] water_usd_per_m3,         # (N,)
    const real[:, ::1] price_growth,          # (N, T)
    # designs: place x chip, by MW of hall and year
    const real[:, ::1] energy_mwh_per_mw,     # (N, G)
    const real[:, ::1] peak_mw_per_mw,        # (N, G)
    const real[:, ::1] water_m3_per_mw,       # (N, G)
    const real[:, ::1] shape_usd_per_mw,      # (N, G)
    # chips
    const real[::1] it_kw_per_rack,           # (G,)
    const real[:, ::1] hardware_usd_per_rack,  # (G, T)
    # periods
    const real[::1] discount,                 # (T,)
    const real[::1] escalation,               # (T,)
    const real[::1] build_shares,             # (B,) shares of facility cost in the periods before commissioning
    real period_years,
    real discount_end,
    # rates
    real insurance_share,
    real it_maintenance_share,
    real run_on_maintenance_factor,
    real retrofit_share,
    real residual_first,
    real residual_decline,
    real residual_keep_monthly,
    real hall_life_years,
    # results
    real[:, :, ::1] capital,                  # (J, 2, T) facility, chips
    real[:, ::1] opex,                        # (J, T)
    real[:, ::1] sales,                       # (J, T)
    real[::1] residual,                       # (J,) at the end of the study
    real[:, ::1] energy_mwh,                  # (J, T)
    real[:, ::1] peak_mw,                     # (J, T)
    real[:, ::1] water_m3,                    # (J, T)
    real[::1] cost,                           # (J,) discounted
):
    """Fill the results of all programmes; see docs/economics.md. Results must be zero on entry."""
    cdef:
        Py_ssize_t n = stages.shape[0], depth = stages.shape[1], periods = discount.shape[0]
        Py_ssize_t build = build_shares.shape[0]
        Py_ssize_t j, k, t, p, g, u
        int first, end
        real hall, racks, hardware, plant, facility, tax, age, yearly, total, water
        real keep = 1.0 - residual_decline
        bint run_on

    with nogil:
        for j in range(n):
            p = place[j]
            hall = it_mw[j]
            facility = facility_usd_per_mw[p] * hall
            plant = plant_usd_per_mw[p] * hall
            if pays_building[j]:
                tax = plant_tax[p] * plant
                if build == 0:
                    capital[j, FACILITY, commission[j]] += (facility + tax) * escalation[commission[j]]
                for u in range(build):
                    t = commission[j] - build + u
                    if t >= 0 and t < periods:
                        capital[j, FACILITY, t] += (facility + tax) * escalation[t] * build_shares[u]
            hardware = 0.0
            age = 0.0
            for k in range(depth):
                g = stages[j, k, 0]
                if g < 0:
                    break
                first = stages[j, k, 1]
                end = stages[j, k, 2]
                run_on = stages[j, k, 3] != 0
                if not run_on:
                    racks = <real>(<long>(1000.0 * hall / it_kw_per_rack[g] + 1e-9))
                    if k == 0 and first_hardware[j] >= 0.0:
                        hardware = racks * first_hardware[j]
                    else:
                        hardware = racks * hardware_usd_per_rack[g, first]
                    # Age runs from the purchase, which for existing blocks lies before the horizon.
                    age = online_years[j] if k == 0 else first * period_years
                    if k > 0 or pays_first_chips[j]:
                        capital[j, CHIPS, first] += hardware * (1.0 + chip_tax[p])
                    if k > 0:
                        capital[j, FACILITY, first] += retrofit_share * plant * escalation[first]
                yearly = fixed_opex_usd_per_mw_year[p] * hall + insurance_share * hardware
                yearly += it_maintenance_share * hardware * (run_on_maintenance_factor if run_on else 1.0)
                water = water_m3_per_mw[p, g] * hall
                yearly += water * water_usd_per_m3[p]
                for t in range(first, end):
                    opex[j, t] += period_years * (yearly + shape_usd_per_mw[p, g] * hall * price_growth[p, t])
                    energy_mwh[j, t] = energy_mwh_per_mw[p, g] * hall * period_years
                    peak_mw[j, t] = peak_mw_per_mw[p, g] * hall
                    water_m3[j, t] = water * period_years
                # The chips are sold when neither the same chips run on nor the study ends.
                if end < periods and (k + 1 == depth or stages[j, k + 1, 0] < 0 or stages[j, k + 1, 3] == 0):
                    sales[j, end] += chip_resale(
                        hardware, residual_first, keep, end * period_years - age, residual_keep_monthly)
                    hardware = 0.0
            if hardware > 0.0:
                residual[j] += chip_resale(
                    hardware, residual_first, keep, periods * period_years - age, residual_keep_monthly)
            age = periods * period_years - online_years[j]
            if age < hall_life_years:
                residual[j] += facility * (1.0 - age / hall_life_years)
            total = 0.0
            for t in range(periods):
                total += discount[t] * (capital[j, FACILITY, t] + capital[j, CHIPS, t] + opex[j, t] - sales[j, t])
            cost[j] = total - discount_end * residual[j]
