"""Words for claims about random variables: declarations, E, Var, Cov and Prob.

Nothing is independent unless it is declared so: by `iid` or `family` among the entries of one
family, and by `independent(X, Y)` among the assumptions of a question for everything else. What
was used is named in the verdict's evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from derivations.kernel.expectation.laws import (
    Bernoulli,
    Beta,
    Binomial,
    Dirichlet,
    Exponential,
    Gamma,
    Geometric,
    Law,
    Multinomial,
    Normal,
    Poisson,
    Uniform,
)
from derivations.kernel.expectation.nodes import (
    SLOTS,
    Cov,
    Declaration,
    Distributed,
    E,
    Independent,
    Prob,
    RandomSymbol,
    Uncorrelated,
    Var,
)
from derivations.kernel.expectation.unspecified import Density, Discrete

__all__ = [
    "Bernoulli",
    "Beta",
    "Binomial",
    "Cov",
    "Density",
    "Dirichlet",
    "Discrete",
    "E",
    "Exponential",
    "Gamma",
    "Geometric",
    "Multinomial",
    "Normal",
    "Poisson",
    "Prob",
    "Uniform",
    "Var",
    "dirichlet",
    "distributed",
    "family",
    "iid",
    "independent",
    "multinomial",
    "paired",
    "random",
    "uncorrelated",
]

for _word in (E, Var, Cov, Prob, RandomSymbol, Independent, Uncorrelated, Distributed):
    _word.__module__ = __name__  # their public home, by which the ladder knows them


def random(
    name: str,
    distribution: Law | None = None,
    *,
    mean: Any = None,
    variance: Any = None,
    moments: Mapping[int, Any] | None = None,
    symmetric: bool = False,
    continuous: bool = False,
    positive: bool = False,
) -> Any:
    """A real random variable; what is not said of it is not assumed, independence least of all.

    Args:
        name: its name.
        distribution: its distribution, which then settles everything else.
        mean: its expectation.
        variance: its variance.
        moments: E[X^k] by k, for k from 2.
        symmetric: X and 2 E[X] - X have the same distribution.
        continuous: no single value has positive probability.
        positive: X > 0 for certain.
    """
    options = (mean, variance, moments, symmetric, continuous, positive)
    return RandomSymbol(name, _declaration(name, distribution, *options))


def iid(name: str, distribution: Law | None = None, **options: Any) -> Any:
    """A family of independent, identically distributed variables, used as X[i] or X[i, j].

    The options are those of `random`.
    """
    mean, variance, moments = (options.pop(key, None) for key in ("mean", "variance", "moments"))
    flags = [bool(options.pop(key, False)) for key in ("symmetric", "continuous", "positive")]
    if options:
        raise TypeError(f"iid: unknown options {', '.join(options)}")
    symmetric, continuous, positive = flags
    declared = _declaration(
        name, distribution, mean, variance, moments, symmetric, continuous, positive, name
    )
    return sp.IndexedBase(RandomSymbol(name, declared))


def family(
    name: str,
    *,
    mean: Callable[..., Any] | None = None,
    variance: Callable[..., Any] | None = None,
    distribution: Callable[..., Law] | None = None,
    symmetric: bool = False,
) -> Any:
    """A family of independent variables whose distributions may differ from entry to entry.

    Args:
        name: its name.
        mean: the expectation of an entry as a function of its index: lambda i: mu[i].
        variance: the variance of an entry as a function of its index.
        distribution: the distribution of an entry as a function of its index.
        symmetric: every entry is symmetric about its mean.
    """
    law = _at_slots(distribution)
    settled = _declaration(
        name, law, _at_slots(mean), _at_slots(variance), None, symmetric, False, False, name, False
    )
    return sp.IndexedBase(RandomSymbol(name, settled))


def paired(*names: str) -> tuple[Any, ...]:
    """Families drawn together: (X[i], Y[i]) are iid pairs, dependent within a pair in any way."""
    draw = "+".join(names)
    declared = Declaration(draw=draw)
    return tuple(sp.IndexedBase(RandomSymbol(name, declared)) for name in names)


def dirichlet(name: str, alpha: Any, size: Any) -> Any:
    """A Dirichlet family X[1], ..., X[size] with parameters alpha[1], ..., alpha[size]."""
    j = SLOTS[-1]  # the same one in every call, so that equal declarations are equal
    law = Dirichlet(alpha[SLOTS[0]], sp.Sum(alpha[j], (j, 1, size)))
    return sp.IndexedBase(RandomSymbol(name, Declaration(law=law, identical=False)))


def multinomial(name: str, n: Any, p: Any) -> Any:
    """The counts X[i] of n draws, where category i has the probability p[i]."""
    law = Multinomial(n, p[SLOTS[0]])
    return sp.IndexedBase(RandomSymbol(name, Declaration(law=law, identical=False)))


def independent(*groups: Any) -> Any:
    """The assumption that the variables (or families, or tuples of them) are independent.

    Of three or more, it says that all of them together are, not only every two.
    """
    return Independent(*groups)


def uncorrelated(*groups: Any) -> Any:
    """The assumption that the covariance of any two of the variables is zero."""
    return Uncorrelated(*groups)


def distributed(variable: Any) -> Any:
    """The assumption that sums over the masses or integrals over the density are those of X.

    It is needed where a line writes p[i] or f(x) and does not name the variable itself.
    """
    return Distributed(variable)


def _at_slots(of_index: Callable[..., Any] | None) -> Any:
    if of_index is None:
        return None
    return of_index(*SLOTS[: of_index.__code__.co_argcount])


def _declaration(
    name: str,
    law: Law | None,
    mean: Any,
    variance: Any,
    moments: Mapping[int, Any] | None,
    symmetric: bool,
    continuous: bool,
    positive: bool,
    draw: str = "",
    identical: bool = True,
) -> Declaration:
    if law is not None and law.specified and any(v is not None for v in (mean, variance, moments)):
        raise ValueError(f"{name}: a distribution settles the moments; do not give them as well")
    if law is not None and law.family:
        raise ValueError(f"{name}: use dirichlet(...) or multinomial(...) for a joint distribution")
    if mean is None and moments:
        raise ValueError(f"{name}: moments are given, so give the mean as well")
    for part in (mean, variance, *(moments or {}).values(), *(law.parameters if law else ())):
        if part is not None and sp.sympify(part, strict=True).has(RandomSymbol):
            raise ValueError(f"{name}: what is declared of a variable must be constant; got {part}")
    given = {int(k): sp.sympify(v, strict=True) for k, v in (moments or {}).items()}
    if variance is not None and 2 in given:
        raise ValueError(f"{name}: give the variance or the second moment, not both")
    return Declaration(
        None if mean is None else sp.sympify(mean, strict=True),
        None if variance is None else sp.sympify(variance, strict=True),
        tuple(sorted(given.items())),
        law,
        symmetric,
        continuous or (law is not None and not law.discrete),
        positive,
        draw,
        identical,
    )
