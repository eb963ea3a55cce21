"""A misprint in the likelihood equation of a coin."""

from sympy import Symbol

from exercises.answers import Erratum, Fault
from exercises.core import Exercise

ex = Exercise("A coin that never lands", claims=["CO-coin-mle.s2", "CO-coin-mle.s4"], level=1)
t = Symbol("t", positive=True)


@ex.variant
def draw(v):
    return {"heads": v.integer(2, 9), "tails": v.integer(2, 9)}


@ex.part(points=3, answer=Erratum("coin_likelihood_mended", (t,)))
def mended(heads, tails):
    r"""A coin showed heads {{ heads }} times and tails {{ tails }} times. With $t$ for the
    probability of heads, the notes look for the slope of the log-likelihood. Theirs is never 0
    between 0 and 1: no coin would fit best.
    """
    return Fault(
        lines=(
            f"D({heads}*log(t) + {tails}*log(1 - t), t)",
            f"{heads}*D(log(t), t) + {tails}*D(log(1 - t), t)",
            f"{heads}/t + {tails}/(1 - t)",
            f"({heads}*(1 - t) + {tails}*t)/(t*(1 - t))",
        ),
        wrong=3,
        right=f"{heads}/t - {tails}/(1 - t)",
        why="the derivative of log(1 - t) is negative",
    )


@mended.hint
def each_logarithm():
    "Differentiate the two logarithms one after the other. Does each grow with t?"


@mended.hint
def balance():
    "At the best t, heads and tails pull in opposite directions."
