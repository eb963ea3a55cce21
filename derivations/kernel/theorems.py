"""Known integrals, matched term by term after an affine substitution, with their conditions.

Gamma: y**p exp(-c y**k) on (0, oo). Beta: y**p (1 - y)**q on (0, 1). Its image
y**p (c + d y**k)**-q on (0, oo). A logarithm of y is a derivative in p. Each match is certified:
the template, written out, equals the term.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derivations.kernel.certificates import Equality, equal
from derivations.kernel.field import GiveUp
from derivations.kernel.obligations import Obligations

Found = tuple[Any, Equality]


def is_special(f: Any, x: Any) -> bool:
    """Whether the integrand holds a power of x that is not whole: a theorem is tried first."""
    return any(p.has(x) and not p.exp.is_Integer and p.base != sp.E for p in f.atoms(sp.Pow))


def known(f: Any, x: Any, low: Any, high: Any, obligations: Obligations) -> list[Found]:
    """The values of the terms of f, each with the template that it is.

    Raises:
        GiveUp: a term matches no theorem, or a condition fails.
    """
    if low == -sp.oo and high == sp.oo:
        return _whole_line(f, x, obligations)
    y = sp.Dummy("y", positive=True)
    image, scale, unit = _moved(y, low, high)
    body = sp.expand(_split_bases(sp.powsimp(f.subs(x, image) * scale), y))
    found = []
    for term in sp.Add.make_args(body):
        value, template, says = _match(term, y, unit, obligations)
        if not equal(template, term, obligations.deadline):
            raise GiveUp(f"the template of {says} is not the integrand")
        found.append((value, Equality(template, term, says)))
    total = sp.Add(*[e.lhs for _, e in found])
    if not equal(total, f.subs(x, image) * scale, obligations.deadline):
        raise GiveUp("the terms do not add up to the integrand")
    return found


def _whole_line(f: Any, x: Any, obligations: Obligations) -> list[Found]:
    centre = centre_of(f, x)
    g = f.subs(x, x + centre)
    right, left = (known(h, x, sp.S.Zero, sp.oo, obligations) for h in (g, g.subs(x, -x)))
    return [*right, *left]


def centre_of(f: Any, x: Any) -> Any:
    """The centre of the first square in x, or 0."""
    for node in sp.preorder_traversal(f):
        if node.is_Add or (node.is_Pow and node.exp == 2 and node.base.is_Add):
            p = sp.expand(node)
            if p.is_polynomial(x) and sp.degree(p, x) == 2:
                return sp.cancel(-p.coeff(x, 1) / (2 * p.coeff(x, 2)))
    return sp.S.Zero


def _moved(y: Any, low: Any, high: Any) -> tuple[Any, Any, bool]:
    """x as a function of y > 0, the derivative's size, and whether y ends at 1."""
    if high == sp.oo:
        return low + y, sp.S.One, False
    if low == -sp.oo:
        return high - y, sp.S.One, False
    return low + (high - low) * y, high - low, True


def _split_bases(body: Any, y: Any) -> Any:
    """Bases that are multiples of y or 1 - y as products: (c y)**p is c**p y**p for c > 0."""

    def split(node: Any) -> Any:
        base, exponent = node.args
        return sp.Mul(*[f**exponent for f in sp.Mul.make_args(sp.factor(base))])

    return body.replace(lambda e: e.is_Pow and e.base.has(y) and e.base.is_Add, split)


def _match(term: Any, y: Any, unit: bool, obligations: Obligations) -> tuple[Any, Any, str]:
    constant, rest = term.as_independent(y, as_Add=False)
    powers: dict[Any, Any] = {}
    exponent, logs = sp.S.Zero, 0
    for factor in sp.Mul.make_args(sp.powdenest(rest, force=False)):
        if isinstance(factor, sp.exp):
            exponent += factor.args[0]
            continue
        base, power = factor.as_base_exp()
        if base == sp.log(y) and power.is_Integer and power > 0:
            logs = int(power)
        elif power.has(y):
            if base.has(y) or not base.is_positive:
                raise GiveUp(f"{factor} is in no known integral")
            exponent += power * sp.log(base)
        else:
            powers[base] = powers.get(base, sp.S.Zero) + power
    p = powers.pop(y, sp.S.Zero)
    constants, moving = sp.expand(exponent).as_independent(y, as_Add=True)
    constant = constant * sp.exp(constants)
    s = sp.Dummy("s")
    if unit:
        rule, bases = _beta(powers, y, obligations, p, moving)
    elif moving != 0:
        rule, bases = _gamma(powers, y, obligations, p, moving)
    else:
        rule, bases = _mellin(powers, y, obligations, p)
    value = rule(s)
    for _ in range(logs):
        value = value.diff(s)
    template = constant * y**p * sp.log(y) ** logs * bases
    return constant * value.subs(s, p), template, _says(template, y, unit)


def _says(template: Any, y: Any, unit: bool) -> str:
    name = sp.Symbol("y", positive=True)
    end = "1" if unit else "oo"
    return f"the integral of {template.subs(y, name)} for y from 0 to {end} is a known one"


Matched = tuple[Callable[[Any], Any], Any]


def _gamma(
    powers: dict[Any, Any], y: Any, obligations: Obligations, p: Any, moving: Any
) -> Matched:
    if powers:
        raise GiveUp(f"{next(iter(powers))} is in no known integral")
    terms = [t.as_independent(y, as_Add=False) for t in sp.Add.make_args(moving)]
    rate, wave = sp.Add(*[c for c, _ in terms]), terms[0][1]
    base, k = wave.as_base_exp()
    if any(w != wave for _, w in terms) or base != y or k.has(y):
        raise GiveUp(f"exp({moving}) is in no known integral")
    c = -rate
    obligations.require_positive(k)
    obligations.require_positive(c)
    obligations.require_positive(p + 1)
    return lambda q: sp.gamma((q + 1) / k) / (k * c ** ((q + 1) / k)), sp.exp(moving)


def _beta(powers: dict[Any, Any], y: Any, obligations: Obligations, p: Any, moving: Any) -> Matched:
    q = powers.pop(1 - y, sp.S.Zero)
    if powers or moving != 0:
        raise GiveUp("the integrand is not of beta's kind")
    obligations.require_positive(p + 1)
    obligations.require_positive(q + 1)
    bases = (1 - y) ** q
    return lambda r: sp.gamma(r + 1) * sp.gamma(q + 1) / sp.gamma(r + q + 2), bases


def _mellin(powers: dict[Any, Any], y: Any, obligations: Obligations, p: Any) -> Matched:
    if len(powers) != 1:
        raise GiveUp("the integrand matches no known integral on a half line")
    ((base, power),) = powers.items()
    c, moving = sp.expand(base).as_independent(y, as_Add=True)
    d, wave = moving.as_independent(y, as_Add=False)
    inner, k = wave.as_base_exp()
    if inner != y or k.has(y):
        raise GiveUp(f"{base} is in no known integral")
    q = -power
    for positive in (k, c, d, p + 1, q - (p + 1) / k):
        obligations.require_positive(positive)

    def rule(r: Any) -> Any:
        a = (r + 1) / k
        return d**-a * c ** (a - q) * sp.gamma(a) * sp.gamma(q - a) / (k * sp.gamma(q))

    return rule, base**power
