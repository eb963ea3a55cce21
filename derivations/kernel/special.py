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
    rest = a.as_coeff_Add()[1]
    if (
        rest != 0 and rest.could_extract_minus_sign() and not rest.is_integer
    ):  # Gamma(a) Gamma(1 - a) = pi / sin(pi a)
        whole = e.args[0]
        return field.of(sp.pi / (sp.sin(sp.pi * whole) * sp.gamma(1 - whole)))
    if rest != 0 and _is_even(rest):  # Legendre: Gamma(2 b) from Gamma(b) and Gamma(b + 1/2)
        half = sp.expand(e.args[0] / 2)
        power = sp.Integer(2) ** (e.args[0] - 1) / sp.sqrt(sp.pi)
        return field.of(power * sp.gamma(half) * sp.gamma(half + sp.S.Half))
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


def _is_even(e: Any) -> bool:
    """Whether every coefficient is an even integer."""
    coefficients = [t.as_coeff_Mul()[0] for t in sp.Add.make_args(sp.expand(e))]
    return all(c.is_Integer and c % 2 == 0 for c in coefficients)


def log_gamma(field: Field, e: Any) -> Fraction:
    """log Gamma(a + k) = log Gamma(a) + log(a) + ... + log(a + k - 1), for a positive argument."""
    argument = e.args[0]
    if not argument.is_positive:
        kept = sp.loggamma(field.canonical(argument))
        return field.generator(kept, kept)
    a, k = _shifted(field, argument)
    if not a.is_positive:
        a, k = argument, 0
    atom = sp.loggamma(a)
    total = field.generator(atom, atom, real=True)
    for i in range(abs(k)):
        term = field.of(sp.log(a + i if k > 0 else a - 1 - i))
        total = total + (term if k > 0 else -term)
    return total


def digamma(field: Field, e: Any) -> Fraction:
    """psi(a + k) = psi(a) + 1/a + ... + 1/(a + k - 1), and the same differentiated m times."""
    order, argument = e.args if isinstance(e, sp.polygamma) else (sp.S.Zero, e.args[0])
    if not order.is_Integer:
        raise GiveUp("polygamma of a symbolic order")
    a, k = _shifted(field, argument)
    atom = sp.polygamma(order, a)
    real = bool(a.is_positive)
    total = field.generator(atom, atom, real=real) if atom.is_Function else field.of(atom)
    factor = (-1) ** order * sp.factorial(order)
    for i in range(abs(k)):
        place = a + i if k > 0 else a - 1 - i
        term = field.of(factor / place ** (order + 1))
        total = total + (term if k > 0 else -term)
    return total


def harmonic(field: Field, e: Any) -> Fraction:
    """H(n) = psi(n + 1) + Euler's constant."""
    if len(e.args) != 1:
        raise GiveUp("a generalised harmonic number")
    return field.of(sp.polygamma(0, e.args[0] + 1) + sp.EulerGamma)


RULES: dict[Any, Callable[[Field, Any], Fraction]] = {
    sp.gamma: gamma,
    sp.factorial: lambda field, e: field.of(sp.gamma(e.args[0] + 1)),
    sp.binomial: lambda field, e: field.of(
        sp.gamma(e.args[0] + 1) / (sp.gamma(e.args[1] + 1) * sp.gamma(e.args[0] - e.args[1] + 1))
    ),
    sp.beta: lambda field, e: field.of(
        sp.gamma(e.args[0]) * sp.gamma(e.args[1]) / sp.gamma(e.args[0] + e.args[1])
    ),
    sp.loggamma: log_gamma,
    sp.harmonic: harmonic,
    sp.polygamma: digamma,
    sp.digamma: digamma,
}
