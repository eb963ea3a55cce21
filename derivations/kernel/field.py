"""Rung: rational functions over generators, decided by exact polynomial arithmetic.

Every expression becomes a fraction of integer polynomials in generators made on demand: symbols,
exponentials exp(m / D) of monomials m, logarithms and roots of irreducible factors, sums of
symbolic length in normal form, and opaque atoms. Each rewrite is an identity where both sides are
defined, so a zero numerator proves equality there. Generators need not be independent: a hidden
relation costs a proof, never truth.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.functions.special.tensor_functions import KroneckerDelta

from derivations.functions import sigmoid, softplus
from derivations.kernel.fractions import CONTEXT, ONE, WIDTH, ZERO, Fraction, TooLarge

_EXPONENTIAL = (
    *(sp.sinh, sp.cosh, sp.tanh, sp.coth, sp.sech, sp.csch),
    *(sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc),
)
_RESTARTS = 12


class GiveUp(Exception):
    """This rung cannot decide the question; the text says why."""


class Refine(Exception):
    """A smaller root of an exponential showed up: start again with the larger denominator."""


@dataclass(frozen=True, slots=True)
class Generator:
    """One independent quantity.

    Attributes:
        key: what identifies it: an expression, or a tuple that begins with its kind.
        expression: what it stands for.
        positive: whether it is certainly positive.
        real: whether it is certainly real.
    """

    key: Any
    expression: Any
    positive: bool
    real: bool

    @property
    def kind(self) -> str:
        """Its kind: exp, log, root, power, sum, or empty for an atom."""
        return self.key[0] if isinstance(self.key, tuple) else ""


class Field:
    """The generators of one question and the map from expressions to fractions over them."""

    def __init__(
        self, deadline: float, ranges: Mapping[Any, tuple[Any, Any]] | None = None
    ) -> None:
        self.deadline = deadline
        self.roots: dict[Any, int] = {}  # monomial m -> D, the generator is exp(m / D)
        self.known_ranges = dict(ranges or {})
        self.bound_symbols: list[Any] = []
        self.conditions: dict[str, None] = {}
        self._reset()

    def _reset(self) -> None:
        self.generators: list[Generator] = []
        self.index: dict[Any, int] = {}
        self.relations: dict[int, tuple[int, Fraction]] = {}  # root r -> (q, f) with r**q = f
        self.cache: dict[Any, Fraction] = {}
        self.scope: tuple[tuple[Any, Any, Any], ...] = ()  # bound index, low, high; outermost first
        self.conditions.clear()

    def fraction(self, expression: Any) -> Fraction:
        """The expression as a fraction over generators.

        Raises:
            GiveUp: the expression needs too many generators, too large polynomials or too long.
        """
        return self.fractions(expression)[0]

    def fractions(self, *expressions: Any) -> list[Fraction]:
        """Several expressions over the same generators."""
        for _ in range(_RESTARTS):
            try:
                return [self.reduce(self.of(e)) for e in expressions]
            except Refine:
                self._reset()
            except TooLarge:
                raise GiveUp("the polynomials grow too large") from None
            except (RecursionError, OverflowError):
                raise GiveUp("the expression is nested too deeply") from None
        raise GiveUp("the exponents have too many denominators")

    def generator(
        self, key: Any, expression: Any, *, positive: bool = False, real: bool = False
    ) -> Fraction:
        """The generator that stands for `key`, made on first use."""
        place = self.index.get(key)
        if place is None:
            place = len(self.generators)
            if place >= WIDTH:
                raise GiveUp(f"more than {WIDTH} independent quantities")
            self.index[key] = place
            self.generators.append(Generator(key, expression, positive, real or positive))
        return Fraction(CONTEXT.gen(place))

    def used(self, *polynomials: Any) -> list[int]:
        """The places of the generators that occur."""
        degrees = [p.degrees() for p in polynomials]
        return [i for i in range(len(self.generators)) if any(d[i] for d in degrees)]

    def is_positive(self, p: Any) -> bool:
        """Whether a polynomial is certainly positive.

        No coefficient is negative, every monomial is a product of positive generators and squares
        of real ones, and one monomial has positive generators only.
        """
        if p.is_zero() or any(c < 0 for c in p.coeffs()):
            return False
        monomials = [[(self.generators[i], e) for i, e in enumerate(m) if e] for m in p.monoms()]
        return all(g.positive or (g.real and e % 2 == 0) for m in monomials for g, e in m) and any(
            all(g.positive for g, _ in m) for m in monomials
        )

    def reduce(self, f: Fraction) -> Fraction:
        """Replace powers of roots by what they are roots of, newest root first."""
        for place in sorted(self.relations, reverse=True):
            q, value = self.relations[place]
            while f.num.degrees()[place] >= q or f.den.degrees()[place] >= q:
                f = _lower(f.num, place, q, value) * _lower(f.den, place, q, value).inverse()
        return f

    def expression(self, p: Any) -> Any:
        """A polynomial over the generators as an expression."""
        terms = []
        for monomial, c in p.terms():
            factors = [self.generators[i].expression ** int(e) for i, e in enumerate(monomial) if e]
            terms.append(sp.Mul(sp.Integer(int(c)), *factors))
        return sp.Add(*terms)

    def canonical(self, e: Any) -> Any:
        """One expression for all that are equal to `e` as fractions."""
        if e.is_Atom:
            return e
        f = self.normal(self.of(e))
        return self.expression(f.num) / self.expression(f.den)

    def normal(self, f: Fraction) -> Fraction:
        """The reduced fraction in lowest terms with a positive leading denominator."""
        f = self.reduce(f)
        common = f.num.gcd(f.den)
        num, den = f.num / common, f.den / common
        if den.leading_coefficient() < 0:
            num, den = -num, -den
        return Fraction(num, den)

    def of(self, e: Any) -> Fraction:
        """The fraction of an expression, inside a walk; its roots are not reduced yet."""
        key = (e, self.scope) if self.scope else e
        found = self.cache.get(key)
        if found is None:
            if time.perf_counter() > self.deadline:
                raise GiveUp("out of time")
            found = self.cache[key] = self._compute(e)
        return found

    def _compute(self, e: Any) -> Fraction:
        if e.is_Rational:
            return Fraction(CONTEXT.constant(int(e.p)), CONTEXT.constant(int(e.q)))
        if e.is_Symbol:
            return self.generator(e, e, positive=bool(e.is_positive), real=bool(e.is_real))
        if e.is_Add:
            total = Fraction(ZERO)
            for a in e.args:
                total = total + self.of(a)
            return total
        if e.is_Mul:
            product = Fraction(ONE)
            for a in e.args:
                product = product * self.of(a)
            return product
        rule = _RULES.get(e.func)
        return rule(self, e) if rule is not None else self._opaque(e)

    def _opaque(self, e: Any) -> Fraction:
        """An atom that this rung does not look into, but for its arguments' normal form."""
        if e.is_Function:
            e = e.func(*[self.canonical(a) for a in e.args])
        elif not (e.is_Atom or isinstance(e, sp.Integral)):
            raise GiveUp(f"{type(e).__name__} is beyond rational functions")
        return self.generator(e, e, positive=bool(e.is_positive), real=bool(e.is_real))


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


def _imaginary_unit(field: Field, e: Any) -> Fraction:
    i = field.generator(e, e)
    field.relations[field.index[e]] = (2, Fraction(-ONE))
    return i


def _delta(field: Field, e: Any) -> Fraction:
    """Kronecker's delta is its own square."""
    delta = KroneckerDelta(*sorted((sp.expand(a) for a in e.args), key=sp.default_sort_key))
    if delta.is_Number:
        return field.of(delta)
    g = field.generator(delta, delta, real=True)
    field.relations[field.index[delta]] = (2, g)
    return g


def _entry(field: Field, e: Any) -> Fraction:
    """An entry of a family, by its expanded indices; the label carries the assumptions."""
    entry = e.base[tuple(sp.expand(i) for i in e.indices)]
    label = e.base.label
    real = bool(label.is_real) or label.is_complex is None
    return field.generator(entry, entry, positive=bool(label.is_positive), real=real)


def _rules() -> dict[Any, Callable[[Field, Any], Fraction]]:
    from derivations.kernel import powers, special, sums

    by_rewriting = dict.fromkeys(_EXPONENTIAL, lambda field, e: field.of(e.rewrite(sp.exp)))
    by_formula = dict.fromkeys((sigmoid, softplus), lambda field, e: field.of(e.formula()))
    return {
        **by_rewriting,
        **by_formula,
        **powers.RULES,
        **special.RULES,
        **sums.RULES,
        type(sp.I): _imaginary_unit,
        KroneckerDelta: _delta,
        sp.Indexed: _entry,
    }


class _Lazy(dict[Any, Callable[[Field, Any], Fraction]]):
    """The table of rules, made on first use: the rules' modules import this one."""

    def get(self, key: Any, default: Any = None) -> Any:
        if not self:
            self.update(_rules())
        return super().get(key, default)


_RULES = _Lazy()
