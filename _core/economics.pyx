"""Chip-cost model of hall programmes: cash flow by class, energy and peak by period, for all programmes in one call.

Equations: docs/economics.md, sections 3, 5, 6 and 7; a programme's flows are in programme_laws.pxd. The caller
allocates and checks; the loops know arrays and numbers only.
"""

from programme_laws cimport Hall, Place, Rates, Rows, programme_flows, real

# Classes of capital that a hall causes; land and power belong to the site.
cdef enum:
    FACILITY = 0
    CHIPS = 1


def hall_programmes(
    # lives
    const int[:, :, ::1] stages,          # (J, K, 4): chip (-1: none), first, end, run_on
    const real[:, ::1] racks,             # (J, K)
    const real[:, ::1] fill,              # (J, K) share of the hall's IT power that the racks use
    const int[::1] commission,            # (J,)
    const int[::1] place,                 # (J,) row of the place arrays
    const real[::1] it_mw,                # (J,)
    const real[::1] online_years,         # (J,) commissioning relative to the start of the horizon [years]
    const unsigned char[::1] pays_building,      # (J,)
    const unsigned char[::1] pays_first_chips,   # (J,)
    const unsigned char[::1] leased,             # (J,) building rented
    const real[::1] first_hardware,       # (J,) USD per rack of the first stage, < 0: the price path holds
    # places: site x cooling
    const real[::1] facility_usd_per_mw,      # (N,)
    const real[::1] plant_usd_per_mw,         # (N,) electrical and mechanical
    const real[::1] plant_tax,                # (N,) share of plant
    const real[::1] chip_tax,                 # (N,)
    const real[::1] fixed_opex_usd_per_mw_year,   # (N,) staff, maintenance and insurance of the facility
    const real[::1] property_usd_per_mw_year,     # (N,) property tax of the facility
    const real[::1] abated_share,                 # (N,) of it, while a hall is younger than `abated_years`
    const real[::1] abated_years,                 # (N,)
    const real[::1] chip_property_rate,           # (N,) property tax on the resale value of chips
    const real[::1] chip_abated_share,            # (N,)
    const real[::1] water_usd_per_m3,         # (N,)
    const real[::1] rent_usd_per_mw_year,     # (N,) of a rented building
    const int[::1] lease_periods,             # (N,)
    const int[::1] exit_fee_periods,          # (N,)
    const real[:, ::1] price_growth,          # (N, T)
    # designs: place x chip, by MW of hall and year
    const real[:, ::1] energy_mwh_per_mw,     # (N, G)
    const real[:, ::1] peak_mw_per_mw,        # (N, G)
    const real[:, ::1] water_m3_per_mw,       # (N, G)
    const real[:, ::1] shape_usd_per_mw,      # (N, G)
    # chips
    const real[:, ::1] hardware_usd_per_rack,  # (G, T)
    # periods
    const real[::1] discount,                 # (T,)
    const real[:, ::1] capital_weight,        # (2, T) what a dollar spent costs after tax
    const real[::1] escalation,               # (T,)
    const real[::1] build_shares,             # (B,) shares of facility cost in the periods before commissioning
    real operating_weight,                    # what a dollar of cost or income is after tax
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
        Py_ssize_t n = stages.shape[0], j, p, t
        int periods = <int>discount.shape[0], build = <int>build_shares.shape[0]
        const real* shares = &build_shares[0] if build > 0 else NULL
        real total
        Hall hall
        Place here
        Rows rows
        Rates rates

    rates.period_years = period_years
    rates.insurance_share = insurance_share
    rates.it_maintenance_share = it_maintenance_share
    rates.run_on_maintenance_factor = run_on_maintenance_factor
    rates.retrofit_share = retrofit_share
    rates.residual_first = residual_first
    rates.residual_keep = 1.0 - residual_decline
    rates.residual_keep_monthly = residual_keep_monthly
    rates.hall_life_years = hall_life_years
    with nogil:
        for j in range(n):
            p = place[j]
            here.facility_usd_per_mw = facility_usd_per_mw[p]
            here.plant_usd_per_mw = plant_usd_per_mw[p]
            here.plant_tax = plant_tax[p]
            here.chip_tax = chip_tax[p]
            here.fixed_opex_usd_per_mw_year = fixed_opex_usd_per_mw_year[p]
            here.property_usd_per_mw_year = property_usd_per_mw_year[p]
            here.abated_share = abated_share[p]
            here.abated_years = abated_years[p]
            here.chip_property_rate = chip_property_rate[p]
            here.chip_abated_share = chip_abated_share[p]
            here.water_usd_per_m3 = water_usd_per_m3[p]
            here.rent_usd_per_mw_year = rent_usd_per_mw_year[p]
            here.lease_periods = lease_periods[p]
            here.exit_fee_periods = exit_fee_periods[p]
            hall.stages = &stages[j, 0, 0]
            hall.racks = &racks[j, 0]
            hall.fill = &fill[j, 0]
            hall.depth = <int>stages.shape[1]
            hall.commission = commission[j]
            hall.it_mw = it_mw[j]
            hall.online_years = online_years[j]
            hall.first_hardware = first_hardware[j]
            hall.pays_building = pays_building[j]
            hall.pays_first_chips = pays_first_chips[j]
            hall.leased = leased[j]
            rows.facility = &capital[j, FACILITY, 0]
            rows.chips = &capital[j, CHIPS, 0]
            rows.opex = &opex[j, 0]
            rows.sales = &sales[j, 0]
            rows.energy_mwh = &energy_mwh[j, 0]
            rows.peak_mw = &peak_mw[j, 0]
            rows.water_m3 = &water_m3[j, 0]
            residual[j] = programme_flows(
                &hall, &here, &rates,
                &energy_mwh_per_mw[p, 0], &peak_mw_per_mw[p, 0], &water_m3_per_mw[p, 0], &shape_usd_per_mw[p, 0],
                &price_growth[p, 0], &hardware_usd_per_rack[0, 0], &escalation[0], shares, build, periods, &rows)
            total = 0.0
            for t in range(periods):
                total += discount[t] * (
                    capital_weight[FACILITY, t] * capital[j, FACILITY, t]
                    + capital_weight[CHIPS, t] * capital[j, CHIPS, t]
                    + operating_weight * (opex[j, t] - sales[j, t]))
            cost[j] = total - discount_end * operating_weight * residual[j]
