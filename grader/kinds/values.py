"""Comparing and showing the values that functions return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader import frames

SHOWN = 24
DIGITS = (6, 9, 12, 17)
FEWEST = DIGITS[0]


def agrees(got: Any, want: Any, rtol: float, atol: float, returns: Sequence[str] = ()) -> str:
    """Nothing when `got` is the value wanted, and else what is wrong with it.

    abs(got - want) <= atol + rtol abs(want) for each entry; a NaN never agrees.

    Args:
        got: the student's value.
        want: the reference's; a tuple when the function returns several values.
        rtol: the relative error allowed.
        atol: the absolute error allowed.
        returns: the names of several values.
    """
    if isinstance(want, tuple):
        if not isinstance(got, list | tuple) or len(got) != len(want):
            came = frames.describe(got)
            came += f" of {len(got)}" if isinstance(got, list | tuple) else ""
            return f"returned {came}; return a tuple of {len(want)}: {', '.join(returns)}"
        for name, mine, ours in zip(returns, got, want, strict=True):
            if problem := agrees(mine, ours, rtol, atol):
                return f"{problem} (as its {name})"
        return ""
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
    if isinstance(want, tuple):
        fits = isinstance(got, list | tuple) and len(got) == len(want)
        return fits and all(same(g, w, rtol, atol) for g, w in zip(got, want, strict=True))
    if not agrees(got, want, rtol, atol):
        return True
    numbers = (int, float, np.ndarray)
    if not isinstance(got, numbers) or np.shape(got) != np.shape(want):
        return False
    a, b = np.asarray(got, dtype=float), np.asarray(want, dtype=float)
    return bool(np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True))


def show(value: Any, returns: Sequence[str] = (), digits: int = FEWEST) -> str:
    """A value as a student writes it: [0, 1000]; or several by name: mean = 2, variance = 1."""
    if returns and isinstance(value, list | tuple) and len(value) == len(returns):
        return show_inputs(returns, value, digits)
    if isinstance(value, np.ndarray):
        if value.size > SHOWN:
            flat = ", ".join(_number(x, digits) for x in value.ravel()[:4].tolist())
            return f"an array of shape {value.shape} that begins with {flat}, ..."
        if value.size == 0 and value.ndim > 1:
            return f"an empty array of shape {value.shape}"
        return show(value.tolist(), digits=digits)
    if isinstance(value, list | tuple):
        items = [show(item, digits=digits) for item in value[:SHOWN]]
        more = ", ..." if len(value) > SHOWN else ""
        return f"[{', '.join(items)}{more}]"
    return _number(value, digits)


def show_inputs(names: Sequence[str], args: Sequence[Any], digits: int = 0) -> str:
    """The arguments by name: z = [0, 1000]; with so many digits, or as many as tell them apart."""
    if len(names) != len(args):
        names = [f"argument {i + 1}" for i in range(len(args))]
    shown = (show(a, digits=digits or _telling_apart(a)) for a in args)
    return ", ".join(f"{n} = {a}" for n, a in zip(names, shown, strict=True))


def show_both(want: Any, got: Any, returns: Sequence[str] = ()) -> tuple[str, str]:
    """The value wanted and the one that came, with as many digits as tell them apart."""
    for digits in DIGITS:
        both = show(want, returns, digits), show(got, returns, digits)
        if both[0] != both[1]:
            break
    return both


def _telling_apart(value: Any) -> int:
    """The fewest digits at which different entries look different: 1000000000 and 1000000001."""
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f" or value.size > SHOWN:
        return FEWEST
    entries = np.unique(value).tolist()
    enough = (d for d in DIGITS if len({_number(x, d) for x in entries}) == len(entries))
    return next(enough, DIGITS[-1])


def by_size(inputs: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Small inputs first: the first one that fails is one that a student can follow by hand."""
    return sorted(inputs, key=lambda args: sum(np.size(a) for a in args))


def finite(value: Any) -> bool:
    """Whether every number of a value is finite."""
    if isinstance(value, tuple | list):
        return all(finite(item) for item in value)
    return bool(np.isfinite(np.asarray(value, dtype=float)).all())


def count(value: Any) -> int:
    """How many numbers a value holds."""
    return sum(map(count, value)) if isinstance(value, tuple | list) else int(np.size(value))


def largest(value: Any) -> float:
    """The largest number of a value, by its size; 0 when there is none."""
    if isinstance(value, tuple | list):
        return max(map(largest, value), default=0.0)
    return float(np.max(np.abs(np.asarray(value, dtype=float)), initial=0.0))


def unchanged(before: Any, now: Any) -> bool:
    """Whether an argument still holds what it held, wherever that lies in memory."""
    if isinstance(before, np.ndarray) and isinstance(now, np.ndarray):
        return np.array_equal(before, now, equal_nan=True)
    return frames.encode_all([before]) == frames.encode_all([now])


def plain(args: Sequence[Any]) -> list[Any]:
    """The arguments with arrays that lie row by row and can be written."""
    return [a.copy() if isinstance(a, np.ndarray) else a for a in args]


def owned(args: Sequence[Any]) -> list[Any]:
    """Arguments of one's own, laid out alike, so that no function can change another's."""
    headers, body = frames.encode_all(args)
    return frames.decode_all(headers, body)


def _number(value: Any, digits: int) -> str:
    if isinstance(value, float):
        return f"{value + 0.0:.{digits}g}"  # no sign before a zero
    return frames.describe(value) if isinstance(value, frames.Foreign) else str(value)[:200]
