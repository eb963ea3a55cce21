"""Softmax with a temperature: sharpening and flattening."""

from sympy import Rational, Symbol, exp, log

from exercises.answers import Expression, Number
from exercises.core import Exercise

ex = Exercise(
    "Turning the heat up",
    claims=["XU-42", "XU-44", "CO-sigmoid-softmax2"],
    level=2,
    prerequisites=["softmax.by_hand"],
)
T = Symbol("T", positive=True)


@ex.variant
def draw(v):
    low = v.integer(-2, 2)
    gap = v.integer(2, 5)
    return {"low": low, "high": low + gap, "odds": v.integer(2, 9), "classes": v.integer(12, 40)}


@ex.part(points=2, answer=Expression("temperature_probability", (T,)))
def probability(low, high):
    r"""A language model has two words to choose from, with logits ${{ high }}$ and ${{ low }}$. It
    divides both by a temperature $T > 0$ before the softmax. Give the probability of the **first**
    word as a formula in $T$.
    """
    return exp(high / T) / (exp(high / T) + exp(low / T))


@probability.mistake(credit=1, help="That is the other word's probability.")
def the_other_word(low, high):
    return exp(low / T) / (exp(high / T) + exp(low / T))


@probability.mistake(credit=0, help="The logits are divided by the temperature, not multiplied.")
def multiplied(low, high):
    return exp(high * T) / (exp(high * T) + exp(low * T))


@probability.hint
def two_classes():
    "Write down the softmax of two classes first, and put the temperature in afterwards."


@ex.part(points=2, answer=Number("temperature_for_odds", digits=3))
def for_odds(low, high, odds):
    r"""At which temperature is the first word just {{ odds }} times as probable as the second?"""
    return (high - low) / log(odds)


@for_odds.mistake(credit=1, help="Hotter means flatter: your quotient is upside down.")
def upside_down(low, high, odds):
    return log(odds) / (high - low)


@for_odds.mistake(credit=0, help="Compare the two words with each other, not one with both.")
def plus_one(low, high, odds):
    return (high - low) / log(odds + 1)


@for_odds.hint
def quotient():
    "Divide one probability by the other: what does not depend on the sum cancels."


@ex.part(points=1, answer=Number("temperature_limit"))
def limit(classes):
    r"""Now there are {{ classes }} words with any logits at all, and the temperature grows without
    bound. Which probability does each word approach? Give it exactly.
    """
    return Rational(1, classes)


@limit.mistake(credit=0, help="Probabilities add up to 1, however many words there are.")
def vanishes():
    return 0


@limit.hint
def all_logits_alike():
    "What becomes of a fixed number that is divided by ever larger ones?"
