"""A Beta prior meets coin flips: the posterior density, its mean, and a function for both."""

import numpy as np
from sympy import Rational, Symbol, factorial

from exercises.answers import Code, Expression, Number
from exercises.core import Exercise
from impl.distributions.beta import Beta
from impl.distributions.conjugate import beta_bernoulli

ex = Exercise("A coin from a magician", claims=["SU-1.6", "SU-2.18", "SU-2.18-prior"], level=2)
p = Symbol("p", positive=True)


@ex.variant
def draw(v):
    a, b = v.distinct_integers(2, 4, n=2)
    # The prior leans another way than the flips, so that each of them shows in every answer.
    pairs = [(h, t) for h in range(1, 5) for t in range(1, 5) if h != t]
    heads, tails = v.choice(
        [
            (h, t)
            for h, t in pairs
            if a + h != b + t and a * t != b * h and (a - 1) * t != (b - 1) * h
        ]
    )
    return {"a": a, "b": b, "heads": heads, "tails": tails}


def _density(ones, zeros):
    n = ones + zeros - 1
    scale = factorial(n) / (factorial(ones - 1) * factorial(zeros - 1))
    return scale * p ** (ones - 1) * (1 - p) ** (zeros - 1)


@ex.part(points=4, answer=Expression("coin_posterior", (p,)))
def posterior(a, b, heads, tails):
    r"""A magician hands you a coin. What you believe of its probability $p$ of heads is a Beta
    density, proportional to $p^{ {{ a - 1 }} } (1 - p)^{ {{ b - 1 }} }$. You flip it and see heads
    {{ heads }} times, tails {{ tails }} times. Write down the density of $p$ given what you saw,
    with the factor that makes its integral over $[0, 1]$ equal to 1.
    """
    return _density(a + heads, b + tails)


@posterior.mistake(credit=2, help="The right shape; but a density has a total of 1.")
def not_normalised(a, b, heads, tails):
    return p ** (a - 1 + heads) * (1 - p) ** (b - 1 + tails)


@posterior.mistake(credit=1, help="You have thrown away what you believed before.")
def without_prior(heads, tails):
    return _density(1 + heads, 1 + tails)


@posterior.mistake(credit=0, help="That was before the flips. What is their likelihood?")
def without_data(a, b):
    return _density(a, b)


@posterior.hint
def bayes():
    "The posterior is proportional to the prior times the probability of the flips."


@posterior.hint
def constant():
    r"The integral of $p^i (1 - p)^j$ over $[0, 1]$ is $i! \, j! / (i + j + 1)!$."


@ex.part(points=1, answer=Number("coin_next_heads"))
def next_heads(a, b, heads, tails):
    r"""With what probability does the **next** flip show heads? Give it exactly."""
    return Rational(a + heads, a + b + heads + tails)


@next_heads.mistake(credit=0, help="With few flips, what you believed before still counts.")
def frequency(heads, tails):
    return Rational(heads, heads + tails)


@next_heads.mistake(credit=0, help="This is where the density peaks; take its mean.")
def mode(a, b, heads, tails):
    return Rational(a + heads - 1, a + b + heads + tails - 2)


@next_heads.hint
def mean():
    "Average the probability of heads over the posterior density."


def inputs(rng):
    """No flip, one, many, only tails, a strided view, and weak and strong priors."""
    return [
        (1.0, 1.0, np.zeros(0)),
        (1.0, 2.0, np.ones(1)),
        (0.5, 0.5, np.zeros(3)),
        (*rng.uniform(0.5, 3.0, size=2), (rng.random(7) < 0.7).astype(float)),
        (*rng.uniform(50.0, 90.0, size=2), (rng.random(12) < 0.4).astype(float)[::3]),
        (2.0, 5.0, (rng.random(400) < 0.9).astype(float)),
    ]


def _mean(a, b, flips):
    prior = Beta(a, b)
    return float(beta_bernoulli(prior, flips).mean if flips.size else prior.mean)


@ex.part(points=2, answer=Code("probability_of_heads", inputs, parameters=("a", "b", "flips")))
def code():
    r"""Do it for any Beta prior, proportional to $p^{a-1} (1-p)^{b-1}$, and any `flips`, an array
    of 1 (heads) and 0 (tails), perhaps empty: return the probability that the next one is heads.
    """
    return _mean


@code.mistake(credit=1, help="Heads were counted for the one, tails forgotten for the other.")
def only_heads():
    return lambda a, b, flips: float((a + flips.sum()) / (a + b + flips.sum()))


@code.mistake(credit=0, help="Try it without any flips: then the prior decides.")
def prior_left_out():
    return lambda a, b, flips: float((flips.sum() + 1) / (flips.size + 2))


@code.hint
def two_counts():
    "Two numbers describe the prior, and two counts the flips. Which belongs to which?"
