"""The divisor that brings a sample variance nearest to the truth."""

from sympy import Rational, Symbol

from exercises.answers import Chain, Derivation, Number
from exercises.core import Exercise

ex = Exercise(
    "Unbiased, but is it best?",
    claims=["SU-1.18", "SU-1.19b", "SU-2.67b"],
    level=3,
    prerequisites=["estimators.biased_variance"],
)
d = Symbol("d", positive=True)


@ex.variant
def draw(v):
    return {"n": v.integer(21, 39)}


@ex.part(points=4, answer=Derivation("best_divisor_steps", (d,)))
def chain(n):
    r"""Divide the sum of squares of {{ n }} normal draws by $d$. With true variance 1, the
    estimate's variance is ${{ 2 * (n - 1) }} / d^2$ and its bias is ${{ n - 1 }} / d - 1$; the mean
    squared error is the first plus the square of the second. Differentiate it with respect to $d$,
    and go on to a single fraction that shows where it is zero.
    """
    k = n - 1
    return Chain(
        (
            f"D({2 * k}/d^2 + ({k}/d - 1)^2, d)",
            f"D({2 * k}/d^2, d) + 2*({k}/d - 1)*D({k}/d, d)",
            f"-{4 * k}/d^3 - {2 * k}/d^2*({k}/d - 1)",
            f"{2 * k}*(d - {k + 2})/d^3",
        )
    )


@chain.hint
def chain_rule():
    "Differentiate the square from outside to inside. Then bring all on the highest power of d."


@ex.part(points=2, answer=Number("best_divisor_error"))
def smallest(n):
    r"""How large is the mean squared error at its smallest? Give it exactly."""
    return Rational(2, n + 1)


@smallest.mistake(credit=1, help="That belongs to the unbiased estimate.")
def unbiased(n):
    return Rational(2, n - 1)


@smallest.mistake(credit=1, help="That belongs to the most likely variance.")
def most_likely(n):
    return Rational(2 * n - 1, n * n)


@smallest.hint
def insert():
    "Find the best divisor from your derivation, and put it into the error."
