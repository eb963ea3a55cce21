"""Points for matrices: distinct small sizes, and rational entries that keep every declaration."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import permutations, repeat
from typing import Any

import sympy as sp
from flint import fmpq

from derivations.kernel import points
from derivations.kernel.balls import Undecided, Undefined
from derivations.kernel.matrices import duals
from derivations.kernel.matrices.duals import ONE, ZERO, Rows
from derivations.kernel.matrices.evaluate import Evaluator, Point, values
from derivations.kernel.matrices.known import properties_of

MAX_TRIES = 60
SIZES = (2, 3, 4, 5, 6)
_COMPARISONS: dict[Any, Callable[[Any, Any], bool]] = {
    sp.StrictGreaterThan: lambda a, b: a > b,
    sp.GreaterThan: lambda a, b: a >= b,
    sp.StrictLessThan: lambda a, b: a < b,
    sp.LessThan: lambda a, b: a <= b,
    sp.Unequality: lambda a, b: a != b,
}


def sample(
    expressions: Sequence[Any], given: Sequence[Any], declared: Mapping[Any, frozenset[str]]
) -> Iterator[Point]:
    """Points inside the declarations and the given relations, without end.

    The sequence depends on the question's text alone, so a verdict can be repeated.
    """
    relations = [g for g in given if isinstance(g, sp.core.relational.Relational)]
    matrices = sorted(
        {m for e in (*expressions, *relations) for m in e.atoms(sp.MatrixSymbol)},
        key=lambda m: str(m.name),
    )
    sizes = sorted(_sizes((*expressions, *relations)), key=lambda s: s.name)
    text = "|".join(_text(node) for e in expressions for node in sp.preorder_traversal(e))
    draw = random.Random(hashlib.blake2b(text.encode(), digest_size=8).digest())
    scalars = [s for s in points.symbols_of(*expressions, *relations) if s not in sizes]
    scalars = [s for s in scalars if not isinstance(s, sp.MatrixSymbol)]
    about = [r for r in relations if r.free_symbols <= set(scalars)]
    numbers = points.points(scalars, about, text) if scalars else repeat({})
    others, tries = [r for r in relations if r not in about], 0
    for assignment in _assignments(sizes, relations):
        scalar = next(numbers, None)
        if scalar is None:
            return
        known = {**scalar, **{s: fmpq(v) for s, v in assignment.items()}}
        bare = Evaluator(Point(known, {}), declared)
        try:
            point = Point(known, {m: _matrix(m, bare, declared, draw) for m in matrices})
        except (Undefined, Undecided):
            point = None
        tries += 1
        if point is not None and all(holds(r, point, declared) for r in others):
            tries = 0
            yield point
        if tries > MAX_TRIES:
            return


def holds(relation: Any, point: Point, given: Mapping[Any, frozenset[str]]) -> bool:
    """Whether a relation between numbers or an equation of matrices certainly holds at a point."""
    try:
        left, right = values((relation.lhs, relation.rhs), point, given, along=False)
    except (Undefined, Undecided):
        return False
    pairs = [p for r, s in zip(left, right, strict=True) for p in zip(r, s, strict=True)]
    if isinstance(relation, sp.Equality):
        return all(bool(a - b == 0) for a, b in pairs)
    compare = _COMPARISONS.get(type(relation))
    return compare is not None and len(pairs) == 1 and bool(compare(*pairs[0]))


def _text(node: Any) -> str:
    """A node's own part of the question's text; printing whole matrix expressions is slow."""
    return str(node) if not node.args else type(node).__name__


def _sizes(expressions: Sequence[Any]) -> set[Any]:
    found: set[Any] = set()
    for e in expressions:
        for node in sp.preorder_traversal(e):
            if getattr(node, "is_Matrix", False):
                for size in node.shape:
                    found |= getattr(size, "free_symbols", set())
    return found


def _assignments(sizes: Sequence[Any], relations: Sequence[Any]) -> Iterator[dict[Any, int]]:
    pool = SIZES[: max(len(sizes), 2)] if len(sizes) < len(SIZES) else range(2, len(sizes) + 2)
    orders = [dict(zip(sizes, order, strict=False)) for order in permutations(pool, len(sizes))]
    # Both orders of two sizes come early: a tall matrix, then a wide one.
    orders = [o for pair in zip(orders, reversed(orders), strict=True) for o in pair]
    # Size 1 is a size too, but says little: third, after a tall and a wide matrix.
    orders[2:2] = [{**o, s: 1} for s in sizes for o in orders[:1]]
    allowed = [o for o in orders if all(r.subs(o) != sp.false for r in relations)]
    while allowed:
        yield from allowed


def _matrix(
    symbol: Any, sizes: Evaluator, declared: Mapping[Any, frozenset[str]], draw: random.Random
) -> Rows:
    rows, columns = (sizes.size(n) for n in symbol.shape)
    properties = properties_of(symbol, declared)
    for _ in range(MAX_TRIES):
        value = _candidate(rows, columns, properties, draw)
        if "invertible" not in properties or duals.det(value) != 0:
            return value
    raise Undecided(f"no value found for {symbol}")


def _candidate(rows: int, columns: int, properties: frozenset[str], draw: random.Random) -> Rows:
    def entries(n: int, m: int) -> Rows:
        return [[fmpq(draw.choice((-2, -1, 0, 1, 1, 2, 3, 4))) for _ in range(m)] for _ in range(n)]

    if "orthonormal" in properties and "orthogonal" not in properties:
        if rows < columns:
            raise Undecided("more orthonormal columns than rows")
        return [r[:columns] for r in _orthogonal(rows, frozenset(), entries, draw)]
    if not properties & {"symmetric", "orthogonal", "idempotent"}:
        return entries(rows, columns)
    if "diagonal" in properties:
        return _diagonal(rows, properties, draw)
    if "idempotent" in properties:
        return _projection(rows, properties, entries, draw)
    if "orthogonal" in properties:
        return _orthogonal(rows, properties, entries, draw)
    if "positive_definite" in properties:
        lower = [
            [fmpq(draw.randint(1, 2)) if i == j else x if j < i else ZERO for j, x in enumerate(r)]
            for i, r in enumerate(entries(rows, rows))
        ]
        return duals.product(lower, duals.transposed(lower))
    upper = entries(rows, rows)
    return [[upper[min(i, j)][max(i, j)] for j in range(rows)] for i in range(rows)]


def _diagonal(n: int, properties: frozenset[str], draw: random.Random) -> Rows:
    pool: tuple[int, ...]
    if "idempotent" in properties:
        pool = (1,) if "invertible" in properties else (0, 1)
    elif "positive_definite" in properties:
        pool = (1, 2, 3) if "orthogonal" not in properties else (1,)
    else:
        pool = (-1, 1) if "orthogonal" in properties else (-2, -1, 1, 2, 3)
    values = [fmpq(draw.choice(pool)) for _ in range(n)]
    return [[values[i] if i == j else ZERO for j in range(n)] for i in range(n)]


def _projection(n: int, properties: frozenset[str], entries: Any, draw: random.Random) -> Rows:
    """U (V U)^-1 V; with V = U' it is symmetric."""
    if "invertible" in properties:
        return duals.eye(n)
    rank = draw.randint(1, max(1, n - 1))
    u = entries(n, rank)
    v = duals.transposed(u) if "symmetric" in properties else entries(rank, n)
    return duals.product(duals.product(u, duals.inverse(duals.product(v, u))), v)


def _orthogonal(n: int, properties: frozenset[str], entries: Any, draw: random.Random) -> Rows:
    """(I - K)(I + K)^-1 with skew K, some columns turned round; or a reflection."""
    if "positive_definite" in properties:
        return duals.eye(n)
    if "symmetric" in properties:
        v = entries(n, 1)
        scale = duals.reciprocal(duals.product(duals.transposed(v), v)[0][0]) * fmpq(2)
        reflected = duals.product(v, duals.transposed(v))
        return duals.combined(lambda x, y: x - scale * y, duals.eye(n), reflected)
    upper = entries(n, n)
    skew = [[upper[i][j] if i < j else -upper[j][i] for j in range(n)] for i in range(n)]
    skew = [[ZERO if i == j else x for j, x in enumerate(row)] for i, row in enumerate(skew)]
    minus = duals.combined(lambda x, y: x - y, duals.eye(n), skew)
    plus = duals.combined(lambda x, y: x + y, duals.eye(n), skew)
    signs = [draw.choice((-ONE, ONE)) for _ in range(n)]
    cayley = duals.product(minus, duals.inverse(plus))
    return [[x * s for x, s in zip(row, signs, strict=True)] for row in cayley]
