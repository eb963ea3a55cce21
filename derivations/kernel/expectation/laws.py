"""Distributions: density or mass function, support, moments and moment generating function.

The moments are formulas for speed; a test derives each of them up to `CHECKED_MOMENTS` from the
density or the mass function, and higher ones are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import sympy as sp
from sympy.functions.combinatorial.numbers import stirling

CHECKED_MOMENTS = 6


@dataclass(frozen=True)
class Law:
    """A distribution with symbolic parameters."""

    discrete = False
    family = False
    specified = True  # its moments and probabilities are known

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, sp.sympify(getattr(self, field.name)))

    def __str__(self) -> str:
        inside = ", ".join(str(getattr(self, f.name)) for f in fields(self))
        return f"{type(self).__name__}({inside})"

    def at(self, here: Mapping[Any, Any]) -> Law:
        """The distribution with expressions put in the place of symbols."""
        return type(self)(*(getattr(self, f.name).xreplace(here) for f in fields(self)))

    @property
    def parameters(self) -> tuple[Any, ...]:
        """The parameters, in the order of the declaration."""
        return tuple(getattr(self, f.name) for f in fields(self))

    def density(self, x: Any) -> Any:
        """The density, or the probability of the value x, inside the support."""
        return self._density(x)

    def support(self) -> tuple[Any, Any]:
        """The least and the greatest value."""
        return self._support()

    def moment(self, k: int) -> Any:
        """E[X^k] for k = 0, 1, ..."""
        return self._moment(k)

    def joint_moment(self, powers: Sequence[tuple[Law, int]]) -> Any:
        """E[product of X[i]^k] over different entries of a family, from the law of each entry."""
        return self._joint_moment(powers)

    def mgf(self, t: Any) -> Any:
        """E[exp(t X)], or None where there is no closed form."""
        return self._mgf(t)

    def mgf_condition(self, t: Any) -> Any:
        """Where the moment generating function is finite."""
        return self._mgf_condition(t)

    def is_even(self) -> bool:
        """Whether X and -X certainly have the same distribution."""
        return self._is_even()

    def _density(self, x: Any) -> Any:
        raise NotImplementedError

    def _support(self) -> tuple[Any, Any]:
        raise NotImplementedError

    def _moment(self, k: int) -> Any:
        raise NotImplementedError

    def _joint_moment(self, powers: Sequence[tuple[Law, int]]) -> Any:
        raise NotImplementedError

    def _mgf(self, t: Any) -> Any:  # noqa: ARG002 - the default has none
        return None

    def _mgf_condition(self, t: Any) -> Any:  # noqa: ARG002 - most have none
        return sp.true

    def _is_even(self) -> bool:
        return False


def _from_factorial_moments(k: int, factorial_moment: Callable[[int], Any]) -> Any:
    """E[X^k] as the sum of the Stirling numbers S(k, j) times E[X (X - 1) ... (X - j + 1)]."""
    return sp.Add(*[stirling(k, j) * factorial_moment(j) for j in range(k + 1)])


def _falling(n: Any, j: int) -> Any:
    return sp.Mul(*[n - i for i in range(j)])


def _rising(a: Any, j: int) -> Any:
    return sp.Mul(*[a + i for i in range(j)])


@dataclass(frozen=True)
class Normal(Law):
    """The Gaussian with mean mu and variance sigma2."""

    mu: Any
    sigma2: Any

    def _density(self, x: Any) -> Any:
        return sp.exp(-((x - self.mu) ** 2) / (2 * self.sigma2)) / sp.sqrt(2 * sp.pi * self.sigma2)

    def _support(self) -> tuple[Any, Any]:
        return -sp.oo, sp.oo

    def _moment(self, k: int) -> Any:
        terms = [
            sp.binomial(k, 2 * j)
            * sp.factorial2(2 * j - 1)
            * self.sigma2**j
            * self.mu ** (k - 2 * j)
            for j in range(k // 2 + 1)
        ]
        return sp.Add(*terms)

    def _mgf(self, t: Any) -> Any:
        return sp.exp(self.mu * t + self.sigma2 * t**2 / 2)

    def _is_even(self) -> bool:
        return bool(self.mu == 0)


@dataclass(frozen=True)
class Bernoulli(Law):
    """1 with probability p, else 0."""

    p: Any
    discrete = True

    def _density(self, x: Any) -> Any:
        return self.p**x * (1 - self.p) ** (1 - x)

    def _support(self) -> tuple[Any, Any]:
        return sp.S.Zero, sp.S.One

    def _moment(self, k: int) -> Any:
        return self.p if k else sp.S.One

    def _mgf(self, t: Any) -> Any:
        return 1 - self.p + self.p * sp.exp(t)


@dataclass(frozen=True)
class Binomial(Law):
    """The number of successes in n independent trials, each with probability p."""

    n: Any
    p: Any
    discrete = True

    def _density(self, x: Any) -> Any:
        return sp.binomial(self.n, x) * self.p**x * (1 - self.p) ** (self.n - x)

    def _support(self) -> tuple[Any, Any]:
        return sp.S.Zero, self.n

    def _moment(self, k: int) -> Any:
        return _from_factorial_moments(k, lambda j: _falling(self.n, j) * self.p**j)

    def _mgf(self, t: Any) -> Any:
        return (1 - self.p + self.p * sp.exp(t)) ** self.n


@dataclass(frozen=True)
class Poisson(Law):
    """The Poisson distribution with mean lam."""

    lam: Any
    discrete = True

    def _density(self, x: Any) -> Any:
        return sp.exp(-self.lam) * self.lam**x / sp.factorial(x)

    def _support(self) -> tuple[Any, Any]:
        return sp.S.Zero, sp.oo

    def _moment(self, k: int) -> Any:
        return _from_factorial_moments(k, lambda j: self.lam**j)

    def _mgf(self, t: Any) -> Any:
        return sp.exp(self.lam * (sp.exp(t) - 1))


@dataclass(frozen=True)
class Geometric(Law):
    """The number of the first success in independent trials of probability p: 1, 2, ..."""

    p: Any
    discrete = True

    def _density(self, x: Any) -> Any:
        return self.p * (1 - self.p) ** (x - 1)

    def _support(self) -> tuple[Any, Any]:
        return sp.S.One, sp.oo

    def _moment(self, k: int) -> Any:
        return _from_factorial_moments(
            k, lambda j: sp.factorial(j) * (1 - self.p) ** (j - 1) / self.p**j if j else sp.S.One
        )

    def _mgf(self, t: Any) -> Any:
        return self.p * sp.exp(t) / (1 - (1 - self.p) * sp.exp(t))

    def _mgf_condition(self, t: Any) -> Any:
        return (1 - self.p) * sp.exp(t) < 1


@dataclass(frozen=True)
class Uniform(Law):
    """Constant density between a and b."""

    a: Any
    b: Any

    def _density(self, x: Any) -> Any:  # noqa: ARG002 - it is constant
        return 1 / (self.b - self.a)

    def _support(self) -> tuple[Any, Any]:
        return self.a, self.b

    def _moment(self, k: int) -> Any:
        return sp.Add(*[self.a**i * self.b ** (k - i) for i in range(k + 1)]) / (k + 1)

    def _mgf(self, t: Any) -> Any:
        return (sp.exp(t * self.b) - sp.exp(t * self.a)) / (t * (self.b - self.a))

    def _mgf_condition(self, t: Any) -> Any:
        return sp.Ne(t, 0)

    def _is_even(self) -> bool:
        return bool(sp.expand(self.a + self.b) == 0)


@dataclass(frozen=True)
class Gamma(Law):
    """The Gamma distribution with density proportional to x^(shape - 1) exp(-rate x)."""

    shape: Any
    rate: Any

    def _density(self, x: Any) -> Any:
        weight = self.rate**self.shape / sp.gamma(self.shape)
        return weight * x ** (self.shape - 1) * sp.exp(-self.rate * x)

    def _support(self) -> tuple[Any, Any]:
        return sp.S.Zero, sp.oo

    def _moment(self, k: int) -> Any:
        return _rising(self.shape, k) / self.rate**k

    def _mgf(self, t: Any) -> Any:
        return (self.rate / (self.rate - t)) ** self.shape

    def _mgf_condition(self, t: Any) -> Any:
        return t < self.rate


@dataclass(frozen=True)
class Exponential(Law):
    """The exponential distribution with density rate exp(-rate x)."""

    rate: Any

    def _density(self, x: Any) -> Any:
        return self.rate * sp.exp(-self.rate * x)

    def _support(self) -> tuple[Any, Any]:
        return sp.S.Zero, sp.oo

    def _moment(self, k: int) -> Any:
        return sp.factorial(k) / self.rate**k

    def _mgf(self, t: Any) -> Any:
        return self.rate / (self.rate - t)

    def _mgf_condition(self, t: Any) -> Any:
        return t < self.rate


@dataclass(frozen=True)
class Beta(Law):
    """The Beta distribution with density proportional to x^(a - 1) (1 - x)^(b - 1)."""

    a: Any
    b: Any

    def _density(self, x: Any) -> Any:
        weight = sp.gamma(self.a + self.b) / (sp.gamma(self.a) * sp.gamma(self.b))
        return weight * x ** (self.a - 1) * (1 - x) ** (self.b - 1)

    def _support(self) -> tuple[Any, Any]:
        return sp.S.Zero, sp.S.One

    def _moment(self, k: int) -> Any:
        return _rising(self.a, k) / _rising(self.a + self.b, k)


@dataclass(frozen=True)
class FamilyLaw(Law):
    """A joint distribution of the entries of a family; its parameters belong to one entry."""

    family = True

    def _moment(self, k: int) -> Any:
        return self.joint_moment([(self, k)])


@dataclass(frozen=True)
class Dirichlet(FamilyLaw):
    """Dirichlet: `alpha` is the entry's own parameter, `total` the sum of all of them."""

    alpha: Any
    total: Any

    def _joint_moment(self, powers: Sequence[tuple[Law, int]]) -> Any:
        top = sp.Mul(*[_rising(law.parameters[0], k) for law, k in powers])
        return top / _rising(self.total, sum(k for _, k in powers))


@dataclass(frozen=True)
class Multinomial(FamilyLaw):
    """The counts of n draws: `p` is the probability of the entry's own category."""

    n: Any
    p: Any
    discrete = True

    def _joint_moment(self, powers: Sequence[tuple[Law, int]]) -> Any:
        total: list[tuple[Any, int]] = [(sp.S.One, 0)]
        for law, k in powers:
            total = [
                (c * stirling(k, j) * law.parameters[1] ** j, degree + j)
                for c, degree in total
                for j in range(k + 1)
            ]
        return sp.Add(*[c * _falling(self.n, degree) for c, degree in total])
