"""Antiderivatives of rational functions, of roots of squares, and of what reduces to them."""

from __future__ import annotations

from math import gcd, lcm
from typing import Any

import sympy as sp

from derivations.functions import sigmoid
from derivations.kernel.lines import Searcher, coefficients, line_of

# SymPy's partial fractions cannot be interrupted: what may take long is not begun.
MAX_OPERATIONS = 80
MAX_DEGREE = 16
MAX_SYMBOLIC_DEGREE = 6


def rational(search: Searcher, f: Any, x: Any) -> Any:
    """Rational functions, by partial fractions."""
    if not f.is_rational_function(x) or f.is_polynomial(x) or f.count_ops() > MAX_OPERATIONS:
        return None
    num, den = sp.fraction(sp.cancel(sp.together(f)))
    denominator = coefficients(den, x)
    if denominator is not None and len(denominator) == 3 and sp.degree(num, x) < 2:
        return _over_quadratic(coefficients(num, x) or [sp.S.Zero], denominator, x)
    plain = denominator is not None and all(c.is_Rational for c in denominator)
    if sp.degree(den, x) > (MAX_DEGREE if plain else MAX_SYMBOLIC_DEGREE):
        return None
    pieces = sp.apart(num / den, x)
    if pieces.is_Add:
        found = [search.of(p, x) for p in pieces.args]
        return None if any(p is None for p in found) else sp.Add(*found)
    return None


def _over_quadratic(num: list[Any], den: list[Any], x: Any) -> Any:
    """(p x + q) / (a x**2 + b x + c)."""
    c, b, a = den
    q, p = num[0], num[1] if len(num) > 1 else sp.S.Zero
    quadratic = a * x**2 + b * x + c
    rest = sp.together(q - p * b / (2 * a))
    total = p / (2 * a) * sp.log(quadratic)
    gap = sp.factor(4 * a * c - b**2)
    if rest == 0:
        return total
    if gap == 0:
        return total - 2 * rest / (2 * a * x + b)
    if gap.is_negative or (-gap).is_positive:
        r = sp.sqrt(-gap)
        lower, upper = (2 * a * x + b - r, 2 * a * x + b + r)
        return total + rest / r * (sp.log(lower) - sp.log(upper))
    r = sp.sqrt(gap)
    return total + 2 * rest / r * sp.atan((2 * a * x + b) / r)


def over_power(search: Searcher, f: Any, x: Any) -> Any:
    """1 / (a x**2 + b x + c)**n, by lowering n."""
    if not f.is_Pow or not f.exp.is_Integer or f.exp > -2:
        return None
    quadratic = coefficients(f.base, x)
    if quadratic is None or len(quadratic) != 3:
        return None
    c, b, a = quadratic
    gap = 4 * a * c - b**2
    if sp.expand(gap) == 0:
        return None
    n = -f.exp - 1
    lower = search.of(f.base ** (-n), x)
    head = (2 * a * x + b) / (n * gap * f.base**n)
    return None if lower is None else head + 2 * a * (2 * n - 1) / (n * gap) * lower


def roots(_: Searcher, f: Any, x: Any) -> Any:
    """(c + a x**2) to the powers 1/2, -1/2 and -3/2: arc sines and their relatives."""
    if not f.is_Pow or f.exp not in (sp.Rational(1, 2), -sp.Rational(1, 2), -sp.Rational(3, 2)):
        return None
    quadratic = coefficients(f.base, x)
    if quadratic is None or len(quadratic) != 3:
        return None
    c, b, a = quadratic
    y, rest = x + b / (2 * a), sp.expand(c - b**2 / (4 * a))
    if f.exp == -sp.Rational(3, 2):
        return y / (rest * sp.sqrt(f.base))
    if a.is_negative:
        arc = sp.asin(y * sp.sqrt(-a) / sp.sqrt(rest)) / sp.sqrt(-a)
    elif a.is_positive:
        arc = sp.log(y * sp.sqrt(a) + sp.sqrt(f.base)) / sp.sqrt(a)
    else:
        return None
    return arc if f.exp < 0 else y * sp.sqrt(f.base) / 2 + rest * arc / 2


def rational_in_exponential(search: Searcher, f: Any, x: Any) -> Any:
    """Rational functions of u = exp(a x): sigmoid, tanh and their relatives."""
    g = f.replace(lambda e: isinstance(e, sigmoid), lambda e: e.formula())
    if g.has(sp.sinh, sp.cosh, sp.tanh, sp.sech, sp.csch, sp.coth):
        g = g.rewrite(sp.exp)
    rates = []
    for node in g.atoms(sp.exp):
        line = line_of(node.args[0], x)
        if line is not None and line[0] != 0:
            rates.append(line[0])
        elif node.has(x):
            return None
    if not rates:
        return None
    ratios = [sp.cancel(r / rates[0]) for r in rates]
    if not all(r.is_Rational for r in ratios):
        return None
    unit = rates[0] * sp.Rational(
        gcd(*[int(r.p) for r in ratios]), lcm(*[int(r.q) for r in ratios])
    )
    if max(abs(sp.cancel(rate / unit)) for rate in rates) > MAX_SYMBOLIC_DEGREE:
        return None
    u = sp.Dummy("u", positive=True)

    def in_u(node: Any) -> Any:
        slope, shift = line_of(node.args[0], x) or (sp.S.Zero, node.args[0])
        return u ** sp.cancel(slope / unit) * sp.exp(shift)

    h = g.replace(lambda e: isinstance(e, sp.exp) and e.has(x), in_u) / (unit * u)
    if h.has(x) or not h.is_rational_function(u):
        return None
    found = search.of(sp.cancel(sp.together(h)), u)
    if found is None:
        return None
    return found.subs(u, sp.exp(unit * x)).replace(
        lambda e: isinstance(e, sp.log) and e.args[0] == sp.exp(unit * x), lambda _: unit * x
    )
