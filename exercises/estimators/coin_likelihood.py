"""The likeliest coin: the derivative of a log-likelihood, and what it says."""

from sympy import Rational, Symbol, log

from exercises.answers import Chain, Derivation, Number
from exercises.core import Exercise

ex = Exercise(
    "The likeliest coin", claims=["CO-coin-data", "CO-coin-mle", "CO-coin-mle.s1"], level=1
)
p = Symbol("p", positive=True)


@ex.variant
def draw(v):
    heads = v.integer(3, 9)
    return {"heads": heads, "tails": v.integer(2, 8, exclude=(heads,))}


@ex.part(points=4, answer=Derivation("coin_score", (p,), given=(p < 1,)))
def chain(heads, tails):
    r"""A coin shows heads {{ heads }} times and tails {{ tails }} times. With probability $p$ of
    heads, the logarithm of the likelihood is ${{ heads }} \log p + {{ tails }} \log(1 - p)$.
    Differentiate it, step by step, and bring the result on one fraction in which $p$ stands once
    above the line.
    """
    total = heads + tails
    return Chain(
        (
            f"D({heads}*log(p) + {tails}*log(1 - p), p)",
            f"{heads}/p - {tails}/(1 - p)",
            f"({heads}*(1 - p) - {tails}*p)/(p*(1 - p))",
            f"({heads} - {total}*p)/(p*(1 - p))",
        )
    )


@chain.hint
def inner_derivative():
    "The second logarithm has an inner function. What is its derivative?"


@ex.part(points=1, answer=Number("coin_most_likely"))
def most_likely(heads, tails):
    r"""Which $p$ makes the flips most likely? Give it exactly."""
    return Rational(heads, heads + tails)


@most_likely.mistake(credit=0, help="These are the odds of heads, not their probability.")
def odds(heads, tails):
    return Rational(heads, tails)


@most_likely.mistake(credit=0, help="Which side of the coin is asked for?")
def of_tails(heads, tails):
    return Rational(tails, heads + tails)


@most_likely.hint
def stationary():
    "Where does the numerator of your derivative vanish?"


@ex.part(points=2, answer=Number("coin_against_fair", digits=3))
def against_fair(heads, tails):
    r"""How much more likely are these flips with that $p$ than with a fair coin? Give the
    **quotient** of the two likelihoods.
    """
    n = heads + tails
    return Rational(heads, n) ** heads * Rational(tails, n) ** tails * 2**n


@against_fair.mistake(credit=1, help="This is the logarithm of the quotient.")
def logarithm(heads, tails):
    n = heads + tails
    return heads * log(Rational(2 * heads, n)) + tails * log(Rational(2 * tails, n))


@against_fair.mistake(credit=1, help="The most likely coin cannot do worse than a fair one.")
def upside_down(heads, tails):
    n = heads + tails
    return 1 / (Rational(heads, n) ** heads * Rational(tails, n) ** tails * 2**n)


@against_fair.hint
def two_products():
    "Write both likelihoods as products, one factor for each flip."
