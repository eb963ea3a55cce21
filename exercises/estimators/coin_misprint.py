"""A sign that got lost in a log-likelihood: find the line."""

from sympy import Symbol

from exercises.answers import Erratum, Fault
from exercises.core import Exercise

ex = Exercise(
    "The unlikeliest coin",
    claims=["CO-coin-mle.s1", "CO-coin-mle.s2", "CO-coin-mle.s3"],
    level=2,
)
p = Symbol("p", positive=True)


@ex.variant
def draw(v):
    heads, tails = v.distinct_integers(3, 9, n=2)
    return {"heads": heads, "tails": tails, "place": v.integer(2, 4)}


@ex.part(points=3, answer=Erratum("coin_mended", (p,)))
def mend(heads, tails, place):
    r"""Notes on maximum likelihood differentiate the log-likelihood of {{ heads }} heads and
    {{ tails }} tails, set the result to zero, and arrive at a coin that fits the flips badly. Where
    did it happen?
    """
    h, t, n = heads, tails, heads + tails
    start = f"D({h}*log(p) + {t}*log(1 - p), p)"
    right = (
        f"{h}/p - {t}/(1 - p)",
        f"({h}*(1 - p) - {t}*p)/(p*(1 - p))",
        f"({h} - {n}*p)/(p*(1 - p))",
    )
    shown = {
        2: (
            f"{h}/p + {t}/(1 - p)",
            f"({h}*(1 - p) + {t}*p)/(p*(1 - p))",
            f"({h} {'-' if h > t else '+'} {abs(h - t)}*p)/(p*(1 - p))",
        ),
        3: (right[0], f"({h}*p - {t}*(1 - p))/(p*(1 - p))", f"({n}*p - {t})/(p*(1 - p))"),
        4: (right[0], right[1], f"({h} - {h}*p + {t}*p)/(p*(1 - p))"),
    }[place]
    why = {
        2: "The inner derivative of log(1 - p) is -1.",
        3: "The first fraction is widened by 1 - p, the second by p.",
        4: "The minus sign stands before the whole second product.",
    }[place]
    return Fault((start, *shown), place, right[place - 2], why)


@mend.hint
def try_a_number():
    "Put p = 1/2 into two neighbouring lines, and see which two disagree."


@mend.hint
def inner_functions():
    "Three things can go wrong: an inner derivative, a common denominator, and a bracket."
