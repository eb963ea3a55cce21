"""Entropy and divergence of many distributions at once, zeros included."""

import numpy as np

from exercises.answers import Code
from exercises.core import Exercise
from impl.losses import entropy, kl_divergence

ex = Exercise(
    "Surprises in code", claims=["XU-19", "XU-21"], level=2, prerequisites=["entropy.in_bits"]
)


def single(rng):
    """A sure event, a fair coin, zeros among others, tiny probabilities, a strided view."""
    return [
        (np.array([1.0]),),
        (np.array([0.5, 0.5]),),
        (np.array([0.0, 1.0, 0.0]),),
        (np.array([[0.25, 0.75], [1.0, 0.0]]),),
        (np.array([1e-300, 1.0 - 1e-300]),),
        (np.repeat(rng.dirichlet(np.ones(4), size=3), 2, axis=0)[::2],),
        (rng.dirichlet(0.3 * np.ones(20), size=5),),
    ]


@ex.part(points=3, answer=Code("entropies", single, parameters=("p",)))
def values():
    r"""Return the entropy, with the natural logarithm, of the distribution `p` of shape `(K,)`, as
    a number; or of each row of `p` of shape `(n, K)`, as an array of shape `(n,)`. What cannot
    happen does not surprise anybody: $0 \log 0$ counts as 0.
    """
    return lambda p: entropy(p) if p.ndim > 1 else float(entropy(p))


@values.mistake(credit=1, help="Try it on something that cannot happen: 0 times infinity is nan.")
def not_a_number():
    def naive(p):
        with np.errstate(divide="ignore", invalid="ignore"):
            return -(p * np.log(p)).sum(axis=-1)

    return naive


@values.mistake(credit=1, help="These are bits.")
def bits():
    return lambda p: entropy(p) / np.log(2)


@values.hint
def where():
    "Put a 1 in the place of each 0 before you take the logarithm: its weight is 0 anyway."


def pairs(rng):
    """Equal ones, swapped ones, zeros on either side, many rows."""
    p = rng.dirichlet(np.ones(3), size=4)
    return [
        (np.array([0.5, 0.5]), np.array([0.5, 0.5])),
        (np.array([0.3, 0.7]), np.array([0.7, 0.3])),
        (np.array([1.0, 0.0]), np.array([0.5, 0.5])),
        (np.array([0.5, 0.5]), np.array([1.0, 0.0])),
        (p, rng.dirichlet(np.ones(3), size=4)),
        (rng.dirichlet(np.ones(8), size=6)[::2], rng.dirichlet(np.ones(8), size=6)[::2]),
    ]


@ex.part(points=3, answer=Code("divergences", pairs, parameters=("p", "q")))
def divergence():
    r"""Return the Kullback-Leibler divergence $\sum_k p_k \log(p_k / q_k)$, for one pair or row by
    row, as before. Where $q$ rules out what $p$ allows, it is infinite: return `inf`.
    """
    return lambda p, q: kl_divergence(p, q) if p.ndim > 1 else float(kl_divergence(p, q))


@divergence.mistake(credit=1, help="It is not symmetric: which of the two does the weighing?")
def swapped():
    return lambda p, q: kl_divergence(q, p)


@divergence.mistake(credit=1, help="Of two equal distributions the divergence is zero.")
def cross_entropy():
    return lambda p, q: kl_divergence(p, q) + entropy(p)


@divergence.hint
def only_possible():
    "Sum over what p allows. There, a zero of q makes the quotient infinite by itself."
