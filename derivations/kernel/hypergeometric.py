"""Telescoping: Gosper's algorithm, and Zeilberger's of order one.

Both only find certificates. A telescoper T has T(k + 1) - T(k) = F(k); a recurrence comes with G
such that p F(n, k) + q F(n + 1, k) = G(n, k + 1) - G(n, k). Who uses one checks it by the field.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.polys.rings import ring
from sympy.polys.solvers import solve_lin_sys

from derivations.kernel.field import Field, GiveUp

MAX_DEGREE = 8
MAX_DISPERSION = 30


@dataclass(frozen=True, slots=True)
class Recurrence:
    """p F(n, k) + q F(n + 1, k) = G(n, k + 1) - G(n, k), where G = multiplier * F.

    Attributes:
        here: p, the coefficient of the sum itself, a polynomial in n.
        after: q, the coefficient of the sum for n + 1.
        multiplier: G / F, a rational function of n and k.
    """

    here: Any
    after: Any
    multiplier: Any


class Ratios:
    """Quotients of shifted terms as rational functions; all else becomes a plain symbol."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.names: dict[Any, Any] = {}

    def of(self, shifted: Any, term: Any, *variables: Any) -> tuple[Any, Any]:
        """Numerator and denominator of shifted / term, rational in the variables.

        Raises:
            GiveUp: the quotient is not rational in them.
        """
        field = Field(self.deadline)
        above, below = field.fractions(shifted, term)
        if below.is_zero():
            raise GiveUp("the term is zero")
        f = field.normal(above * below.inverse())
        images: dict[Any, Any] = {}
        for place in field.used(f.num, f.den):
            e = field.generators[place].expression
            if e in variables or e.is_Symbol:
                continue
            if e.has(*variables):
                raise GiveUp("the term is not hypergeometric")
            images[e] = self.names.setdefault(e, sp.Dummy(f"g{len(self.names)}"))
        num, den = field.expression(f.num), field.expression(f.den)
        return num.xreplace(images), den.xreplace(images)

    def restored(self, e: Any) -> Any:
        """An expression with the plain symbols written out."""
        return e.xreplace({name: original for original, name in self.names.items()})


def telescoper(term: Any, k: Any, deadline: float) -> Any:
    """T with T(k + 1) - T(k) = term, by Gosper's algorithm.

    Raises:
        GiveUp: there is none, or the term is not hypergeometric.
    """
    ratios = Ratios(deadline)
    num, den = ratios.of(term.subs(k, k + 1), term, k)
    a, b, c = _normal_form(num, den, k)
    below = sp.expand(b.subs(k, k - 1))
    solution = _solve(a, below, [c], [sp.S.One], k, deadline)
    if solution is None:
        raise GiveUp("the sum has no hypergeometric closed form (Gosper)")
    x, _ = solution
    rational = sp.Mul(*[f for f in sp.Mul.make_args(term) if f.is_rational_function(k)])
    return ratios.restored(sp.factor(sp.cancel(below * x * rational / c))) * (term / rational)


def recurrence(term: Any, n: Any, k: Any, deadline: float) -> Recurrence:
    """A first-order recurrence in n for the sum over k of the term.

    Raises:
        GiveUp: there is none of order one.
    """
    ratios = Ratios(deadline)
    r1, r2 = ratios.of(term.subs(k, k + 1), term, n, k)
    s1, s2 = ratios.of(term.subs(n, n + 1), term, n, k)
    quotient = sp.cancel(r1 * s2 / (r2 * s2.subs(k, k + 1)))
    num, den = sp.fraction(quotient)
    a, b, c = _normal_form(num, den, k)
    below = sp.expand(b.subs(k, k - 1))
    p, q = sp.Dummy("p"), sp.Dummy("q")
    solution = _solve(a, below, [sp.expand(c * s2), sp.expand(c * s1)], [p, q], k, deadline)
    if solution is None:
        raise GiveUp("the sum has no recurrence of order one (Zeilberger)")
    x, values = solution
    common = sp.lcm_list([sp.fraction(v)[1] for v in values])
    here, after = (sp.factor(sp.cancel(v * common)) for v in values)
    multiplier = sp.cancel(below * x * common / (c * s2))
    return Recurrence(ratios.restored(here), ratios.restored(after), ratios.restored(multiplier))


def _normal_form(num: Any, den: Any, k: Any) -> tuple[Any, Any, Any]:
    """num / den = a(k) / b(k) * c(k + 1) / c(k), where a(k) and b(k + h) share no factor."""
    a, b, c = sp.factor_list(num, k), sp.factor_list(den, k), sp.S.One
    above = [[f, e] for f, e in a[1]]
    below = [[g, e] for g, e in b[1]]
    for f in above:
        for g in below:
            h = _shift(f[0], g[0], k)
            while h is not None and f[1] > 0 and g[1] > 0:
                f[1], g[1] = f[1] - 1, g[1] - 1
                c = c * sp.Mul(*[f[0].subs(k, k - i) for i in range(1, h + 1)])
    # A shifted factor may differ by a constant from the one it cancels.
    left = sp.Mul(*[f**e for f, e in above])
    right = sp.Mul(*[g**e for g, e in below])
    constant = sp.cancel(num / den * right * c / (left * c.subs(k, k + 1)))
    if constant.has(k):
        raise GiveUp("the normal form of the term's ratio failed")
    top, bottom = sp.fraction(constant)
    return sp.expand(left * top), sp.expand(right * bottom), sp.expand(c)


def _shift(f: Any, g: Any, k: Any) -> int | None:
    """h >= 0 with g(k + h) a multiple of f(k)."""
    p, q = sp.Poly(f, k), sp.Poly(g, k)
    degree = p.degree()
    if degree != q.degree() or degree == 0:
        return None
    gap = p.nth(degree - 1) / p.LC() - q.nth(degree - 1) / q.LC()
    h = sp.cancel(gap / degree)
    if not (h.is_Integer and 0 <= h <= MAX_DISPERSION):
        return None
    same = sp.expand(f * q.LC() - g.subs(k, k + h) * p.LC()) == 0
    return int(h) if same else None


def _solve(a: Any, b: Any, right: list[Any], weights: list[Any], k: Any, deadline: float) -> Any:
    """A polynomial x with a x(k + 1) - b x(k) = sum of weight * right, and the weights."""
    top, bottom = sp.Poly(a, k), sp.Poly(b, k)
    size = max(sp.Poly(r, k).degree() for r in right)
    for degree in range(_bound(top, bottom, size) + 1):
        if time.thread_time() > deadline:
            raise GiveUp("out of time")
        unknowns = [sp.Dummy(f"x{i}") for i in range(degree + 1)]
        x = sum((u * k**i for i, u in enumerate(unknowns)), sp.S.Zero)
        total = sum((w * r for w, r in zip(weights, right, strict=True)), sp.S.Zero)
        equation = sp.Poly(sp.expand(a * x.subs(k, k + 1) - b * x - total), k)
        free = [*unknowns, *[w for w in weights if w != 1]]
        values = _linear(equation.all_coeffs(), free, homogeneous=weights != [1])
        if values is None:
            continue
        found = [w.xreplace(values) for w in weights]
        if any(w != 0 for w in found) and found[-1] != 0:
            return sp.together(x.xreplace(values)), found
    return None


def _bound(top: sp.Poly, bottom: sp.Poly, size: int) -> int:
    degree = max(top.degree(), bottom.degree())
    bound = size - degree
    if top.degree() == bottom.degree() and sp.expand(top.LC() - bottom.LC()) == 0:
        bound += 1
        gap = sp.cancel((bottom.nth(degree - 1) - top.nth(degree - 1)) / top.LC())
        if gap.is_Integer and gap > bound:
            bound = int(gap)
    return int(min(bound, MAX_DEGREE))


def _linear(
    equations: list[Any], unknowns: list[Any], *, homogeneous: bool
) -> dict[Any, Any] | None:
    """A solution, not zero throughout: of the free unknowns one may be 1, the others are 0."""
    symbols = sorted(set().union(*[e.free_symbols for e in equations]) - set(unknowns), key=str)
    domain = sp.QQ.frac_field(*symbols) if symbols else sp.QQ
    polynomials, *_ = ring(unknowns, domain)
    try:
        system = [polynomials.from_expr(sp.expand(e)) for e in equations if e != 0]
    except ValueError:
        raise GiveUp("the equations of the telescoper are not polynomials") from None
    solution = solve_lin_sys(system, polynomials) if system else {}
    if solution is None:
        return None
    values = {
        u.as_expr(): v.as_expr() if hasattr(v, "as_expr") else domain.to_sympy(v)
        for u, v in solution.items()
    }
    free = [u for u in unknowns if u not in values]
    chosen = dict.fromkeys(free, sp.S.Zero)
    if homogeneous and free:
        chosen[free[-1]] = sp.S.One
    return {u: sp.cancel(values.get(u, u).xreplace(chosen)) for u in unknowns}
