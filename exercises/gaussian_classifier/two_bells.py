"""Two normal classes with one variance: where they meet, and how sure one may be."""

from sympy import Rational, Symbol, exp, log

from exercises.answers import Chain, Derivation, Number
from exercises.core import Exercise

ex = Exercise(
    "Where two bells meet",
    claims=["CO-gauss-model", "CO-gauss-test", "CO-gauss-loglik.s5"],
    level=2,
    prerequisites=["probability.bell_curve"],
)
x = Symbol("x", real=True)


@ex.variant
def draw(v):
    low = v.choice((-3, -2, -1))
    high = low + v.choice((3, 5))
    deviation = v.choice((2, 3))
    return {
        "low": low,
        "high": high,
        "deviation": deviation,
        "odds": v.integer(2, 5),
        "at": v.choice([k for k in range(-4, 5) if 2 * k != low + high]),
    }


def _score(low, high, deviation, at):
    """The logarithm of the odds of the higher class at even priors."""
    return Rational((at - low) ** 2 - (at - high) ** 2, 2 * deviation**2)


@ex.part(points=4, answer=Derivation("bells_make_a_sigmoid", (x,)))
def chain(low, high, deviation):
    r"""A feature $x$ is normal with mean {{ high }} in class A and mean ${{ low }}$ in class B,
    both times with standard deviation {{ deviation }}; the classes are equally frequent. By Bayes'
    rule the probability of A is a quotient. Show, step by step, that it is a sigmoid of a
    **linear** function.
    """
    d = 2 * deviation**2
    a, b = f"(x - {high})^2/{d}", f"(x + {-low})^2/{d}"
    # (x - low)^2 - (x - high)^2 = 2 (high - low) x + low^2 - high^2
    linear = f"({2 * (high - low)}*x + {low**2 - high**2})/{d}".replace("+ -", "- ")
    return Chain(
        (
            f"exp(-{a})/(exp(-{a}) + exp(-{b}))",
            f"1/(1 + exp(-{b})/exp(-{a}))",
            f"1/(1 + exp({a} - {b}))",
            f"sigma({linear})",
        )
    )


@chain.hint
def divide():
    "Divide above and below the line by the upper exponential, as with a softmax."


@chain.hint
def squares_cancel():
    "Multiply both squares out. What becomes of the square of x?"


@ex.part(points=2, answer=Number("bells_probability", digits=3))
def probability(low, high, deviation, at):
    r"""How probable is A at $x = {{ at }}$?"""
    return 1 / (1 + exp(-_score(low, high, deviation, at)))


@probability.mistake(credit=1, help="This is the probability of B.")
def other_class(low, high, deviation, at):
    return 1 / (1 + exp(_score(low, high, deviation, at)))


@probability.mistake(credit=1, help="The spread comes in by its square.")
def deviation_not_squared(low, high, deviation, at):
    return 1 / (1 + exp(-deviation * _score(low, high, deviation, at)))


@probability.hint
def insert():
    "Put it into the linear function first."


@ex.part(points=3, answer=Number("bells_boundary", digits=3))
def boundary(low, high, deviation, odds):
    r"""Now A is {{ odds }} times as frequent as B. Where, at which $x$, are both equally
    probable?
    """
    return Rational(low + high, 2) - Rational(deviation**2, high - low) * log(odds)


@boundary.mistake(credit=1, help="The more frequent class should get more of the line, not less.")
def wrong_side(low, high, deviation, odds):
    return Rational(low + high, 2) + Rational(deviation**2, high - low) * log(odds)


@boundary.mistake(credit=1, help="That would be the place if both were equally frequent.")
def middle(low, high):
    return Rational(low + high, 2)


@boundary.hint
def add_a_constant():
    "What do prior odds add to the logarithm of the odds? Set it to zero."
