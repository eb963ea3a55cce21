"""The search for a world in which the two sides differ."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import sympy as sp
from flint import fmpq

from derivations.kernel.balls import Undecided, Undefined
from derivations.kernel.expectation.enumeration import Enumerator
from derivations.kernel.expectation.laws import Bernoulli, Binomial, Geometric
from derivations.kernel.expectation.nodes import (
    OPERATORS,
    Declaration,
    Distributed,
    Fact,
    Independent,
    RandomSymbol,
    Uncorrelated,
)
from derivations.kernel.expectation.worlds import (
    UNCORRELATED,
    Die,
    NoWorld,
    World,
    coupled,
    settled,
    spread,
)
from derivations.kernel.field import GiveUp
from derivations.kernel.points import _allowed

ATTEMPTS = 12
STRIDES = (1, 0, 2, 1)  # constants of one kind are mostly different, and sometimes equal
SIZES = tuple(fmpq(n) for n in (2, 3, 4, 1))
NUMBERS = tuple(fmpq(p, q) for p, q in ((2, 1), (3, 1), (1, 2), (-1, 1), (1, 1), (0, 1), (3, 2)))
SQUARES = tuple(fmpq(p, q) for p, q in ((1, 1), (4, 1), (1, 4), (9, 1)))
CHANCES = tuple(fmpq(p, q) for p, q in ((1, 2), (1, 3), (3, 4), (1, 5)))
SMALL = tuple(fmpq(p, q) for p, q in ((1, 1), (2, 1), (0, 1), (-1, 1), (3, 1)))


class Search:
    """All worlds of one question, in a fixed order."""

    def __init__(self, sides: Sequence[Any], given: Sequence[Any], deadline: float) -> None:
        self.deadline = deadline
        self.facts = [g for g in given if isinstance(g, Fact)]
        self.given = [g for g in given if not isinstance(g, Fact)]
        everything = [*sides, *self.given]
        spoken_of = [g for g in given if isinstance(g, Distributed)]
        labels = {s for e in (*everything, *spoken_of) for s in e.atoms(RandomSymbol)}
        self.labels = sorted(labels, key=lambda s: (s.name, str(s.declaration)))
        self.symbols = self._constants(everything)
        self.declared = _declared_symbols(self.labels)

    def _constants(self, everything: Sequence[Any]) -> list[Any]:
        families = {b.label for e in everything for b in e.atoms(sp.IndexedBase)}
        free = {s for e in everything for s in _free(e) if s.is_Symbol}
        for label in self.labels:
            declared = label.declaration
            parts = [declared.mean, declared.variance, *(m for _, m in declared.moments)]
            parts += declared.law.parameters if declared.law is not None else ()
            for part in (p for p in parts if p is not None):
                free |= {s for s in part.free_symbols if s.is_Symbol}
                families |= {base.label for base in part.atoms(sp.IndexedBase)}
        plain = [s for s in free - families if not isinstance(s, RandomSymbol)]
        return sorted((s for s in plain if not s.is_Dummy), key=lambda s: s.name)

    def worlds(self) -> Iterator[World]:
        """Worlds that satisfy every declaration and every assumption."""
        for attempt in range(ATTEMPTS):
            for mode in ("together", "alone", "opposed", "uncorrelated"):
                if time.thread_time() > self.deadline:
                    return
                try:
                    world = self._world(attempt, mode)
                except (NoWorld, Undecided, Undefined, GiveUp, ZeroDivisionError):
                    continue
                if world is not None:
                    yield world

    def _world(self, attempt: int, mode: str) -> World | None:
        point: dict[Any, fmpq] = {}
        for s in self.symbols:
            pool = _pool(s, self.declared.get(s, ""))
            place = sum(1 for t in point if _pool(t, self.declared.get(t, "")) is pool)
            if self.declared.get(s) != "derived":
                value = pool[(attempt + place * STRIDES[attempt % len(STRIDES)]) % len(pool)]
                point[s] = abs(value) if s.is_nonnegative else value
        solved = self._solved_symbols()
        for s in solved:
            point.pop(s, None)
        if not all(_allowed(s, v) for s, v in point.items()):
            return None

        def evaluate(expression: Any) -> fmpq:
            number = Enumerator(World(point, []), point, {}).number(expression)
            if not isinstance(number, fmpq):
                raise NoWorld("a declared quantity is not rational")
            return number

        spreads = {}
        for k, label in enumerate(self.labels):
            # Alike when drawn together: a joint distribution with two values is easy to check.
            number = attempt if mode == "together" else attempt + k
            found = spread(label, point, number, evaluate)
            if found is not None:
                spreads[label] = found
        clusters = self._clusters([s for s in self.labels if s in spreads], mode)
        if mode != "alone" and all(len(c) == 1 for c in clusters):
            return None
        dice = []
        for cluster in clusters:
            if mode == "uncorrelated":
                dice.append(_uncorrelated(cluster, [spreads[s] for s in cluster]))
            else:
                dice.append(coupled(cluster, [spreads[s] for s in cluster], mode == "opposed"))
        values = {s: sp.Rational(int(v.p), int(v.q)) for s, v in point.items()}
        laws = tuple(
            (s.name, str(s.declaration.law.at(values)))
            for s in self.labels
            if s not in spreads and s.declaration.law is not None and not s.declaration.law.family
        )
        entries: dict[Any, fmpq] = {}
        for s, found in spreads.items():
            entries |= settled(s.declaration.law, found)
        world = World(point, dice, laws, entries, self.deadline)
        return world if self._satisfied(world, point, solved) else None

    def _solved_symbols(self) -> dict[Any, Any]:
        """Constants that an assumed equation defines: c in Eq(Cov(X, Y), c)."""
        found: dict[Any, Any] = {}
        for g in self.given:
            if isinstance(g, sp.Equality) and g.has(*OPERATORS):
                pairs = ((g.lhs, g.rhs), (g.rhs, g.lhs))
                found |= {side: other for side, other in pairs if side in self.symbols}
        return found

    def _satisfied(self, world: World, point: dict[Any, fmpq], solved: dict[Any, Any]) -> bool:
        for fact in self.facts:
            if isinstance(fact, Uncorrelated) and not all(
                _uncorrelated_in(die, fact) for die in world.dice
            ):
                return False
        for symbol, expression in solved.items():
            value = Enumerator(world, point, {}).number(expression)
            if not isinstance(value, fmpq) or not _allowed(symbol, value):
                return False
            point[symbol] = value
        evaluator = Enumerator(world, point, {})
        return all(evaluator.truth(g) for g in self.given)

    def _clusters(self, labels: list[RandomSymbol], mode: str) -> list[list[RandomSymbol]]:
        """Labels that may share a die; each fact's groups stay apart."""
        clusters: list[list[RandomSymbol]] = []
        for label in labels:
            home = None
            if mode != "alone":
                home = next((c for c in clusters if self._together([*c, label], mode)), None)
            if home is None:
                clusters.append([label])
            else:
                home.append(label)
        return clusters

    def _together(self, labels: list[RandomSymbol], mode: str) -> bool:
        if mode == "uncorrelated" and len(labels) > 2:
            return False
        if len({bool(s.declaration.draw) for s in labels}) > 1:
            return False
        own = set(labels)
        facts = [f for f in self.facts if isinstance(f, Independent)]
        return all(sum(1 for g in f.groups if g & own) <= 1 for f in facts)


def _free(expression: Any) -> set[Any]:
    """Free symbols, those of declarations not included."""
    return set(expression.free_symbols)


def _declared_symbols(labels: Sequence[RandomSymbol]) -> dict[Any, str]:
    """Symbols whose values are limited by what they declare."""
    kinds: dict[Any, str] = {}
    for label in labels:
        declared = label.declaration
        for _, moment in declared.moments:
            if moment.is_Symbol:
                kinds[moment] = "derived"
        if declared.variance is not None and declared.variance.is_Symbol:
            kinds[declared.variance] = "square"
        law = declared.law
        if isinstance(law, Bernoulli | Binomial | Geometric) and law.p.is_Symbol:
            kinds[law.p] = "chance"
    return kinds


def _pool(symbol: Any, kind: str) -> tuple[fmpq, ...]:
    """The values that a constant may get, by what it stands for."""
    if kind == "chance":
        return CHANCES
    if kind == "square":
        return SQUARES
    if symbol.is_integer:
        return SIZES if symbol.is_positive else SMALL
    return NUMBERS


def _uncorrelated(cluster: Sequence[RandomSymbol], spreads: Sequence[Any]) -> Die:
    """Two standardized variables, uncorrelated and dependent, moved to their means and scales."""
    if len(cluster) != 2:
        return coupled(cluster, spreads, False)
    if any(s.declaration.law or s.declaration.symmetric or s.declaration.moments for s in cluster):
        raise NoWorld("the shape is declared")
    placed = []
    for values in spreads:
        mean = sum((p * v for v, p in values), fmpq(0))
        variance = sum((p * (v - mean) ** 2 for v, p in values), fmpq(0))
        scale = next((s for s in (fmpq(1), fmpq(2), fmpq(1, 2), fmpq(3)) if s**2 == variance), None)
        if scale is None:
            raise NoWorld("the scale is not one of those tried")
        placed.append((mean, scale))
    faces = tuple(
        (p, tuple(m + s * z for (m, s), z in zip(placed, values, strict=True)))
        for p, values in UNCORRELATED
    )
    return Die(tuple(cluster), faces)


def _uncorrelated_in(die: Die, fact: Uncorrelated) -> bool:
    for i, a in enumerate(die.labels):
        for j in range(i + 1, len(die.labels)):
            b = die.labels[j]
            if any(a in g and b not in g for g in fact.groups) and any(
                b in g and a not in g for g in fact.groups
            ):
                pairs = [(p, v[i], v[j]) for p, v in die.faces]
                product = sum((p * x * y for p, x, y in pairs), fmpq(0))
                means = sum((p * x for p, x, _ in pairs), fmpq(0)) * sum(
                    (p * y for p, _, y in pairs), fmpq(0)
                )
                if product != means:
                    return False
    return True


def identifications(
    labels: Sequence[RandomSymbol], facts: Sequence[Fact]
) -> Iterator[tuple[RandomSymbol, RandomSymbol, dict[Any, Any]]]:
    """Pairs of variables of which the first may be the second, with what to put for what.

    The first is undeclared, or has a distribution of the same kind with free parameters.
    """
    for old in labels:
        for new in labels:
            law, other = old.declaration.law, new.declaration.law
            if old == new or other is None or not other.specified or other.family:
                continue
            if new.declaration.draw or any({old, new} <= set().union(*f.groups) for f in facts):
                continue
            if old.declaration == Declaration():
                yield old, new, {old: new}
            elif type(law) is type(other) and law is not None and not old.declaration.draw:
                pairs = list(zip(law.parameters, other.parameters, strict=True))
                names = [a for a, _ in pairs]
                alike = all(a.is_Symbol and a.assumptions0 == b.assumptions0 for a, b in pairs)
                if alike and len(set(names)) == len(names):
                    yield old, new, {old: new, **dict(pairs)}
