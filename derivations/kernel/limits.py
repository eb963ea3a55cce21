"""Limits, one-sided and two-sided, by the leading term on a scale of growth.

The variable is moved to infinity (x = t, -t, a + 1/t or a - 1/t), the body is expanded into a
series of exponentials, powers and logarithms of t with an explicit error, and the leading term
decides. More terms are taken when all that are known cancel.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derivations.functions import sigmoid, softplus
from derivations.kernel.field import GiveUp
from derivations.kernel.obligations import Obligations
from derivations.kernel.scales import UNIT, Scale, Scales, Series, Vanishes, iterated_log

ORDERS = (1, 2, 4, 8, 16)
_BY_EXPONENTIAL = (
    *(sp.sinh, sp.cosh, sp.tanh, sp.coth, sp.sech, sp.csch),
    *(sp.asinh, sp.acosh, sp.atanh),
)
_BY_FORMULA = (sigmoid, softplus)


def value(limit: Any, deadline: float) -> Any:
    """The limit as an exact expression or infinity.

    Raises:
        GiveUp: there is no such limit, or it could not be found; the text says which.
    """
    body, variable, target, side = limit.args
    return at(body, variable, target, str(side), Obligations((), deadline, vary=False))


def at(body: Any, variable: Any, target: Any, side: str, obligations: Obligations) -> Any:
    """The limit of the body as the variable tends to the target from a side: + - or +-."""
    t = sp.Dummy("t", positive=True)
    if target == sp.oo:
        return _at_infinity(body.subs(variable, t), t, obligations)
    if target == -sp.oo:
        return _at_infinity(body.subs(variable, -t), t, obligations)
    sides = {"+": (1,), "-": (-1,)}.get(side, (1, -1))
    found = [_at_infinity(body.subs(variable, target + s / t), t, obligations) for s in sides]
    if len(found) == 2 and not _agree(found[0], found[1], obligations):
        raise GiveUp(f"the limits from the right and the left differ: {found[0]}, {found[1]}")
    return found[0]


def _agree(a: Any, b: Any, obligations: Obligations) -> bool:
    if sp.oo in (a, b, -a, -b):
        return bool(a == b)
    return obligations.is_zero(a - b)


def _at_infinity(body: Any, t: Any, obligations: Obligations) -> Any:
    if not body.has(t):
        if body.has(sp.oo, -sp.oo, sp.zoo, sp.nan):
            raise GiveUp("the body is not finite")
        return body
    for order in ORDERS:
        scales = Scales(obligations, order)
        try:
            return _limit_of(_Expander(scales, t).of(body), scales)
        except Vanishes:
            continue
        except RecursionError:
            break
    raise GiveUp("the leading term could not be found")


def _limit_of(series: Series, scales: Scales) -> Any:
    if series.error is not None and scales.direction(series.error) >= 0:
        if not series.terms:
            raise Vanishes
        if scales.direction(series.terms[0][0]) <= 0:
            raise Vanishes
    if not series.terms:
        return sp.S.Zero
    m, c = series.terms[0]
    direction = scales.direction(m)
    if direction == 0:
        return c
    if direction < 0:
        return sp.S.Zero
    possible = scales.obligations.sign(c)
    if possible == {1}:
        return sp.oo
    if possible == {-1}:
        return -sp.oo
    raise GiveUp(f"the sign of {c} decides the limit and is not known")


class _Expander:
    def __init__(self, scales: Scales, t: Any) -> None:
        self.scales, self.t = scales, t
        self.cache: dict[Any, Series] = {}

    def of(self, e: Any) -> Series:
        found = self.cache.get(e)
        if found is None:
            found = self.cache[e] = self._compute(e)
        return found

    def _compute(self, e: Any) -> Series:
        scales = self.scales
        if e == self.t:
            return Series(((iterated_log(0), sp.S.One),))
        if not e.has(self.t):
            if e.has(sp.oo, -sp.oo, sp.zoo, sp.nan):
                raise GiveUp(f"{e} is not finite")
            return scales.constant(e)
        if e.is_Add:
            return scales.add(*[self.of(a) for a in e.args])
        if e.is_Mul:
            product = scales.constant(sp.S.One)
            for a in sorted(e.args, key=lambda a: not a.is_number):
                product = scales.multiply(product, self.of(a))
            return product
        if e.is_Pow and e.base == sp.E:
            return scales.exp(self.of(e.exp))
        if e.is_Pow:
            return self._power(*e.args)
        if isinstance(e, _BY_EXPONENTIAL):
            form = sp.log if isinstance(e, sp.asinh | sp.acosh | sp.atanh) else sp.exp
            return self.of(e.rewrite(form))
        if isinstance(e, _BY_FORMULA):
            return self.of(e.formula())
        rule = _RULES.get(e.func)
        if rule is None:
            raise GiveUp(f"no rule for the limit of {e.func.__name__}")
        return rule(self, e)

    def _power(self, base: Any, exponent: Any) -> Series:
        if not exponent.has(self.t):
            return self.scales.real_power(self.of(base), exponent)
        if not base.has(self.t) and not self.scales.obligations.positive(base):
            return self._fading(base, exponent)
        return self.scales.exp(
            self.scales.multiply(self.of(exponent), self.scales.log(self.of(base)))
        )

    def _fading(self, base: Any, exponent: Any) -> Series:
        """q**(a t + b) for |q| < 1 and whole exponents, whatever the sign of q."""
        slope = sp.expand(exponent).coeff(self.t)
        if not slope.is_positive or sp.expand(exponent - slope * self.t).has(self.t):
            raise GiveUp(f"{base} may be negative")
        self.scales.obligations.require_positive(1 - base)
        self.scales.obligations.require_positive(1 + base)
        rate = sp.Dummy("rate", negative=True)
        fading = Scale(((iterated_log(0), rate),), UNIT.powers)
        return Series((), fading)

    def sign(self, e: Any) -> int:
        """The sign of an expression for all large t."""
        series = self.of(e)
        if not series.terms:
            if series.error is None:
                return 0
            raise Vanishes
        possible = self.scales.obligations.sign(series.terms[0][1])
        if len(possible) != 1:
            raise GiveUp(f"the sign of {e} is not known in the limit")
        return next(iter(possible))


def _trigonometric(expander: _Expander, e: Any) -> Series:
    """sin or cos: bounded when the argument grows, a Taylor series when it settles."""
    scales = expander.scales
    large, constant, small = scales.split(expander.of(e.args[0]))
    if large:
        if not e.args[0].is_extended_real:
            raise GiveUp(f"{e} may not be bounded")
        return Series((), UNIT)
    quarter = 0 if isinstance(e, sp.sin) else 1
    values = (sp.sin(constant), sp.cos(constant), -sp.sin(constant), -sp.cos(constant))
    return scales.compose(small, lambda k: values[(k + quarter) % 4] / sp.factorial(k))


def _analytic(expander: _Expander, e: Any) -> Series:
    """A function that is analytic at the point where its argument settles."""
    scales = expander.scales
    large, constant, small = scales.split(expander.of(e.args[0]))
    if large:
        return _at_large(expander, e, large[0])
    if isinstance(e, sp.asin | sp.acos | sp.atan) and not constant.is_extended_real:
        raise GiveUp(f"{constant} may not be real")
    if isinstance(e, sp.asin | sp.acos):
        if constant**2 == 1:  # continuous there, with a root as its modulus
            size = small.terms[0][0] if small.terms else small.error
            modulus = None if size is None else scales.power(size, sp.Rational(1, 2))
            return Series(scales.constant(e.func(constant)).terms, modulus)
        scales.obligations.require_positive(1 - constant**2)
    if isinstance(e, sp.gamma | sp.loggamma | sp.digamma | sp.polygamma | sp.factorial):
        scales.obligations.require_positive(constant + (1 if e.func == sp.factorial else 0))
    x = sp.Dummy("x")
    derivatives = [e.func(*e.args[:-1], x)]
    for _ in range(scales.order):
        derivatives.append(derivatives[-1].diff(x))
    return scales.compose(small, lambda k: derivatives[k].subs(x, constant) / sp.factorial(k))


def _at_large(expander: _Expander, e: Any, lead: Any) -> Series:
    scales, argument = expander.scales, e.args[-1]
    possible = scales.obligations.sign(lead[1])
    if len(possible) != 1:
        raise GiveUp(f"the sign of {argument} is not known in the limit")
    s = next(iter(possible))
    if isinstance(e, sp.atan):
        return scales.add(scales.constant(s * sp.pi / 2), expander.of(-sp.atan(1 / argument)))
    if isinstance(e, sp.erf | sp.erfc):
        tail = expander.of(sp.exp(-(argument**2)))
        limit = s if isinstance(e, sp.erf) else 1 - s
        return Series(scales.constant(sp.Integer(limit)).terms, tail.terms[0][0])
    if s < 0:
        raise GiveUp(f"{e} has poles")
    if isinstance(e, sp.factorial):
        return scales.exp(_stirling(expander, argument + 1))
    if isinstance(e, sp.gamma):
        return scales.exp(_stirling(expander, argument))
    if isinstance(e, sp.loggamma):
        return _stirling(expander, argument)
    if isinstance(e, sp.digamma) or (isinstance(e, sp.polygamma) and e.args[0] == 0):
        head = expander.of(sp.log(argument) - 1 / (2 * argument))
        beyond = scales.power(expander.of(argument).terms[0][0], sp.Integer(-2))
        return scales.made(head.terms, scales.larger((head.error, beyond)))
    raise GiveUp(f"no rule for {e.func.__name__} at infinity")


def _stirling(expander: _Expander, z: Any) -> Series:
    """log gamma(z) for large z, with as many terms as the order asks for."""
    scales = expander.scales
    head = (z - sp.Rational(1, 2)) * sp.log(z) - z + sp.log(2 * sp.pi) / 2
    number = max(1, scales.order // 2)
    for k in range(1, number + 1):
        head += sp.bernoulli(2 * k) / (2 * k * (2 * k - 1) * z ** (2 * k - 1))
    series = expander.of(head)
    beyond = scales.power(expander.of(z).terms[0][0], sp.Integer(-2 * number - 1))
    return scales.made(series.terms, scales.larger((series.error, beyond)))


def _absolute(expander: _Expander, e: Any) -> Series:
    s = expander.sign(e.args[0])
    return expander.of(s * e.args[0])


def _extreme(expander: _Expander, e: Any) -> Series:
    best = e.args[0]
    for other in e.args[1:]:
        s = expander.sign(other - best)
        if s > 0 if isinstance(e, sp.Max) else s < 0:
            best = other
    return expander.of(best)


def _piecewise(expander: _Expander, e: Any) -> Series:
    for branch, condition in e.args:
        if condition == True or _holds(expander, condition):  # noqa: E712 - a SymPy truth value
            return expander.of(branch)
    raise GiveUp("no case applies in the limit")


def _holds(expander: _Expander, condition: Any) -> bool:
    if isinstance(condition, sp.And):
        return all(_holds(expander, c) for c in condition.args)
    if isinstance(condition, sp.Or):
        return any(_holds(expander, c) for c in condition.args)
    if not isinstance(condition, sp.core.relational.Relational):
        raise GiveUp(f"{condition} cannot be decided in the limit")
    s = expander.sign(condition.lhs - condition.rhs)
    allowed = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1), "==": (0,), "!=": (-1, 1)}
    return s in allowed[condition.rel_op]


_RULES: dict[Any, Callable[[_Expander, Any], Series]] = {
    sp.exp: lambda expander, e: expander.scales.exp(expander.of(e.args[0])),
    sp.log: lambda expander, e: expander.scales.log(expander.of(e.args[0])),
    sp.sin: _trigonometric,
    sp.cos: _trigonometric,
    sp.tan: lambda expander, e: expander.of(sp.sin(e.args[0]) / sp.cos(e.args[0])),
    sp.cot: lambda expander, e: expander.of(sp.cos(e.args[0]) / sp.sin(e.args[0])),
    sp.binomial: lambda expander, e: expander.of(e.rewrite(sp.gamma)),
    sp.Abs: _absolute,
    sp.sign: lambda expander, e: expander.scales.constant(sp.Integer(expander.sign(e.args[0]))),
    sp.Max: _extreme,
    sp.Min: _extreme,
    sp.Piecewise: _piecewise,
    **dict.fromkeys(
        (
            sp.atan,
            sp.asin,
            sp.acos,
            sp.erf,
            sp.erfc,
            sp.gamma,
            sp.loggamma,
            sp.digamma,
            sp.polygamma,
            sp.factorial,
        ),
        _analytic,
    ),
}
