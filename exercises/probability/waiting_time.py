"""An exponential waiting time: its square by parts, its median, and its forgetfulness."""

from sympy import Rational, Symbol, exp, log

from exercises.answers import Chain, Derivation, Number
from exercises.core import Exercise

ex = Exercise("The bus that forgets", claims=["SU-1.15", "SU-1.16a", "SU-1.16b"], level=2)
r = Symbol("r", positive=True)


@ex.variant
def draw(v):
    mean = v.choice((6, 8, 10))
    return {
        "c": v.choice((2, 3, 5)),
        "mean": mean,
        "waited": mean + 7,
        "more": v.choice((3, 5)),
    }


@ex.part(points=4, answer=Derivation("waiting_square", (r,)))
def chain(c):
    r"""The time $x$ until the bus comes has density $r e^{-r x}$ for $x \ge 0$. Waiting costs
    nerves, namely {{ c }} times the **square** of the time. Show by integrating by parts, twice,
    what it costs on average.
    """
    return Chain(
        (
            f"int({c}*x^2*r*exp(-r*x), x, 0, oo)",
            f"{2 * c}*int(x*exp(-r*x), x, 0, oo)",
            f"{2 * c}/r*int(exp(-r*x), x, 0, oo)",
            f"{2 * c}/r^2",
        )
    )


@chain.hint
def which_factor():
    "Integrate the density and differentiate the power; at both ends the product vanishes."


@ex.part(points=2, answer=Number("waiting_median", digits=3))
def median(mean):
    r"""The bus takes {{ mean }} minutes on average. Within how many minutes does it come in half
    of all cases?
    """
    return mean * log(2)


@median.mistake(credit=0, help="Half of the mean is not where half of the probability lies.")
def half_the_mean(mean):
    return Rational(mean, 2)


@median.mistake(credit=1, help="The rate is what the mean is not.")
def rate_for_mean(mean):
    return log(2) / mean


@median.hint
def survival():
    "With what probability is the bus still not there after t minutes?"


@ex.part(points=2, answer=Number("waiting_still", digits=3))
def still(mean, more):
    r"""You have already waited {{ waited }} minutes. With what probability do you wait at least
    {{ more }} minutes **more**?
    """
    return exp(-Rational(more, mean))


@still.mistake(credit=1, help="You know that it has not come so far: condition on it.")
def from_the_start(mean, waited, more):
    return exp(-Rational(waited + more, mean))


@still.mistake(credit=1, help="This is the probability that it comes within that time.")
def comes(mean, more):
    return 1 - exp(-Rational(more, mean))


@still.hint
def quotient():
    "Divide two probabilities of still waiting, the later by the earlier."
