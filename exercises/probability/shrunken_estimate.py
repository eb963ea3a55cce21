"""Bias and variance: why an estimate that is wrong on average may still be the better one."""

from sympy import Rational, Symbol

from derivations.random import random
from exercises.answers import Chain, Derivation, Expression, Number
from exercises.core import Exercise

ex = Exercise(
    "Wrong on purpose",
    claims=["SU-1.5", "SU-1.19a"],
    level=3,
    prerequisites=["probability.squares_on_average"],
)
T = random("T")
c, theta = Symbol("c", real=True), Symbol("theta", real=True)
v = Symbol("v", positive=True)


@ex.variant
def draw(d):
    size, variance = d.choice(((2, 4), (2, 6), (3, 3), (3, 6), (4, 8), (5, 15), (4, 12), (3, 12)))
    return {"size": size, "variance": variance}


@ex.part(points=4, answer=Derivation("error_split", (T, c, theta)))
def split():
    r"""A sensor measures $\theta$; what it shows, $T$, varies. Somebody multiplies it by a number
    $c$ before writing it down. Show, step by step, that the mean squared error is the variance of
    what is written down plus the square of how far it is off on average. Write $E(T)$ and
    $\mathrm{Var}(T)$ as `E(T)` and `Var(T)`.
    """
    return Chain(
        (
            "E((c*T - theta)^2)",
            "E(c^2*T^2 - 2*c*theta*T + theta^2)",
            "c^2*E(T^2) - 2*c*theta*E(T) + theta^2",
            "c^2*(Var(T) + E(T)^2) - 2*c*theta*E(T) + theta^2",
            "c^2*Var(T) + (c*E(T) - theta)^2",
        )
    )


@split.hint
def multiply_out():
    "Multiply the square out first. Which letters vary, and which are numbers?"


@split.hint
def second_moment():
    "The mean of the square of T holds both: a variance, and a squared mean."


@ex.part(points=3, answer=Expression("best_factor", (theta, v)))
def best():
    r"""Let $T$ be right on average, $E(T) = \theta$, with the variance $v$. Which factor $c$ makes
    the mean squared error smallest?
    """
    return theta**2 / (theta**2 + v)


@best.mistake(credit=0, help="This keeps the estimate unbiased. Does the error grow or fall at 1?")
def unbiased():
    return 1


@best.mistake(credit=1, help="Is your factor near 1 when the sensor hardly varies?")
def the_other_weight():
    return v / (theta**2 + v)


@best.hint
def parabola():
    "With both means put in, the error is a parabola in c. Where is its slope 0?"


@ex.part(points=2, answer=Number("least_error"))
def least(size, variance):
    r"""Take $\theta = {{ size }}$ and $v = {{ variance }}$. How large is the mean squared error
    with that best factor? Give it exactly; it should be below ${{ variance }}$.
    """
    return Rational(variance * size**2, size**2 + variance)


@least.mistake(credit=1, help="That is the variance alone; the estimate is off on average, too.")
def variance_alone(size, variance):
    return variance * Rational(size**2, size**2 + variance) ** 2


@least.mistake(credit=0, help="That is the factor, not the error.")
def the_factor(size, variance):
    return Rational(size**2, size**2 + variance)


@least.hint
def insert():
    "Put the factor into both terms of the first part, and do not forget that both are squared."
