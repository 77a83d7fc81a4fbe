# One hour of a site's supply, many mixes side by side, a lane each; docs/power.md.
from libc.math cimport ceil, floor

from cooling_laws cimport at_least, at_most
from precision cimport real

cdef enum:
    LANES = 16
    LEVELS = 16
    STEPS = 8

# Beyond any price.
cdef enum:
    BIG = 1000000000

cdef struct Mix:
    real load_mw
    real firm_mw
    real curtailable_mw
    real plant_mw
    real unit_mw
    real plant_usd
    real no_load_share
    real start_usd
    real plant_kg
    real solar_mw
    real wind_mw
    real battery_mw
    real battery_mwh
    real charge_efficiency
    real discharge_efficiency
    real wear_usd
    real flexible_share
    real flexible_usd
    real unserved_usd

# One parameter of all lanes.
ctypedef real Lanes[LANES]

cdef struct Block:
    Lanes load_mw, firm_mw, curtailable_mw, plant_mw, unit_mw, plant_usd, no_load_share, start_usd, plant_kg
    # As many as there always are; read from memory, so that the compiler makes loops over vectors of them.
    int lanes, levels
    Lanes solar_mw, wind_mw, battery_mw, battery_mwh, into, per_into, out_of, per_out, wear_usd
    Lanes flexible_share, flexible_usd, unserved_usd, per_level

# An hour of all lanes. Sources stand by price, the cheapest first; `kind` says which is the grid (0), the plant (1), waiting
# load (2).
cdef struct Hour:
    Lanes need, over
    Lanes usd[3]
    Lanes most[3]
    Lanes kind[3]
    # What the store gains in the hour from most discharge to most charge, and the value of stored energy up to which it stays there.
    Lanes gain[STEPS]
    Lanes until[STEPS]

# What a stored MWh is worth at the start of an hour, by level of the store.
ctypedef real Worth[LEVELS]
ctypedef real Later[3 * LEVELS + 3]

cdef struct State:
    Lanes stored, units, value
    Lanes cost, load, grid, grid_usd, plant, plant_usd, starts, solar, wind, spilled, charged, discharged, waited
    Lanes unserved, unserved_hours, co2, peak, imbalance


cdef inline void exchange(const Block* b, Hour* h, const int i, const int j) noexcept nogil:
    """Sources i and j by price."""
    cdef real usd, most, kind
    cdef bint swap
    cdef int k
    for k in range(b.lanes):
        swap = h.usd[j][k] < h.usd[i][k]
        usd = h.usd[i][k]
        most = h.most[i][k]
        kind = h.kind[i][k]
        h.usd[i][k] = h.usd[j][k] if swap else usd
        h.most[i][k] = h.most[j][k] if swap else most
        h.kind[i][k] = h.kind[j][k] if swap else kind
        h.usd[j][k] = usd if swap else h.usd[j][k]
        h.most[j][k] = most if swap else h.most[j][k]
        h.kind[j][k] = kind if swap else h.kind[j][k]


cdef inline void look(const Block* b, const real* series, Py_ssize_t n, Py_ssize_t i, bint stores, Hour* h) noexcept nogil:
    """An hour before the battery acts: the need after sun and wind, sources by price, what the battery could do at which value."""
    cdef real load = series[i]
    cdef real sun = series[n + i]
    cdef real wind = series[2 * n + i]
    cdef real price = series[3 * n + i]
    cdef real firm = series[5 * n + i]
    cdef real curtailable = series[6 * n + i]
    cdef real available = series[7 * n + i]
    cdef real heat_rate = series[8 * n + i]
    cdef real left, first, second, third, lacking, more1, more2, more3, p, out_of
    cdef int j, k
    for k in range(b.lanes):
        left = b.load_mw[k] * load - b.solar_mw[k] * sun - b.wind_mw[k] * wind
        h.over[k] = at_least(-left, 0.0)
        h.need[k] = at_least(left, 0.0)
        h.usd[0][k] = price
        h.most[0][k] = b.firm_mw[k] * firm + b.curtailable_mw[k] * curtailable
        h.kind[0][k] = 0.0
        h.usd[1][k] = b.plant_usd[k] * heat_rate
        h.most[1][k] = b.plant_mw[k] * available
        h.kind[1][k] = 1.0
        h.usd[2][k] = b.flexible_usd[k]
        h.most[2][k] = b.flexible_share[k] * b.load_mw[k] * load
        h.kind[2][k] = 2.0
    for j in range(3):
        for k in range(b.lanes):
            # What costs more than the load is worth is not bought.
            h.most[j][k] = h.most[j][k] if h.usd[j][k] < b.unserved_usd[k] else 0.0
    exchange(b, h, 0, 1)
    exchange(b, h, 1, 2)
    exchange(b, h, 0, 1)
    if not stores:
        return
    for k in range(b.lanes):
        p = b.battery_mw[k]
        out_of = b.out_of[k]
        left = h.need[k]
        first = at_most(left, h.most[0][k])
        second = at_most(left - first, h.most[1][k])
        third = at_most(left - first - second, h.most[2][k])
        lacking = left - first - second - third
        # Load that waits can't fill the store.
        more1 = h.most[0][k] - first if h.kind[0][k] < 1.5 else 0.0
        more2 = h.most[1][k] - second if h.kind[1][k] < 1.5 else 0.0
        more3 = h.most[2][k] - third if h.kind[2][k] < 1.5 else 0.0
        h.gain[0][k] = -at_most(first + second + third + lacking, p) * b.per_out[k]
        h.gain[1][k] = -at_most(second + third + lacking, p) * b.per_out[k]
        h.gain[2][k] = -at_most(third + lacking, p) * b.per_out[k]
        h.gain[3][k] = -at_most(lacking, p) * b.per_out[k]
        h.gain[4][k] = at_most(h.over[k], p) * b.into[k]
        h.gain[5][k] = at_most(h.over[k] + more1, p) * b.into[k]
        h.gain[6][k] = at_most(h.over[k] + more1 + more2, p) * b.into[k]
        h.gain[7][k] = at_most(h.over[k] + more1 + more2 + more3, p) * b.into[k]
        # A step that is none may not hold the value up.
        h.until[0][k] = (h.usd[0][k] - b.wear_usd[k]) * out_of if h.gain[0][k] < h.gain[1][k] else -BIG
        h.until[1][k] = (h.usd[1][k] - b.wear_usd[k]) * out_of if h.gain[1][k] < h.gain[2][k] else -BIG
        h.until[2][k] = (h.usd[2][k] - b.wear_usd[k]) * out_of if h.gain[2][k] < h.gain[3][k] else -BIG
        h.until[3][k] = (b.unserved_usd[k] - b.wear_usd[k]) * out_of if h.gain[3][k] < 0.0 else -BIG
        h.until[4][k] = h.usd[0][k] * b.per_into[k] if h.gain[4][k] < h.gain[5][k] else -BIG
        h.until[5][k] = h.usd[1][k] * b.per_into[k] if h.gain[5][k] < h.gain[6][k] else -BIG
        h.until[6][k] = h.usd[2][k] * b.per_into[k] if h.gain[6][k] < h.gain[7][k] else -BIG
        h.until[7][k] = BIG


cdef inline void step_back(const Block* b, const Hour* h, Later* later, Worth* kept) noexcept nogil:
    """Worth at the start of an hour from that at its end, of all lanes: it is what it is after the gain, or the price at which
    the gain changes.

    A lane of `later` has LEVELS values behind LEVELS + 1 of BIG, and as many zeros after them; they are replaced.
    """
    cdef real worth[LANES][LEVELS]
    cdef Lanes share, floors
    cdef real at, until, part
    cdef const real* low
    cdef int j, k, lane, having
    cdef int levels = b.levels
    for lane in range(LANES):
        for k in range(levels):
            worth[lane][k] = -BIG
    for j in range(STEPS):
        having = 0
        for lane in range(b.lanes):
            having += 1 if h.until[j][lane] > -BIG else 0
        # Steps that no lane has are many: nothing is lacking, no load can wait.
        if having == 0:
            continue
        for lane in range(b.lanes):
            at = at_most(at_least(h.gain[j][lane] * b.per_level[lane], -LEVELS), LEVELS)
            floors[lane] = floor(at)
            share[lane] = at - floors[lane]
        for lane in range(LANES):
            low = &later[lane][LEVELS + 1 + <int> floors[lane]]
            part = share[lane]
            until = h.until[j][lane]
            for k in range(levels):
                worth[lane][k] = at_least(worth[lane][k], at_most(until, low[k] + part * (low[k + 1] - low[k])))
    for lane in range(LANES):
        for k in range(levels):
            later[lane][LEVELS + 1 + k] = worth[lane][k]
            kept[lane][k] = worth[lane][k]


cdef inline real reached(const real* worth, real until) noexcept nogil:
    """Level down to which a stored MWh is worth no more than `until`; worth falls with the level."""
    cdef int k, above = 0
    for k in range(LEVELS):
        above += 1 if worth[k] > until else 0
    if above == 0:
        return 0.0
    if above == LEVELS:
        return LEVELS - 1.0
    return above - 1.0 + (worth[above - 1] - until) / (worth[above - 1] - worth[above])


cdef inline real worth_at(const real* worth, real level) noexcept nogil:
    """Between levels; the ends hold."""
    cdef real at = at_most(at_least(level, 0.0), LEVELS - 1.001)
    cdef int i = <int> at
    return worth[i] + (at - i) * (worth[i + 1] - worth[i])


cdef inline real exact_gain(const Hour* h, int lane, const real* after, real stored, real per_level) noexcept nogil:
    """From most discharge upwards through the steps, as long as what is then in the store is worth more than the step's price."""
    cdef real x = h.gain[0][lane]
    cdef real most
    cdef int j
    for j in range(STEPS - 1):
        if h.until[j][lane] > -BIG:
            most = reached(after, h.until[j][lane]) / per_level - stored
            x = at_least(at_most(h.gain[j + 1][lane], most), x)
        elif x >= h.gain[j][lane]:
            # What is left over costs nothing.
            x = h.gain[j + 1][lane]
    return x


cdef inline void choose(const Block* b, const Hour* h, const Worth* before, const Worth* after, State* s, real* gain) noexcept nogil:
    """What the stores gain: each step whose price is below what a stored MWh is worth, if that holds at the hour's end as well."""
    cdef Lanes below, above
    cdef real left
    cdef int j, k
    for k in range(LANES):
        s.value[k] = worth_at(before[k], s.stored[k] * b.per_level[k])
    for k in range(b.lanes):
        gain[k] = h.gain[0][k]
        below[k] = -BIG
        above[k] = BIG
    for j in range(STEPS - 1):
        for k in range(b.lanes):
            gain[k] += h.gain[j + 1][k] - h.gain[j][k] if s.value[k] > h.until[j][k] else 0.0
            below[k] = at_least(h.until[j][k], below[k]) if s.value[k] > h.until[j][k] else below[k]
            above[k] = at_most(h.until[j][k], above[k]) if s.value[k] <= h.until[j][k] else above[k]
    for k in range(LANES):
        if b.battery_mwh[k] > 0.0:
            left = worth_at(after[k], (s.stored[k] + gain[k]) * b.per_level[k])
            if left < below[k] or left > above[k] or s.stored[k] + gain[k] < 0.0:
                gain[k] = exact_gain(h, k, after[k], s.stored[k], b.per_level[k])


cdef inline void act(const Block* b, const real* series, Py_ssize_t n, Py_ssize_t i, const Hour* h, const real* gains, State* s,
                     double* hours) noexcept nogil:
    """An hour as it is run at the value of stored energy; `hours` is the first lane's row or null."""
    cdef Lanes given, taken, grids, plants, waiting, lack, spill
    cdef real load, sun, wind, spilled, on, fuel, burnt, need, x, gain, use, grid, plant, waits, lacking
    cdef real at_load = series[i]
    cdef real at_sun = series[n + i]
    cdef real at_wind = series[2 * n + i]
    cdef real price = series[3 * n + i]
    cdef real kg = series[4 * n + i]
    cdef real heat_rate = series[8 * n + i]
    cdef int j, k
    for k in range(b.lanes):
        gain = gains[k]
        given[k] = at_most(at_least(-gain, 0.0), s.stored[k]) * b.out_of[k]
        taken[k] = at_most(at_least(gain, 0.0), at_least(b.battery_mwh[k] - s.stored[k], 0.0)) * b.per_into[k]
    for k in range(b.lanes):
        load = b.load_mw[k] * at_load
        sun = b.solar_mw[k] * at_sun
        wind = b.wind_mw[k] * at_wind
        spilled = at_least(h.over[k] - taken[k], 0.0)
        need = h.need[k] - given[k] + at_least(taken[k] - h.over[k], 0.0)
        grid = 0.0
        plant = 0.0
        waits = 0.0
        for j in range(3):
            use = at_most(at_least(need, 0.0), h.most[j][k])
            need -= use
            grid += use if h.kind[j][k] < 0.5 else 0.0
            plant += use if h.kind[j][k] == 1.0 else 0.0
            waits += use if h.kind[j][k] > 1.5 else 0.0
        lacking = at_least(need, 0.0)
        s.stored[k] += taken[k] * b.into[k] - given[k] * b.per_out[k]
        on = ceil(plant / b.unit_mw[k] - 1e-6)
        # What is burnt beside the same energy at full load.
        burnt = b.no_load_share[k] * on * b.unit_mw[k] + (1.0 - b.no_load_share[k]) * plant
        fuel = b.plant_usd[k] * heat_rate * burnt + b.start_usd[k] * at_least(on - s.units[k], 0.0)
        s.starts[k] += at_least(on - s.units[k], 0.0)
        s.units[k] = on
        s.load[k] += load
        s.grid[k] += grid
        s.grid_usd[k] += grid * price
        s.plant[k] += plant
        s.plant_usd[k] += fuel
        s.solar[k] += sun
        s.wind[k] += wind
        s.spilled[k] += spilled
        s.charged[k] += taken[k]
        s.discharged[k] += given[k]
        s.waited[k] += waits
        s.unserved[k] += lacking
        s.unserved_hours[k] += 1.0 if lacking > 1e-6 * load else 0.0
        s.co2[k] += grid * kg + b.plant_kg[k] * heat_rate * burnt
        s.peak[k] = at_least(grid, s.peak[k])
        s.cost[k] += (grid * price + fuel + b.wear_usd[k] * given[k] + b.flexible_usd[k] * waits
                      + b.unserved_usd[k] * lacking)
        x = sun + wind + grid + plant + given[k] + waits + lacking - spilled - taken[k] - load
        s.imbalance[k] = at_least(x if x > 0.0 else -x, s.imbalance[k])
        grids[k] = grid
        plants[k] = plant
        waiting[k] = waits
        lack[k] = lacking
        spill[k] = spilled
    if hours != NULL:
        hours[0] = b.load_mw[0] * at_load
        hours[1] = grids[0]
        hours[2] = plants[0]
        hours[3] = s.units[0]
        hours[4] = b.solar_mw[0] * at_sun
        hours[5] = b.wind_mw[0] * at_wind
        hours[6] = spill[0]
        hours[7] = taken[0]
        hours[8] = given[0]
        hours[9] = s.stored[0]
        hours[10] = waiting[0]
        hours[11] = lack[0]
        hours[12] = s.value[0]


cdef inline void gather(const real* mixes, Py_ssize_t count, Block* b, State* s) noexcept nogil:
    """Mixes of a block into lanes; lanes without a mix repeat the last."""
    cdef const Mix* m
    cdef int k
    cdef real* state = <real*> s
    b.lanes = LANES
    b.levels = LEVELS
    for k in range(<int> (sizeof(State) // sizeof(real))):
        state[k] = 0.0
    for k in range(b.lanes):
        m = (<const Mix*> mixes) + (k if k < count else count - 1)
        b.load_mw[k] = m.load_mw
        b.firm_mw[k] = m.firm_mw
        b.curtailable_mw[k] = m.curtailable_mw
        b.plant_mw[k] = m.plant_mw
        b.unit_mw[k] = m.unit_mw if m.unit_mw > 0.0 else 1e30
        b.plant_usd[k] = m.plant_usd
        b.no_load_share[k] = m.no_load_share if m.unit_mw > 0.0 else 0.0
        b.start_usd[k] = m.start_usd
        b.plant_kg[k] = m.plant_kg
        b.solar_mw[k] = m.solar_mw
        b.wind_mw[k] = m.wind_mw
        b.battery_mw[k] = m.battery_mw
        b.battery_mwh[k] = m.battery_mwh
        b.into[k] = m.charge_efficiency
        b.per_into[k] = 1.0 / m.charge_efficiency
        b.out_of[k] = m.discharge_efficiency
        b.per_out[k] = 1.0 / m.discharge_efficiency
        b.per_level[k] = (LEVELS - 1) / m.battery_mwh if m.battery_mwh > 0.0 else 0.0
        b.wear_usd[k] = m.wear_usd
        b.flexible_share[k] = m.flexible_share
        b.flexible_usd[k] = m.flexible_usd
        b.unserved_usd[k] = m.unserved_usd
        s.stored[k] = 0.5 * m.battery_mwh
