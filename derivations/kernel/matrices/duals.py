"""Numbers for exact points: rationals, balls where a logarithm or a root occurs, and duals.

A dual a + b e with e**2 = 0 carries a derivative along, so a gradient is evaluated without any
rule of the matrix calculus. Duals nest: the one of the higher level is the inner derivative.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import arb, fmpq

from derivations.kernel.balls import Undecided, Undefined

Rows = list[list[Any]]
ZERO, ONE = fmpq(0), fmpq(1)


@dataclass(frozen=True, slots=True)
class Dual:
    """re + eps e, with e**2 = 0."""

    re: Any
    eps: Any
    level: int

    def __add__(self, other: Any) -> Any:
        a, b, level = _split(self, other)
        return Dual(a[0] + b[0], a[1] + b[1], level)

    __radd__ = __add__

    def __neg__(self) -> Dual:
        return Dual(-self.re, -self.eps, self.level)

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return (-self) + other

    def __mul__(self, other: Any) -> Any:
        a, b, level = _split(self, other)
        return Dual(a[0] * b[0], a[0] * b[1] + a[1] * b[0], level)

    __rmul__ = __mul__


def _split(a: Any, b: Any) -> tuple[tuple[Any, Any], tuple[Any, Any], int]:
    level = max(_level(a), _level(b))
    return _parts(a, level), _parts(b, level), level


def _level(a: Any) -> int:
    return a.level if isinstance(a, Dual) else 0


def _parts(a: Any, level: int) -> tuple[Any, Any]:
    return (a.re, a.eps) if isinstance(a, Dual) and a.level == level else (a, ZERO)


def derivative(a: Any, level: int) -> Any:
    """The coefficient of the derivative of this level."""
    return _parts(a, level)[1]


def ground(a: Any) -> Any:
    """The number without its derivatives."""
    while isinstance(a, Dual):
        a = a.re
    return a


def vanishes(a: Any) -> bool:
    """Whether a number without derivatives is zero; it must be certain."""
    a = ground(a)
    if isinstance(a, fmpq):
        return bool(a == 0)
    if a.is_zero():
        return True
    if a.contains(0):
        raise Undecided("the divisor may be 0")
    return False


def sign(a: Any) -> int:
    """-1, 0 or 1; a kink that varies has no derivative."""
    value = ground(a)
    if vanishes(value):
        if isinstance(a, Dual):
            raise Undecided("a derivative at a kink")
        return 0
    if value > 0:
        return 1
    if value < 0:
        return -1
    raise Undecided("the sign is not certain")


def reciprocal(a: Any) -> Any:
    """1 / a."""
    if isinstance(a, Dual):
        r = reciprocal(a.re)
        return Dual(r, -(a.eps * r * r), a.level)
    if vanishes(a):
        raise Undefined("division by 0")
    return ONE / a


def lifted(value: Callable[[Any], Any], rate: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function of balls, extended to duals by its derivative."""

    def function(a: Any) -> Any:
        if isinstance(a, Dual):
            return Dual(function(a.re), a.eps * rate(a.re), a.level)
        return value(a if isinstance(a, arb) else arb(a))

    return function


def _log(a: arb) -> arb:
    if a > 0:
        return a.log()
    if a <= 0:
        raise Undefined("the logarithm of a number that is not positive")
    raise Undecided("the argument of log may be 0")


def _sqrt(a: arb) -> arb:
    if a >= 0:
        return a.sqrt()
    if a < 0:
        raise Undefined("the root of a negative number")
    raise Undecided("the radicand may be negative")


exp: Callable[[Any], Any] = lifted(lambda a: a.exp(), lambda a: exp(a))
log = lifted(_log, reciprocal)
sqrt: Callable[[Any], Any] = lifted(_sqrt, lambda a: reciprocal(sqrt(a) * 2))


def power(a: Any, n: int) -> Any:
    """A whole power."""
    if n < 0:
        return power(reciprocal(a), -n)
    result: Any = ONE
    for _ in range(n):
        result = result * a
    return result


# Matrices as lists of rows


def product(a: Rows, b: Rows) -> Rows:
    """The matrix product."""
    columns = list(zip(*b, strict=True))
    return [[_dot(row, column) for column in columns] for row in a]


def _dot(a: Any, b: Any) -> Any:
    total: Any = ZERO
    for x, y in zip(a, b, strict=True):
        total = x * y + total
    return total


def transposed(a: Rows) -> Rows:
    """The transpose."""
    return [list(column) for column in zip(*a, strict=True)]


def eye(n: int) -> Rows:
    """The identity."""
    return [[ONE if i == j else ZERO for j in range(n)] for i in range(n)]


def combined(f: Callable[[Any, Any], Any], a: Rows, b: Rows) -> Rows:
    """Two matrices entry by entry."""
    return [[f(x, y) for x, y in zip(r, s, strict=True)] for r, s in zip(a, b, strict=True)]


def kronecker(a: Rows, b: Rows) -> Rows:
    """The blocks a_ij b."""
    return [[x * y for x in r for y in s] for r in a for s in b]


def inverse(a: Rows) -> Rows:
    """The inverse, by elimination."""
    n = len(a)
    work = [[*row, *unit] for row, unit in zip(a, eye(n), strict=True)]
    for k in range(n):
        pivot = next((i for i in range(k, n) if not vanishes(work[i][k])), None)
        if pivot is None:
            raise Undefined("the inverse of a singular matrix")
        work[k], work[pivot] = work[pivot], work[k]
        scale = reciprocal(work[k][k])
        work[k] = [x * scale for x in work[k]]
        for i in range(n):
            if i != k:
                factor = work[i][k]
                work[i] = [x - factor * y for x, y in zip(work[i], work[k], strict=True)]
    return [row[n:] for row in work]


def det(a: Rows) -> Any:
    """The determinant: by expansion up to size 4, by elimination above."""
    n = len(a)
    if n <= 4:
        return _expanded(a)
    work, result = [list(row) for row in a], ONE
    for k in range(n):
        pivot = next((i for i in range(k, n) if not vanishes(work[i][k])), None)
        if pivot is None:
            if any(isinstance(x, Dual) for row in a for x in row):
                raise Undecided("a singular matrix that varies")
            return ZERO
        if pivot != k:
            work[k], work[pivot], result = work[pivot], work[k], -result
        result = result * work[k][k]
        scale = reciprocal(work[k][k])
        for i in range(k + 1, n):
            factor = work[i][k] * scale
            work[i] = [x - factor * y for x, y in zip(work[i], work[k], strict=True)]
    return result


def _expanded(a: Rows) -> Any:
    if not a:
        return ONE
    total: Any = ZERO
    for j, x in enumerate(a[0]):
        if isinstance(x, Dual) or x != 0:
            minor = [[*row[:j], *row[j + 1 :]] for row in a[1:]]
            total = total + (x if j % 2 == 0 else -x) * _expanded(minor)
    return total
