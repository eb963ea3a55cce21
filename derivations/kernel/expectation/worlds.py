"""Finite joint distributions that satisfy the declarations, to refute with.

A world gives a value to every constant and, to every variable, finitely many rational values. The
variables that nothing declares independent may share a die, so that they are dependent.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise, product
from math import isqrt
from typing import Any

import sympy as sp
from flint import fmpq

from derivations.kernel.balls import Undecided
from derivations.kernel.expectation.laws import Bernoulli, Binomial
from derivations.kernel.expectation.nodes import RandomSymbol
from derivations.kernel.expectation.unspecified import Density, Discrete

Key = tuple[RandomSymbol, tuple[int, ...]]
Face = tuple[fmpq, tuple[fmpq, ...]]  # probability, and the value of each label of the die

COIN = ((fmpq(-1), fmpq(1, 2)), (fmpq(1), fmpq(1, 2)))
SKEW = ((fmpq(-1, 2), fmpq(4, 5)), (fmpq(2), fmpq(1, 5)))
PEAK = ((fmpq(-2), fmpq(1, 8)), (fmpq(0), fmpq(3, 4)), (fmpq(2), fmpq(1, 8)))
SHAPES = (COIN, SKEW, PEAK)
"""Values and probabilities with mean 0 and variance 1."""

UNCORRELATED = (
    (fmpq(8, 25), (fmpq(5, 4), fmpq(3, 4))),
    (fmpq(8, 25), (fmpq(-5, 4), fmpq(3, 4))),
    (fmpq(9, 25), (fmpq(0), fmpq(-4, 3))),
)
"""Two standardized variables that are uncorrelated and dependent."""

MEANS = tuple(fmpq(p, q) for p, q in ((1, 1), (2, 1), (-1, 1), (0, 1), (1, 2)))
SCALES = tuple(fmpq(p, q) for p, q in ((1, 1), (2, 1), (1, 2), (3, 1), (0, 1)))


class NoWorld(Exception):
    """No finite distribution of this kind satisfies the declarations."""


@dataclass(frozen=True)
class Die:
    """What is drawn together: the labels, and the faces with the labels' values."""

    labels: tuple[RandomSymbol, ...]
    faces: tuple[Face, ...]


@dataclass
class World:
    """Values for constants and dice for variables.

    Attributes:
        point: the constants.
        dice: what is drawn together; entries of families with equal indices share a throw.
        laws: the distributions of the variables that have no die, in words.
        entries: values of the entries of constant families, set on first use.
        deadline: the `time.thread_time()` at which enumerations stop.
        averages: the operators' values found so far.
    """

    point: Mapping[Any, fmpq]
    dice: list[Die]
    laws: tuple[tuple[str, str], ...] = ()
    entries: dict[tuple[Any, tuple[int, ...]], fmpq] = field(default_factory=dict)
    deadline: float = float("inf")
    averages: dict[Any, Any] = field(default_factory=dict)

    def outcomes(self, keys: set[Key], limit: int) -> Iterator[tuple[fmpq, dict[Key, fmpq]]]:
        """Every joint value of some entries, with its probability.

        Raises:
            Undecided: there are too many, or a variable has no finite distribution here.
        """
        place = {label: (d, k) for d in self.dice for k, label in enumerate(d.labels)}
        throws: dict[tuple[int, tuple[int, ...]], list[Key]] = {}
        for key in keys:
            if key[0] not in place:
                raise Undecided(f"{key[0]} takes infinitely many values")
            throws.setdefault((id(place[key[0]][0]), key[1]), []).append(key)
        groups = list(throws.values())
        sides = [place[group[0][0]][0].faces for group in groups]
        if reduce(lambda n, s: n * len(s), sides, 1) > limit:
            raise Undecided("too many outcomes to enumerate")
        for faces in product(*sides):
            probability = fmpq(1)
            outcome: dict[Key, fmpq] = {}
            for group, (p, values) in zip(groups, faces, strict=True):
                probability *= p
                outcome |= {key: values[place[key[0]][1]] for key in group}
            if time.thread_time() > self.deadline:
                raise Undecided("out of time")
            if probability != 0:
                yield probability, outcome

    def entry(self, label: Any, indices: tuple[int, ...]) -> fmpq:
        """The value of an entry of a constant family: the same one in every world."""
        place = label, indices
        if place not in self.entries:
            digest = hashlib.blake2b(f"{label}{indices}".encode(), digest_size=3).digest()
            value = fmpq(digest[0] % 5 + 1, 1 if label.is_integer else digest[1] % 2 + 1)
            free = not label.is_nonnegative
            self.entries[place] = -value if free and digest[2] % 2 else value
        return self.entries[place]

    def described(self) -> Iterator[tuple[str, str]]:
        """Each die in words: X = 0 or 2 with probability 1/2 each."""
        yield from self.laws
        for die in self.dice:
            names = [label.name for label in die.labels]
            values = [
                str(v[0]) if len(names) == 1 else f"({', '.join(map(str, v))})"
                for _, v in die.faces
            ]
            chances = [p for p, _ in die.faces]
            if len(set(chances)) == 1:
                text = " or ".join(values)
                text += f" with probability {chances[0]} each" if len(values) > 1 else " always"
            else:
                parts = zip(values, chances, strict=True)
                text = " or ".join(f"{v} with probability {p}" for v, p in parts)
            repeated = "independent draws of " if die.labels[0].declaration.draw else ""
            yield names[0] if len(names) == 1 else f"({', '.join(names)})", repeated + text


Spread = tuple[tuple[fmpq, fmpq], ...]  # values, ascending, with their probabilities


def spread(
    label: RandomSymbol, point: dict[Any, fmpq], number: int, evaluate: Any
) -> Spread | None:
    """A finite distribution of one label, as declared; None for a law with infinitely many values.

    Moments that are declared as symbols without a value get their values in `point`.

    Raises:
        NoWorld: the declaration is not met by the distribution of this number.
    """
    declared = label.declaration
    if not declared.identical:
        return None
    if declared.law is not None and not isinstance(declared.law, Density):
        return _of_law(declared.law, evaluate)
    shapes = (COIN, PEAK) if declared.symmetric else SHAPES
    shape = shapes[number % len(shapes)]
    mean = MEANS[number % len(MEANS)] if declared.mean is None else evaluate(declared.mean)
    scale = SCALES[(number // 2) % len(SCALES)]
    if declared.positive and declared.mean is None:
        mean = 3 * scale
    moments = dict(declared.moments)
    second = declared.variance
    if second is None and 2 in moments and moments[2] in point:
        second = moments[2] - declared.mean**2
    if second is not None:
        scale = _root(evaluate(second))
    values = tuple((mean + scale * z, p) for z, p in shape)
    if scale == 0:
        values = ((mean, fmpq(1)),)
    if declared.positive and any(v <= 0 for v, _ in values):
        raise NoWorld("a value is not positive")
    for k, declared_moment in moments.items():
        moment = sum((p * v**k for v, p in values), fmpq(0))
        if declared_moment.is_Symbol and declared_moment not in point:
            point[declared_moment] = moment
        if evaluate(declared_moment) != moment:
            raise NoWorld("a declared moment is not met")
    return values


def _of_law(law: Any, evaluate: Any) -> Spread | None:
    if isinstance(law, Bernoulli):
        n, p = 1, evaluate(law.p)
    elif isinstance(law, Discrete):
        size = int(evaluate(law.size).p)
        total = fmpq(size * (size + 1), 2)
        return tuple((evaluate(law.values[k]), fmpq(k) / total) for k in range(1, size + 1))
    elif isinstance(law, Binomial):
        trials = evaluate(law.n)
        if trials.q != 1 or not 0 <= trials <= 8:
            raise NoWorld("the number of trials is not small")
        n, p = int(trials.p), evaluate(law.p)
    else:
        return None
    if not 0 <= p <= 1:
        raise NoWorld("a probability is not between 0 and 1")
    found = [
        (fmpq(k), fmpq(int(sp.binomial(n, k))) * p**k * (1 - p) ** (n - k)) for k in range(n + 1)
    ]
    return tuple((v, q) for v, q in found if q != 0)


def settled(law: Any, spread_: Spread) -> dict[tuple[Any, tuple[int, ...]], fmpq]:
    """The masses of a discrete distribution that is given by symbols."""
    if not isinstance(law, Discrete):
        return {}
    return {(law.masses.label, (k,)): p for k, (_, p) in enumerate(spread_, start=1)}


def _root(x: fmpq) -> fmpq:
    if x < 0 or isqrt(int(x.p)) ** 2 != x.p or isqrt(int(x.q)) ** 2 != x.q:
        raise NoWorld("the variance is not the square of a rational number")
    return fmpq(isqrt(int(x.p)), isqrt(int(x.q)))


def coupled(labels: Sequence[RandomSymbol], spreads: Sequence[Spread], opposed: bool) -> Die:
    """One die for several labels: all rise together, or the first against the others."""
    cuts: set[fmpq] = {fmpq(0)}
    ladders = []
    for k, values in enumerate(spreads):
        ordered = sorted(values, reverse=opposed and k > 0)
        steps, level = [], fmpq(0)
        for value, p in ordered:
            level += p
            steps.append((level, value))
            cuts.add(level)
        ladders.append(steps)
    levels = sorted(cuts)
    faces = [
        (high - low, tuple(next(v for top, v in steps if top >= high) for steps in ladders))
        for low, high in pairwise(levels)
    ]
    return Die(tuple(labels), tuple(faces))
