"""Taylor polynomials with Lagrange's remainder, its derivative bounded over the whole interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import arb, ctx

from derivations.functions import sigmoid
from derivations.kernel.balls import Undecided, Undefined, evaluate
from derivations.kernel.boxes import BITS, hull, over
from derivations.kernel.field import GiveUp
from derivations.kernel.integrals import Evaluation
from derivations.kernel.obligations import Obligations

MAX_ORDER = 20
MAX_BOXES = 512


@dataclass(frozen=True, slots=True)
class Taylor:
    """A Taylor polynomial and a bound for what it leaves out.

    Attributes:
        polynomial: the polynomial of degree at most `order`, in the variable.
        remainder: a bound for |f - polynomial| on the interval, in the variable.
        derivative_bound: a rational bound for the next derivative's size on the interval.
        interval: the ends of the interval.
        evidence: how the bound was certified.
    """

    polynomial: Any
    remainder: Any
    derivative_bound: Any
    interval: tuple[Any, Any]
    evidence: tuple[str, ...]


def taylor(
    f: Any, x: Any, a: Any, order: int, interval: tuple[Any, Any], deadline: float
) -> Taylor:
    """The Taylor polynomial of f at a, with a certified remainder on the interval.

    Raises:
        GiveUp: f may not be smooth on the interval, or the order is too high.
    """
    low, high = map(sp.sympify, interval)
    if not 0 <= order <= MAX_ORDER:
        raise GiveUp(f"taylor: order must be from 0 to {MAX_ORDER}; got {order}")
    _require_inside(a, low, high)
    derivatives = [f]
    for _ in range(order + 1):
        derivatives.append(derivatives[-1].diff(x))
    _require_smooth(f, x, low, high, deadline)
    polynomial = sp.Add(
        *[d.subs(x, a) / sp.factorial(j) * (x - a) ** j for j, d in enumerate(derivatives[:-1])]
    )
    bound = _largest(derivatives[-1], x, low, high)
    remainder = bound * sp.Abs(x - a) ** (order + 1) / sp.factorial(order + 1)
    says = f"the derivative of order {order + 1} is at most {bound} on [{low}, {high}]"
    return Taylor(polynomial, remainder, bound, (low, high), (says,))


def remainder_holds(lhs: Any, rhs: Any, x: Any, interval: tuple[Any, Any], deadline: float) -> str:
    """A proof, in words, of |g(x)| <= c |x - a|**m on an interval that holds a.

    g must vanish at a with its derivatives up to order m - 1; then Lagrange's remainder of order m
    is the bound, once |g^(m)| <= c m! on the whole interval.

    Raises:
        GiveUp: the line is not of this kind, or the bound could not be certified.
    """
    low, high = map(sp.sympify, interval)
    if not isinstance(lhs, sp.Abs):
        raise GiveUp("the left side is not an absolute value")
    g = lhs.args[0]
    c, a, m = _power_of_distance(rhs, x)
    if m > MAX_ORDER:
        raise GiveUp("the order is too high")
    _require_inside(a, low, high)
    _require_smooth(g, x, low, high, deadline)
    obligations = Obligations((), deadline, vary=False)
    derivative = g
    for j in range(m):
        if not obligations.is_zero(derivative.subs(x, a)):
            raise GiveUp(f"the derivative of order {j} does not vanish at {a}")
        derivative = derivative.diff(x)
    limit = c * sp.factorial(m)
    if not is_bounded(derivative, x, low, high, limit, obligations):
        raise GiveUp(f"{derivative} may exceed {limit} on [{low}, {high}]")
    return f"Taylor with Lagrange's remainder: |{derivative}| <= {limit} on [{low}, {high}]"


def interval_of(x: Any, given: Sequence[Any]) -> tuple[Any, Any]:
    """The interval to which the given relations bind x; infinite where they do not."""
    low, high = -sp.oo, sp.oo
    if x.is_nonnegative:
        low = sp.S.Zero
    if x.is_nonpositive:
        high = sp.S.Zero
    for relation in given:
        if not isinstance(relation, sp.Lt | sp.Le | sp.Gt | sp.Ge):
            continue
        small, large = relation.lts, relation.gts
        if isinstance(small, sp.Abs) and small.args[0] == x and large.is_number:
            low, high = sp.Max(low, -large), sp.Min(high, large)
        elif small == x and large.is_number:
            high = sp.Min(high, large)
        elif large == x and small.is_number:
            low = sp.Max(low, small)
    return low, high


def is_bounded(f: Any, x: Any, low: Any, high: Any, limit: Any, obligations: Obligations) -> bool:
    """Whether |f| <= limit on the closed interval, for certain."""
    plain = _plain_bound(f, x, low, high)
    if plain is not None and obligations.sign(limit - plain) <= {0, 1}:
        return True
    if all(obligations.sign(limit - s * f) <= {0, 1} for s in (1, -1)):
        return True
    if low in (sp.oo, -sp.oo) or high in (sp.oo, -sp.oo):
        return False
    previous, ctx.prec = ctx.prec, BITS
    try:
        return _bounded_by_boxes(f, x, low, high, limit, obligations)
    except (Undecided, Undefined):
        return False
    finally:
        ctx.prec = previous


def _bounded_by_boxes(
    f: Any, x: Any, low: Any, high: Any, limit: Any, obligations: Obligations
) -> bool:
    most = evaluate(sp.sympify(limit, strict=True), {}, BITS).real
    slope, todo = f.diff(x), [(low, high)]
    for _ in range(MAX_BOXES):
        if not todo:
            return True
        a, b = todo.pop()
        box = hull(evaluate(a, {}, BITS).real, evaluate(b, {}, BITS).real)
        value = over(f, x, box)
        if value.is_finite() and abs(value) <= most:
            continue
        rise = over(slope, x, box)
        if rise.is_finite() and not rise.real.contains(0):  # monotone: the ends decide
            values = [f.subs(x, end) for end in (a, b)]
            if all(obligations.sign(limit - s * v) <= {0, 1} for v in values for s in (1, -1)):
                continue
            return False
        middle = (a + b) / 2
        todo += [(a, middle), (middle, b)]
    return False


def _plain_bound(f: Any, x: Any, low: Any, high: Any) -> Any:
    """A bound from |sin| <= 1 and the like, or None."""
    if not f.has(x):
        return sp.Abs(f)
    if f == x:
        ends = sp.Max(sp.Abs(low), sp.Abs(high))
        return None if ends == sp.oo else ends
    if isinstance(f, sp.sin | sp.cos | sp.tanh | sigmoid | sp.erf):
        return sp.S.One
    if f.is_Add or f.is_Mul:
        parts = [_plain_bound(a, x, low, high) for a in f.args]
        return None if None in parts else f.func(*parts)
    if f.is_Pow and f.exp.is_Integer and f.exp > 0:
        part = _plain_bound(f.base, x, low, high)
        return None if part is None else part**f.exp
    return None


def _largest(f: Any, x: Any, low: Any, high: Any) -> Any:
    """A rational number above |f| on the closed interval, close to the largest value."""
    previous, ctx.prec = ctx.prec, BITS
    try:
        ends = [evaluate(e, {}, BITS).real for e in (low, high)]
        pieces = 64
        width, best = (ends[1] - ends[0]) / pieces, arb(0)
        for i in range(pieces):
            value = over(f, x, hull(ends[0] + i * width, ends[0] + (i + 1) * width))
            if not value.is_finite():
                raise GiveUp(f"{f} may be unbounded on [{low}, {high}]")
            best = best.max(abs(value).upper())
        man, exponent = best.upper().man_exp()
        exact = sp.Integer(int(man)) * sp.Integer(2) ** int(exponent)
        scale = 2**20
        return sp.Rational(sp.ceiling(exact * scale), scale)
    except (Undecided, Undefined):
        raise GiveUp(f"{f} could not be enclosed on [{low}, {high}]") from None
    finally:
        ctx.prec = previous


def _require_inside(a: Any, low: Any, high: Any) -> None:
    if not (sp.Le(low, a) == True and sp.Le(a, high) == True):  # noqa: E712 - SymPy truth values
        raise GiveUp(f"{a} is not certainly between {low} and {high}")


def _require_smooth(f: Any, x: Any, low: Any, high: Any, deadline: float) -> None:
    """No pole, no branch point and no kink on the closed interval."""
    if f.has(sp.Abs, sp.Max, sp.Min, sp.sign, sp.Piecewise):
        raise GiveUp("the function may have a kink")
    if f.free_symbols - {x}:
        raise GiveUp("the function holds further symbols")
    evaluation = Evaluation(Obligations((), deadline, vary=False))
    evaluation.require_continuous(f, x, low, high)
    for end in (low, high):
        if end not in (sp.oo, -sp.oo):
            evaluation.require_regular_at(f, x, end)


def _power_of_distance(e: Any, x: Any) -> tuple[Any, Any, int]:
    """c, a and m of c |x - a|**m."""
    c, rest = e.as_independent(x, as_Add=False)
    centre, degree = None, 0
    for factor in sp.Mul.make_args(rest):
        base, m = factor.as_base_exp()
        if not (m.is_Integer and m > 0):
            raise GiveUp("the right side is not a power of a distance")
        if isinstance(base, sp.Abs):
            base = base.args[0]
        elif m % 2:
            raise GiveUp("the right side may be negative")
        slope = base.coeff(x)
        at = sp.expand(-base.subs(x, 0) / slope) if slope != 0 else None
        if at is None or sp.expand(base - slope * (x - at)) != 0 or centre not in (None, at):
            raise GiveUp("the right side is not a power of a distance")
        c, centre, degree = c * sp.Abs(slope) ** m, at, degree + int(m)
    return c, centre, degree
