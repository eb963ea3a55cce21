"""Sums of symbolic length in normal form.

A sum is linear, so it splits into coefficients that are free of the index times sums of monomials.
Each of those is closed (powers of the index, geometric terms, Kronecker deltas) or becomes a
generator S(h) = body(1) + ... + body(h): with S(low .. high) = S(high) - S(low - 1) and whole
shifts of h written out, ranges concatenate, split and shift by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from sympy.functions.special.tensor_functions import KroneckerDelta

from derivations.kernel.field import Field
from derivations.kernel.fractions import CONTEXT, ONE, ZERO, Fraction
from derivations.kernel.loops import (
    at,
    common_offset,
    general_term,
    in_range,
    listed,
    offsets,
    opened,
)
from derivations.kernel.partial_sums import partial_sum


def summation(field: Field, e: Any) -> Fraction:
    """A `Sum` node; of several limits SymPy lists the innermost first."""
    return _sum(field, *opened(e))


def _sum(field: Field, body: Any, index: Any, low: Any, high: Any) -> Fraction:
    terms = listed(field, body, index, low, high)
    if terms is not None:
        return sum(terms, Fraction(ZERO))
    turned = _delta_outside(field, body, index, low, high)
    if turned is not None:
        return field.of(turned)
    bound, f = general_term(field, body, index, low, high)
    return _linear(field, f, bound, low, high)


def _delta_outside(field: Field, body: Any, index: Any, low: Any, high: Any) -> Any:
    """A double sum in the other order, when a delta of both indices picks this one for certain."""
    loops = [loop for loop in body.atoms(sp.Sum) if loop.has(KroneckerDelta) and loop.has(index)]
    if len(loops) != 1 or len(loops[0].args) != 2:
        return None
    (inner,) = loops
    other, first, last = inner.args[1]
    rest = body.coeff(inner)
    if rest == 0 or sp.expand(body - rest * inner) != 0 or sp.Tuple(first, last).has(index):
        return None
    for delta in inner.args[0].atoms(KroneckerDelta):
        gap = sp.expand(delta.args[0] - delta.args[1])
        if not (gap.has(index) and gap.has(other)):
            continue
        if _picks(field, gap, (other, first, last), (index, low, high)):
            return None  # the inner sum picks its term by itself
        if _picks(field, gap, (index, low, high), (other, first, last)):
            row = sp.Sum(rest * inner.args[0], (index, low, high))
            return sp.Sum(row, (other, first, last))
    return None


def _picks(field: Field, gap: Any, picked: Any, free: Any) -> bool:
    """Whether a delta's gap vanishes at one index in range, for every value of the other."""
    index, low, high = picked
    slope = gap.coeff(index)
    if slope not in (1, -1):
        return False
    with field.inside(*free):
        return in_range(field, sp.expand(index - gap / slope), low, high)


def _depends(field: Field, place: int, bound: Any) -> bool:
    return bool(field.generators[place].expression.has(bound))


def _linear(field: Field, f: Fraction, bound: Any, low: Any, high: Any) -> Fraction:
    f = field.rationalised(f)
    dependent = [i for i in field.used(f.num, f.den) if _depends(field, i, bound)]
    constant, factors = f.den.factor()
    free_den, bound_den = CONTEXT.constant(int(constant)), ONE
    for part, exponent in factors:
        if any(part.degrees()[i] for i in dependent):
            bound_den = bound_den * part ** int(exponent)
        else:
            free_den = free_den * part ** int(exponent)
    groups: dict[tuple[int, ...], dict[tuple[int, ...], Any]] = {}
    for monomial, c in f.num.terms():
        own = tuple(int(e) if i in dependent else 0 for i, e in enumerate(monomial))
        rest = tuple(0 if i in dependent else int(e) for i, e in enumerate(monomial))
        groups.setdefault(own, {})[rest] = c
    if not bound_den.is_one():
        parted = _parted(field, groups, bound_den, bound)
        if parted is not None:
            total = Fraction(ZERO)
            for free, term in parted:
                with field.inside(bound, low, high):
                    g = field.reduce(field.of(term))
                total = total + Fraction(CONTEXT.from_dict(free), free_den) * _simple(
                    field, g, bound, low, high
                )
            return total
    total = Fraction(ZERO)
    for own, free in groups.items():
        g = Fraction(CONTEXT.from_dict({own: 1}), bound_den)
        total = total + Fraction(CONTEXT.from_dict(free), free_den) * _simple(
            field, g, bound, low, high
        )
    return total


def _parted(field: Field, groups: Any, bound_den: Any, bound: Any) -> Any:
    """Partial fractions of terms that are rational in the index alone; None if there are none."""
    if [field.generators[i].expression for i in field.used(bound_den)] != [bound]:
        return None
    if any(
        [field.generators[i].expression for i in _places(own)] not in ([], [bound])
        for own in groups
    ):
        return None
    found = []
    for own, free in groups.items():
        term = field.expression(CONTEXT.from_dict({own: 1})) / field.expression(bound_den)
        found += [(free, part) for part in sp.Add.make_args(sp.apart(term, bound))]
    return found


def _places(monomial: tuple[int, ...]) -> list[int]:
    return [i for i, e in enumerate(monomial) if e]


def _simple(field: Field, f: Fraction, bound: Any, low: Any, high: Any) -> Fraction:
    """The sum of one monomial over one denominator."""
    if len(f.num) == 1 and len(f.den) > 1 and (one := _picked_from(field, f, bound, low, high)):
        return one
    if len(f.num) != 1 or len(f.den) != 1:
        return _closed_family(field, f, bound, low, high)
    exponents: dict[int, int] = {}
    coefficient = Fraction(ONE)
    for polynomial, direction in ((f.num, 1), (f.den, -1)):
        ((monomial, c),) = polynomial.terms()
        coefficient = coefficient * Fraction(CONTEXT.constant(int(c))) ** direction
        for place, e in enumerate(monomial):
            if e:
                exponents[place] = exponents.get(place, 0) + direction * int(e)
    exponents = {place: e for place, e in exponents.items() if e}
    closed = _closed(field, exponents, bound, low, high)
    if closed is None:
        closed = _closed_family(field, _product(exponents), bound, low, high)
    return coefficient * closed


def _picked_from(field: Field, f: Fraction, bound: Any, low: Any, high: Any) -> Fraction | None:
    """The term that a delta in the numerator picks from a quotient; None without such a delta."""
    ((monomial, c),) = f.num.terms()
    for place in _places(tuple(int(e) for e in monomial)):
        delta = field.generators[place].expression
        if isinstance(delta, KroneckerDelta) and delta.has(bound):
            rest = {i: int(e) for i, e in enumerate(monomial) if e and i != place}
            numerator = _product(rest) * Fraction(CONTEXT.constant(int(c)))
            body = field.expression(numerator.num) / field.expression(f.den)
            solutions = sp.solve(delta.args[0] - delta.args[1], bound)
            if len(solutions) == 1 and in_range(field, solutions[0], low, high):
                return field.of(at(body, bound, solutions[0]))
    return None


def _product(exponents: Mapping[int, int], without: int = -1) -> Fraction:
    """The product of generators with their exponents, one of them left out."""
    result = Fraction(ONE)
    for place, e in exponents.items():
        if place != without:
            result = result * Fraction(CONTEXT.gen(place)) ** e
    return result


def _closed(
    field: Field, exponents: Mapping[int, int], bound: Any, low: Any, high: Any
) -> Fraction | None:
    power, ratio, deltas = 0, Fraction(ONE), []
    for i, e in exponents.items():
        g = field.generators[i]
        if g.expression == bound:
            power = e
        elif isinstance(g.expression, KroneckerDelta) and g.expression.has(bound):
            deltas.append(i)
        elif (r := _ratio(field, g, e, bound)) is not None:
            ratio = ratio * r
        else:
            ratio = Fraction(ZERO)
    if deltas:
        return _picked(field, exponents, deltas[0], bound, low, high)
    if ratio.is_zero():
        return None
    if power < 0:
        return _harmonic(field, exponents, low, high)
    if field.reduce(ratio + Fraction(-ONE)).is_zero():
        return _power_sum(field, power, high) + -_power_sum(field, power, low - 1)
    return _geometric(field, exponents, power, ratio, bound, low, high)


def _harmonic(field: Field, exponents: Mapping[int, int], low: Any, high: Any) -> Fraction | None:
    """1/low + ... + 1/high by the digamma function."""
    ((_, power),) = exponents.items() if len(exponents) == 1 else ((0, 0),)
    if power != -1 or not low.is_positive:
        return None
    return field.of(sp.polygamma(0, high + 1)) + -field.of(sp.polygamma(0, low))


def _ratio(field: Field, g: Any, e: int, bound: Any) -> Fraction | None:
    """body(i + 1) / body(i) of exp(i m) or (-1)**i, if that does not depend on i."""
    if g.kind not in ("exp", "power"):
        return None
    quotient = sp.powsimp(sp.expand(g.expression.subs(bound, bound + 1)) / g.expression)
    if g.kind == "exp":
        m = g.key[1]
        step = sp.expand(m.subs(bound, bound + 1) - m)
        if step.has(bound):
            return None
        quotient = sp.exp(step / field.roots.get(m, 1))
    elif quotient.has(bound):
        return None
    return field.of(quotient) ** e


def _power_sum(field: Field, power: int, n: Any) -> Fraction:
    """1**p + ... + n**p, Faulhaber's polynomial."""
    i, m = sp.Symbol("i", integer=True), sp.Symbol("m")
    polynomial = sp.expand(sp.summation(i**power, (i, 1, m)))
    return field.of(sp.expand(polynomial.subs(m, n)))


def _geometric(
    field: Field,
    exponents: Mapping[int, int],
    power: int,
    q: Fraction,
    bound: Any,
    low: Any,
    high: Any,
) -> Fraction:
    """Sum of i**p q**i as T(high + 1) - T(low), T(i) = P(i) q**i with P(i+1) q - P(i) = i**p."""
    gap = q + Fraction(-ONE)
    ratio = field.expression(q.num) / field.expression(q.den)
    if not ratio.is_number:
        field.conditions[f"{ratio} != 1"] = None
    coefficients: dict[int, Fraction] = {}
    for k in range(power, -1, -1):
        right = Fraction(ONE if k == power else ZERO)
        for j, c in coefficients.items():
            right = right + -(q * c * Fraction(CONTEXT.constant(int(sp.binomial(j, k)))))
        coefficients[k] = right * gap.inverse()
    bare = _product(exponents, field.index.get(bound, -1))
    term = field.expression(bare.num) / field.expression(bare.den)

    def at(i: Any) -> Fraction:
        polynomial = Fraction(ZERO)
        for k, c in coefficients.items():
            polynomial = polynomial + c * field.of(sp.expand(i**k))
        return polynomial * field.of(term.subs(bound, i))

    return at(high + 1) + -at(low)


def _picked(
    field: Field, exponents: Mapping[int, int], place: int, bound: Any, low: Any, high: Any
) -> Fraction | None:
    """A delta picks the one term at which its arguments agree, if that index is in range."""
    delta = field.generators[place].expression
    solutions = sp.solve(delta.args[0] - delta.args[1], bound)
    if len(solutions) != 1 or not in_range(field, solutions[0], low, high):
        return None
    bare = _product(exponents, place)
    rest = field.expression(bare.num) / field.expression(bare.den)
    return field.of(at(rest, bound, solutions[0]))


def _closed_family(field: Field, f: Fraction, bound: Any, low: Any, high: Any) -> Fraction:
    """A sum that stays a sum: shifted to offset 0, turned forwards, written S(high) - S(low-1)."""
    body = field.expression(f.num) / field.expression(f.den)
    found, slopes = offsets(body, bound)
    turned = body.subs(bound, low + high - bound)
    if slopes == {-1} or (slopes == {1, -1} and _first(turned, body, bound)):
        return _sum(field, turned, bound, low, high)
    shift = common_offset(found) if slopes == {1} else sp.S.Zero
    outer = {index for index, _, _ in field.scope}
    if shift != 0 and not shift.free_symbols & outer:  # a window x[i + j] stays one
        moved = at(body, bound, bound - shift)
        return _sum(field, moved, bound, sp.expand(low + shift), sp.expand(high + shift))
    return partial_sum(field, body, bound, high) + -partial_sum(
        field, body, bound, sp.expand(low - 1)
    )


def _first(turned: Any, body: Any, bound: Any) -> bool:
    """Which of the two directions of a sum is written, so that both are written alike."""
    named = {bound: sp.Symbol("i")}
    return str(sp.expand(turned.xreplace(named))) < str(sp.expand(body.xreplace(named)))


RULES: dict[Any, Callable[[Field, Any], Fraction]] = {sp.Sum: summation}
