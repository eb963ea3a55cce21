"""Rigorous evaluation of expressions, as given, at exact points, in balls (python-flint).

A ball holds the true value for certain. `Undefined` says that the expression has no finite value
at the point (a pole, log 0); `Undecided` says that the ball is still too wide to tell.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import acb, arb, ctx, fmpq
from sympy.functions.special.tensor_functions import KroneckerDelta

from derivations.functions import sigmoid, softplus

# Each symbol's value: a rational, or a pair of them, the real and the imaginary part.
Point = Mapping[Any, Any]

MAX_RANGE = 64  # terms of a sum or product that a point may unroll
MAX_EXPONENT = 10**7
LIMIT_SECONDS = 0.2


class Undefined(Exception):
    """The expression has no finite value at this point."""


class Undecided(Exception):
    """The ball is too wide, or the expression holds something that balls cannot evaluate."""


def evaluate(expression: Any, point: Point, bits: int) -> acb:
    """The ball that holds the expression's value at the point, computed with `bits` bits."""
    return evaluated(expression, point, bits)[0]


def evaluated(expression: Any, point: Point, bits: int) -> tuple[acb, dict[str, fmpq]]:
    """That ball, and the entries of families that it rests on, with their values."""
    previous = ctx.prec
    ctx.prec = bits
    evaluator = _Evaluator(point)
    try:
        value = evaluator.value(expression)
    finally:
        ctx.prec = previous
    if not value.is_finite():
        raise Undecided("the ball is not finite")
    return value, evaluator.entries


class _Evaluator:
    """Values at one point; inside a loop, `outer` keeps what does not depend on the index."""

    def __init__(
        self, point: Point, salt: str = "", outer: _Evaluator | None = None, index: Any = None
    ) -> None:
        self.point = point
        self.outer, self.index = outer, index
        # Families have other entries at another point.
        self.salt = salt or " ".join(f"{s}={v}" for s, v in point.items())
        self.entries: dict[str, fmpq] = {} if outer is None else outer.entries
        self.cache: dict[Any, acb] = {}

    def value(self, node: Any) -> acb:
        found = self.cache.get(node)
        if found is None:
            if self.outer is not None and node.args and self.index not in _free(node):
                found = self.outer.value(node)
            else:
                found = self._compute(node)
            self.cache[node] = found
        return found

    def _compute(self, node: Any) -> acb:
        if node.is_Symbol:
            if node not in self.point:
                raise Undecided(f"no value for {node}")
            value = self.point[node]
            return acb(*map(arb, value)) if isinstance(value, tuple) else acb(arb(value))
        if node.is_Rational:
            return acb(arb(fmpq(int(node.p), int(node.q))))
        if node.is_Add:
            total = acb(0)
            for term in node.args:
                total += self.value(term)
            return total
        if node.is_Mul:
            product = acb(1)
            for factor in node.args:
                product *= self.value(factor)
            return product
        if node.is_Pow:
            return self._power(node)
        rule = _RULES.get(node.func)
        if rule is not None:
            return rule(*[self.value(a) for a in node.args])
        special = _SPECIAL.get(node.func)
        if special is not None:
            return special(self, node)
        if node in _CONSTANTS:
            return _CONSTANTS[node]()
        raise Undecided(f"{node.func.__name__} cannot be evaluated")

    def _power(self, node: Any) -> acb:
        base, exponent = node.args
        value = self.value(base)
        if exponent.is_Integer:
            n = int(exponent)
            if abs(n) > MAX_EXPONENT:
                raise Undecided("the exponent is too large")
            if n < 0:
                _require_nonzero(value)
            return value**n
        if exponent == sp.S.Half:
            return value.sqrt()
        if exponent.is_number and value.is_zero() and exponent.is_positive:
            return acb(0)
        power = self.value(exponent)
        if value.is_zero():
            if power.is_zero():
                return acb(1)
            if power.real > 0:
                return acb(0)
            raise Undefined("a power of 0")
        _require_nonzero(value)
        if power.imag == 0 and (whole := power.real.unique_fmpz()) is not None:
            if abs(int(whole)) > MAX_EXPONENT:
                raise Undecided("the exponent is too large")
            return value ** int(whole)
        return (power * _log(value)).exp()

    def real(self, node: Any) -> arb:
        value = self.value(node)
        if not value.imag.contains(0):
            raise Undefined(f"{node} is not real here")
        return value.real

    def truth(self, condition: Any) -> bool:
        """Whether a relation or a combination of relations holds here."""
        if condition in (True, sp.true):
            return True
        if condition in (False, sp.false):
            return False
        if isinstance(condition, sp.And):
            return all(self.truth(c) for c in condition.args)
        if isinstance(condition, sp.Or):
            return any(self.truth(c) for c in condition.args)
        if isinstance(condition, sp.Not):
            return not self.truth(condition.args[0])
        compare = _COMPARISONS.get(type(condition))
        if compare is None:
            raise Undecided(f"{condition} cannot be evaluated")
        difference = self.real(condition.lhs) - self.real(condition.rhs)
        return compare(_sign(difference))

    def whole(self, node: Any) -> int:
        number = self.real(node).unique_fmpz()
        if number is None:
            raise Undecided(f"{node} is not an integer here")
        return int(number)

    def unroll(self, node: Any, start: acb, combine: Callable[[acb, acb], acb]) -> acb:
        body, *limits = node.args
        return self._unroll(body, limits, start, combine)

    def _unroll(self, body: Any, limits: Any, start: acb, combine: Any) -> acb:
        if not limits:
            return self.value(body)
        *inner, (index, low, high) = limits  # SymPy lists the innermost limit first
        first, last = self.whole(low), self.whole(high)
        if last - first >= MAX_RANGE:
            raise Undecided("the range is too long to unroll")
        if last < first - 1:  # 0 by one convention, minus a sum by another
            raise Undecided("a range that ends far before it begins has no agreed value")
        total = start
        for k in range(first, last + 1):
            inside = {**self.point, index: fmpq(k)}
            deeper = _Evaluator(inside, self.salt or " ", self, index)
            total = combine(total, deeper._unroll(body, inner, start, combine))
        return total


@lru_cache(maxsize=1 << 14)
def _free(node: Any) -> frozenset[Any]:
    return frozenset(node.free_symbols)


def _sign(ball: arb) -> int:
    if ball > 0:
        return 1
    if ball < 0:
        return -1
    if ball.is_zero():
        return 0
    raise Undecided("the sign is not certain")


def _require_nonzero(value: acb) -> None:
    if value.is_zero():
        raise Undefined("division by 0")
    if value.contains(acb(0)):
        raise Undecided("the divisor may be 0")


def _log(value: acb) -> acb:
    if value.is_zero():
        raise Undefined("log 0")
    if value.contains(acb(0)) or (value.real < 0 and not value.imag.is_zero() and 0 in value.imag):
        raise Undecided("the branch of log is not certain")
    return value.log()


def _tan(value: acb) -> acb:
    _require_nonzero(value.cos())
    return value.tan()


def _gamma(value: acb) -> acb:
    if value.imag.is_zero():
        whole = value.real.unique_fmpz()
        if whole is not None and whole <= 0 and value.real.is_exact():
            raise Undefined("gamma at a pole")
    if value.real > 10**5:
        raise Undecided("the argument of gamma is too large")
    return value.gamma()


def _absolute(value: acb) -> acb:
    return acb(abs(value))


def _signum(value: acb) -> acb:
    return acb(_sign(value.real))


def _heaviside(value: acb, at_zero: acb) -> acb:
    sign = _sign(value.real)
    return at_zero if sign == 0 else acb(1 if sign > 0 else 0)


def _delta(i: acb, j: acb) -> acb:
    return acb(1 if _sign((i - j).real) == 0 else 0)


def _extreme(pick: Callable[[arb, arb], arb]) -> Callable[..., acb]:
    def rule(*values: acb) -> acb:
        result = values[0].real
        for value in values[1:]:
            result = pick(result, value.real)
        return acb(result)

    return rule


def _sigmoid(x: acb) -> acb:
    denominator = 1 + (-x).exp()
    _require_nonzero(denominator)
    return 1 / denominator


def _reciprocal(rule: Callable[[acb], acb]) -> Callable[[acb], acb]:
    def reciprocal(x: acb) -> acb:
        value = rule(x)
        _require_nonzero(value)
        return 1 / value

    return reciprocal


def _inverse(x: acb) -> acb:
    _require_nonzero(x)
    return 1 / x


def _binomial(n: acb, k: acb) -> acb:
    return _gamma(n + 1) / (_gamma(k + 1) * _gamma(n - k + 1))


_RULES: dict[Any, Callable[..., acb]] = {
    sp.exp: lambda x: x.exp(),
    sp.log: _log,
    sp.sin: lambda x: x.sin(),
    sp.cos: lambda x: x.cos(),
    sp.tan: _tan,
    sp.sec: _reciprocal(lambda x: x.cos()),
    sp.csc: _reciprocal(lambda x: x.sin()),
    sp.cot: _reciprocal(_tan),
    sp.sinh: lambda x: x.sinh(),
    sp.cosh: lambda x: x.cosh(),
    sp.tanh: lambda x: x.tanh(),
    sp.sech: _reciprocal(lambda x: x.cosh()),
    sp.csch: _reciprocal(lambda x: x.sinh()),
    sp.coth: _reciprocal(lambda x: x.tanh()),
    sp.asin: lambda x: x.asin(),
    sp.acos: lambda x: x.acos(),
    sp.atan: lambda x: x.atan(),
    sp.asinh: lambda x: x.asinh(),
    sp.acosh: lambda x: x.acosh(),
    sp.atanh: lambda x: x.atanh(),
    sp.gamma: _gamma,
    sp.loggamma: lambda x: x.lgamma(),
    sp.digamma: lambda x: x.digamma(),
    sp.polygamma: lambda m, x: x.polygamma(m) if m != 0 else x.digamma(),
    sp.harmonic: lambda n: (n + 1).digamma() + acb(arb.const_euler()),
    sp.re: lambda x: acb(x.real),
    sp.im: lambda x: acb(x.imag),
    sp.conjugate: lambda x: acb(x.real, -x.imag),
    sp.arg: lambda x: acb(_log(x).imag),
    sp.atan2: lambda y, x: acb(_log(acb(x.real, y.real)).imag),
    sp.erfc: lambda x: x.erfc(),
    sp.acot: lambda x: _inverse(x).atan(),
    sp.ceiling: lambda x: acb(x.real.ceil()),
    sp.frac: lambda x: acb(x.real - x.real.floor()),
    sp.Mod: lambda a, b: a - b * acb((a / b).real.floor()),
    sp.beta: lambda a, b: _gamma(a) * _gamma(b) / _gamma(a + b),
    sp.factorial: lambda x: _gamma(x + 1),
    sp.binomial: _binomial,
    sp.erf: lambda x: x.erf(),
    sp.Abs: _absolute,
    sp.sign: _signum,
    sp.Heaviside: _heaviside,
    sp.Max: _extreme(lambda a, b: a.max(b)),
    sp.Min: _extreme(lambda a, b: a.min(b)),
    sp.floor: lambda x: acb(x.real.floor()),
    sigmoid: _sigmoid,
    softplus: lambda x: _log(1 + x.exp()),
    KroneckerDelta: _delta,
}

_CONSTANTS: dict[Any, Callable[[], acb]] = {
    sp.pi: acb.pi,
    sp.E: lambda: acb(1).exp(),
    sp.I: lambda: acb(0, 1),
    sp.EulerGamma: lambda: acb(arb.const_euler()),
}

_COMPARISONS: dict[Any, Callable[[int], bool]] = {
    sp.StrictGreaterThan: lambda s: s > 0,
    sp.GreaterThan: lambda s: s >= 0,
    sp.StrictLessThan: lambda s: s < 0,
    sp.LessThan: lambda s: s <= 0,
    sp.Equality: lambda s: s == 0,
    sp.Unequality: lambda s: s != 0,
}


def _piecewise(evaluator: _Evaluator, node: Any) -> acb:
    for branch, condition in node.args:
        if evaluator.truth(condition):
            return evaluator.value(branch)
    raise Undefined("no case applies")


def _indexed(evaluator: _Evaluator, node: Any) -> acb:
    """An entry x[i] of a family: a rational drawn from the family's name and the index."""
    indices = tuple(evaluator.whole(i) for i in node.indices)
    digest = hashlib.blake2b(
        f"{node.base}{indices}{evaluator.salt.strip()}".encode(), digest_size=4
    ).digest()
    name = f"{node.base}[{', '.join(map(str, indices))}]"
    if node.base.label.is_integer:
        evaluator.entries[name] = fmpq(digest[0] % 4 + 1)
        return acb(digest[0] % 4 + 1)
    number = fmpq(int.from_bytes(digest[:2], "big") % 97 + 1, digest[2] % 7 + 5)
    if not node.base.label.is_positive and digest[3] % 2:
        number = -number
    evaluator.entries[name] = number
    return acb(arb(number))


def _derivative(evaluator: _Evaluator, node: Any) -> acb:
    """A derivative, at a point where no kink of the function lies."""
    for switch in switches(node.expr):
        if _sign(evaluator.real(switch)) == 0:
            raise Undefined("the function has a kink here")
    return evaluator.value(differentiated(node))


def switches(expression: Any) -> list[Any]:
    """What changes sign where the expression changes its formula: x for max(0, x) and |x|."""
    found: list[Any] = []
    for node in sp.preorder_traversal(expression):
        if isinstance(node, (sp.Max, sp.Min)):
            args = node.args
            found += [a - b for i, a in enumerate(args) for b in args[i + 1 :]]
        elif isinstance(node, (sp.Abs, sp.sign, sp.Heaviside)):
            found.append(node.args[0])
        elif isinstance(node, sp.core.relational.Relational):
            found.append(node.lhs - node.rhs)
    return sorted(set(found), key=sp.default_sort_key)


@lru_cache(maxsize=4096)
def differentiated(node: Any) -> Any:
    """A `Derivative` node carried out; sums and integrals inside stay what they are."""
    e = node.expr
    inner = e.atoms(sp.Derivative)
    if inner:
        e = e.xreplace({d: differentiated(d) for d in inner})
    for variable, times in node.variable_count:
        e = e.diff(variable, times)
    return e


def _enclosed(evaluator: _Evaluator, node: Any) -> acb:
    """An integral or an infinite sum, by certified quadrature or a bound on the tail."""
    from derivations.kernel.enclosures import enclosure

    if node.has(sp.Indexed) or any(isinstance(v, tuple) for v in evaluator.point.values()):
        raise Undecided(f"{type(node).__name__} of a family cannot be evaluated")
    ball = enclosure(node, evaluator.point, ctx.prec)
    if ball is None:
        raise Undecided(f"{type(node).__name__} cannot be enclosed")
    return ball


def _summed(evaluator: _Evaluator, node: Any) -> acb:
    if any(limit.has(sp.oo, -sp.oo) for limit in node.limits):
        return _enclosed(evaluator, node)
    return evaluator.unroll(node, acb(0), lambda a, b: a + b)


def _limit(evaluator: _Evaluator, node: Any) -> acb:
    """A limit by its proved value: nothing else than a proof gives it one."""
    from derivations.kernel import limits

    return evaluator.value(limits.value(node, time.thread_time() + LIMIT_SECONDS))


_SPECIAL: dict[Any, Callable[[_Evaluator, Any], acb]] = {
    sp.Derivative: _derivative,
    sp.Piecewise: _piecewise,
    sp.Indexed: _indexed,
    sp.Sum: _summed,
    sp.Integral: _enclosed,
    sp.Limit: _limit,
    sp.Product: lambda e, node: e.unroll(node, acb(1), lambda a, b: a * b),
}
