"""Why the divisor n - 1 is right, and what other divisors do."""

from sympy import IndexedBase, Rational, Symbol

from exercises.answers import Chain, Derivation, Expression, Number
from exercises.core import Exercise

ex = Exercise(
    "Dividing by the wrong number",
    claims=["SU-1.19-thm", "SU-1.19b", "SU-1.19b.s3"],
    level=2,
    prerequisites=["estimators.four_measurements"],
)
n = Symbol("n", integer=True, positive=True)
x = IndexedBase("x", real=True)
spread = Symbol("v", positive=True)
mean_of_x = "sum(x[j], j, 1, n)/n"


@ex.variant
def draw(v):
    return {"c": v.integer(0, 2), "size": v.integer(5, 9), "variance": v.choice((11, 13, 17, 19))}


@ex.part(points=4, answer=Derivation("squares_decomposed", (x, n)))
def chain():
    r"""To see what a sample variance is on average, one first needs its sum of squares without the
    sample mean inside: show, step by step, that it is the sum of the $x_i^2$, less the square of
    the sum of the $x_i$ over $n$.
    """
    return Chain(
        (
            f"sum((x[i] - {mean_of_x})^2, i, 1, n)",
            f"sum(x[i]^2, i, 1, n) - 2*{mean_of_x}*sum(x[i], i, 1, n)"
            f" + sum(({mean_of_x})^2, i, 1, n)",
            f"sum(x[i]^2, i, 1, n) - 2*{mean_of_x}*sum(x[i], i, 1, n) + n*({mean_of_x})^2",
            "sum(x[i]^2, i, 1, n) - sum(x[i], i, 1, n)^2/n",
        )
    )


@chain.hint
def three_sums():
    "Multiply the square out, and give each of the three terms a sum of its own."


@chain.hint
def constant():
    "The mean does not depend on i. What is a constant, summed n times?"


@ex.part(points=3, answer=Expression("biased_on_average", (n, spread)))
def on_average(c):
    r"""Somebody divides this sum of squares by ${{ ["n", "n + 1", "n + 2"][c] }}$. The $x_i$ are
    independent draws with variance $v$. What does the estimate give on average, as a formula in
    $n$ and $v$?
    """
    return spread * (n - 1) / (n + c)


@on_average.mistake(credit=0, help="Only one divisor is right on average, and this is not it.")
def unbiased():
    return spread


@on_average.mistake(credit=1, help="The sample mean varies, too: what is the mean of its square?")
def mean_taken_as_known(c):
    return n * spread / (n + c) if c else spread * (n + 1) / n


@on_average.hint
def mean_of_a_square():
    "The mean of a square is the variance plus the squared mean: for a draw, and for their sum."


@ex.part(points=1, answer=Number("biased_value"))
def value(c, size, variance):
    r"""Take $v = {{ variance }}$ and $n = {{ size }}$. By how much is the estimate too **small** on
    average? Give it exactly.
    """
    return variance * (1 - Rational(size - 1, size + c))


@value.mistake(credit=0, help="This is what it gives. What should it give?")
def the_estimate(c, size, variance):
    return variance * Rational(size - 1, size + c)


@value.hint
def insert():
    "Put the numbers into your formula, and compare."
