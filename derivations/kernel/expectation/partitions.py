"""Which entries of families are the same entry: one case for each pattern of equal indices.

The sum over a pattern keeps one index for each group of equal ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sympy as sp
from sympy.functions.special.tensor_functions import KroneckerDelta

from derivations.kernel.field import GiveUp

MAX_INDICES = 6
Indices = tuple[Any, ...]
Binder = tuple[Any, Any, Any]  # index, low, high


def patterns(
    tuples: Sequence[Indices], unequal: frozenset[frozenset[Any]]
) -> Iterator[tuple[Any, dict[Indices, Indices]]]:
    """Every way in which index tuples may coincide.

    Args:
        tuples: different tuples of indices, of one length.
        unequal: pairs of indices that are known to differ.

    Yields:
        The indicator of the pattern, and the representative of every tuple in it.

    Raises:
        GiveUp: there are too many tuples.
    """
    if len(tuples) > MAX_INDICES:
        raise GiveUp(f"more than {MAX_INDICES} different indices at once")
    for blocks in _partitions(list(tuples), unequal):
        weight = sp.S.One
        place = {t: block[0] for block in blocks for t in block}
        for t, representative in place.items():
            weight *= _equal(t, representative)
        for k, block in enumerate(blocks):
            for other in blocks[k + 1 :]:
                if not _differ(block[0], other[0], unequal):
                    weight *= 1 - _equal(block[0], other[0])
        yield weight, place


def _partitions(
    tuples: list[Indices], unequal: frozenset[frozenset[Any]]
) -> Iterator[list[list[Indices]]]:
    if not tuples:
        yield []
        return
    *rest, last = tuples
    for blocks in _partitions(rest, unequal):
        for k, block in enumerate(blocks):
            if not any(_differ(t, last, unequal) for t in block):
                yield [*blocks[:k], [*block, last], *blocks[k + 1 :]]
        yield [*blocks, [last]]


def _equal(s: Indices, t: Indices) -> Any:
    return sp.Mul(*[KroneckerDelta(a, b) for a, b in zip(s, t, strict=True) if a != b])


def _differ(s: Indices, t: Indices, unequal: frozenset[frozenset[Any]]) -> bool:
    return any(
        sp.expand(a - b).is_nonzero or frozenset((a, b)) in unequal
        for a, b in zip(s, t, strict=True)
    )


def summed(value: Any, weight: Any, binders: Sequence[Binder]) -> Any:
    """The sum of value * weight, outermost binder first, where the weight is a pattern's.

    A delta of two indices with one range takes one sum away, and what does not depend on the
    indices is counted: n (n - 1) (n - 2) ways to choose three different ones.
    """
    left = list(binders)
    for delta in sp.Mul.make_args(weight):
        pair = [b for b in left if delta.func is KroneckerDelta and b[0] in delta.args]
        if len(pair) == 2 and pair[0][1:] == pair[1][1:]:
            kept, dropped = pair
            same = {dropped[0]: kept[0]}
            left = [(i, low.xreplace(same), high.xreplace(same)) for i, low, high in left]
            left = [b for b in left if b[0] != dropped[0]]
            value, weight = value.xreplace(same), weight.xreplace(same)
    ways = _ways(weight, left) if not any(value.has(i) for i, _, _ in left) else None
    if ways is not None:
        return value * ways
    value *= weight
    for binder in reversed(left):
        value = sp.Sum(value, binder)
    return value


def _ways(weight: Any, binders: Sequence[Binder]) -> Any:
    """The number of index tuples that a pattern keeps: so many of them are all different.

    None where the weight is of another form or the ranges differ.
    """
    indices = {i for i, _, _ in binders}
    ranges = {(low, high) for _, low, high in binders}
    rests = [1 - f for f in sp.Mul.make_args(weight) if f != 1]
    if any(r.func is not KroneckerDelta or not set(r.args) <= indices for r in rests):
        return None
    if not binders:
        return sp.S.One
    low, high = ranges.pop()
    length = sp.expand(high - low + 1)
    known = length.is_integer and length.is_nonnegative and not length.has(*indices)
    different = {i for r in rests for i in r.args}
    if ranges or not known or len(rests) != len(different) * (len(different) - 1) // 2:
        return None
    falling = sp.Mul(*[length - k for k in range(len(different))])
    return falling * length ** (len(indices) - len(different))
