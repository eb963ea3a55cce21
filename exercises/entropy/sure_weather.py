"""A cross-entropy with a sure event in it, and the line where it went wrong."""

from sympy import Rational, Symbol, log

from exercises.answers import Erratum, Fault, Number
from exercises.core import Exercise

ex = Exercise("Zero times a logarithm", claims=["XU-21", "XU-24", "XU-25"], level=1)
q = Symbol("q", positive=True)

SLIPS = (
    (
        ("-(log(q) + log(1 - q))", "-log(q*(1 - q))"),
        2,
        "-(log(q) + 0)",
        "The second logarithm has the weight 0 and drops out.",
    ),
    (
        ("-(q*log(q) + (1 - q)*log(1 - q))", "-q*log(q) - (1 - q)*log(1 - q)"),
        2,
        "-(log(q) + 0)",
        "The weights are those of the true distribution; this is the entropy of the other one.",
    ),
    (
        ("-(log(q) + 0)", "-log(q)", "1/log(q)"),
        4,
        "log(1/q)",
        "Minus a logarithm is the logarithm of the reciprocal, not its reciprocal.",
    ),
    (
        ("-(0 + log(1 - q))", "-log(1 - q)"),
        2,
        "-(log(q) + 0)",
        "The weights were swapped: the first event is the sure one.",
    ),
)


@ex.variant
def draw(v):
    return {"slip": v.choice(SLIPS), "percent": v.choice((20, 30, 40, 60, 70, 90))}


@ex.part(points=3, answer=Erratum("sure_weather_mended", (q,)))
def mend(slip):
    r"""It rains: the true distribution gives rain the probability 1, and no rain the probability 0.
    The forecast gave rain the probability $q$. Notes compute the cross-entropy, but one line went
    wrong. You would not be the first to miss it.
    """
    behind, wrong, right, why = slip
    return Fault(("-(1*log(q) + 0*log(1 - q))", *behind), wrong, right, why)


@mend.hint
def try_a_number():
    "Put q = 1/2 into neighbouring lines; where two agree by chance, take another q."


@ex.part(points=2, answer=Number("sure_weather_loss", digits=3))
def loss(percent):
    r"""The forecast said {{ percent }} %. What is its cross-entropy, with the natural logarithm?"""
    return -log(Rational(percent, 100))


@loss.mistake(credit=0, help="This is the entropy of the forecast, which rain does not ask for.")
def entropy_of_the_forecast(percent):
    a = Rational(percent, 100)
    return -a * log(a) - (1 - a) * log(1 - a)


@loss.mistake(credit=1, help="That would be right if it had stayed dry.")
def dry(percent):
    return -log(Rational(100 - percent, 100))


@loss.hint
def one_term():
    "How many terms of the sum are left?"
