"""Maximum likelihood estimation: the coin of the course. Claims in the order of the notes."""

from sympy import Add, Eq, Integer, Mul, Pow, Rational, log

from derivations.claims import claim, definition, run
from derivations.functions import D
from derivations.steps import eq, gt, implies, le, misprint, start, via
from derivations.symbols import positive

HALF, THREE_QUARTERS = Rational(1, 2), Rational(3, 4)
HEAD_SHOWN = (True, False, True, True, False, False, True, False)  # H T H H T T H T


def likelihood(theta):
    """The probability of four heads and four tails, which the notes call MLE."""
    return theta**4 * (1 - theta) ** 4


def toss_by_toss(theta):
    """The product of the probabilities of the eight tosses, in their order."""
    return Mul(*[theta if head else 1 - theta for head in HEAD_SHOWN], evaluate=False)


def one_over(*terms):
    """One over a sum of numbers, as it stands."""
    return Pow(Add(*terms, evaluate=False), -1, evaluate=False)


@claim("CO-coin-data")
def probability_of_the_tosses():
    """Eight independent tosses, four of them heads, have the probability theta^4 (1 - theta)^4."""
    theta = positive("theta")
    yield start(toss_by_toss(theta), given=[theta < 1])
    yield eq(likelihood(theta))


@definition("CO-coin-likelihood-name")
def likelihood_of_the_model():
    """The probability of the data under the model; its name MLE stands for it in these notes."""
    return likelihood(positive("theta"))


@run("CO-coin-model1")
def a_coin_that_always_shows_heads():
    """With theta = 1 the first tail makes the likelihood 0."""
    yield start(toss_by_toss(Integer(1)))
    yield eq(Mul(1, 0, 1, 1, 0, 0, 1, 0, evaluate=False))
    yield eq(0)


@run("CO-coin-model2")
def a_coin_with_three_quarters():
    """With theta = 0.75 the likelihood is 0.75^4 times 0.25^4."""
    yield start(toss_by_toss(THREE_QUARTERS))
    yield eq(Rational("0.75") ** 4 * Rational("0.25") ** 4)


@run("CO-coin-model3")
def a_fair_coin():
    """With theta = 0.5 it is 0.5^4 times 0.5^4, the highest of the three."""
    yield start(toss_by_toss(HALF))
    yield eq(Rational("0.5") ** 4 * Rational("0.5") ** 4)
    yield start(likelihood(HALF))
    yield gt(likelihood(THREE_QUARTERS))
    yield start(likelihood(HALF))
    yield gt(likelihood(Integer(1)))


@claim("CO-coin-mle", chain=False)
def fair_coin_is_most_likely():
    """No theta makes the tosses more probable than one half does."""
    theta = positive("theta")
    yield start(theta**4 * (1 - theta) ** 4, given=[theta < 1])
    yield via((Rational(1, 4) - (theta - HALF) ** 2) ** 4, "completing the square")
    yield le(likelihood(HALF))


@claim("CO-coin-mle.s1", "CO-coin-mle.s2", "CO-coin-mle.s3", "CO-coin-mle.s4")
def solving_for_the_most_likely_coin():
    """The derivative of the log-likelihood; its sign slip is carried along and dropped at the end.

    The equation 1/theta = 1/(theta - 1) has no solution at all, least of all theta = 0.5.
    """
    theta = positive("theta")
    yield start(log(likelihood(theta)), given=[theta < 1])
    yield eq(4 * log(theta) + 4 * log(1 - theta))
    yield start(D(4 * log(theta) + 4 * log(1 - theta), theta), given=[theta < 1])
    yield misprint(4 / theta + 4 / (1 - theta), "the derivative of log(1 - theta) is negative")
    yield eq(4 / theta - 4 / (1 - theta))
    yield start(Eq(4 / theta + 4 / (1 - theta), 0, evaluate=False), given=[theta < 1])
    yield implies(Eq(1 / theta, 1 / (theta - 1), evaluate=False), by=Rational(1, 4))
    yield start(one_over(HALF))
    yield misprint(one_over(HALF, -1), "theta = 0.5 solves 1/theta = 1/(1 - theta), not this line")
    yield eq(one_over(1, -HALF))
