"""Rung: rational functions over generators, decided by exact polynomial arithmetic.

Every expression becomes a fraction of integer polynomials in generators made on demand: symbols,
exponentials exp(m / D) of monomials m, logarithms and roots of irreducible factors, sums of
symbolic length in normal form, and opaque atoms. Each rewrite is an identity where both sides are
defined, so a zero numerator proves equality there. Generators need not be independent: a hidden
relation costs a proof, never truth.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.functions.special.tensor_functions import KroneckerDelta

from derivations.functions import sigmoid, softplus
from derivations.kernel.fractions import CONTEXT, ONE, WIDTH, ZERO, Fraction, TooLarge
from derivations.kernel.points import ranges_of

_EXPONENTIAL = (
    *(sp.sinh, sp.cosh, sp.tanh, sp.coth, sp.sech, sp.csch),
    *(sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc),
)
_RESTARTS = 12
_ORDERED = (">", "<", ">=", "<=")


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

    def __init__(self, deadline: float, given: Sequence[Any] = ()) -> None:
        self.deadline = deadline
        self.given = tuple(given)
        self.roots: dict[Any, int] = {}  # monomial m -> D, the generator is exp(m / D)
        self.known_ranges = ranges_of(given)
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
        self.known_signs: list[tuple[Any, bool]] | None = None

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
        if p.is_zero():
            return False
        if any(c < 0 for c in p.coeffs()):
            return bool(self.given) and self._is_given(p)
        monomials = [[(self.generators[i], e) for i, e in enumerate(m) if e] for m in p.monoms()]
        return (
            all(g.positive or (g.real and e % 2 == 0) for m in monomials for g, e in m)
            and any(all(g.positive for g, _ in m) for m in monomials)
        ) or (bool(self.given) and self._is_given(p))

    def is_nonnegative(self, p: Any) -> bool:
        """Whether a polynomial is certainly not negative."""
        if self.is_positive(p) or self._is_given(p, strict=False):
            return True
        place = self.used(p)[0] if len(self.used(p)) == 1 else -1
        single = place >= 0 and p == CONTEXT.gen(place)
        return bool(single and getattr(self.generators[place].key, "is_nonnegative", False))

    def _is_given(self, p: Any, *, strict: bool = True) -> bool:
        """Whether an assumption says that a positive multiple of the polynomial is positive."""
        if self.known_signs is None:
            self.known_signs = []  # while the assumptions are read, none of them is known
            found = []
            for relation in self.given:
                if relation.rel_op in _ORDERED and not relation.atoms(sp.Function, sp.Sum):
                    f = self.reduce(self.of(relation.gts - relation.lts))
                    if f.den.is_constant():
                        p_known = f.num if int(f.den.leading_coefficient()) > 0 else -f.num
                        found.append((p_known, relation.rel_op in (">", "<")))
            self.known_signs = found
        return any(
            _same_direction(p, q) for q, is_strict in self.known_signs if is_strict or not strict
        )

    def reduce(self, f: Fraction) -> Fraction:
        """Replace powers of roots by what they are roots of, newest root first."""
        for place in sorted(self.relations, reverse=True):
            q, value = self.relations[place]
            while f.num.degrees()[place] >= q or f.den.degrees()[place] >= q:
                f = _lower(f.num, place, q, value) * _lower(f.den, place, q, value).inverse()
        return f

    def rationalised(self, f: Fraction) -> Fraction:
        """The same fraction without square roots in its denominator."""
        for place in sorted(self.relations, reverse=True):
            q, _ = self.relations[place]
            f = self.reduce(f)
            if q == 2 and f.den.degrees()[place] == 1:
                f = self._times_conjugate(f, place)
        return f

    def _times_conjugate(self, f: Fraction, place: int) -> Fraction:
        """Numerator and denominator times the denominator with the root's sign changed."""
        other = _conjugate(f.den, place)
        den = self.reduce(Fraction(f.den * other))
        return self.reduce(Fraction(f.num * other)) * den.inverse()

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

    @contextmanager
    def inside(self, bound: Any, low: Any, high: Any) -> Iterator[None]:
        """Inside one more loop, of this index and range."""
        outer = self.scope
        self.scope = (*outer, (bound, low, high))
        try:
            yield
        finally:
            self.scope = outer

    def of(self, e: Any) -> Fraction:
        """The fraction of an expression, inside a walk; its roots are not reduced yet."""
        key = (e, self.scope) if self.scope else e
        found = self.cache.get(key)
        if found is None:
            if time.thread_time() > self.deadline:
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


def _conjugate(p: Any, place: int) -> Any:
    """A polynomial with the sign of one generator changed."""
    return CONTEXT.from_dict({m: -c if int(m[place]) % 2 else c for m, c in p.terms()})


def _same_direction(p: Any, q: Any) -> bool:
    """Whether p is a positive multiple of q."""
    a, b = p.leading_coefficient(), q.leading_coefficient()
    return bool(a * b > 0 and p * b == q * a)


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


def _imaginary_unit(field: Field, _: Any) -> Fraction:
    """exp(i pi / 2), so that it is one of the roots of unity that may occur."""
    from derivations.kernel.powers import root_of_unity

    return root_of_unity(field, sp.S.Half)


def _delta(field: Field, e: Any) -> Fraction:
    """Kronecker's delta is its own square."""
    delta = KroneckerDelta(*sorted((sp.expand(a) for a in e.args), key=sp.default_sort_key))
    if delta.is_Number:
        return field.of(delta)
    known = _assumed_delta(field.given, delta)
    if known is not None:
        return Fraction(CONTEXT.constant(known))
    g = field.generator(delta, delta, real=True)
    field.relations[field.index[delta]] = (2, g)
    return g


def _assumed_delta(given: Sequence[Any], delta: Any) -> int | None:
    """The delta's value when an assumption says that its indices differ, or agree."""
    gap = sp.expand(delta.args[0] - delta.args[1])
    for relation in given:
        difference = sp.expand(relation.lhs - relation.rhs)
        if difference in (gap, -gap) and relation.rel_op in ("!=", "<", ">", "=="):
            return int(relation.rel_op == "==")
    return None


def _entry(field: Field, e: Any) -> Fraction:
    """An entry of a family, by its expanded indices; the label carries the assumptions."""
    entry = e.base[tuple(sp.expand(i) for i in e.indices)]
    label = e.base.label
    real = bool(label.is_real) or label.is_complex is None
    return field.generator(entry, entry, positive=bool(label.is_positive), real=real)


def _rules() -> dict[Any, Callable[[Field, Any], Fraction]]:
    from derivations.kernel import powers, products, special, sums

    by_rewriting = dict.fromkeys(_EXPONENTIAL, lambda field, e: field.of(e.rewrite(sp.exp)))
    by_formula = dict.fromkeys((sigmoid, softplus), lambda field, e: field.of(e.formula()))
    return {
        **by_rewriting,
        **by_formula,
        **powers.RULES,
        **special.RULES,
        **sums.RULES,
        **products.RULES,
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
