"""Antiderivatives by rule: exponentials, waves, Gaussians, logarithms, parts and substitution."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from derivations.functions import sigmoid, softplus
from derivations.kernel.lines import Searcher, coefficients, line_of


def powers(_: Searcher, f: Any, x: Any) -> Any:
    """(a x + b)**s, for any constant s."""
    if not (f.is_Pow or f == x):
        return None
    base, exponent = f.as_base_exp()
    if exponent.has(x) or (line := line_of(base, x)) is None:
        return None
    if exponent == -1:
        return sp.log(base) / line[0]
    return base ** (exponent + 1) / (line[0] * (exponent + 1))


def exponentials(_: Searcher, f: Any, x: Any) -> Any:
    """Polynomial times exp(a x + b), sin(c x + d) or cos(c x + d), and products of two of these."""
    parts = _exponential_parts(f, x)
    if parts is None:
        return None
    polynomial, rate, shift, wave = parts
    if rate == 0 and wave is None:
        return None
    frequency, phase, is_sine = wave or (sp.S.Zero, sp.S.Zero, False)
    norm = rate**2 + frequency**2
    # 1 / (rate + i frequency)**(k + 1), as a pair of real and imaginary part
    step = (rate / norm, -frequency / norm)
    factor, real, imaginary = step, sp.S.Zero, sp.S.Zero
    derivative, sign = polynomial, 1
    while derivative != 0:
        real += sign * derivative * factor[0]
        imaginary += sign * derivative * factor[1]
        factor = (
            factor[0] * step[0] - factor[1] * step[1],
            factor[0] * step[1] + factor[1] * step[0],
        )
        derivative, sign = sp.diff(derivative, x), -sign
    angle = frequency * x + phase
    if wave is None:
        value = real
    elif is_sine:
        value = real * sp.sin(angle) + imaginary * sp.cos(angle)
    else:
        value = real * sp.cos(angle) - imaginary * sp.sin(angle)
    return sp.exp(rate * x + shift) * value


def _exponential_parts(f: Any, x: Any) -> Any:
    polynomial, rate, shift, wave = sp.S.One, sp.S.Zero, sp.S.Zero, None
    for factor in sp.Mul.make_args(f):
        line = None
        if isinstance(factor, sp.exp):
            line = line_of(factor.args[0], x)
        elif factor.is_Pow and not factor.base.has(x) and factor.base.is_positive:
            line = line_of(factor.exp * sp.log(factor.base), x)
        if line is not None:
            rate, shift = rate + line[0], shift + line[1]
        elif isinstance(factor, sp.sin | sp.cos) and wave is None:
            line = line_of(factor.args[0], x)
            if line is None:
                return None
            wave = (*line, isinstance(factor, sp.sin))
        elif factor.is_polynomial(x):
            polynomial = polynomial * factor
        else:
            return None
    return sp.expand(polynomial), rate, shift, wave


def gaussian(_: Searcher, f: Any, x: Any) -> Any:
    """Polynomial times exp(a x**2 + b x + c): by the error function and a recursion."""
    polynomial, exponent = sp.S.One, sp.S.Zero
    for factor in sp.Mul.make_args(f):
        if isinstance(factor, sp.exp):
            exponent += factor.args[0]
        elif factor.is_polynomial(x):
            polynomial *= factor
        else:
            return None
    quadratic, p = coefficients(exponent, x), coefficients(polynomial, x)
    if quadratic is None or len(quadratic) != 3 or p is None:
        return None
    c, b, a = quadratic
    weight = sp.exp(exponent)
    total, remaining = sp.S.Zero, list(p)
    for n in range(len(p) - 1, 0, -1):
        # x**(n-1) w differentiated is 2 a x**n w + b x**(n-1) w + (n-1) x**(n-2) w
        k = remaining[n] / (2 * a)
        total += k * x ** (n - 1) * weight
        remaining[n - 1] -= k * b
        if n >= 2:
            remaining[n - 2] -= k * (n - 1)
    if sp.expand(remaining[0]) != 0:
        root = sp.sqrt(-a)
        centre = sp.exp(sp.expand(c - b**2 / (4 * a)))
        error = sp.erf(root * x - b / (2 * root))
        total += remaining[0] * centre * sp.sqrt(sp.pi) / (2 * root) * error
    return total


def logarithms(search: Searcher, f: Any, x: Any) -> Any:
    """x**s log(a x)**n, by parts; and polynomial times log(g), atan(g), softplus(g), erf(g)."""
    whole = sp.Mul.make_args(f)
    inner = [g for g in whole if _is_slow(g.as_base_exp()[0]) and g.has(x)]
    if len(inner) != 1:
        return None
    slow, n = inner[0].as_base_exp()
    ratio = sp.cancel(f / inner[0] / slow.diff(x))
    if not ratio.has(x) and not n.has(x):
        return ratio * (sp.log(slow) if n == -1 else slow ** (n + 1) / (n + 1))
    if not (n.is_Integer and 1 <= n <= 8):
        return None
    rest = f / inner[0]
    if not _is_power(rest, x):
        return None
    first = search.of(rest, x)
    if first is None:
        return None
    if rest.is_polynomial(x) and isinstance(slow, sp.log):
        line = line_of(slow.args[0], x)
        if line is not None:  # the constant that cancels the denominator
            first = sp.factor(first - first.subs(x, -line[1] / line[0]))
    slope = slow.diff(x)
    product = (
        sp.expand(sp.cancel(first * slope))
        if (first * slope).is_rational_function(x)
        else first * slope
    )
    second = search.of(n * slow ** (n - 1) * product, x)
    return None if second is None else first * slow**n - second


def _is_slow(e: Any) -> bool:
    return isinstance(e, sp.log | sp.atan | sp.asin | sp.acos | sp.erf | sp.asinh)


def _is_power(e: Any, x: Any) -> bool:
    return all(g.is_polynomial(x) or (g.is_Pow and not g.exp.has(x)) for g in sp.Mul.make_args(e))


def squares(_: Searcher, f: Any, x: Any) -> Any:
    """1 / cos**2, 1 / sin**2, 1 / cosh**2 and tanh**2 of a line."""
    if not (f.is_Pow and f.exp in (2, -2) and len(f.base.args) == 1):
        return None
    rule = _SQUARES.get((f.base.func, int(f.exp)))
    line = line_of(f.base.args[0], x)
    return None if rule is None or line is None else rule(f.base.args[0]) / line[0]


_SQUARES: dict[Any, Callable[[Any], Any]] = {
    (sp.cos, -2): sp.tan,
    (sp.sec, 2): sp.tan,
    (sp.sin, -2): lambda y: -sp.cot(y),
    (sp.tan, 2): lambda y: sp.tan(y) - y,
    (sp.cosh, -2): sp.tanh,
    (sp.sech, 2): sp.tanh,
    (sp.tanh, 2): lambda y: y - sp.tanh(y),
}


def parts(search: Searcher, f: Any, x: Any) -> Any:
    """x**n g(x) by parts, where g has an antiderivative that does too."""
    polynomial = sp.Mul(*[g for g in sp.Mul.make_args(f) if g.is_polynomial(x)])
    rest = f / polynomial
    if not polynomial.has(x) or rest == 1 or sp.degree(polynomial, x) > 4:
        return None
    first = search.of(rest, x)
    if first is None:
        return None
    second = search.of(polynomial.diff(x) * first, x)
    return None if second is None else polynomial * first - second


def trigonometric(search: Searcher, f: Any, x: Any) -> Any:
    """Powers and products of sines and cosines: as sums of waves of the multiple angles."""
    waves = [g for g in sp.Mul.make_args(f) if isinstance(g.as_base_exp()[0], sp.sin | sp.cos)]
    count = sum(int(n) if (n := g.as_base_exp()[1]).is_Integer else 99 for g in waves)
    if len(waves) == 0 or count < 2 or count > 12 or any(g.as_base_exp()[1] < 0 for g in waves):
        return None
    total = f / sp.Mul(*waves)
    for g in waves:
        wave, n = g.as_base_exp()
        for _ in range(int(n)):
            total = sp.Add(*[_joined(term, wave) for term in sp.Add.make_args(sp.expand(total))])
    return search.of(sp.expand(total), x)


def _joined(term: Any, wave: Any) -> Any:
    """A product of two waves as a sum."""
    for other in sp.Mul.make_args(term):
        if isinstance(other, sp.sin | sp.cos):
            rest, a, b = term / other, wave.args[0], other.args[0]
            plus, minus = sp.expand(a + b), sp.expand(a - b)
            if wave.func == other.func:
                sign = -1 if isinstance(wave, sp.sin) else 1
                return rest * (sp.cos(minus) + sign * sp.cos(plus)) / 2
            difference = minus if isinstance(wave, sp.sin) else -minus
            return rest * (sp.sin(plus) + sp.sin(difference)) / 2
    return term * wave


def divides(search: Searcher, f: Any, x: Any) -> Any:
    """A substitution u = g(x) whose derivative divides the integrand."""
    for g in _inner(f, x):
        slope = g.diff(x)
        if slope == 0:
            continue
        u = sp.Dummy("u", positive=g.is_positive, real=g.is_real)
        quotient = sp.powsimp(sp.cancel(sp.together(f / slope)))
        h = quotient.subs(g, u)
        if h.has(x):
            h = _solved(h, g, u, x)
        if h.has(x):
            continue
        found = search.of(h, u)
        if found is not None:
            return found.subs(u, g)
    return None


def _solved(h: Any, g: Any, u: Any, x: Any) -> Any:
    """The rest of the integrand by u, where x**n for the power in g is a linear function of u."""
    for power in sorted(g.atoms(sp.Pow) | {x}, key=sp.default_sort_key):
        if power.has(x) and (line := g.as_independent(power)) and line[1] != 0:
            slope = sp.cancel(line[1] / power)
            if not slope.has(x) and not line[0].has(x):
                return h.subs(power, (u - line[0]) / slope)
    return h


def _inner(f: Any, x: Any) -> Iterator[Any]:
    seen = set()
    for node in sp.preorder_traversal(f):
        if node in (f, x) or not node.has(x) or node.is_Relational:
            continue
        if node not in seen and not (node.is_Mul and node.args[0].is_Number):
            seen.add(node)
            if len(seen) > 12:
                return
            yield node


def special(_: Searcher, f: Any, x: Any) -> Any:
    """Single functions of a line: tan, tanh, the logistic function, log, erf, and so on."""
    if len(f.args) != 1 or (line := line_of(f.args[0], x)) is None:
        return None
    y = f.args[0]
    rule = _TABLE.get(f.func)
    return None if rule is None else rule(y) / line[0]


_TABLE: dict[Any, Callable[[Any], Any]] = {
    sp.tan: lambda y: -sp.log(sp.cos(y)),
    sp.cot: lambda y: sp.log(sp.sin(y)),
    sp.tanh: lambda y: sp.log(sp.cosh(y)),
    sp.sinh: sp.cosh,
    sp.cosh: sp.sinh,
    sp.sech: lambda y: 2 * sp.atan(sp.exp(y)),
    sigmoid: softplus,
    sp.log: lambda y: y * sp.log(y) - y,
    sp.erf: lambda y: y * sp.erf(y) + sp.exp(-(y**2)) / sp.sqrt(sp.pi),
    sp.atan: lambda y: y * sp.atan(y) - sp.log(1 + y**2) / 2,
    sp.asin: lambda y: y * sp.asin(y) + sp.sqrt(1 - y**2),
    sp.acos: lambda y: y * sp.acos(y) - sp.sqrt(1 - y**2),
}
