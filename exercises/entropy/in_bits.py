"""Entropy, cross-entropy and divergence of dyadic distributions, exactly and in bits."""

from itertools import permutations

from sympy import Rational, latex, log

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise("A code for the weather", claims=["XU-19", "XU-21", "XU-S2.5.2.p1"], level=1)
WEATHER = ("sun", "cloud", "rain", "snow")
POWERS = (1, 2, 3, 3)


@ex.variant
def draw(v):
    powers = v.shuffled(POWERS)
    # Another city: its divergence is a fraction, and differs from the one the other way round.
    p = [Rational(1, 2**k) for k in powers]
    others = []
    for q in sorted(set(permutations(POWERS))):
        if q != powers:
            there = sum(a * (j - i) for a, i, j in zip(p, powers, q, strict=True))
            back = sum((i - j) * Rational(1, 2**j) for i, j in zip(powers, q, strict=True))
            if there != back and not there.is_integer and not (there + Rational(7, 4)).is_integer:
                others.append(q)
    q = v.choice(others)
    return {
        "p": powers,
        "q": q,
        "here": ", ".join(
            f"{w} ${latex(Rational(1, 2**k))}$" for w, k in zip(WEATHER, powers, strict=True)
        ),
        "there": ", ".join(latex(Rational(1, 2**k)) for k in q),
        "days": v.choice((30, 90, 365)),
    }


def _cross(p, q):
    return sum(Rational(j, 2**i) for i, j in zip(p, q, strict=True))


@ex.part(points=2, answer=Number("weather_entropy"))
def entropy(p):
    r"""The weather in your city has these probabilities: {{ here }}. What is its entropy in
    **bits**, that is, with the logarithm to base 2? Give all answers exactly.
    """
    return _cross(p, p)


@entropy.mistake(credit=0, help="The surprises are weighted: rare weather counts rarely.")
def plain_mean(p):
    return Rational(sum(p), 4)


@entropy.mistake(credit=1, help="This is the entropy in nats.")
def in_nats(p):
    return _cross(p, p) * log(2)


@entropy.hint
def powers_of_two():
    "All probabilities are powers of 2. What is the logarithm of each?"


@ex.part(points=2, answer=Number("weather_cross_entropy"))
def cross_entropy(p, q):
    r"""A weather service encodes your weather with a code that was made for another city, where the
    same four have the probabilities $({{ there }})$: a weather of probability $2^{-k}$ there gets
    $k$ bits. How many bits does a day of **your** weather take on average?
    """
    return _cross(p, q)


@cross_entropy.mistake(credit=1, help="Whose weather is it that happens, and whose is the code?")
def other_way_round(p, q):
    return _cross(q, p)


@cross_entropy.hint
def weigh():
    "How often does each weather come up with you, and how many bits does it take each time?"


@ex.part(points=2, answer=Number("weather_divergence"))
def divergence(p, q):
    r"""How many bits a day would a code of your own save? In other words, what is the
    Kullback-Leibler divergence of the other city's distribution from yours?
    """
    return _cross(p, q) - _cross(p, p)


@divergence.mistake(credit=1, help="That is the other city's gain. A divergence has a direction.")
def other_direction(p, q):
    return _cross(q, p) - _cross(q, q)


@divergence.mistake(credit=1, help="Nothing is saved below the entropy: mind the sign.")
def wrong_sign(p, q):
    return _cross(p, p) - _cross(p, q)


@divergence.hint
def shortest():
    "No code needs less than the entropy on average, and with these numbers one needs no more."
