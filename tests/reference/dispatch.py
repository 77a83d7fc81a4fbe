"""Dispatch of one mix in plain loops, after docs/power.md; numba can compile it as it is."""

from __future__ import annotations

import math

import numpy as np

BIG = 1e9
LEVELS = 16
WEEK = 168
AHEAD = 36


def tiers(mix, series, i):
    """An hour: need, surplus, sources by price (USD, MW, kind), gains of the store and the values up to which they hold."""
    load, sun, wind, price = series[0, i], series[1, i], series[2, i], series[3, i]
    left = mix[0] * load - mix[9] * sun - mix[10] * wind
    need, over = max(left, 0.0), max(-left, 0.0)
    usd = [price, mix[5] * series[8, i], mix[17]]
    most = [mix[1] * series[5, i] + mix[2] * series[6, i], mix[3] * series[7, i], mix[16] * mix[0] * load]
    kind = [0, 1, 2]
    for j in range(3):
        if usd[j] >= mix[18]:
            most[j] = 0.0
    for a, b in ((0, 1), (1, 2), (0, 1)):
        if usd[b] < usd[a]:
            usd[a], usd[b] = usd[b], usd[a]
            most[a], most[b] = most[b], most[a]
            kind[a], kind[b] = kind[b], kind[a]
    power, into, out_of, wear = mix[11], mix[13], mix[14], mix[15]
    used = [0.0, 0.0, 0.0]
    rest = need
    for j in range(3):
        used[j] = min(rest, most[j])
        rest -= used[j]
    gain = [0.0] * 8
    until = [-BIG] * 8
    displaced = [
        used[0] + used[1] + used[2] + rest, used[1] + used[2] + rest, used[2] + rest, rest,
    ]  # fmt: skip
    for j in range(4):
        gain[j] = -min(displaced[j], power) / out_of
    fill = over
    gain[4] = min(fill, power) * into
    for j in range(3):
        fill += most[j] - used[j] if kind[j] != 2 else 0.0
        gain[5 + j] = min(fill, power) * into
    for j in range(3):
        if gain[j] < gain[j + 1]:
            until[j] = (usd[j] - wear) * out_of
        if gain[4 + j] < gain[5 + j]:
            until[4 + j] = usd[j] / into
    if gain[3] < 0.0:
        until[3] = (mix[18] - wear) * out_of
    until[7] = BIG
    return need, over, usd, most, kind, gain, until


def down_to(worth, until):
    """Level down to which a stored MWh is worth no more than `until`."""
    above = 0
    for k in range(LEVELS):
        if worth[k] > until:
            above += 1
    if above == 0:
        return 0.0
    if above == LEVELS:
        return LEVELS - 1.0
    return above - 1.0 + (worth[above - 1] - until) / (worth[above - 1] - worth[above])


def year(mix, series):
    """Columns of the kernel's RESULTS for one mix; `mix` by MIX, `series` of shape (9, n_hours)."""
    n = series.shape[1]
    out = np.zeros(19)
    energy = mix[12]
    stores = energy > 0.0
    stored, units = 0.5 * energy, 0.0
    per_level = (LEVELS - 1) / energy if stores else 0.0
    start = 0
    while start < n:
        run = min(WEEK, n - start)
        worth = np.zeros((run + AHEAD, LEVELS))
        if stores:
            last = tiers(mix, series, (start + run + AHEAD - 1) % n)[2][0]
            later = np.empty(LEVELS)
            for k in range(LEVELS):
                later[k] = last * 2.0 * (LEVELS - 1 - k) / (LEVELS - 1)
            for ahead in range(run + AHEAD - 1, -1, -1):
                _, _, _, _, _, gain, until = tiers(mix, series, (start + ahead) % n)
                for k in range(LEVELS):
                    best = -BIG
                    for j in range(8):
                        if until[j] > -BIG:
                            at = min(max(gain[j] * per_level, -LEVELS), LEVELS)
                            low = math.floor(at)
                            i = k + int(low)
                            first = BIG if i < 0 else (0.0 if i >= LEVELS else later[i])
                            second = BIG if i + 1 < 0 else (0.0 if i + 1 >= LEVELS else later[i + 1])
                            best = max(best, min(until[j], first + (at - low) * (second - first)))
                    worth[ahead, k] = best
                later = worth[ahead]
        for ahead in range(run):
            i = start + ahead
            need, over, _, mws, kind, gain, until = tiers(mix, series, i)
            given = taken = 0.0
            if stores:
                wanted = gain[0]
                for j in range(7):
                    if until[j] > -BIG:
                        most = down_to(worth[ahead + 1], until[j]) / per_level - stored
                        wanted = max(min(gain[j + 1], most), wanted)
                    elif wanted >= gain[j]:
                        wanted = gain[j + 1]
                given = min(max(-wanted, 0.0), stored) * mix[14]
                taken = min(max(wanted, 0.0), max(energy - stored, 0.0)) / mix[13]
            spilled = max(over - taken, 0.0)
            need = need - given + max(taken - over, 0.0)
            by_kind = [0.0, 0.0, 0.0]
            for j in range(3):
                use = min(max(need, 0.0), mws[j])
                need -= use
                by_kind[kind[j]] += use
            grid, plant, waits = by_kind
            lacking = max(need, 0.0)
            stored += taken * mix[13] - given / mix[14]
            on, burnt = 0.0, plant
            if mix[4] > 0.0:
                on = float(math.ceil(plant / mix[4] - 1e-6))
                burnt = mix[6] * on * mix[4] + (1.0 - mix[6]) * plant
            starts = max(on - units, 0.0)
            units = on
            fuel = mix[5] * series[8, i] * burnt + mix[7] * starts
            load, price = mix[0] * series[0, i], series[3, i]
            out[0] += grid * price + fuel + mix[15] * given + mix[17] * waits + mix[18] * lacking
            out[1] += load
            out[2] += grid
            out[3] += grid * price
            out[4] += plant
            out[5] += fuel
            out[6] += starts
            out[7] += mix[9] * series[1, i]
            out[8] += mix[10] * series[2, i]
            out[9] += spilled
            out[10] += taken
            out[11] += given
            out[12] += waits
            out[13] += lacking
            out[14] += 1.0 if lacking > 1e-6 * load else 0.0
            out[15] += grid * series[4, i] + mix[8] * series[8, i] * burnt
            out[16] = max(out[16], grid)
        start += run
    out[17] = stored
    return out
