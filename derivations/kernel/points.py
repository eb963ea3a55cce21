"""Exact points inside the assumptions: special ones first, then a sequence the question fixes."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import sympy as sp
from flint import fmpq

from derivations.kernel.balls import Undecided, Undefined, _Evaluator

SPECIAL = tuple(
    fmpq(p, q) for p, q in ((1, 2), (0, 1), (1, 1), (-1, 1), (2, 1), (-2, 1), (3, 1), (-1, 2))
)
SIZES = tuple(fmpq(n) for n in (3, 2, 4, 1, 5))
MAGNITUDES = tuple(fmpq(p, q) for p, q in ((1, 2), (2, 1), (3, 1), (3, 2), (5, 1), (1, 3)))
EQUAL = tuple(fmpq(p, q) for p, q in ((2, 1), (1, 2), (-2, 1), (1, 1)))
WIDE = tuple(fmpq(p, q) for p, q in ((-5, 1), (10, 1), (-31, 3)))
COMPLEX = tuple(
    (fmpq(*re), fmpq(*im)) for re, im in (((1, 2), (4, 1)), ((-1, 3), (2, 1)), ((-2, 1), (-7, 2)))
)
MAX_TRIES = 400


def symbols_of(*expressions: Any) -> list[Any]:
    """The free symbols, by name; labels of indexed families are not among them."""
    free: set[Any] = set()
    labels: set[Any] = set()
    for expression in expressions:
        free |= expression.free_symbols
        for d in expression.atoms(sp.Derivative):  # SymPy leaves out the index of d/dx[i]
            free |= {s for v in d.variables for s in v.free_symbols}
        labels |= {base.label for base in expression.atoms(sp.IndexedBase)}
    return sorted((s for s in free if s.is_Symbol and s not in labels), key=lambda s: s.name)


def ranges_of(given: Sequence[Any]) -> dict[Any, tuple[Any, Any]]:
    """The range of each symbol that the given relations bound on both sides: 1 <= i <= n."""
    low: dict[Any, Any] = {}
    high: dict[Any, Any] = {}
    for relation in given:
        if isinstance(relation, (sp.LessThan, sp.GreaterThan)):
            if relation.gts.is_Symbol:
                low.setdefault(relation.gts, relation.lts)
            if relation.lts.is_Symbol:
                high.setdefault(relation.lts, relation.gts)
    for symbol in high.keys() - low.keys():
        if symbol.is_integer and symbol.is_nonnegative:
            low[symbol] = sp.S.One if symbol.is_positive else sp.S.Zero
    return {s: (low[s], high[s]) for s in low.keys() & high.keys()}


def points(
    symbols: Sequence[Any], given: Sequence[Any], question: str
) -> Iterator[dict[Any, fmpq]]:
    """Points at which every symbol's assumptions and every given relation hold, without end.

    The sequence depends on the question's text alone, so a verdict can be repeated.
    """
    if not symbols:
        yield {}
        return
    tries = 0
    seen: set[tuple[Any, ...]] = set()
    for point in _candidates(symbols, question):
        values = tuple(map(str, point.values()))
        fresh = values not in seen
        if fresh and all(_allowed(s, v) for s, v in point.items()) and _holds(given, point):
            tries = 0
            seen.add(values)
            yield point
        tries += 1
        if tries > MAX_TRIES:
            return


def _candidates(symbols: Sequence[Any], question: str) -> Iterator[dict[Any, Any]]:
    yield _mixed(symbols, 0)
    # Branches differ where all are negative: log(x y), sqrt(x) sqrt(y).
    yield {s: -MAGNITUDES[k % len(MAGNITUDES)] for k, s in enumerate(symbols)}
    if any(s.is_extended_real is None for s in symbols):
        for place in COMPLEX:
            yield {
                s: place if s.is_extended_real is None else SPECIAL[k % len(SPECIAL)]
                for k, s in enumerate(symbols)
            }
    for shift, value in enumerate(EQUAL, start=1):
        # A strict inequality fails where all are equal, many a branch far out.
        yield dict.fromkeys(symbols, value)
        yield _mixed(symbols, shift)
        if shift == 1:  # what is even in each of them may vanish where they cancel
            fixed = any(s.is_positive for s in symbols)
            yield {
                s: value if s.is_positive or (k % 2 and not fixed) else -value
                for k, s in enumerate(symbols)
            }
    for value in WIDE:
        yield {s: SIZES[k % len(SIZES)] if s.is_integer else value for k, s in enumerate(symbols)}
    for shift in range(len(EQUAL) + 1, len(SPECIAL)):
        yield _mixed(symbols, shift)
    seed = int.from_bytes(hashlib.blake2b(question.encode(), digest_size=8).digest(), "big")
    draw = random.Random(seed)
    # Several sizes are those of nested sums: their product is what a point has to unroll.
    sizes = sum(bool(s.is_integer) for s in symbols)
    most = 14 if sizes <= 2 else 4
    while True:
        yield {s: _draw(s, draw, most) for s in symbols}


def _mixed(symbols: Sequence[Any], shift: int) -> dict[Any, Any]:
    """Different special values for different symbols, so that x = y hides no swapped index."""
    pools = [SIZES if s.is_integer and s.is_positive else SPECIAL for s in symbols]
    places = enumerate(zip(symbols, pools, strict=True))
    return {s: pool[(shift + 3 * k) % len(pool)] for k, (s, pool) in places}


def _draw(symbol: Any, draw: random.Random, most: int) -> fmpq:
    if symbol.is_integer:
        return fmpq(draw.randint(1, most) if symbol.is_positive else draw.randint(-most, most))
    if draw.random() < 0.5:
        return fmpq(draw.randint(1, 60), draw.randint(61, 99))
    value = fmpq(draw.randint(-300, 300), draw.randint(7, 97))
    return abs(value) if symbol.is_nonnegative else value


def _allowed(symbol: Any, value: Any) -> bool:
    if isinstance(value, tuple):
        return not (symbol.is_extended_real or symbol.is_imaginary)
    checks = (
        (symbol.is_integer, value.q == 1),
        (symbol.is_positive, value > 0),
        (symbol.is_negative, value < 0),
        (symbol.is_nonnegative, value >= 0),
        (symbol.is_nonpositive, value <= 0),
        (symbol.is_nonzero, value != 0),
        (symbol.is_even, value.q == 1 and value.p % 2 == 0),
        (symbol.is_odd, value.q == 1 and value.p % 2 == 1),
    )
    return all(holds for assumed, holds in checks if assumed)


def _holds(given: Sequence[Any], point: dict[Any, fmpq]) -> bool:
    evaluator = _Evaluator(point)
    try:
        return all(evaluator.truth(g) for g in given)
    except (Undefined, Undecided):
        return False


def first(number: int, *arguments: Any) -> list[dict[Any, fmpq]]:
    """The first points of the sequence."""
    return list(islice(points(*arguments), number))
