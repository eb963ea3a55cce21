"""The variance of a uniform weight, by integration, line by line."""

from sympy import Symbol

from exercises.answers import Chain, Derivation, Expression
from exercises.core import Exercise

ex = Exercise("Where the six comes from", claims=["SU-3.36-unif", "SU-3.43-both"], level=2)
r = Symbol("r", positive=True)
n = Symbol("n", positive=True)


@ex.variant
def draw(v):
    return {"k": v.integer(2, 9)}


@ex.part(points=4, answer=Derivation("uniform_variance", (r,)))
def chain(k):
    r"""A weight $w$ is drawn uniformly from $[-{{ k }} r, {{ k }} r]$, so that its density is
    $1/({{ 2 * k }} r)$ there. Its mean is 0, and its variance is the mean of $w^2$. Work the
    integral out, step by step. In text, an integral is `int(f, w, from, to)`.
    """
    return Chain(
        (
            f"int(w^2/({2 * k}*r), w, -{k}*r, {k}*r)",
            f"int(w^2, w, -{k}*r, {k}*r)/({2 * k}*r)",
            f"2*int(w^2, w, 0, {k}*r)/({2 * k}*r)",
            f"{k * k}*r^2/3",
        )
    )


@chain.hint
def constants_out():
    "What does not depend on w can stand in front of the integral."


@chain.hint
def even_function():
    "A square is the same on both sides of 0: half of the interval is enough."


@ex.part(points=2, answer=Expression("uniform_limit", (n,)))
def limit(k):
    r"""Which $r$ gives the weights of a tanh layer with $n$ inputs the variance $1/n$? Answer with
    a formula in $n$, for the interval $[-{{ k }} r, {{ k }} r]$ from above.
    """
    from sympy import sqrt

    return sqrt(3 / n) / k


@limit.mistake(credit=1, help="Right for the interval from -r to r; here it is wider.")
def plain_interval():
    from sympy import sqrt

    return sqrt(3 / n)


@limit.mistake(credit=1, help="This is the square of what was asked.")
def squared(k):
    return 3 / (n * k**2)


@limit.hint
def equate():
    "Set the variance that you have found equal to the one that is wanted."
