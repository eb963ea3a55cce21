"""Limits at plus or minus infinity of rational functions in one exponential: by degrees."""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivations.kernel.field import Field, GiveUp


def value(limit: Any, deadline: float) -> Any:
    """The limit as an exact number or infinity.

    With u = exp(c t), c > 0, the body is p(u) / q(u); as t grows so does u, and the leading terms
    decide; as t falls u goes to 0, and the lowest terms decide.

    Raises:
        GiveUp: the body is not of that kind.
    """
    body, variable, target, _ = limit.args
    if target not in (sp.oo, -sp.oo):
        raise GiveUp("a limit at a finite point")
    field = Field(deadline)
    f = field.fraction(body)
    used = field.used(f.num, f.den)
    if not used:
        return _constant(f.num) / _constant(f.den)
    place = used[0]
    if len(used) > 1 or field.generators[place].key != ("exp", variable):
        raise GiveUp("the limit's body is not rational in one exponential")
    pick = max if target == sp.oo else min
    num, den = (_extreme(p, place, pick) for p in (f.num, f.den))
    growth = (num[0] - den[0]) * (1 if target == sp.oo else -1)
    ratio = sp.Rational(num[1], den[1])
    if growth > 0:
        return sp.oo * ratio
    return ratio if growth == 0 else sp.S.Zero


def _constant(p: Any) -> Any:
    return sp.S.Zero if p.is_zero() else sp.Integer(int(p.leading_coefficient()))


def _extreme(p: Any, place: int, pick: Any) -> tuple[int, int]:
    monomial, c = pick(p.terms(), key=lambda term: int(term[0][place]))
    return int(monomial[place]), int(c)
