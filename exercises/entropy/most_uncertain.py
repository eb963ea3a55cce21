"""The entropy of a coin: its derivative, its largest value, and how steep it is."""

from sympy import Rational, Symbol, log

from exercises.answers import Chain, Derivation, Number
from exercises.core import Exercise

ex = Exercise("The most uncertain coin", claims=["XU-19", "XU-20"], level=2)
p = Symbol("p", positive=True)


@ex.variant
def draw(v):
    return {"k": v.integer(2, 9), "percent": v.choice((5, 10, 15, 20, 25, 30))}


@ex.part(points=4, answer=Derivation("coin_entropy_slope", (p,), given=(p < 1,)))
def chain(k):
    r"""You flip a coin {{ k }} times; it shows heads with probability $p$, between 0 and 1. The
    entropy of all flips together is {{ k }} times that of one,
    $-p \log p - (1 - p) \log(1 - p)$. Differentiate it with respect to $p$, step by step, and
    write the result with a single logarithm.
    """
    return Chain(
        (
            f"D({k}*(-p*log(p) - (1 - p)*log(1 - p)), p)",
            f"{k}*(-log(p) - p*D(log(p), p) + log(1 - p) - (1 - p)*D(log(1 - p), p))",
            f"{k}*(-log(p) - 1 + log(1 - p) + 1)",
            f"{k}*log((1 - p)/p)",
        )
    )


@chain.hint
def product_rule():
    "Two products, so the product rule twice; and 1 - p has a derivative of its own."


@ex.part(points=2, answer=Number("coin_entropy_largest", digits=3))
def largest(k):
    r"""For the coin that you can predict least: how large is the entropy of the {{ k }} flips, in
    nats (with the natural logarithm)?
    """
    return k * log(2)


@largest.mistake(credit=0, help="That is the place, not the value, or a value in bits.")
def in_bits(k):
    return Rational(k)


@largest.hint
def where():
    "Where does the derivative vanish? Put that coin into the entropy."


@ex.part(points=2, answer=Number("coin_entropy_bits", digits=3))
def in_bits_of_one(percent):
    r"""How many **bits** of entropy has **one** flip of a coin that shows heads in
    {{ percent }} % of cases?
    """
    a = Rational(percent, 100)
    return (-a * log(a) - (1 - a) * log(1 - a)) / log(2)


@in_bits_of_one.mistake(credit=1, help="These are nats.")
def in_nats(percent):
    a = Rational(percent, 100)
    return -a * log(a) - (1 - a) * log(1 - a)


@in_bits_of_one.mistake(credit=0, help="Tails can surprise, too.")
def heads_only(percent):
    a = Rational(percent, 100)
    return -a * log(a) / log(2)


@in_bits_of_one.hint
def change_of_base():
    "A bit is the entropy of a fair coin. How many nats is that?"
