"""The most likely variance of normal data, by derivation and in code."""

import numpy as np
from sympy import Rational, Symbol

from exercises.answers import Chain, Code, Derivation, Number
from exercises.core import Exercise
from impl.estimators import gaussian_mle

ex = Exercise("The likeliest bell", claims=["SU-2.65", "SU-2.67a", "SU-2.67b"], level=2)
s = Symbol("s", positive=True)
q = Symbol("q", positive=True)


@ex.variant
def draw(v):
    n = v.integer(5, 12)
    return {"n": n, "squares": v.choice([k for k in range(20, 60) if k % n and k % (n - 1)])}


@ex.part(points=4, answer=Derivation("gaussian_score", (s, q)))
def chain(n):
    r"""Of {{ n }} normal draws, let $q$ be the sum of the squared distances from the mean. With
    variance $s$, the log-likelihood is $-\frac{ {{ n }} }{2} \log s - \frac{q}{2s}$, up to a
    constant. Differentiate with respect to $s$, step by step, and end with a single fraction whose
    zero one can see.
    """
    return Chain(
        (
            f"D(-{n}/2*log(s) - q/(2*s), s)",
            f"-{n}/2*D(log(s), s) - q/2*D(1/s, s)",
            f"-{n}/(2*s) + q/(2*s^2)",
            f"(q - {n}*s)/(2*s^2)",
        )
    )


@chain.hint
def negative_power():
    "Write the last fraction with a negative power of s. How does its sign come out?"


@ex.part(points=1, answer=Number("gaussian_most_likely"))
def most_likely(n, squares):
    r"""Which variance is most likely for $q = {{ squares }}$? Give it exactly."""
    return Rational(squares, n)


@most_likely.mistake(credit=0, help="That one is unbiased, but not the most likely one.")
def unbiased(n, squares):
    return Rational(squares, n - 1)


@most_likely.mistake(credit=0, help="Cancel the twos: both terms have one.")
def half(n, squares):
    return Rational(squares, 2 * n)


@most_likely.hint
def numerator():
    "A fraction is zero where its numerator is."


def inputs(rng):
    """One row, equal rows, one column, far from zero, many, and a strided view."""
    return [
        (np.array([[2.0, -1.0]]),),
        (np.array([[1.0], [2.0]]),),
        (np.ones((3, 2)),),
        (1e8 + rng.integers(0, 9, size=(4, 2)).astype(float),),
        (rng.normal(size=(6, 4))[::2, ::3],),
        (rng.normal(2.0, 3.0, size=(50, 3)),),
    ]


@ex.part(points=3, answer=Code("likeliest_bells", inputs, parameters=("X",), atol=1e-10))
def code():
    r"""Each column of `X`, of shape `(n, d)`, holds normal draws of its own. Return an array of
    shape `(2, d)`: the most likely means in the first row, the most likely variances in the second.
    """
    return lambda X: np.array(gaussian_mle(X))


@code.mistake(credit=1, help="The means are right; the variances are the unbiased ones.")
def unbiased_ones():
    def bells(X):
        n = len(X)
        with np.errstate(invalid="ignore"):
            return np.array([X.mean(axis=0), X.var(axis=0) * np.float64(n) / np.float64(n - 1)])

    return bells


@code.mistake(credit=1, help="The second row holds standard deviations.")
def deviations():
    return lambda X: np.array([X.mean(axis=0), X.std(axis=0)])


@code.hint
def axes():
    "Averages run down the columns. Centre each column before you square."
