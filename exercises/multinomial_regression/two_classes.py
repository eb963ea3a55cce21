"""With two classes, a softmax is a sigmoid."""

from sympy import Symbol, log

from exercises.answers import Chain, Derivation, Number
from exercises.core import Exercise

ex = Exercise("Two classes are old friends", claims=["XU-42", "XU-44", "XU-44.p1"], level=1)
s, t = Symbol("s", real=True), Symbol("t", real=True)


@ex.variant
def draw(v):
    return {"k": v.integer(2, 9), "percent": v.choice((60, 70, 75, 80, 85, 90))}


@ex.part(points=4, answer=Derivation("two_class_softmax", (s, t)))
def chain(k):
    r"""A softmax over two classes gets the scores ${{ k }} s$ and $t$. Show, step by step, that the
    first class's probability is a sigmoid, and of what.
    """
    return Chain(
        (
            f"exp({k}*s)/(exp({k}*s) + exp(t))",
            f"1/(1 + exp(t)/exp({k}*s))",
            f"1/(1 + exp(-({k}*s - t)))",
            f"sigma({k}*s - t)",
        )
    )


@chain.hint
def divide():
    "Divide above and below the line by the same exponential."


@ex.part(points=2, answer=Number("two_class_gap", digits=3))
def gap(percent):
    r"""By how much must the first score exceed the second for a probability of {{ percent }} %?"""
    return log(percent) - log(100 - percent)


@gap.mistake(credit=1, help="Then the second class would have this probability.")
def other_class(percent):
    return log(100 - percent) - log(percent)


@gap.mistake(credit=0, help="Odds compare a probability with what it lacks to 1.")
def logarithm_alone(percent):
    return log(100) - log(percent)


@gap.hint
def undo():
    "Undo the sigmoid."
