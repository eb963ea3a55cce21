"""Block matrices: a grid of normal forms, multiplied and inverted block by block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sympy as sp

from derivations.kernel.field import GiveUp
from derivations.kernel.fractions import Fraction
from derivations.kernel.matrices import explicit
from derivations.kernel.matrices.words import NOTHING, UNIT, Element, same_size

if TYPE_CHECKING:
    from derivations.kernel.matrices.reader import Reader

MAX_POWER = 6


@dataclass(frozen=True, slots=True)
class Grid:
    """Blocks, row by row; the rows of one line and the columns of one stack agree."""

    blocks: list[list[Element]]

    @property
    def heights(self) -> list[Any]:
        """The numbers of rows."""
        return [line[0].rows for line in self.blocks]

    @property
    def widths(self) -> list[Any]:
        """The numbers of columns."""
        return [block.columns for block in self.blocks[0]]

    def pairs(self, other: Grid, reader: Reader) -> Iterator[tuple[Element, Element]]:
        """The blocks of two grids of one shape that stand at the same place."""
        left = _cut(reader, self, other.heights, other.widths)
        right = _cut(reader, other, left.heights, left.widths)
        for a, b in zip(left.blocks, right.blocks, strict=True):
            yield from zip(a, b, strict=True)


def is_partitioned(e: Any) -> bool:
    """Whether blocks or explicit entries occur inside."""
    return isinstance(e, sp.MatrixBase) or bool(e.has(sp.BlockMatrix, sp.MatrixBase))


def grid(reader: Reader, e: Any) -> Grid:
    """A matrix expression as a grid."""
    algebra = reader.algebra
    if reader.explicit:
        read = explicit.numbers(reader, e)
        if read is not None:
            return Grid(explicit.elements(read))
    elif not is_partitioned(e):
        return Grid([[reader.matrix(e)]])
    if isinstance(e, sp.BlockMatrix):
        rows, columns = e.blockshape
        return _joined(
            [[grid(reader, e.blocks[i, j]) for j in range(columns)] for i in range(rows)]
        )
    if isinstance(e, sp.MatrixBase):
        return Grid(explicit.elements([[reader.scalar(x) for x in r] for r in e.tolist()]))
    if isinstance(e, sp.MatAdd):
        total, *rest = [grid(reader, a) for a in e.args]
        for other in rest:
            total = _added(reader, total, other)
        return total
    if isinstance(e, sp.MatMul):
        c = UNIT
        for a in e.args:
            c = c if a.is_Matrix else c * reader.scalar(a)
        product, *rest = [grid(reader, a) for a in e.args if a.is_Matrix]
        for other in rest:
            product = _multiplied(reader, product, other)
        return Grid([[algebra.scale(c, b) for b in line] for line in product.blocks])
    if isinstance(e, sp.Transpose):
        return transposed(reader, grid(reader, e.arg))
    if isinstance(e, sp.MatPow) and e.exp.is_Integer and 0 < abs(int(e.exp)) <= MAX_POWER:
        base = grid(reader, e.base)
        base = base if int(e.exp) > 0 else inverse(reader, base)
        product = base
        for _ in range(abs(int(e.exp)) - 1):
            product = _multiplied(reader, product, base)
        return product
    raise GiveUp(f"{type(e).__name__} of blocks")


def _joined(parts: list[list[Grid]]) -> Grid:
    lines: list[list[Element]] = []
    for line in parts:
        if len({len(g.blocks) for g in line}) != 1:
            raise GiveUp("blocks inside blocks that do not fit")
        lines += [[b for g in line for b in g.blocks[k]] for k in range(len(line[0].blocks))]
    if len({len(line) for line in lines}) != 1:
        raise GiveUp("blocks inside blocks that do not fit")
    return Grid(lines)


def transposed(reader: Reader, g: Grid) -> Grid:
    """The transpose."""
    columns = zip(*g.blocks, strict=True)
    return Grid([[reader.algebra.transpose(b) for b in column] for column in columns])


def _same(a: list[Any], b: list[Any]) -> bool:
    return len(a) == len(b) and all(same_size(x, y) for x, y in zip(a, b, strict=True))


def _cut(reader: Reader, g: Grid, heights: list[Any], widths: list[Any]) -> Grid:
    """The grid with the given sizes, where its single block can be cut."""
    if _same(g.heights, heights) and _same(g.widths, widths):
        return g
    if len(g.blocks) != 1 or len(g.blocks[0]) != 1:
        return g
    whole, algebra = g.blocks[0][0], reader.algebra
    if not whole.terms:
        return Grid([[algebra.zero(r, c) for c in widths] for r in heights])
    if whole.terms.keys() == {()} and _same(heights, widths):
        c = whole.terms[()]
        return Grid(
            [
                [
                    algebra.scale(c, algebra.identity(n)) if i == j else algebra.zero(n, m)
                    for j, m in enumerate(widths)
                ]
                for i, n in enumerate(heights)
            ]
        )
    if all(size == 1 for size in (*heights, *widths)):
        return Grid(
            [
                [reader.entry_of(whole, i, j) for j in range(len(widths))]
                for i in range(len(heights))
            ]
        )
    raise GiveUp("a matrix that is not cut into the same blocks")


def _added(reader: Reader, a: Grid, b: Grid) -> Grid:
    a = _cut(reader, a, b.heights, b.widths)
    b = _cut(reader, b, a.heights, a.widths)
    if not (_same(a.heights, b.heights) and _same(a.widths, b.widths)):
        raise GiveUp("blocks of different sizes")
    add = reader.algebra.add
    return Grid(
        [
            [add(x, y) for x, y in zip(r, s, strict=True)]
            for r, s in zip(a.blocks, b.blocks, strict=True)
        ]
    )


def _multiplied(reader: Reader, a: Grid, b: Grid) -> Grid:
    if not _same(a.widths, b.heights):
        if len(b.blocks) == 1:
            square = b.widths if len(b.widths) > 1 else a.widths
            zero = not any(x.terms for x in b.blocks[0])
            b = _cut(reader, b, a.widths, b.widths if zero else square)
        else:
            zero = not any(line[0].terms for line in a.blocks)
            a = _cut(reader, a, a.heights if zero else b.heights, b.heights)
    if not _same(a.widths, b.heights):
        raise GiveUp("blocks of different sizes")
    algebra = reader.algebra
    columns = list(zip(*b.blocks, strict=True))
    return Grid(
        [
            [
                algebra.add(*[algebra.multiply(x, y) for x, y in zip(line, column, strict=True)])
                for column in columns
            ]
            for line in a.blocks
        ]
    )


def _is_small(g: Grid) -> bool:
    """Whether the blocks are numbers, and few."""
    sizes = [*g.heights, *g.widths]
    return _same(g.heights, g.widths) and len(sizes) <= 8 and all(n == 1 for n in sizes)


def _schur(reader: Reader, g: Grid) -> tuple[Element, Grid, Grid, Grid, Grid]:
    """The inverse of the first block, the parts beside it, and D - C A^-1 B."""
    if not _same(g.heights, g.widths):
        raise GiveUp("blocks that are not square")
    a = reader.invert(g.blocks[0][0], "the first block")
    b = Grid([g.blocks[0][1:]])
    c = Grid([[line[0]] for line in g.blocks[1:]])
    d = Grid([line[1:] for line in g.blocks[1:]])
    product = _multiplied(reader, _multiplied(reader, c, Grid([[a]])), b)
    return a, b, c, d, _added(reader, d, _scaled(reader, -UNIT, product))


def _scaled(reader: Reader, c: Fraction, g: Grid) -> Grid:
    return Grid([[reader.algebra.scale(c, b) for b in line] for line in g.blocks])


def inverse(reader: Reader, g: Grid) -> Grid:
    """The inverse by the Schur complement of the first block."""
    if _is_small(g):
        rows = [[explicit.number(x) for x in line] for line in g.blocks]
        return Grid(explicit.elements(explicit.inverse(reader, rows)))
    if len(g.blocks) == 1:
        return Grid([[reader.invert(g.blocks[0][0], "a Schur complement")]])
    a, b, c, _, rest = _schur(reader, g)
    first, s = Grid([[a]]), inverse(reader, rest)
    ab, ca = _multiplied(reader, first, b), _multiplied(reader, c, first)
    right = _scaled(reader, -UNIT, _multiplied(reader, ab, s))
    below = _scaled(reader, -UNIT, _multiplied(reader, s, ca))
    corner = _added(reader, first, _multiplied(reader, _multiplied(reader, ab, s), ca))
    return _joined([[corner, right], [below, s]])


def det(reader: Reader, g: Grid) -> Fraction:
    """The determinant: of the first block times that of its Schur complement."""
    from derivations.kernel.matrices import determinants

    if _is_small(g):
        return explicit.det([[explicit.number(x) for x in line] for line in g.blocks])
    value = determinants.det(reader.algebra, g.blocks[0][0])
    if len(g.blocks) == 1:
        return value
    *_, rest = _schur(reader, g)
    return value * det(reader, rest)


def trace(reader: Reader, g: Grid) -> Fraction:
    """The trace."""
    from derivations.kernel.matrices import traces

    if not _same(g.heights, g.widths):
        raise GiveUp("blocks that are not square")
    total = NOTHING
    for k, line in enumerate(g.blocks):
        total = total + traces.trace(reader.algebra, line[k])
    return total
