"""Rows of a kernel call shared among threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np


def in_parts(part: Callable[[slice], None], count: int, threads: int) -> None:
    """Call `part` with slices that cover `count` rows, as many at a time as there are threads.

    Parameters
    ----------
    part : callable
        Works on its rows alone and releases the interpreter's lock.
    count, threads : int
    """
    cuts = np.linspace(0, count, max(1, threads) + 1).astype(int)
    rows = [slice(a, b) for a, b in pairwise(cuts) if b > a]
    if len(rows) > 1:
        with ThreadPoolExecutor(len(rows)) as pool:
            list(pool.map(part, rows))
    else:
        part(slice(None))
