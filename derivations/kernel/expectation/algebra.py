"""E, Var and Cov carried out: what is left is free of random variables, but for opaque atoms.

An expectation of a sum of terms is the sum of the expectations; each is split over equal indices,
then over independent blocks, and every block is a moment, a value under a distribution, or an
expectation that stays. All that is used of the variables is what was declared.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivations.kernel.expectation.moments import Moments
from derivations.kernel.expectation.nodes import (
    OPERATORS,
    Cov,
    E,
    Fact,
    Independent,
    Prob,
    RandomSymbol,
    Uncorrelated,
    declaration_of,
    indices_of,
    is_random_atom,
    label_of,
    variables_in,
)
from derivations.kernel.expectation.partitions import patterns, summed
from derivations.kernel.expectation.terms import Expander, Term, indicator, operators_in
from derivations.kernel.expectation.unspecified import as_expectations
from derivations.kernel.field import GiveUp

MAX_DEPTH = 12
MAX_EXPANDED = 300  # operations; a larger value is left to the rung that decides it
Group = tuple[frozenset[Any], ...]


@dataclass(frozen=True)
class Block:
    """Factors of variables that nothing declares independent, and the variables held fixed."""

    factors: tuple[tuple[Any, int], ...]
    held: frozenset[Any]


class Reducer:
    """Carries out the operators of one question.

    Attributes:
        moments: the one-variable rules, with the conditions and the evidence they collect.
    """

    def __init__(self, sides: Sequence[Any], given: Sequence[Any], deadline: float) -> None:
        labels = {s for e in (*sides, *given) for s in e.atoms(RandomSymbol)}
        laws = {s: s.declaration.law for s in labels}
        named = [s for s, law in laws.items() if law is not None and not law.specified]
        self.unspecified = sorted(named, key=lambda s: s.name)
        self.facts = [g for g in given if isinstance(g, Fact)]
        plain = [g for g in given if not isinstance(g, Fact)]
        self.unequal = frozenset(frozenset(g.args) for g in plain if isinstance(g, sp.Unequality))
        self.moments = Moments([g for g in plain if not g.has(*OPERATORS)], deadline)
        self.expander = Expander(deadline, self.value)
        self.cache: dict[Any, Any] = {}
        self.depth = 0

    def reduced(self, expression: Any) -> Any:
        """The expression with its operators carried out.

        Raises:
            GiveUp: it holds something that no rule covers, or needs too long.
        """
        read = as_expectations(expression, self.unspecified)
        return read.xreplace({o: self.value(o) for o in operators_in(read)})

    def value(self, operator: Any) -> Any:
        """The value of one operator: constants, variables held fixed and opaque operators."""
        if operator not in self.cache:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise GiveUp("conditional expectations are nested too deeply")
            self.cache[operator] = self._carried_out(operator)
            self.depth -= 1
        return self.cache[operator]

    def _carried_out(self, operator: Any) -> Any:
        held = frozenset(operator.given)
        for variable in held:
            if not is_random_atom(variable):
                raise GiveUp(f"conditioning on {variable}, which is not a variable")
        if isinstance(operator, Prob):
            return self._probability(operator.args[0], held)
        a = operator.args[0]
        mean = self._expectation(a, held)
        if isinstance(operator, E):
            return mean
        b = operator.args[1] if isinstance(operator, Cov) else a
        other = self._expectation(b, held) if isinstance(operator, Cov) else mean
        gap = self._expectation(a * b, held) - mean * other
        return sp.expand(gap) if gap.count_ops() <= MAX_EXPANDED else gap

    def _of_product(
        self, loop: Any, power: int, others: dict[Any, int], held: frozenset[Any]
    ) -> Any:
        """E of a product over an index is the product of the E, where the index keeps all apart."""
        body, (index, low, high) = loop.args
        inside = variables_in(body)
        kept_apart = all(indices_of(v) == (index,) and label_of(v).declaration.draw for v in inside)
        outside = _variables(others) | held
        blocks = self._split(frozenset(inside | outside))
        if not kept_apart or any(b & inside and b & outside for b in blocks):
            raise GiveUp("the factors of a product are not known to be independent")
        labels = [frozenset(map(label_of, b)) for b in blocks if b & inside]
        if any(len({_draw(v) for v in b}) > 1 for b in blocks if b & inside) or not labels:
            raise GiveUp("the factors of a product are not known to be independent")
        self.moments.evidence["the factors of the product are independent (declared)"] = None
        mean = self._expectation(body**power, frozenset())
        if mean.has(index):
            return sp.Product(mean, (index, low, high))
        return mean ** (high - low + 1)

    def _probability(self, event: Any, held: frozenset[Any]) -> Any:
        if isinstance(event, sp.Equality) and is_random_atom(event.lhs) and not held:
            law = declaration_of(event.lhs).law
            known = law is not None and law.specified and law.discrete and not law.family
            if law is not None and known and event.rhs.is_integer:
                low, high = law.support()
                inside = sp.And(low <= event.rhs, event.rhs <= high)
                if inside == sp.false:
                    return sp.S.Zero
                if inside != sp.true:
                    self.moments.conditions[str(inside)] = None
                return law.density(event.rhs)
        function = indicator(event)
        if function is None:
            raise GiveUp(f"the event {event} cannot be read")
        return self._expectation(function, held)

    def _expectation(self, expression: Any, held: frozenset[Any]) -> Any:
        return sp.Add(*[self._of_term(t, held) for t in self.expander.terms(expression)])

    def _of_term(self, term: Term, held: frozenset[Any]) -> Any:
        coefficient, factors = _without_constants(term)
        for loop in [f for f in factors if isinstance(f, sp.Product)]:
            others = {f: k for f, k in factors.items() if f != loop}
            coefficient *= self._of_product(loop, factors[loop], others, held)
            factors = others
        found = []
        for weight, here, fixed in self._cases(factors, held):
            if time.thread_time() > self.moments.deadline:
                raise GiveUp("out of time")
            value = coefficient * self._of_factors(here, fixed)
            if value != 0:
                found.append(summed(value, weight, term.binders))
        return sp.Add(*found)

    def _cases(
        self, factors: dict[Any, int], held: frozenset[Any]
    ) -> Iterator[tuple[Any, dict[Any, int], frozenset[Any]]]:
        """One case for each pattern of equal indices, with the indicator of the pattern."""
        entries = _variables(factors) | held
        families = sorted({_draw(v) for v in entries} - {""}, key=str)
        yield from self._coinciding(sp.S.One, factors, held, families)

    def _coinciding(
        self, weight: Any, factors: dict[Any, int], held: frozenset[Any], families: list[Any]
    ) -> Iterator[tuple[Any, dict[Any, int], frozenset[Any]]]:
        if not families:
            yield weight, factors, held
            return
        first, *rest = families
        entries = sorted(_variables(factors) | held, key=str)
        tuples = list(dict.fromkeys(indices_of(v) for v in entries if _draw(v) == first))
        if len(tuples) == 1:
            yield from self._coinciding(weight, factors, held, rest)
            return
        for indicator_, place in patterns(tuples, self.unequal):
            moved = {v: v.base[place[indices_of(v)]] for v in entries if _draw(v) == first}
            merged: dict[Any, int] = {}
            for base, k in factors.items():
                here = base.xreplace(moved)
                merged[here] = merged.get(here, 0) + k
            fixed = frozenset(moved.get(v, v) for v in held)
            yield from self._coinciding(weight * indicator_, merged, fixed, rest)

    def _of_factors(self, factors: dict[Any, int], held: frozenset[Any]) -> Any:
        value = sp.S.One
        for block in self._blocks(factors, held):
            outside = {f: k for f, k in block.factors if variables_in(f) <= block.held}
            inside = {f: k for f, k in block.factors if f not in outside}
            value *= sp.Mul(*[f**k for f, k in outside.items()])
            if inside:
                value *= self._of_block(inside, block.held)
        return value

    def _blocks(self, factors: dict[Any, int], held: frozenset[Any]) -> list[Block]:
        """The factors in independent blocks: the finest that the declarations allow."""
        groups = self._split(frozenset(_variables(factors) | held))
        for factor in factors:
            own = variables_in(factor)
            touched = [g for g in groups if g & own]
            groups = [g for g in groups if not g & own] + [frozenset().union(*touched)]
        ordered = sorted(groups, key=lambda g: sorted(map(str, g)))
        return [
            Block(tuple((f, k) for f, k in factors.items() if variables_in(f) <= g), held & g)
            for g in ordered
        ]

    def _split(self, variables: frozenset[Any]) -> list[frozenset[Any]]:
        if len(variables) < 2:
            return [variables] if variables else []
        labels = {v: label_of(v) for v in variables}
        for fact in self.facts:
            if not isinstance(fact, Independent):
                continue
            parts = [frozenset(v for v in variables if labels[v] in g) for g in fact.groups]
            parts = [p for p in parts if p]
            if len(parts) > 1 and sum(map(len, parts)) == len(variables):
                self.moments.evidence[fact.sentence()] = None
                return [piece for p in parts for piece in self._split(p)]
        draws = {_draw(v) for v in variables}
        if len(draws) == 1 and all(labels[v].declaration.draw for v in variables):
            by_index: dict[Any, set[Any]] = {}
            for v in variables:
                by_index.setdefault(indices_of(v), set()).add(v)
            if len(by_index) > 1:
                names = ", ".join(sorted({label.name for label in labels.values()}))
                self.moments.evidence[f"entries of {names} are independent (declared)"] = None
            return [frozenset(b) for b in by_index.values()]
        return [variables]

    def _of_block(self, factors: dict[Any, int], held: frozenset[Any]) -> Any:
        towered = self._tower(factors, held)
        if towered is not None:
            return towered
        variables = _variables(factors)
        if not held and len(variables) == 1:
            return self.moments.of(next(iter(variables)), factors)
        if not held and all(is_random_atom(f) and k > 0 for f, k in factors.items()):
            value = self._joint(factors)
            if value is not None:
                return value
        product = sp.Mul(*[f**k for f, k in factors.items()])
        if not held and _drawn_together(variables):
            product = product.xreplace({v: label_of(v) for v in variables})
        return E(product, given=sorted(held, key=str))

    def _joint(self, factors: dict[Any, int]) -> Any:
        """A mixed moment that the declarations settle."""
        labels = {label_of(v) for v in factors}
        law = declaration_of(next(iter(factors))).law
        if len(labels) == 1 and law is not None and law.family:
            laws = [(declaration_of(v).law, k) for v, k in factors.items()]
            powers = [(entry, k) for entry, k in laws if entry is not None]
            self.moments.evidence[f"the moments of {next(iter(labels))} ~ {type(law).__name__}"] = (
                None
            )
            return law.joint_moment(powers)
        if len(factors) == 2 and set(factors.values()) == {1}:
            x, y = factors
            for fact in self.facts:
                if isinstance(fact, Uncorrelated) and _apart(fact.groups, label_of(x), label_of(y)):
                    self.moments.evidence[fact.sentence()] = None
                    return self.moments.raw(x, 1) * self.moments.raw(y, 1)
        return None

    def _tower(self, factors: dict[Any, int], held: frozenset[Any]) -> Any:
        """The tower rule: E[h(Y) E[g | Y]] = E[h(Y) g], and E[g' E[g | Y]] = E[E[g'|Y] E[g|Y]]."""
        inner = [f for f in factors if isinstance(f, E) and variables_in(f)]
        for atom in inner:
            known = frozenset(atom.given)
            if not held <= known:
                continue
            others = {f: k for f, k in factors.items() if f != atom}
            unknown = {f: k for f, k in others.items() if not variables_in(f) <= known}
            seen = sp.Mul(*[f**k for f, k in others.items() if f not in unknown])
            if unknown:
                rest = sp.Mul(*[f**k for f, k in unknown.items()])
                averaged = self.value(E(rest, given=atom.given))
                product = atom ** factors[atom] * seen * averaged
                return self.value(E(product, given=sorted(held, key=str)))
            if factors[atom] == 1 and not any(isinstance(f, E) for f in others):
                return self.value(E(atom.args[0] * seen, given=sorted(held, key=str)))
        return None


def _variables(factors: Iterable[Any]) -> set[Any]:
    return {v for f in factors for v in variables_in(f)}


def _draw(variable: Any) -> Any:
    """What a variable's indices are compared within: what is drawn together with it."""
    label = label_of(variable)
    if variable.is_Symbol:
        return ""
    together = label.declaration.draw
    return label if together in ("", label.name) else together


def _drawn_together(variables: Iterable[Any]) -> bool:
    """Whether these are entries of one draw with equal indices, so that the index is immaterial."""
    drawn = [(label_of(v).declaration, indices_of(v)) for v in variables]
    return (
        all(d.draw and d.identical for d, _ in drawn)
        and len({d.draw for d, _ in drawn}) == 1
        and len({place for _, place in drawn}) == 1
    )


def _apart(groups: Sequence[frozenset[Any]], a: Any, b: Any) -> bool:
    return any(a in g and b in h for g in groups for h in groups if g is not h)


def _without_constants(term: Term) -> tuple[Any, dict[Any, int]]:
    """The term's constant part, exponentials included, and its random factors."""
    coefficient, factors = term.coefficient, {}
    for base, k in term.factors.items():
        if variables_in(base):
            factors[base] = k
        else:
            coefficient *= base**k
    for part in sp.Add.make_args(sp.expand(term.exponent)):
        if variables_in(part):
            factors[sp.exp(part)] = factors.get(sp.exp(part), 0) + 1
        else:
            coefficient *= sp.exp(part)
    return coefficient, factors
