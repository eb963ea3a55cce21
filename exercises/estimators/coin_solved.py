"""The likeliest coin, solved for: equations, each equivalent to the one before."""

from sympy import Rational, Symbol

from exercises.answers import Chain, Derivation
from exercises.core import Exercise

ex = Exercise(
    "Solving for the coin", claims=["CO-coin-mle", "CO-coin-mle.s1", "CO-coin-mle.s2"], level=2
)
p = Symbol("p", positive=True)


@ex.variant
def draw(v):
    heads = v.integer(3, 9)
    return {"heads": heads, "tails": v.integer(2, 8, exclude=(heads,))}


@ex.part(points=4, answer=Derivation("coin_solved", (p,), given=(p < 1,)))
def chain(heads, tails):
    r"""Of {{ heads + tails }} flips of a coin, {{ heads }} showed heads. Where the likelihood is
    largest, its logarithm has slope 0. Begin with this equation, and solve it for $p$, the
    probability of heads: one equation a line, each equivalent to the one before.
    """
    return Chain(
        (
            f"D({heads}*log(p) + {tails}*log(1 - p), p) = 0",
            f"{heads}/p - {tails}/(1 - p) = 0",
            f"{heads}/p = {tails}/(1 - p)",
            f"{heads}*(1 - p) = {tails}*p",
            f"p = {Rational(heads, heads + tails)}",
        ),
        arrow="<=>",
    )


@chain.hint
def one_on_each_side():
    "Carry the derivative out, bring one fraction to the other side, and multiply crosswise."


@chain.hint
def inner_derivative():
    "The second logarithm has an inner function. What is its derivative?"
