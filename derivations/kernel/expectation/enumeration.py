"""Both sides as given under a finite joint distribution: every operator by enumeration.

Rational arithmetic is exact; a value that is not rational is a ball.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp
from flint import acb, arb, fmpq

from derivations.kernel.balls import MAX_RANGE, Undecided, Undefined, _Evaluator
from derivations.kernel.expectation.nodes import (
    OPERATORS,
    Cov,
    E,
    Prob,
    RandomSymbol,
    is_random_atom,
    label_of,
)
from derivations.kernel.expectation.worlds import Key, World

MAX_OUTCOMES = 4096
MAX_EXPONENT = 64


class Enumerator(_Evaluator):
    """Values in one world, at one outcome of the variables that are held fixed."""

    def __init__(
        self, world: World, point: Mapping[Any, fmpq], outcome: Mapping[Key, fmpq]
    ) -> None:
        super().__init__(point)
        self.world, self.outcome = world, outcome
        self.numbers: dict[Any, Any] = {}

    def value(self, node: Any) -> acb:
        """The value as a ball."""
        number = self.number(node)
        return acb(arb(number)) if isinstance(number, fmpq) else number

    def number(self, node: Any) -> Any:
        """The value: exact where it is rational, else a ball."""
        found = self.numbers.get(node)
        if found is None:
            found = self.numbers[node] = self._number(node)
        return found

    def whole(self, node: Any) -> int:
        """The value, which must be an integer."""
        number = self.number(node)
        if isinstance(number, fmpq) and number.q == 1:
            return int(number.p)
        return super().whole(node)

    def _number(self, node: Any) -> Any:
        if node.is_Rational:
            return fmpq(int(node.p), int(node.q))
        if is_random_atom(node):
            key = self.key(node)
            if key not in self.outcome:
                raise Undecided(f"no value for {node}")
            return self.outcome[key]
        if isinstance(node, sp.Indexed):
            return self.world.entry(node.base.label, tuple(self.whole(i) for i in node.indices))
        if node.is_Symbol and node in self.point:
            return self.point[node]
        if isinstance(node, OPERATORS):
            return self._averaged(node)
        if node.is_Add:
            total: Any = fmpq(0)
            for a in node.args:
                total = self._plus(total, self.number(a))
            return total
        if node.is_Mul:
            product: Any = fmpq(1)
            for a in node.args:
                product = self._times(product, self.number(a))
            return product
        if node.is_Pow and node.exp.is_Integer and abs(node.exp) <= MAX_EXPONENT:
            base = self.number(node.base)
            if isinstance(base, fmpq):
                if base == 0 and node.exp < 0:
                    raise Undefined("division by 0")
                return base ** int(node.exp)
        if isinstance(node, sp.Max | sp.Min):
            numbers = [self.number(a) for a in node.args]
            if all(isinstance(x, fmpq) for x in numbers):
                return max(numbers) if isinstance(node, sp.Max) else min(numbers)
        if isinstance(node, sp.sign | sp.Heaviside | sp.Abs):
            return self._switch(node)
        if isinstance(node, sp.Sum | sp.Product):
            return self._looped(node.args[0], list(node.args[1:]), isinstance(node, sp.Sum))
        if isinstance(node, sp.floor | sp.ceiling) and self._is_continuous(node):
            raise Undecided("a continuous variable inside a step function")
        if isinstance(node, sp.Derivative) and node.has(*OPERATORS):
            raise Undecided("a derivative of an expectation")
        if isinstance(node, sp.Piecewise):
            for branch, condition in node.args:
                if self.truth(condition):
                    return self.number(branch)
            raise Undefined("no case applies")
        return super()._compute(node)

    def truth(self, condition: Any) -> bool:
        """Whether a relation or a combination of relations holds at this outcome."""
        if isinstance(condition, sp.core.relational.Relational):
            difference = self.number(condition.lhs - condition.rhs)
            if isinstance(difference, fmpq):
                self._check_boundary(condition, difference)
                zero = sp.Rational(int(difference.p), int(difference.q))
                return bool(condition.func(zero, 0))
        return super().truth(condition)

    def _switch(self, node: Any) -> Any:
        x = self.number(node.args[0])
        if not isinstance(x, fmpq):
            return super()._compute(node)
        if isinstance(node, sp.Abs):
            return abs(x)
        self._check_boundary(node.args[0], x)
        sign = fmpq((x > 0) - (x < 0))
        if isinstance(node, sp.sign):
            return sign
        return self.number(node.args[1]) if x == 0 else (sign + 1) / 2

    def _check_boundary(self, node: Any, x: fmpq) -> None:
        """A jump exactly at a value would tell a continuous variable from its atoms."""
        if x == 0 and self._is_continuous(node):
            raise Undefined("a continuous variable stands exactly at a jump")

    def _is_continuous(self, node: Any) -> bool:
        return any(s.declaration.continuous for s in node.atoms(RandomSymbol))

    def _plus(self, x: Any, y: Any) -> Any:
        return x + y if isinstance(x, fmpq) == isinstance(y, fmpq) else acb(_ball(x) + _ball(y))

    def _times(self, x: Any, y: Any) -> Any:
        return x * y if isinstance(x, fmpq) == isinstance(y, fmpq) else acb(_ball(x) * _ball(y))

    def _looped(self, body: Any, limits: list[Any], adding: bool) -> Any:
        if not limits:
            return self.number(body)
        *inner, (index, low, high) = limits
        first, last = self.whole(low), self.whole(high)
        if last - first >= MAX_RANGE:
            raise Undecided("the range is too long to unroll")
        total: Any = fmpq(0 if adding else 1)
        for k in range(first, last + 1):
            deeper = Enumerator(self.world, {**self.point, index: fmpq(k)}, self.outcome)
            value = deeper._looped(body, inner, adding)
            total = self._plus(total, value) if adding else self._times(total, value)
        return total

    def key(self, variable: Any) -> Key:
        """A variable or an entry with its indices as numbers."""
        if not is_random_atom(variable):
            raise Undecided(f"{variable} is not a variable")
        indices = () if variable.is_Symbol else variable.indices
        return label_of(variable), tuple(self.whole(i) for i in indices)

    def keys(self, node: Any) -> set[Key]:
        """The entries on whose values the value of an expression depends."""
        if is_random_atom(node):
            return {self.key(node)}
        if isinstance(node, OPERATORS):
            return {self.key(v) for v in node.given}
        if isinstance(node, sp.Sum | sp.Product):
            return self._keys_looped(node.args[0], list(node.args[1:]))
        return {k for a in node.args if isinstance(a, sp.Basic) for k in self.keys(a)}

    def _keys_looped(self, body: Any, limits: list[Any]) -> set[Key]:
        if not limits:
            return self.keys(body)
        *inner, (index, low, high) = limits
        found: set[Key] = set()
        for k in range(self.whole(low), self.whole(high) + 1):
            deeper = Enumerator(self.world, {**self.point, index: fmpq(k)}, self.outcome)
            found |= deeper._keys_looped(body, inner)
        return found

    def _averaged(self, node: Any) -> Any:
        held = {self.key(v) for v in node.given}
        kept = tuple(sorted(((str(k), self.outcome.get(k)) for k in held), key=str))
        place = frozenset((s, self.point[s]) for s in node.free_symbols if s in self.point)
        known = (node, place, kept)
        if known not in self.world.averages:
            self.world.averages[known] = self._average(node, held)
        return self.world.averages[known]

    def _average(self, node: Any, held: set[Key]) -> Any:
        operands = node.args[:-1]
        keys = held | {k for a in operands for k in self.keys(a)}
        weights: list[fmpq] = []
        rows: list[list[Any]] = []
        for probability, outcome in self.world.outcomes(keys, MAX_OUTCOMES):
            if any(outcome[k] != self.outcome[k] for k in held):
                continue
            inner = Enumerator(self.world, self.point, outcome)
            weights.append(probability)
            if isinstance(node, Prob):
                rows.append([fmpq(inner.truth(operands[0]))])
            else:
                rows.append([inner.number(a) for a in operands])
        if not weights:
            raise Undefined("conditioning on an impossible value")
        mass = sum(weights, fmpq(0))

        def mean(values: Iterable[Any]) -> Any:
            total: Any = fmpq(0)
            for w, v in zip(weights, values, strict=True):
                total = self._plus(total, self._times(w / mass, v))
            return total

        if isinstance(node, E | Prob):
            return mean(r[0] for r in rows)
        second = 1 if isinstance(node, Cov) else 0
        product = mean(self._times(r[0], r[second]) for r in rows)
        means = self._times(mean(r[0] for r in rows), mean(r[second] for r in rows))
        return self._plus(product, -means)


def _ball(x: Any) -> acb:
    return acb(arb(x)) if isinstance(x, fmpq) else x
