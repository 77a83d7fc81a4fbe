"""Hall programmes under many samples of uncertain parameters: every cash flow, compute and energy in one call.

The laws are those of economics.pyx (programme_laws.pxd); what a sample changes stands in arrays with a sample
axis. The caller gives blocks of programmes so that results fit in memory.
"""

from libc.string cimport memset

from programme_laws cimport Hall, Place, Rates, Rows, programme_flows, real

# Classes of cash flow, in the order of `flows`.
cdef enum:
    FACILITY = 0
    CHIPS = 1
    OPEX = 2
    ENERGY = 3
    SALES = 4


def programme_samples(
    # lives, as in economics.hall_programmes; all of them, of which `first` … `last` - 1 are worked out
    Py_ssize_t first,
    Py_ssize_t last,
    const int[:, :, ::1] stages,          # (J, K, 4)
    const real[:, ::1] racks,             # (J, K)
    const real[:, ::1] fill,              # (J, K)
    const int[::1] commission,            # (J,)
    const int[::1] place,                 # (J,)
    const real[::1] it_mw,                # (J,)
    const real[::1] online_years,         # (J,)
    const unsigned char[::1] pays_building,      # (J,)
    const unsigned char[::1] pays_first_chips,   # (J,)
    const unsigned char[::1] leased,             # (J,)
    const int[::1] first_price,           # (J,) column of `first_hardware`, -1: the price path holds
    const real[:, ::1] compute,           # (J, K) yield of a stage
    # places and designs, as in economics.hall_programmes
    const real[::1] facility_usd_per_mw,
    const real[::1] plant_usd_per_mw,
    const real[::1] plant_tax,
    const real[::1] chip_tax,
    const real[::1] fixed_opex_usd_per_mw_year,
    const real[::1] property_usd_per_mw_year,
    const real[::1] abated_share,
    const real[::1] abated_years,
    const real[::1] chip_property_rate,
    const real[::1] chip_abated_share,
    const real[::1] water_usd_per_m3,
    const real[::1] rent_usd_per_mw_year,
    const int[::1] lease_periods,
    const int[::1] exit_fee_periods,
    const real[:, ::1] price_growth,          # (N, T)
    const real[:, ::1] energy_usd_per_mwh,    # (N, T)
    const real[:, ::1] energy_mwh_per_mw,     # (N, G)
    const real[:, ::1] peak_mw_per_mw,        # (N, G)
    const real[:, ::1] water_m3_per_mw,       # (N, G)
    const real[:, ::1] shape_usd_per_mw,      # (N, G)
    const real[::1] build_shares,             # (B,)
    # samples
    const real[:, :, ::1] hardware_usd_per_rack,  # (S, G, T)
    const real[:, ::1] first_hardware,            # (S, E)
    const real[:, ::1] escalation,                # (S, T)
    const real[:, ::1] discount,                  # (S, T)
    const real[::1] discount_end,                 # (S,)
    const real[::1] facility_scale,               # (S,)
    const real[::1] opex_scale,                   # (S,) staff, upkeep, insurance, taxes and rent of the facility
    const real[::1] energy_price_scale,           # (S,)
    const real[::1] energy_scale,                 # (S,) energy and water
    const real[::1] compute_scale,                # (S,)
    const real[::1] residual_keep,                # (S,)
    # rates
    real period_years,
    real hours,
    real insurance_share,
    real it_maintenance_share,
    real run_on_maintenance_factor,
    real run_on_availability_factor,
    real retrofit_share,
    real residual_first,
    real hall_life_years,
    # results, by programme of the block and sample
    real[:, :, :, ::1] flows,             # (B, S, 5, T) real USD, not discounted; sales positive
    real[:, :, ::1] energy_mwh,           # (B, S, T)
    real[:, :, ::1] unit_hours,           # (B, S, T)
    real[:, ::1] cost,                    # (B, S) discounted, residual value taken off
    real[:, ::1] yielded,                 # (B, S) discounted unit-hours
):
    """Fill the results of programmes `first` … `last` - 1 under all samples."""
    cdef:
        Py_ssize_t samples = discount.shape[0], chips = hardware_usd_per_rack.shape[1]
        Py_ssize_t depth = stages.shape[1], j, b, s, p, t, k
        int periods = <int>discount.shape[1], build = <int>build_shares.shape[0]
        const real* shares = &build_shares[0] if build > 0 else NULL
        size_t row_bytes = periods * sizeof(real)
        real total, made, energy, price, usd, residual
        int begin, end
        Hall hall
        Place here
        Rows rows
        Rates rates
        real scratch_peak[512]
        real scratch_water[512]
        real keep_monthly[4096]

    if periods > 512 or samples > 4096:
        raise ValueError("at most 512 periods and 4096 samples in one call")
    rates.period_years = period_years
    rates.insurance_share = insurance_share
    rates.it_maintenance_share = it_maintenance_share
    rates.run_on_maintenance_factor = run_on_maintenance_factor
    rates.retrofit_share = retrofit_share
    rates.residual_first = residual_first
    rates.hall_life_years = hall_life_years
    for s in range(samples):
        keep_monthly[s] = residual_keep[s] ** (1.0 / 12.0)
    rows.peak_mw = &scratch_peak[0]
    rows.water_m3 = &scratch_water[0]
    with nogil:
        for j in range(first, last):
            b = j - first
            p = place[j]
            hall.stages = &stages[j, 0, 0]
            hall.racks = &racks[j, 0]
            hall.fill = &fill[j, 0]
            hall.depth = <int>depth
            hall.commission = commission[j]
            hall.it_mw = it_mw[j]
            hall.online_years = online_years[j]
            hall.pays_building = pays_building[j]
            hall.pays_first_chips = pays_first_chips[j]
            hall.leased = leased[j]
            here.plant_tax = plant_tax[p]
            here.chip_tax = chip_tax[p]
            here.abated_share = abated_share[p]
            here.abated_years = abated_years[p]
            here.chip_property_rate = chip_property_rate[p]
            here.chip_abated_share = chip_abated_share[p]
            here.lease_periods = lease_periods[p]
            here.exit_fee_periods = exit_fee_periods[p]
            for s in range(samples):
                here.facility_usd_per_mw = facility_usd_per_mw[p] * facility_scale[s]
                here.plant_usd_per_mw = plant_usd_per_mw[p] * facility_scale[s]
                here.fixed_opex_usd_per_mw_year = fixed_opex_usd_per_mw_year[p] * opex_scale[s]
                here.property_usd_per_mw_year = property_usd_per_mw_year[p] * opex_scale[s]
                here.rent_usd_per_mw_year = rent_usd_per_mw_year[p] * opex_scale[s]
                here.water_usd_per_m3 = water_usd_per_m3[p] * energy_scale[s]
                hall.first_hardware = first_hardware[s, first_price[j]] if first_price[j] >= 0 else -1.0
                rates.residual_keep = residual_keep[s]
                rates.residual_keep_monthly = keep_monthly[s]
                memset(&flows[b, s, 0, 0], 0, 5 * row_bytes)
                memset(&energy_mwh[b, s, 0], 0, row_bytes)
                memset(&unit_hours[b, s, 0], 0, row_bytes)
                rows.facility = &flows[b, s, FACILITY, 0]
                rows.chips = &flows[b, s, CHIPS, 0]
                rows.opex = &flows[b, s, OPEX, 0]
                rows.sales = &flows[b, s, SALES, 0]
                rows.energy_mwh = &energy_mwh[b, s, 0]
                residual = programme_flows(
                    &hall, &here, &rates,
                    &energy_mwh_per_mw[p, 0], &peak_mw_per_mw[p, 0], &water_m3_per_mw[p, 0], &shape_usd_per_mw[p, 0],
                    &price_growth[p, 0], &hardware_usd_per_rack[s, 0, 0], &escalation[s, 0], shares, build, periods,
                    &rows)
                for k in range(depth):
                    if stages[j, k, 0] < 0:
                        break
                    begin = stages[j, k, 1]
                    end = stages[j, k, 2]
                    made = compute[j, k] * compute_scale[s] * hours
                    if stages[j, k, 3] != 0:
                        made *= run_on_availability_factor
                    for t in range(begin, end):
                        unit_hours[b, s, t] = made
                total = 0.0
                made = 0.0
                for t in range(periods):
                    energy = energy_mwh[b, s, t] * energy_scale[s]
                    price = energy_usd_per_mwh[p, t] * energy_price_scale[s]
                    usd = energy * price
                    energy_mwh[b, s, t] = energy
                    flows[b, s, ENERGY, t] = usd
                    total += discount[s, t] * (
                        flows[b, s, FACILITY, t] + flows[b, s, CHIPS, t] + flows[b, s, OPEX, t] + usd
                        - flows[b, s, SALES, t])
                    made += discount[s, t] * unit_hours[b, s, t]
                cost[b, s] = total - discount_end[s] * residual
                yielded[b, s] = made
    return chips
