"""The variance from two averages, and what it is of a product."""

from sympy import Rational

from derivations.random import independent, random
from exercises.answers import Chain, Derivation, Number
from exercises.core import Exercise

ex = Exercise(
    "One pass over the data",
    claims=["SU-1.5", "SU-3.34b.s2"],
    level=2,
    prerequisites=["probability.rules_of_variance"],
)
X, Y = random("X"), random("Y")


@ex.variant
def draw(v):
    mean_x, mean_y = v.distinct_integers(2, 9, n=2)
    return {
        "mean_x": mean_x,
        "mean_y": mean_y,
        "variance_x": v.integer(2, 7),
        "halves": v.choice((1, 3, 5, 7)),
    }


@ex.part(points=4, answer=Derivation("variance_by_squares", (X,)))
def one_pass():
    r"""A counter on a machine may keep two sums: of the values, and of their squares. It cannot
    look at a value again once the mean is known. Show, step by step, that this is enough for the
    variance, which is the squared distance to the mean, on average. Write $E(X)$ and
    $\mathrm{Var}(X)$ as `E(X)` and `Var(X)`.
    """
    return Chain(
        (
            "Var(X)",
            "E((X - E(X))^2)",
            "E(X^2 - 2*X*E(X) + E(X)^2)",
            "E(X^2) - 2*E(X*E(X)) + E(X)^2",
            "E(X^2) - E(X)^2",
        )
    )


@one_pass.hint
def a_number():
    "What varies in your formula, and what is a number like any other? Numbers come out of E."


@ex.part(points=4, answer=Derivation("variance_of_product", (X, Y), given=(independent(X, Y),)))
def product():
    r"""A rectangle is cut by two machines that know nothing of each other: its sides $X$ and $Y$
    are independent. Show, step by step, what the variance of its area is in terms of the means and
    the variances of the sides.
    """
    return Chain(
        (
            "Var(X*Y)",
            "E((X*Y)^2) - E(X*Y)^2",
            "E(X^2)*E(Y^2) - (E(X)*E(Y))^2",
            "(Var(X) + E(X)^2)*(Var(Y) + E(Y)^2) - (E(X)*E(Y))^2",
            "Var(X)*Var(Y) + Var(X)*E(Y)^2 + Var(Y)*E(X)^2",
        )
    )


@product.hint
def twice():
    "Independence splits the mean of a product. You need that twice: once for the squares."


@product.hint
def other_way_round():
    "The first part, read backwards, replaces the mean of a square."


@ex.part(points=2, answer=Number("area_variance"))
def area(mean_x, mean_y, variance_x, halves):
    r"""The sides have the means ${{ mean_x }}$ and ${{ mean_y }}$, and the variances
    ${{ variance_x }}$ and $\frac{ {{ halves }} }{2}$. What is the variance of the area? Give it
    exactly.
    """
    variance_y = Rational(halves, 2)
    return variance_x * variance_y + variance_x * mean_y**2 + variance_y * mean_x**2


@area.mistake(credit=0, help="This would be right if both means were 0. Where do they come in?")
def variances_multiplied(variance_x, halves):
    return Rational(variance_x * halves, 2)


@area.mistake(credit=1, help="Both sides vary at once: a term is missing.")
def first_order(mean_x, mean_y, variance_x, halves):
    return variance_x * mean_y**2 + Rational(halves * mean_x**2, 2)


@area.hint
def three_terms():
    "Three terms, each with a factor of every side."
