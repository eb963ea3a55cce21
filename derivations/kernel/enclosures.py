"""Rigorous numbers for integrals and infinite sums at an exact point: what refutes a false line.

A proper integral is enclosed by Gauss-Legendre quadrature with certified error (python-flint). At
an infinite or singular end a bound for what lies beyond a far point is added; where no bound is
found there is no number, never a guess.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import sympy as sp
from flint import acb, arb, ctx, fmpq

from derivations.functions import sigmoid, softplus
from derivations.kernel.balls import Undecided, Undefined, evaluate
from derivations.kernel.boxes import over
from derivations.kernel.field import GiveUp
from derivations.kernel.hypergeometric import Ratios
from derivations.kernel.kinks import pieces
from derivations.kernel.obligations import Obligations

EVALUATIONS = 4000
MAX_TERMS = 400
_BOUNDED = {sp.sin: 1, sp.cos: 1, sp.tanh: 1, sigmoid: 1, sp.atan: 2, sp.erf: 1, sp.erfc: 2}


def enclosure(node: Any, point: Mapping[Any, fmpq], bits: int, seconds: float = 0.2) -> acb | None:
    """A ball that holds the value of an `Integral` or an infinite `Sum` at the point; or None."""
    values = {s: sp.Rational(int(v.p), int(v.q)) for s, v in point.items()}
    exact = node.subs(values)
    deadline = time.thread_time() + seconds
    previous, ctx.prec = ctx.prec, bits
    try:
        ball = (
            _integral(exact, deadline) if isinstance(node, sp.Integral) else _sum(exact, deadline)
        )
    except (
        GiveUp,
        Undecided,
        Undefined,
        ValueError,
        OverflowError,
        ZeroDivisionError,
        SystemError,
    ):
        return None
    finally:
        ctx.prec = previous
    return ball if ball is not None and ball.is_finite() else None


def _integral(node: Any, deadline: float) -> acb | None:
    if len(node.limits) != 1 or len(node.limits[0]) != 3:
        return None
    x, low, high = node.limits[0]
    if node.free_symbols:
        return None
    if low.is_infinite is not True and high.is_infinite is not True and bool(low > high):
        flipped = _integral(sp.Integral(node.function, (x, high, low)), deadline)
        return None if flipped is None else -flipped
    named = sp.Dummy("x", real=True)
    f = node.function.xreplace({x: named})
    f = f.xreplace({e: e.formula() for e in f.atoms(sigmoid, softplus)})
    total = acb(0)
    for piece, a, b in pieces(f, named, low, high, Obligations((), deadline, vary=False)):
        part = _piece(piece, named, a, b, deadline)
        if part is None:
            return None
        total += part
    return total


def _piece(f: Any, x: Any, low: Any, high: Any, deadline: float) -> acb | None:
    if not f.has(x):
        return evaluate(f * (high - low), {}, ctx.prec)
    if low == -sp.oo and high == sp.oo:
        right = _piece(f, x, sp.S.Zero, high, deadline)
        left = _piece(f, x, low, sp.S.Zero, deadline)
        return None if right is None or left is None else right + left
    if low == -sp.oo:
        return _piece(f.subs(x, -x), x, -high, sp.oo, deadline)
    y = sp.Dummy("y", positive=True)
    if high == sp.oo:
        return _half_line(f, x, low, y, deadline)
    middle = (low + high) / 2
    ends = [_is_regular(f, x, end) for end in (low, high)]
    if all(ends):
        return _proper(f, x, low, high, deadline)
    left = _from_singular(f.subs(x, low + y), y, middle - low, ends[0], deadline)
    right = _from_singular(f.subs(x, high - y), y, high - middle, ends[1], deadline)
    return None if left is None or right is None else left + right


def _is_regular(f: Any, x: Any, end: Any) -> bool:
    ball = evaluate(end, {}, ctx.prec).real
    near = acb(ball + arb(0, 2.0**-20))
    return bool(over(f, x, near).is_finite())


def _proper(f: Any, x: Any, low: Any, high: Any, deadline: float) -> acb:
    a, b = evaluate(sp.S(low), {}, ctx.prec), evaluate(sp.S(high), {}, ctx.prec)

    def value(z: acb, analytic: bool) -> acb:
        if time.thread_time() > deadline:
            return acb("nan")
        return over(f, x, z, analytic=analytic)

    return acb.integral(value, a, b, eval_limit=EVALUATIONS, abs_tol=arb(2) ** -min(ctx.prec, 80))


def _from_singular(f: Any, y: Any, length: Any, regular: bool, deadline: float) -> acb | None:
    """The integral over (0, length) of a function that may be singular at 0."""
    if regular:
        return _proper(f, y, sp.S.Zero, length, deadline)
    total = arb(0)
    start = sp.Rational(1, 2**60)
    near = acb((arb(2) ** -61) * arb(1, 1))  # holds (0, start]
    for term in sp.Add.make_args(sp.expand(f)):
        power, rest, logs = sp.S.Zero, sp.S.One, 0
        for factor in sp.Mul.make_args(term):
            base, exponent = factor.as_base_exp()
            if base == y and not exponent.has(y):
                power += exponent
            elif base == sp.log(y) and exponent.is_Integer and exponent > 0:
                logs += int(exponent)
            else:
                rest = rest * factor
        size = (
            abs(over(rest, y, near)).upper() if rest.has(y) else abs(evaluate(rest, {}, ctx.prec))
        )
        spare = power + 1
        for _ in range(logs):  # |log y| <= 1 / (e d y**d) for every d > 0
            d = spare / (2 * logs)
            size = size / (arb(1).exp() * _ball(d))
            power -= d
        left = power + 1
        if not left > 0 or not size.is_finite():
            return None
        total += size * (_ball(left) * _ball(start).log()).exp() / _ball(left)
    return _proper(f, y, start, length, deadline) + acb(arb(0, total.upper()))


def _ball(number: Any) -> arb:
    return evaluate(number, {}, ctx.prec).real


def _half_line(f: Any, x: Any, low: Any, y: Any, deadline: float) -> acb | None:
    if f.is_rational_function(x):
        start = low if bool(low > 0) else sp.S.One
        turned = sp.cancel(sp.together(f.subs(x, 1 / y) / y**2))
        far = _proper(turned, y, sp.S.Zero, 1 / start, deadline)
        return far if start == low else far + _proper(f, x, low, start, deadline)
    start = sp.Max(sp.ceiling(low), 1)
    positive = sp.expand(f.subs(x, y))
    for doubling in range(10):
        end = start + 2**doubling
        bounds = [_tail(term, y, end) for term in sp.Add.make_args(positive)]
        if any(b is None for b in bounds):
            continue
        bound = sum((b for b in bounds if b is not None), arb(0))
        if bound < arb(10) ** -15 or doubling == 9:
            body = _piece(f, x, low, sp.Integer(end), deadline)
            return None if body is None else body + acb(arb(0, bound.upper()))
    return None


def _tail(term: Any, y: Any, start: Any) -> arb | None:
    """A bound for the integral of |c| y**a exp(q(y)) from start >= 1 on, q at most a square."""
    size, power, exponent = arb(1), sp.S.Zero, sp.S.Zero
    for factor in sp.Mul.make_args(term):
        base, e = factor.as_base_exp()
        if not factor.has(y):
            size = size * abs(evaluate(factor, {}, ctx.prec))
        elif isinstance(factor, sp.exp):
            exponent += factor.args[0]
        elif base == y and not e.has(y):
            power += e
        elif isinstance(base, sp.log) and e.is_Integer and e > 0 and base.args[0] == y:
            power += e  # log y <= y
        elif type(base) in _BOUNDED and e.is_Integer and e > 0:
            size = size * _BOUNDED[type(base)] ** int(e)
        elif base.is_Add and e.is_negative and all(t.is_positive for t in base.args):
            constant = next((t for t in base.args if not t.has(y)), None)
            if constant is None:
                return None
            size = size * _ball(constant**e)  # the base is at least its constant term
        else:
            return None
    q = sp.Poly(sp.expand(exponent), y) if exponent.is_polynomial(y) else None
    if q is None or q.degree() > 2:
        return None
    n, a = _ball(start), _ball(power)
    if q.degree() <= 0:
        if not power < -1:
            return None
        height = size * _ball(sp.exp(exponent)) if exponent != 0 else size
        return height * ((a + 1) * n.log()).exp() / (-a - 1)
    q1, q2 = _ball(q.nth(1)), _ball(q.nth(2))
    if q2 > 0:
        return None
    rise = a / n if power > 0 else arb(0)
    fall = -(rise + q1 + 2 * q2 * n)  # -(d/dy) of log |term|, at least this from start on
    if not fall > 0:
        return None
    return size * (a * n.log() + _ball(exponent.subs(y, start))).exp() / fall


def _sum(node: Any, deadline: float) -> acb | None:
    """First terms, and a geometric series for the rest: |F(k+1) / F(k)| stays below a ratio < 1."""
    if len(node.limits) != 1 or node.free_symbols:
        return None
    index, low, high = node.limits[0]
    if high != sp.oo or not low.is_Integer:
        return None
    k, u = sp.Dummy("k", integer=True), sp.Dummy("u", real=True)
    term = node.function.xreplace({index: k})
    ratios = Ratios(deadline)
    num, den = ratios.of(term.subs(k, k + 1), term, k)
    ratio = sp.cancel(sp.together(ratios.restored(num / den).subs(k, 1 / u)))
    total = acb(0)
    for i in range(MAX_TERMS):
        if time.thread_time() > deadline:
            return None
        place = int(low) + i
        value = evaluate(term.xreplace({k: sp.Integer(place)}), {}, ctx.prec)
        if place >= 8 and place % 8 == 0:
            beyond = acb(arb(1) / (2 * place) * arb(1, 1))
            bound = abs(over(ratio, u, beyond)).upper() if ratio.has(u) else abs(_ball(ratio))
            if bound < 1:
                rest = abs(value) / (1 - bound)
                if rest < arb(2) ** -min(ctx.prec, 80) or i > MAX_TERMS - 16:
                    return total + acb(arb(0, rest.upper()), arb(0, rest.upper()))
        total += value
    return None
