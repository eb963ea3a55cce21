"""Gamma and its relatives, shifted so that arguments differ by no integer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derivations.kernel.field import Field, GiveUp
from derivations.kernel.fractions import ONE, Fraction

MAX_SHIFT = 40


def _shifted(field: Field, argument: Any) -> tuple[Any, int]:
    """The argument as a + k with the rational part of a in [1, 2)."""
    a = field.canonical(argument)
    constant = sp.expand(a).as_coeff_Add()[0]
    k = int(sp.floor(constant)) - 1 if constant.is_Rational else 0
    if abs(k) > MAX_SHIFT:
        raise GiveUp("gamma's argument is shifted too far")
    return sp.expand(a) - k, k


def gamma(field: Field, e: Any) -> Fraction:
    """Gamma(a + k) = a (a + 1) ... (a + k - 1) Gamma(a)."""
    a, k = _shifted(field, e.args[0])
    atom = sp.gamma(a)
    if atom.is_Integer:
        base = field.of(atom)
    else:
        base = field.generator(atom, atom, positive=bool(a.is_positive), real=bool(a.is_real))
    product = Fraction(ONE)
    for i in range(abs(k)):
        product = product * field.of(a + i if k > 0 else a - 1 - i)
    if k < 0 and field.reduce(product).is_zero():
        raise GiveUp("gamma at a pole")
    return base * (product if k >= 0 else product.inverse())


def digamma(field: Field, e: Any) -> Fraction:
    """psi(a + k) = psi(a) + 1/a + ... + 1/(a + k - 1)."""
    order, argument = e.args if isinstance(e, sp.polygamma) else (sp.S.Zero, e.args[0])
    if order != 0:
        raise GiveUp("polygamma of a higher order")
    a, k = _shifted(field, argument)
    atom = sp.polygamma(0, a)
    total = field.generator(atom, atom, real=bool(a.is_positive))
    for i in range(abs(k)):
        term = field.of(1 / (a + i)) if k > 0 else -field.of(1 / (a - 1 - i))
        total = total + term
    return total


RULES: dict[Any, Callable[[Field, Any], Fraction]] = {
    sp.gamma: gamma,
    sp.factorial: lambda field, e: field.of(sp.gamma(e.args[0] + 1)),
    sp.binomial: lambda field, e: field.of(
        sp.gamma(e.args[0] + 1) / (sp.gamma(e.args[1] + 1) * sp.gamma(e.args[0] - e.args[1] + 1))
    ),
    sp.beta: lambda field, e: field.of(
        sp.gamma(e.args[0]) * sp.gamma(e.args[1]) / sp.gamma(e.args[0] + e.args[1])
    ),
    sp.polygamma: digamma,
    sp.digamma: digamma,
}
