"""Sums that follow a first-order recurrence in their size, solved from the first value on."""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivations.kernel.certificates import Certificate, Equality, equal, shown
from derivations.kernel.field import GiveUp
from derivations.kernel.hypergeometric import Recurrence, recurrence, telescoper
from derivations.kernel.obligations import Obligations

MAX_FIRST = 12


def solved(
    term: Any, k: Any, low: Any, high: Any, n: Any, obligations: Obligations
) -> tuple[Any, list[Certificate]]:
    """The sum of the term over k from low to high = n + d, by a recurrence in n.

    Raises:
        GiveUp: there is no recurrence of order one, or it could not be solved.
    """
    d = sp.expand(high - n)
    if d.has(n) or not (d.is_Integer and low.is_Integer):
        raise GiveUp("the range of the sum does not grow by one with its size")
    found = recurrence(term, n, k, obligations.deadline)
    certificates = [_telescoped(found, term, n, k, obligations)]
    _check_range(found.multiplier, term, n, k, low, d, obligations)
    left_over = _boundary(found, term, n, k, low, d)
    p, q = found.here, found.after
    first = _first_size(p, q, n, int(max(0, low - d)), obligations)
    start = _direct(term, n, k, int(low), int(d), first)
    free = _product(sp.factor(-p / q), n, first, obligations)
    value = start * free
    if not equal(left_over, 0, obligations.deadline):
        step = sp.powsimp(sp.gammasimp(left_over) / (q * free.subs(n, n + 1)))
        inner = telescoper(step, n, obligations.deadline)
        value += free * (inner - inner.subs(n, first))
    residue = p * value + q * value.subs(n, n + 1)
    if not equal(residue, left_over, obligations.deadline):
        raise GiveUp("the recurrence's solution could not be checked")
    certificates.append(Equality(residue, left_over, "the recurrence is solved"))
    for smaller in range(first):
        if not obligations.sign(n - smaller) <= {1}:
            direct = _direct(term, n, k, int(low), int(d), smaller)
            if not equal(value.subs(n, smaller), direct, obligations.deadline):
                obligations.require_at_least(n, smaller + 1)
    obligations.require_at_least(n, 0)
    return value, certificates


def _telescoped(
    found: Recurrence, term: Any, n: Any, k: Any, obligations: Obligations
) -> Certificate:
    g = found.multiplier * term
    left = found.here * term + found.after * term.subs(n, n + 1)
    right = g.subs(k, k + 1) - g
    if not equal(left, right, obligations.deadline):
        raise GiveUp("the telescoped recurrence could not be checked")
    return Equality(left, right, "the recurrence telescopes")


def _check_range(
    multiplier: Any, term: Any, n: Any, k: Any, low: Any, d: Any, obligations: Obligations
) -> None:
    """No pole of the certificate, and no gamma of the term at a pole, for low <= k <= n + d."""
    u, v = sp.Dummy("u", real=True), sp.Dummy("v", real=True)
    inside = {k: low + u**2, n: low + u**2 + v**2 - d}
    for factor, _ in sp.factor_list(sp.fraction(sp.together(multiplier))[1], k)[1]:
        if not obligations.nonzero(factor.xreplace(inside)):
            raise GiveUp(f"{shown(factor)} may vanish in the range of the sum")
    for node in term.atoms(sp.binomial):
        top, bottom = node.args
        if (top.is_Symbol and top not in (n, k) and _only_upper(term, top)) or node == 1:
            arguments = [bottom]  # a polynomial in the upper entry, for each lower one
        else:
            arguments = [top, bottom, top - bottom]
        for argument in arguments:
            if not obligations.positive(argument.xreplace(inside) + 1):
                raise GiveUp(f"{shown(node)} may leave its range")
    for node in term.atoms(sp.factorial, sp.gamma):
        shift = 1 if isinstance(node, sp.factorial) else 0
        if not obligations.positive(node.args[0].xreplace(inside) + shift):
            raise GiveUp(f"{shown(node)} may be undefined in the range of the sum")


def _only_upper(term: Any, symbol: Any) -> bool:
    """Whether the symbol occurs as upper entry of binomials in the numerator, and nowhere else."""
    rest = sp.S.One
    for factor in sp.Mul.make_args(term):
        base, exponent = factor.as_base_exp()
        upper = isinstance(base, sp.binomial) and base.args[0] == symbol
        if not (upper and exponent.is_Integer and exponent > 0 and not base.args[1].has(symbol)):
            rest = rest * factor
    return not rest.has(symbol)


def _boundary(found: Recurrence, term: Any, n: Any, k: Any, low: Any, d: Any) -> Any:
    """What here * S(n) + after * S(n + 1) is.

    Telescoping covers low <= k < n + d, where the certificate has no pole; the last terms of both
    sums are added as they are.
    """
    g, last = found.multiplier * term, n + d
    after = term.subs(n, n + 1)
    left_over = g.subs(k, last) - g.subs(k, low) + found.here * term.subs(k, last)
    return left_over + found.after * (after.subs(k, last) + after.subs(k, last + 1))


def _first_size(p: Any, q: Any, n: Any, lowest: int, obligations: Obligations) -> int:
    """The least size from which on neither coefficient of the recurrence vanishes."""
    u = sp.Dummy("u", real=True)
    for first in range(lowest, MAX_FIRST):
        later = first + u**2
        if _stays(q, n, later, obligations, strict=True) and _stays(
            p, n, later, obligations, strict=False
        ):
            return first
    raise GiveUp("the coefficients of the recurrence may vanish")


def _stays(c: Any, n: Any, later: Any, obligations: Obligations, *, strict: bool) -> bool:
    """Whether a coefficient certainly does not vanish; of the sum's own, parameters may decide.

    Where the sum's own coefficient vanishes the next sum is zero, and so is the product below.
    """
    for factor, _ in sp.factor_list(c, n)[1]:
        value = factor.xreplace({n: later})
        if not obligations.nonzero(value) and (strict or factor.free_symbols <= {n}):
            return False
    return True


def _direct(term: Any, n: Any, k: Any, low: int, d: int, size: int) -> Any:
    terms = [term.subs(n, size).subs(k, i) for i in range(low, size + d + 1)]
    return sp.Add(*terms)


def _product(ratio: Any, n: Any, first: int, obligations: Obligations) -> Any:
    """The product of ratio(j) for first <= j < n."""
    constant, factors = sp.factor_list(sp.fraction(ratio)[0])
    below, factors_below = sp.factor_list(sp.fraction(ratio)[1])
    value = (constant / below) ** (n - first)
    for factor, power in [*factors, *[(f, -e) for f, e in factors_below]]:
        value = value * _linear_product(factor, n, first, obligations) ** power
    return value


def _linear_product(factor: Any, n: Any, first: int, obligations: Obligations) -> Any:
    if not factor.has(n):
        return factor ** (n - first)
    slope = sp.expand(factor).coeff(n)
    c = sp.cancel((factor - slope * n) / slope)
    if c.has(n) or slope.has(n):
        raise GiveUp("the recurrence's coefficients do not split into linear factors")
    scale = slope ** (n - first)
    if c.is_Integer:
        return scale * sp.factorial(n + c - 1) / sp.factorial(first + c - 1)
    if c.is_Rational and c.q == 2 and c > 0:  # n + 1/2 as a product of odd numbers
        whole = int(c - sp.Rational(1, 2))
        return scale * _odd(n + whole) / _odd(sp.Integer(first + whole))
    if obligations.positive(c + first):
        return scale * sp.gamma(c + n) / sp.gamma(c + first)
    size = -c - first  # (c + j) = -(size - j): a falling product
    return scale * (-1) ** (n - first) * sp.binomial(size, n - first) * sp.factorial(n - first)


def _odd(n: Any) -> Any:
    """(1/2) (3/2) ... (n - 1/2)."""
    return sp.factorial(2 * n) / (4**n * sp.factorial(n))
