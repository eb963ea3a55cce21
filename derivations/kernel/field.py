"""Rung 3: rational functions over generators, decided by exact polynomial arithmetic.

Every expression becomes a fraction of integer polynomials in generators made on demand: symbols,
exponentials exp(m / D) of monomials m, logarithms and roots of irreducible factors, and opaque
atoms. Each rewrite is an identity where both sides are defined, so a zero numerator proves
equality there. Generators need not be independent: a hidden relation costs a proof, never truth.
"""

from __future__ import annotations

import time
from math import lcm
from typing import Any

import sympy as sp

from derivations.functions import sigmoid, softplus
from derivations.kernel.fractions import CONTEXT, ONE, WIDTH, ZERO, Fraction, TooLarge

_EXPONENTIAL = (
    *(sp.sinh, sp.cosh, sp.tanh, sp.coth, sp.sech, sp.csch),
    *(sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc),
)


class GiveUp(Exception):
    """This rung cannot decide the question; the text says why."""


class _Refine(Exception):
    """A smaller root of an exponential showed up: start again with the larger denominator."""


class Field:
    """The generators of one question and the map from expressions to fractions over them."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.roots: dict[Any, int] = {}  # monomial m -> D, the generator is exp(m / D)
        self._reset()

    def _reset(self) -> None:
        self.keys: list[Any] = []
        self.index: dict[Any, int] = {}
        self.positive: list[bool] = []
        self.real: list[bool] = []
        self.relations: dict[int, tuple[int, Fraction]] = {}  # root r -> (q, f) with r**q = f
        self.cache: dict[Any, Fraction] = {}

    def fraction(self, expression: Any) -> Fraction:
        """The expression as a fraction over generators.

        Raises:
            GiveUp: the expression needs too many generators, too large polynomials or too long.
        """
        return self.fractions(expression)[0]

    def fractions(self, *expressions: Any) -> list[Fraction]:
        """Several expressions over the same generators."""
        for _ in range(12):
            try:
                return [self.reduce(self._of(e)) for e in expressions]
            except _Refine:
                self._reset()
            except TooLarge:
                raise GiveUp("the polynomials grow too large") from None
            except (RecursionError, OverflowError):
                raise GiveUp("the expression is nested too deeply") from None
        raise GiveUp("the exponents have too many denominators")

    def generator(self, key: Any, *, positive: bool = False, real: bool = False) -> Fraction:
        """The generator that stands for `key`, made on first use."""
        place = self.index.get(key)
        if place is None:
            place = len(self.keys)
            if place >= WIDTH:
                raise GiveUp(f"more than {WIDTH} independent quantities")
            self.index[key] = place
            self.keys.append(key)
            self.positive.append(positive)
            self.real.append(real or positive)
        return Fraction(CONTEXT.gen(place))

    def is_positive(self, p: Any) -> bool:
        """Whether a polynomial is certainly positive.

        No coefficient is negative, every monomial is a product of positive generators and squares
        of real ones, and one monomial has positive generators only.
        """
        if p.is_zero() or any(c < 0 for c in p.coeffs()):
            return False
        monomials = [[(i, e) for i, e in enumerate(m) if e] for m in p.monoms()]
        return all(
            self.positive[i] or (self.real[i] and e % 2 == 0) for m in monomials for i, e in m
        ) and any(all(self.positive[i] for i, _ in m) for m in monomials)

    def reduce(self, f: Fraction) -> Fraction:
        """Replace powers of roots by what they are roots of, newest root first."""
        for place in sorted(self.relations, reverse=True):
            q, value = self.relations[place]
            f = _lower(f.num, place, q, value) * _lower(f.den, place, q, value).inverse()
        return f

    # -- the walk ---------------------------------------------------------------------------

    def _of(self, e: Any) -> Fraction:
        found = self.cache.get(e)
        if found is None:
            if time.perf_counter() > self.deadline:
                raise GiveUp("out of time")
            found = self.cache[e] = self._compute(e)
        return found

    def _compute(self, e: Any) -> Fraction:
        if e.is_Rational:
            return Fraction(CONTEXT.constant(int(e.p)), CONTEXT.constant(int(e.q)))
        if e.is_Symbol:
            return self.generator(e, positive=bool(e.is_positive), real=bool(e.is_real))
        if e.is_Add:
            total = Fraction(ZERO)
            for a in e.args:
                total = total + self._of(a)
            return total
        if e.is_Mul:
            product = Fraction(ONE)
            for a in e.args:
                product = product * self._of(a)
            return product
        if e.is_Pow:
            return self._power(*e.args)
        if isinstance(e, sp.exp):
            return self._exp(e.args[0])
        if isinstance(e, sp.log):
            return self._log(e.args[0])
        if isinstance(e, (sigmoid, softplus)):
            return self._of(e.formula())
        if e == sp.I:
            i = self.generator(sp.I)
            self.relations[self.index[sp.I]] = (2, Fraction(-ONE))
            return i
        if e == sp.E:
            return self._exp(sp.Integer(1))
        if isinstance(e, _EXPONENTIAL):
            return self._of(e.rewrite(sp.exp))
        return self._opaque(e)

    def _opaque(self, e: Any) -> Fraction:
        """An atom that this rung does not look into."""
        if not (e.is_Atom or e.is_Function or isinstance(e, (sp.Indexed, sp.Sum, sp.Integral))):
            raise GiveUp(f"{type(e).__name__} is beyond rational functions")
        return self.generator(e, positive=bool(e.is_positive), real=bool(e.is_real))

    def _power(self, base: Any, exponent: Any) -> Fraction:
        if exponent.is_Integer:
            n = int(exponent)
            if abs(n) > 10**4:
                raise GiveUp("an exponent is too large")
            f = self._of(base)
            if n < 0 and self.reduce(f).is_zero():
                raise GiveUp("a denominator is zero")
            return f**n
        if base == sp.E:
            return self._exp(exponent)
        if exponent.is_Rational:
            return self._root(base, int(exponent.p), int(exponent.q))
        f = self.reduce(self._of(base))
        if self.is_positive(f.num) and self.is_positive(f.den):
            return self._exp(exponent * sp.log(base))
        whole, rest = exponent.as_coeff_Add()
        if whole.is_Integer and whole != 0:  # b**(n + k) = b**n b**k for every b but 0
            return self._power(base, rest) * self._power(base, whole)
        return self.generator(("power", _key(f), exponent))

    def _root(self, base: Any, p: int, q: int) -> Fraction:
        """base**(p/q), split over factors that are certainly positive."""
        f = self.reduce(self._of(base))
        if f.is_zero():
            raise GiveUp("a root of zero")
        result, rest = Fraction(ONE), Fraction(ONE)
        for factor, sign in ((f.num, 1), (f.den, -1)):
            constant, parts = factor.factor()
            for part, power in [(CONTEXT.constant(abs(int(constant))), 1), *parts]:
                if self.is_positive(part):
                    result = result * self._positive_root(part, sign * power * p, q)
                else:
                    rest = rest * Fraction(part) ** (sign * power)
            if int(constant) < 0:
                rest = -rest
        if rest.num == ONE and rest.den == ONE:
            return result
        root = self.generator(("root", _key(rest), q))
        self.relations[self.index["root", _key(rest), q]] = (q, rest)
        return result * root**p

    def _positive_root(self, part: Any, p: int, q: int) -> Fraction:
        if part.is_one():
            return Fraction(ONE)
        if part.is_constant():
            result = Fraction(ONE)
            for prime, power in sp.factorint(int(part.leading_coefficient())).items():
                result = result * self._prime_root(CONTEXT.constant(int(prime)), power * p, q)
            return result
        if len(part) == 1 and sum(part.monoms()[0]) == 1:
            key = self.keys[part.monoms()[0].index(1)]
            if isinstance(key, tuple) and key[0] == "exp":
                return self._exp(key[1] * sp.Rational(p, q * self.roots.get(key[1], 1)))
        return self._prime_root(part, p, q)

    def _prime_root(self, part: Any, p: int, q: int) -> Fraction:
        whole, p = divmod(p, q)
        f = Fraction(part)
        if p == 0:
            return f**whole
        key = ("root", str(part), q)
        root = self.generator(key, positive=True)
        self.relations[self.index[key]] = (q, f)
        return f**whole * root**p

    def _exp(self, exponent: Any) -> Fraction:
        """Exp of a sum: one generator exp(m / D) for each monomial m."""
        product = Fraction(ONE)
        for monomial, c in self._terms(exponent):
            product = product * self._exp_term(monomial, c)
        return product

    def _terms(self, exponent: Any) -> list[tuple[Any, Any]]:
        expanded = sp.expand(exponent, deep=False) if exponent.is_Mul else sp.expand(exponent)
        return [(m, c) for m, c in expanded.as_coefficients_dict().items() if c != 0]

    def _exp_term(self, monomial: Any, c: Any) -> Fraction:
        if isinstance(monomial, sp.log):  # exp(c log b) = b**c, which log's own domain allows
            return self._power(monomial.args[0], c)
        logs = [a for a in sp.Mul.make_args(monomial) if isinstance(a, sp.log)]
        if len(logs) == 1:
            f = self.reduce(self._log(logs[0].args[0]))
            back = self._back(f)
            if back is not None and back != logs[0]:
                return self._exp(sp.expand(c * monomial / logs[0] * back))
        known = self.roots.get(monomial, 1)
        needed = lcm(known, int(c.q))
        if needed != known:
            self.roots[monomial] = needed
            raise _Refine
        g = self.generator(("exp", monomial), positive=bool(monomial.is_extended_real))
        return g ** int(c * known)

    def _back(self, f: Fraction) -> Any:
        """A fraction whose denominator is a constant, as an expression in its generators' keys."""
        if not f.den.is_constant():
            return None
        total = sp.S.Zero
        for monomial, c in f.num.terms():
            term = sp.Integer(int(c))
            for i, e in enumerate(monomial):
                if e:
                    key = self.keys[i]
                    if isinstance(key, tuple):
                        if key[0] != "log" or key[2] is None:
                            return None
                        key = sp.log(key[2])
                    term *= key**e
            total += term
        return total / int(f.den.leading_coefficient())

    def _log(self, argument: Any) -> Fraction:
        """log, split over factors that are certainly positive."""
        f = self.reduce(self._of(argument))
        if f.is_zero():
            raise GiveUp("log 0")
        total, rest = Fraction(ZERO), Fraction(ONE)
        for factor, sign in ((f.num, 1), (f.den, -1)):
            constant, parts = factor.factor()
            for part, power in [(CONTEXT.constant(abs(int(constant))), 1), *parts]:
                if self.is_positive(part):
                    log = self._positive_log(part)
                    total = total + log * Fraction(CONTEXT.constant(sign * power))
                else:
                    rest = rest * Fraction(part) ** (sign * power)
            if int(constant) < 0:
                rest = -rest
        if rest.num == ONE and rest.den == ONE:
            return total
        return total + self.generator(("log", _key(rest), None))

    def _positive_log(self, part: Any) -> Fraction:
        if part.is_one():
            return Fraction(ZERO)
        if part.is_constant():
            total = Fraction(ZERO)
            for prime, power in sp.factorint(int(part.leading_coefficient())).items():
                log = self.generator(("log", str(prime), sp.Integer(prime)), positive=True)
                total = total + log * Fraction(CONTEXT.constant(int(power)))
            return total
        if len(part) == 1 and sum(part.monoms()[0]) == 1:
            key = self.keys[part.monoms()[0].index(1)]
            if isinstance(key, tuple) and key[0] == "exp":
                return self._of(key[1] / self.roots.get(key[1], 1))
            if isinstance(key, tuple) and key[0] == "root":
                q, value = self.relations[self.index[key]]
                if self.is_positive(value.num) and value.den.is_one():
                    inner = self._positive_log(value.num)
                    return inner * Fraction(ONE, CONTEXT.constant(q))
            elif not isinstance(key, tuple):
                return self.generator(("log", str(part), key))
        return self.generator(("log", str(part), None))


def _key(f: Fraction) -> tuple[str, str]:
    content = f.num.gcd(f.den)
    num, den = f.num / content, f.den / content
    if den.leading_coefficient() < 0:
        num, den = -num, -den
    return str(num), str(den)


def _lower(p: Any, place: int, q: int, value: Fraction) -> Fraction:
    """A polynomial with r**q replaced by `value`, r the generator at `place`."""
    if p.degrees()[place] < q:
        return Fraction(p)
    by_power: dict[int, dict[tuple[int, ...], Any]] = {}
    for monomial, c in p.terms():
        whole, left = divmod(int(monomial[place]), q)
        lowered = (*monomial[:place], left, *monomial[place + 1 :])
        by_power.setdefault(whole, {})[lowered] = c
    total = Fraction(ZERO)
    for whole, terms in by_power.items():
        total = total + Fraction(CONTEXT.from_dict(terms)) * value**whole
    return total


def equal(lhs: Any, rhs: Any, deadline: float) -> bool:
    """Whether lhs - rhs is the zero fraction: a proof of equality where both are defined.

    Raises:
        GiveUp: the rung cannot decide.
    """
    return Field(deadline).fraction(lhs - rhs).is_zero()
