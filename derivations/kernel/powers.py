"""Exponentials, logarithms, roots and powers as generators of the field.

A logarithm or a root is split over factors that are certainly positive, and over no others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import lcm
from typing import Any

import sympy as sp

from derivations.kernel.field import Field, GiveUp, Refine
from derivations.kernel.fractions import CONTEXT, ONE, WIDTH, ZERO, Fraction

MAX_EXPONENT = 10**4
MAX_ORDER = 120


def power(field: Field, base: Any, exponent: Any) -> Fraction:
    """base**exponent, for whole, rational and symbolic exponents."""
    if exponent.is_Integer:
        n = int(exponent)
        if abs(n) > MAX_EXPONENT:
            raise GiveUp("an exponent is too large")
        f = field.reduce(field.of(base))
        if n < 0 and f.is_zero():
            raise GiveUp("a denominator is zero")
        return f**n
    if base == sp.E:
        return exponential(field, exponent)
    if exponent.is_Rational:
        return root(field, base, int(exponent.p), int(exponent.q))
    f = field.reduce(field.of(base))
    if field.is_positive(f.num) and field.is_positive(f.den):
        return exponential(field, exponent * sp.log(base))
    whole, rest = exponent.as_coeff_Add()
    if whole.is_Integer and whole != 0:  # b**(n + k) = b**n b**k for every b but 0
        return power(field, base, rest) * power(field, base, whole)
    if base == -1 and exponent.is_integer:
        return _alternating(field, exponent)
    kept = field.canonical(base) ** field.canonical(exponent)
    return field.generator(("power", kept), kept)


def _alternating(field: Field, exponent: Any) -> Fraction:
    """(-1)**n for an integer n: its square is 1, and even terms of the exponent drop out."""
    odd = sp.Add(*[t for t in sp.Add.make_args(sp.expand(exponent)) if not sp.Mul(t).is_even])
    if odd.is_Integer:
        return Fraction(CONTEXT.constant(-1 if int(odd) % 2 else 1))
    whole, rest = odd.as_coeff_Add()
    sign = Fraction(CONTEXT.constant(-1 if int(whole) % 2 else 1))
    product = sign
    for term in sp.Add.make_args(rest):
        c, quantity = term.as_coeff_Mul()
        quantity = quantity if c.is_odd else c * quantity
        kept = sp.Integer(-1) ** quantity
        g = field.generator(("power", kept), kept, real=True)
        field.relations[field.index["power", kept]] = (2, Fraction(ONE))
        product = product * g
    return product


def root(field: Field, base: Any, p: int, q: int) -> Fraction:
    """base**(p/q)."""
    f = field.reduce(field.of(base))
    if f.is_zero():
        raise GiveUp("a root of zero")
    result, rest = Fraction(ONE), Fraction(ONE)
    for part, exponent, positive in _factors(field, f):
        if positive or (exponent > 0 and p > 0 and field.is_nonnegative(part)):
            result = result * _positive_root(field, part, exponent * p, q)
        else:
            rest = rest * Fraction(part) ** exponent
    if rest.num == ONE and rest.den == ONE:
        return result
    rest = field.normal(rest)
    kept = (field.expression(rest.num) / field.expression(rest.den)) ** sp.Rational(1, q)
    key = ("root", str(rest.num), str(rest.den), q)
    g = field.generator(key, kept)
    field.relations[field.index[key]] = (q, rest)
    return result * g**p


def _factors(field: Field, f: Fraction) -> Iterator[tuple[Any, int, bool]]:
    """Irreducible factors with exponents, and whether each is certainly positive."""
    for polynomial, direction in ((f.num, 1), (f.den, -1)):
        constant, parts = polynomial.factor()
        c = int(constant)
        if c < 0:
            yield CONTEXT.constant(-1), 1, False
        if abs(c) != 1:
            yield CONTEXT.constant(abs(c)), direction, True
        for part, exponent in parts:
            if field.is_positive(part):
                yield part, direction * int(exponent), True
            elif field.is_positive(-part):
                yield -part, direction * int(exponent), True
                if exponent % 2:
                    yield CONTEXT.constant(-1), 1, False
            else:
                yield part, direction * int(exponent), False


def _single(field: Field, part: Any) -> Any:
    """The generator that a polynomial is, or None."""
    if len(part) == 1 and part.total_degree() == 1 and part.leading_coefficient() == 1:
        return field.generators[list(part.monoms()[0]).index(1)]
    return None


def _positive_root(field: Field, part: Any, p: int, q: int) -> Fraction:
    if part.is_constant():
        result = Fraction(ONE)
        for prime, exponent in sp.factorint(int(part.leading_coefficient())).items():
            prime_part = CONTEXT.constant(int(prime))
            result = result * _prime_root(field, prime_part, int(exponent) * p, q)
        return result
    single = _single(field, part)
    if single is not None and single.kind == "exp":
        m = single.key[1]
        return exponential(field, m * sp.Rational(p, q * field.roots.get(m, 1)))
    return _prime_root(field, part, p, q)


def _prime_root(field: Field, part: Any, p: int, q: int) -> Fraction:
    whole, p = divmod(p, q)
    f = Fraction(part)
    if p == 0:
        return f**whole
    key = ("root", str(part), "1", q)
    positive = field.is_positive(part)
    expression = field.expression(part) ** sp.Rational(1, q)
    g = field.generator(key, expression, positive=positive, real=True)
    field.relations[field.index[key]] = (q, f)
    return f**whole * g**p


def exponential(field: Field, exponent: Any) -> Fraction:
    """Exp of a sum: one generator exp(m / D) for each monomial m."""
    product = Fraction(ONE)
    for monomial, c in _monomials(field, exponent):
        product = product * _exponential_of(field, monomial, c)
    return product


def _monomials(field: Field, exponent: Any) -> list[tuple[Any, Any]]:
    """The exponent as rational multiples of canonical monomials."""
    simple = [t.as_coeff_Mul() for t in sp.Add.make_args(exponent)]
    if all(m.is_Symbol and c.is_Rational for c, m in simple):
        return [(m, c) for c, m in simple]
    f = field.normal(field.of(exponent))
    if f.is_zero():
        return []
    content = f.den.content() if not f.den.is_constant() else f.den.leading_coefficient()
    divisor = field.expression(f.den / CONTEXT.constant(int(content)))
    found = []
    for monomial, c in f.num.terms():
        term = field.expression(CONTEXT.from_dict({monomial: 1})) / divisor
        found.append((term, sp.Rational(int(c), int(content))))
    return found


def _exponential_of(field: Field, monomial: Any, c: Any) -> Fraction:
    if isinstance(monomial, sp.log):  # exp(c log b) = b**c, by the definition of the power
        return power(field, monomial.args[0], c)
    if monomial == sp.I * sp.pi:
        return root_of_unity(field, c)
    inverse = _exponential_of_inverse(field, monomial, c)
    if inverse is not None:
        return inverse
    known = field.roots.get(monomial, 1)
    needed = lcm(known, int(c.q))
    if needed != known:
        field.roots[monomial] = needed
        raise Refine
    key = ("exp", monomial)
    real = bool(monomial.is_extended_real) or _is_real(field, monomial)
    g = field.generator(key, sp.exp(monomial / known), positive=real)
    return g ** int(c * known)


def root_of_unity(field: Field, turns: Any) -> Fraction:
    """exp(i pi q) for a rational q: the generator exp(i pi / D) is a zero of Phi_2D."""
    monomial = sp.I * sp.pi
    known = field.roots.get(monomial, 1)
    needed = lcm(known, int(turns.q))
    if needed != known:
        field.roots[monomial] = needed
        if known != 1 or ("exp", monomial) in field.index:
            raise Refine
    order = 2 * needed
    if order > MAX_ORDER:
        raise GiveUp("a root of unity of high order")
    key = ("exp", monomial)
    g = field.generator(key, sp.exp(monomial / needed))
    place = field.index[key]
    if place not in field.relations:
        field.relations[place] = _cyclotomic(place, order)
    return g ** (int(turns * needed) % order)


def _cyclotomic(place: int, order: int) -> tuple[int, Fraction]:
    x = sp.Dummy("x")
    coefficients = sp.Poly(sp.cyclotomic_poly(order, x), x).all_coeffs()
    degree = len(coefficients) - 1
    terms: dict[tuple[int, ...], int] = {}
    for k, c in enumerate(reversed(coefficients[1:])):
        if c != 0:
            terms[tuple(k if i == place else 0 for i in range(WIDTH))] = -int(c)
    return degree, Fraction(CONTEXT.from_dict(terms))


def _exponential_of_inverse(field: Field, monomial: Any, c: Any) -> Fraction | None:
    """exp(c asinh u), exp(c i asin u) and their like, which are algebraic in u; or None."""
    imaginary, rest = monomial.as_independent(sp.I, as_Add=False)[::-1]
    function, turned = (rest, True) if imaginary == sp.I else (monomial, False)
    formula = (_TURNED if turned else _STRAIGHT).get(function.func)
    if formula is None or (isinstance(function, sp.atan) and not _is_real(field, function.args[0])):
        return None
    return power(field, formula(function.args[0]), c)


_STRAIGHT: dict[Any, Callable[[Any], Any]] = {
    sp.asinh: lambda u: u + sp.sqrt(u**2 + 1),
    sp.acosh: lambda u: u + sp.sqrt(u - 1) * sp.sqrt(u + 1),
    sp.atanh: lambda u: sp.sqrt(1 + u) / sp.sqrt(1 - u),
}
_TURNED: dict[Any, Callable[[Any], Any]] = {
    sp.asin: lambda u: sp.I * u + sp.sqrt(1 - u**2),
    sp.atan: lambda u: (1 + sp.I * u) / sp.sqrt(1 + u**2),
}


def _is_real(field: Field, expression: Any) -> bool:
    """Whether all generators of an expression are real; entries of families are."""
    f = field.of(expression)
    return all(field.generators[i].real for i in field.used(f.num, f.den))


def logarithm(field: Field, e: Any) -> Fraction:
    """log, split over factors that are certainly positive."""
    argument = e.args[0]
    if isinstance(argument, sp.Product):
        body, *limits = argument.args
        f = field.reduce(field.of(sp.Sum(1, *limits)))  # the range itself must be readable
        if not f.is_zero() and _product_is_positive(field, argument):
            return field.of(sp.Sum(sp.log(body), *limits))
    f = field.reduce(field.of(argument))
    if f.is_zero():
        raise GiveUp("log 0")
    total, rest = Fraction(ZERO), Fraction(ONE)
    for part, exponent, positive in _factors(field, f):
        if positive:
            total = total + _positive_log(field, part) * Fraction(CONTEXT.constant(exponent))
        else:
            rest = rest * Fraction(part) ** exponent
    if rest.num == ONE and rest.den == ONE:
        return total
    rest = field.normal(rest)
    kept = sp.log(field.expression(rest.num) / field.expression(rest.den))
    real = bool(kept.is_extended_real)
    return total + field.generator(("log", str(rest.num), str(rest.den)), kept, real=real)


def _product_is_positive(field: Field, product: Any) -> bool:
    body = field.reduce(field.of(product.args[0]))
    return field.is_positive(body.num) and field.is_positive(body.den)


def _positive_log(field: Field, part: Any) -> Fraction:
    if part.is_constant():
        total = Fraction(ZERO)
        for prime, exponent in sp.factorint(int(part.leading_coefficient())).items():
            key = ("log", str(prime), "1")
            log = field.generator(key, sp.log(int(prime)), positive=True)
            total = total + log * Fraction(CONTEXT.constant(int(exponent)))
        return total
    single = _single(field, part)
    if single is not None and single.kind == "exp":
        return field.of(single.key[1] / field.roots.get(single.key[1], 1))
    if single is not None and single.kind == "root":
        q, value = field.relations[field.index[single.key]]
        if value.den.is_one() and field.is_positive(value.num):
            log = _positive_log(field, value.num)
            return log * Fraction(ONE, CONTEXT.constant(q))
    return field.generator(("log", str(part), "1"), sp.log(field.expression(part)), real=True)


def _two_argument_arctangent(field: Field, e: Any) -> Fraction:
    y, x = e.args
    if y.is_number and not x.is_positive:
        raise GiveUp("the sign of atan2's second argument is not known")
    if not (x.is_positive or y.is_nonzero):
        field.conditions[f"{x} > 0 or {y} != 0"] = None
    return field.of(2 * sp.atan(y / (sp.sqrt(x**2 + y**2) + x)))


RULES: dict[Any, Callable[[Field, Any], Fraction]] = {
    sp.Pow: lambda field, e: power(field, *e.args),
    sp.exp: lambda field, e: exponential(field, e.args[0]),
    type(sp.E): lambda field, _: exponential(field, sp.S.One),
    sp.log: logarithm,
    sp.acos: lambda field, e: field.of(sp.pi / 2 - sp.asin(e.args[0])),
    sp.asinh: lambda field, e: field.of(sp.log(_STRAIGHT[sp.asinh](e.args[0]))),
    sp.acosh: lambda field, e: field.of(sp.log(_STRAIGHT[sp.acosh](e.args[0]))),
    sp.atanh: lambda field, e: field.of((sp.log(1 + e.args[0]) - sp.log(1 - e.args[0])) / 2),
    sp.atan2: _two_argument_arctangent,
    sp.re: lambda field, e: field.of((e.args[0] + sp.conjugate(e.args[0])) / 2),
    sp.im: lambda field, e: field.of((e.args[0] - sp.conjugate(e.args[0])) / (2 * sp.I)),
}
