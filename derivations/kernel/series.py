"""Sums in closed form: the binomial, exponential and geometric series, and telescoping.

Falling factorials k (k - 1) ... (k - j + 1) turn each known series into its j-th derivative, so a
polynomial in front of the terms costs nothing but its expansion in them.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.polys.polyerrors import BasePolynomialError

from derivations.kernel import limits
from derivations.kernel.certificates import Certificate, Equality, Telescoper, equal, shown
from derivations.kernel.field import GiveUp
from derivations.kernel.hypergeometric import telescoper
from derivations.kernel.obligations import Obligations
from derivations.kernel.recurrences import solved

MAX_POLYNOMIAL = 12
MAX_START = 24


class Summation:
    """One evaluation: the evidence and the certificates it gathers."""

    def __init__(self, obligations: Obligations) -> None:
        self.obligations = obligations
        self.evidence: list[str] = []
        self.certificates: list[Certificate] = []

    def sum(self, node: Any) -> Any:
        """The value of a `Sum`, its innermost limits first."""
        body, *inner, (index, *bounds) = node.args
        if len(bounds) != 2:
            raise GiveUp("a sum without limits")
        term = sp.Sum(body, *inner) if inner else body
        return self.definite(term, index, *map(sp.expand, bounds))

    def definite(self, term: Any, index: Any, low: Any, high: Any) -> Any:
        """The sum of the term over the index from low to high.

        Raises:
            GiveUp: it diverges, or no proof of a value was found.
        """
        if any(end.is_integer is False and end.is_finite for end in (low, high)):
            raise GiveUp("a sum between numbers that are not whole")
        for node in sorted(term.atoms(sp.Sum), key=sp.default_sort_key):
            inner = Summation(self.obligations.inside(index, low, high, closed=True))
            term = term.xreplace({node: inner.sum(node)})
            self.obligations.take(inner.obligations, index)
            self.evidence += inner.evidence
            self.certificates += inner.certificates
        k = sp.Dummy(index.name, integer=True, nonnegative=low.is_nonnegative or None)
        term = term.subs(index, k)
        if low == -sp.oo:
            return self.definite(term.subs(k, -k), k, -high, sp.oo)
        if not term.has(k):
            if high == sp.oo and term != 0:
                raise GiveUp("the sum of a constant over an infinite range diverges")
            return term * (high - low + 1) if term != 0 else term
        routes = (
            (self._by_series, self._by_telescoping)
            if high == sp.oo
            else (self._by_binomial_theorem, self._by_telescoping, self._by_recurrence)
        )
        reasons = []
        for route in routes:
            kept = dict(self.obligations.assumed)
            try:
                return route(term, k, low, high)
            except GiveUp as error:
                self.obligations.forget(kept)
                reasons.append(str(error))
            except BasePolynomialError:
                reasons.append("the term is not hypergeometric")
        raise GiveUp("; ".join(dict.fromkeys(reasons)))

    def _by_binomial_theorem(self, term: Any, k: Any, low: Any, high: Any) -> Any:
        """C(n, k) x**k y**(n - k) times a polynomial in k, over all k."""
        n = high
        if not (low.is_Integer and 0 <= low <= MAX_START and n.is_integer):
            raise GiveUp("the sum does not run over all k of the binomial theorem")
        total = -sp.Add(*[term.subs(k, i) for i in range(int(low))])
        for part in sp.Add.make_args(_spread(term)):
            weight = _binomial_weight(part, k, n)
            c, x, y, polynomial = _geometric_parts(part / weight, k)
            prefactor = sp.powsimp(c * y ** (-n))
            falling = _falling(polynomial, k)
            base = sp.expand(x + y)
            template = prefactor * sp.binomial(n, k) * polynomial * x**k * y ** (n - k)
            self._certify(template, part, "a term of the binomial theorem")
            if max(falling) > 0 and base != 1:
                self.obligations.require_nonzero(base)
            total += prefactor * sp.Add(
                *[a * _ff(n, j) * x**j * base ** (n - j) for j, a in falling.items()]
            )
        self.obligations.require_at_least(n, max(0, int(low) - 1))
        self.evidence.append("the binomial theorem, differentiated for the powers of the index")
        return total

    def _by_series(self, term: Any, k: Any, low: Any, _: Any) -> Any:
        """Exponential and negative binomial series, from 0; a later start takes terms away."""
        if not (low.is_Integer and abs(int(low)) <= MAX_START):
            raise GiveUp("an infinite sum that does not start at a small integer")
        total = sp.S.Zero
        for part in sp.Add.make_args(_spread(term)):
            total += self._one_series(part, k, int(low))
        return total

    def _one_series(self, part: Any, k: Any, low: int) -> Any:
        rules = (_Exponential, _NegativeBinomial, _Logarithmic, _Zeta)
        for rule in rules:
            match = rule.match(part, k)
            if match is None:
                continue
            value, template, start = match.value(self.obligations)
            self._certify(template, part, rule.says)
            self.evidence.append(rule.says)
            for i in range(start, low):
                value -= part.subs(k, i)
            for i in range(low, start):
                value += part.subs(k, i)
            return value
        raise GiveUp(f"no known series has the term {shown(part)}")

    def _certify(self, template: Any, part: Any, says: str) -> None:
        if not equal(template, part, self.obligations.deadline):
            raise GiveUp(f"the term is not {says}")
        self.certificates.append(Equality(template, part, says))

    def _by_telescoping(self, term: Any, k: Any, low: Any, high: Any) -> Any:
        candidate = telescoper(term, k, self.obligations.deadline)
        certificate = Telescoper(candidate, term, k)
        if not equal(candidate.subs(k, k + 1) - candidate, term, self.obligations.deadline):
            raise GiveUp("the telescoper could not be checked")
        require_regular(candidate, k, low, self.obligations)
        if high == sp.oo:
            upper = limits.at(candidate, k, sp.oo, "-", self.obligations)
            if upper.has(sp.oo, -sp.oo):
                raise GiveUp("the sum diverges")
        else:
            self.obligations.require_at_least(high - low, -1)
            upper = candidate.subs(k, high + 1)
        self.certificates.append(certificate)
        self.evidence.append(f"the terms telescope: they are steps of {shown(candidate)}")
        return upper - candidate.subs(k, low)

    def _by_recurrence(self, term: Any, k: Any, low: Any, high: Any) -> Any:
        for n in sorted(high.free_symbols, key=str):
            if n.is_integer and not (high - n).has(n):
                value, certificates = solved(term, k, low, high, n, self.obligations)
                self.certificates += certificates
                self.evidence.append(f"a recurrence in {n}, certified by telescoping (Zeilberger)")
                return value
        raise GiveUp("no size to set up a recurrence in")


def require_regular(candidate: Any, k: Any, low: Any, obligations: Obligations) -> None:
    """Certify that the candidate has no pole at any whole k >= low.

    Raises:
        GiveUp: that is not certain.
    """
    beyond = low + sp.Dummy("r", real=True) ** 2
    for node in candidate.atoms(sp.Pow):
        if node.exp.is_negative or not (node.exp.is_Integer or node.exp.is_nonnegative):
            if not node.base.has(k):
                obligations.require_nonzero(node.base)
            elif not obligations.nonzero(node.base.subs(k, beyond)):
                raise GiveUp(f"{shown(node.base)} may vanish in the range of the sum")
    for node in candidate.atoms(sp.gamma, sp.factorial, sp.binomial, sp.log):
        for argument in _must_be_positive(node):
            if not obligations.positive(argument.subs(k, beyond)):
                raise GiveUp(f"{shown(node)} may be undefined in the range of the sum")


def _must_be_positive(node: Any) -> tuple[Any, ...]:
    if isinstance(node, sp.binomial):  # 1 / gamma has no pole: only the upper entry matters
        return (node.args[0] + 1,)
    shift = 1 if isinstance(node, sp.factorial) else 0
    return (node.args[0] + shift,)


def _spread(term: Any) -> Any:
    """The term with sums multiplied out, but powers of sums kept."""
    return sp.expand(sp.expand_power_exp(term), power_base=False, multinomial=True, log=False)


def _binomial_weight(part: Any, k: Any, n: Any) -> Any:
    for factor in sp.Mul.make_args(part):
        if factor in (sp.binomial(n, k), sp.binomial(n, n - k)):
            return factor
    if part.has(sp.factorial, sp.gamma):
        return sp.binomial(n, k)
    raise GiveUp("no binomial coefficient of the theorem's kind")


def _geometric_parts(part: Any, k: Any) -> tuple[Any, Any, Any, Any]:
    """Factors of c x**k y**(-k) P(k)."""
    c, x, y, polynomial = sp.S.One, sp.S.One, sp.S.One, sp.S.One
    for factor in sp.Mul.make_args(part):
        base, exponent = factor.as_base_exp()
        if not factor.has(k):
            c = c * factor
        elif not base.has(k):
            slope = sp.expand(exponent).coeff(k)
            rest = sp.expand(exponent - slope * k)
            if rest.has(k):
                raise GiveUp(f"{shown(factor)} is not geometric")
            c = c * base**rest
            if slope.could_extract_minus_sign() and base != sp.E:
                y = y * base ** (-slope)
            else:
                x = x * base**slope
        elif factor.is_polynomial(k):
            polynomial = polynomial * factor
        else:
            raise GiveUp(f"{shown(factor)} is neither geometric nor a polynomial")
    return c, x, y, polynomial


def _falling(polynomial: Any, k: Any) -> dict[int, Any]:
    """A polynomial by falling factorials: the coefficient of each."""
    p = sp.Poly(sp.expand(polynomial), k)
    if p.degree() > MAX_POLYNOMIAL:
        raise GiveUp("the polynomial's degree is too high")
    found: dict[int, Any] = {0: sp.S.Zero}
    for (i,), c in p.terms():
        for j in range(i + 1):
            s = sp.functions.combinatorial.numbers.stirling(i, j)
            found[j] = found.get(j, sp.S.Zero) + c * s
    return {j: a for j, a in found.items() if a != 0} or {0: sp.S.Zero}


def _ff(n: Any, j: int) -> Any:
    return sp.Mul(*[n - i for i in range(j)])


class _Exponential:
    """P(k) x**k / k!."""

    says = "the exponential series, differentiated for the powers of the index"

    def __init__(self, c: Any, x: Any, polynomial: Any, k: Any) -> None:
        self.c, self.x, self.polynomial, self.k = c, x, polynomial, k

    @classmethod
    def match(cls, part: Any, k: Any) -> Any:
        weight = next(
            (w for w in (1 / sp.factorial(k), 1 / sp.gamma(k + 1)) if w in sp.Mul.make_args(part)),
            None,
        )
        if weight is None:
            return None
        c, x, y, polynomial = _geometric_parts(part / weight, k)
        return cls(c, x / y, polynomial, k)

    def value(self, _: Obligations) -> tuple[Any, Any, int]:
        terms = [a * self.x**j for j, a in _falling(self.polynomial, self.k).items()]
        value = self.c * sp.exp(self.x) * sp.Add(*terms)
        template = self.c * self.polynomial * self.x**self.k / sp.factorial(self.k)
        return sp.powsimp(value) if self.c.has(sp.exp) else value, template, 0


class _NegativeBinomial:
    """P(k) C(k + r - 1, k) x**k; r = 1 is the geometric series."""

    says = "the geometric series or a negative binomial one, differentiated for powers of the index"

    def __init__(self, c: Any, x: Any, polynomial: Any, k: Any, r: Any) -> None:
        self.c, self.x, self.polynomial, self.k, self.r = c, x, polynomial, k, r

    @classmethod
    def match(cls, part: Any, k: Any) -> Any:
        r, weight = sp.S.One, sp.S.One
        for factor in sp.Mul.make_args(part):
            if isinstance(factor, sp.binomial):
                top, bottom = factor.args
                bottom = bottom if bottom.has(k) else sp.expand(top - bottom)
                r, weight = sp.expand(top - k + 1), factor
                if bottom != k or r.has(k):
                    return None
        try:
            c, x, y, polynomial = _geometric_parts(part / weight, k)
        except GiveUp:
            return None
        return cls(c, x / y, polynomial, k, r)

    def value(self, obligations: Obligations) -> tuple[Any, Any, int]:
        k, x, r = self.k, self.x, self.r
        obligations.require_positive(1 - x)
        if not obligations.sign(x) <= {0, 1}:
            obligations.require_positive(1 + x)
        terms = [
            a * sp.Mul(*[r + i for i in range(j)]) * x**j * (1 - x) ** (-r - j)
            for j, a in _falling(self.polynomial, k).items()
        ]
        weight = sp.S.One if r == 1 else sp.binomial(k + r - 1, k)
        return self.c * sp.Add(*terms), self.c * self.polynomial * weight * x**k, 0


class _Logarithmic:
    """x**k / k, from 1."""

    says = "the logarithmic series"

    def __init__(self, c: Any, x: Any, k: Any) -> None:
        self.c, self.x, self.k = c, x, k

    @classmethod
    def match(cls, part: Any, k: Any) -> Any:
        try:
            c, x, y, polynomial = _geometric_parts(part * k, k)
        except GiveUp:
            return None
        return cls(c, x / y, k) if polynomial == 1 and x / y != 1 else None

    def value(self, obligations: Obligations) -> tuple[Any, Any, int]:
        if self.x != -1:
            obligations.require_positive(1 - self.x)
            obligations.require_positive(1 + self.x)
        return -self.c * sp.log(1 - self.x), self.c * self.x**self.k / self.k, 1


class _Zeta:
    """1 / k**s for even s, from 1."""

    says = "a value of the zeta function at an even number"

    def __init__(self, c: Any, s: Any, k: Any) -> None:
        self.c, self.s, self.k = c, s, k

    @classmethod
    def match(cls, part: Any, k: Any) -> Any:
        c, rest = part.as_independent(k, as_Add=False)
        base, exponent = rest.as_base_exp()
        even = exponent.is_Integer and exponent <= -2 and exponent % 2 == 0
        return cls(c, -exponent, k) if base == k and even else None

    def value(self, _: Obligations) -> tuple[Any, Any, int]:
        return self.c * sp.zeta(self.s), self.c * self.k ** (-self.s), 1
