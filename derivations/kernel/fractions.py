"""Fractions of integer polynomials (python-flint `fmpz_mpoly`), with a bound on their size."""

from __future__ import annotations

from typing import Any

from flint import Ordering, fmpz_mpoly_ctx

WIDTH = 48
MAX_TERMS = 20_000


class TooLarge(Exception):
    """The polynomial would outgrow the budget."""


CONTEXT = fmpz_mpoly_ctx.get([f"g{i}" for i in range(WIDTH)], Ordering.lex)
ONE = CONTEXT.constant(1)
ZERO = CONTEXT.constant(0)


class Fraction:
    """num / den over the integers; den is never zero. Values are not changed in place."""

    __slots__ = ("den", "num")

    def __init__(self, num: Any, den: Any = ONE) -> None:
        self.num = num
        self.den = den

    def __add__(self, other: Fraction) -> Fraction:
        if self.den == other.den:
            return Fraction(self.num + other.num, self.den)
        common = self.den.gcd(other.den)
        left, right = other.den / common, self.den / common
        return Fraction(_times(self.num, left) + _times(other.num, right), _times(self.den, left))

    def __neg__(self) -> Fraction:
        return Fraction(-self.num, self.den)

    def __sub__(self, other: Fraction) -> Fraction:
        return self + (-other)

    def __mul__(self, other: Fraction) -> Fraction:
        a, b = self.num.gcd(other.den), other.num.gcd(self.den)
        if self.num.is_zero() or other.num.is_zero():
            return Fraction(ZERO)
        return Fraction(
            _times(self.num / a, other.num / b),
            _times(self.den / b, other.den / a),
        )

    def inverse(self) -> Fraction:
        """1 / self; the caller has made sure that self is not zero."""
        return Fraction(self.den, self.num)

    def __pow__(self, n: int) -> Fraction:
        if n < 0:
            return self.inverse() ** -n
        return Fraction(_power(self.num, n), _power(self.den, n))

    def is_zero(self) -> bool:
        """Whether the fraction is the zero polynomial."""
        return bool(self.num.is_zero())


def _times(a: Any, b: Any) -> Any:
    if len(a) * len(b) > 50 * MAX_TERMS:
        raise TooLarge
    product = a * b
    if len(product) > MAX_TERMS:
        raise TooLarge
    return product


def _power(p: Any, n: int) -> Any:
    terms = len(p)
    if terms > 1 and (n > 300 or terms**2 * n > MAX_TERMS * 10):
        raise TooLarge
    if n * p.total_degree() > 10**6 or n > 10**4:
        raise TooLarge
    power = p**n
    if len(power) > MAX_TERMS:
        raise TooLarge
    return power
