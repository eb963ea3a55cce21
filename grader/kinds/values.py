"""Comparing and showing the values that functions return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader import frames

SHOWN = 24


def agrees(got: Any, want: Any, rtol: float, atol: float) -> str:
    """Nothing when `got` is the value wanted, and else what is wrong with it.

    abs(got - want) <= atol + rtol abs(want) for each entry; a NaN never agrees.
    """
    if isinstance(want, np.ndarray) and want.ndim:
        if not isinstance(got, np.ndarray):
            return f"returned {frames.describe(got)}; return a NumPy array"
        if got.shape != want.shape:
            return f"returned an array of shape {got.shape}; the shape should be {want.shape}"
    else:
        if isinstance(got, np.ndarray) and got.ndim == 0:
            got = got.item()
        if isinstance(got, np.ndarray):
            return f"returned an array of shape {got.shape}; return a single number"
        if isinstance(got, bool) or not isinstance(got, int | float):
            return f"returned {frames.describe(got)}; return a single number"
    try:
        ours = np.asarray(want, dtype=float)
        theirs = np.asarray(got, dtype=float)
    except OverflowError:
        return "returned a number too large for a float"
    if np.isnan(theirs).any():
        return "returned nan (not a number)"
    with np.errstate(all="ignore"):
        close = (np.abs(theirs - ours) <= atol + rtol * np.abs(ours)) & np.isfinite(ours)
    return "" if bool(np.all(close | (theirs == ours))) else "returned another value"


def same(got: Any, want: Any, rtol: float, atol: float) -> bool:
    """Whether two values agree, NaN with NaN too: for recognising a known mistake."""
    if not agrees(got, want, rtol, atol):
        return True
    numbers = (int, float, np.ndarray)
    if not isinstance(got, numbers) or np.shape(got) != np.shape(want):
        return False
    a, b = np.asarray(got, dtype=float), np.asarray(want, dtype=float)
    return bool(np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True))


def show(value: Any) -> str:
    """A value as a student writes it: [0, 1000]."""
    if isinstance(value, np.ndarray):
        if value.size > SHOWN:
            flat = ", ".join(_number(x) for x in value.ravel()[:4])
            return f"an array of shape {value.shape} that begins with {flat}, ..."
        return show(value.tolist())
    if isinstance(value, list | tuple):
        items = [show(item) for item in value[:SHOWN]]
        more = ", ..." if len(value) > SHOWN else ""
        return f"[{', '.join(items)}{more}]"
    return _number(value)


def show_inputs(names: Sequence[str], args: Sequence[Any]) -> str:
    """The arguments by name: z = [0, 1000]."""
    if len(names) != len(args):
        names = [f"argument {i + 1}" for i in range(len(args))]
    return ", ".join(f"{n} = {show(a)}" for n, a in zip(names, args, strict=True))


def by_size(inputs: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Small inputs first: the first one that fails is one that a student can follow by hand."""
    return sorted(inputs, key=lambda args: sum(np.size(a) for a in args))


def copies(args: Sequence[Any]) -> list[Any]:
    """Arguments of their own, so that no function can change another's."""
    return [a.copy() if isinstance(a, np.ndarray) else a for a in args]


def _number(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return frames.describe(value) if isinstance(value, frames.Foreign) else str(value)[:200]
