"""Compiled loops on several threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numba
import numpy as np

# Starting a thread takes as long as the loops need for so many entries.
_LEAST = 1 << 15


def in_blocks(kernel: Callable[..., None], count: int, *arguments: Any) -> None:
    """Run a kernel over `count` blocks, on as many threads as NUMBA_NUM_THREADS allows.

    Small arrays are left to one thread.

    Args:
        kernel: takes the arguments, the first block and the one after the last; holds no lock.
        count: how many blocks there are.
        arguments: what the kernel works on.
    """
    if count < 2:
        kernel(*arguments, 0, count)
        return
    entries = max((a.size for a in arguments if isinstance(a, np.ndarray)), default=0)
    most = int(numba.config.NUMBA_NUM_THREADS) if entries > _LEAST else 1
    threads = max(1, min(most, count))
    edges = [count * t // threads for t in range(threads + 1)]
    others = [
        threading.Thread(target=kernel, args=(*arguments, edges[t], edges[t + 1]))
        for t in range(1, threads)
    ]
    for thread in others:
        thread.start()
    kernel(*arguments, edges[0], edges[1])
    for thread in others:
        thread.join()
