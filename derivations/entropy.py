"""Entropy and cross entropy. Claims in the order of the notes."""

from sympy import IndexedBase, KroneckerDelta, Limit, Rational, Sum, Symbol, log

from derivations.claims import claim, definition, run
from derivations.steps import eq, gt, lt, misprint, rounds, start
from derivations.symbols import integer, natural, positive

FEW, MOST, MUCH = Rational(3, 10), Rational(7, 10), Rational(9, 10)
PRINTED_FOR_BOTH = -(FEW * log(FEW) + MOST * log(MOST))
"""The expression that the last two examples print, whatever p and q are."""
COPIED = "the expression of the second example is printed again: here p is (1, 0)"


def family(name):
    """Probabilities by outcome: p[x]."""
    return IndexedBase(Symbol(name, positive=True))


def cross_entropy(p, q, x, first, last):
    """Minus the sum of p(x) log q(x) over the outcomes."""
    return -Sum(p[x] * log(q[x]), (x, first, last))


def two_outcomes(p, q):
    """The cross entropy of two distributions on {0, 1}, from the probabilities of 0."""
    return -(p * log(q) + (1 - p) * log(1 - q))


@definition("XU-19")
def entropy():
    """Minus the sum of p log p over the sample space, whose outcomes are numbered 0 to m."""
    p, x, m = family("p"), integer("x"), natural("m")
    return cross_entropy(p, p, x, 0, m)


@claim("XU-20")
def entropy_of_two_outcomes():
    """The entropy on the sample space {0, 1} is a sum of two terms."""
    p, x = family("p"), integer("x")
    yield start(cross_entropy(p, p, x, 0, 1))
    yield eq(-(p[0] * log(p[0]) + p[1] * log(p[1])))


@claim("XU-21")
def cross_entropy_of_two_outcomes():
    """The cross entropy has q under the logarithm, and is the entropy where q is p."""
    p, q, x = family("p"), family("q"), integer("x")
    yield start(cross_entropy(p, q, x, 0, 1))
    yield eq(-(p[0] * log(q[0]) + p[1] * log(q[1])))


@run("XU-22")
def distributions_that_are_swapped():
    """p = (0.3, 0.7) and q = (0.7, 0.3): 0.94978, printed cut off instead of rounded."""
    cut = "0.94978 rounds to 0.950: the value is cut off"
    yield start(two_outcomes(FEW, MOST))
    yield eq(-(FEW * log(MOST) + MOST * log(FEW)))
    yield misprint(rounds("0.949"), cut)
    yield rounds("0.950")
    yield start(two_outcomes(FEW, MOST))
    yield misprint(rounds("0.949"), cut)
    yield rounds("0.950")


@run("XU-23")
def distributions_that_are_identical():
    """p = q = (0.3, 0.7): 0.61086, printed cut off instead of rounded."""
    cut = "0.61086 rounds to 0.611: the value is cut off"
    yield start(two_outcomes(FEW, FEW))
    yield eq(-(FEW * log(FEW) + MOST * log(MOST)))
    yield misprint(rounds("0.610"), cut)
    yield rounds("0.611")
    yield start(two_outcomes(FEW, FEW))
    yield misprint(rounds("0.610"), cut)
    yield rounds("0.611")


@claim("XU-S2.5.2.p1")
def identical_distributions_have_a_cross_entropy():
    """H(p, p) is the entropy of p, above 0 unless one outcome is certain, where it is 0."""
    odds = positive("r")
    p = odds / (1 + odds)
    yield start(two_outcomes(p, p))
    yield gt(0)
    yield start(Limit(two_outcomes(p, p), odds, 0, "+"))
    yield eq(0)


@run("XU-24")
def certain_outcome_and_a_wrong_guess():
    """p = (1, 0) and q = (0.3, 0.7): the expression beside the number is another example's."""
    yield start(two_outcomes(1, FEW))
    yield misprint(PRINTED_FOR_BOTH, COPIED, then="printed")
    yield eq(-(1 * log(FEW) + 0 * log(MOST)))
    yield misprint(rounds("1.203"), "the printed expression is 0.61086; 1.20397 is -log(0.3)")
    yield rounds("0.611")
    yield start(two_outcomes(1, FEW))
    yield misprint(rounds("1.203"), "1.20397 rounds to 1.204: the value is cut off")
    yield rounds("1.204")


@run("XU-25")
def certain_outcome_and_a_good_guess():
    """p = (1, 0) and q = (0.9, 0.1): the expression beside the number is another example's."""
    yield start(two_outcomes(1, MUCH))
    yield misprint(PRINTED_FOR_BOTH, COPIED, then="printed")
    yield eq(-(1 * log(MUCH) + 0 * log(1 - MUCH)))
    yield misprint(rounds("0.105"), "the printed expression is 0.61086; 0.10536 is -log(0.9)")
    yield rounds("0.611")
    yield start(two_outcomes(1, MUCH))
    yield rounds("0.105")


@claim("XU-S2.5.2.p2")
def better_guess_has_less_cross_entropy():
    """With p = (1, 0), q = (0.9, 0.1) has less than a tenth of the value of q = (0.3, 0.7)."""
    yield start(two_outcomes(1, MUCH))
    yield lt(two_outcomes(1, FEW) / 10)


@claim("XU-46.p1")
def cost_is_the_cross_entropy_with_the_one_hot_labels():
    """An example of class c costs the cross entropy of its one-hot label with q: -log q_c.

    The formula adds these up over the examples; the sentence names the two vectors of one.
    """
    q, k, c, K = family("q"), integer("k"), integer("c"), natural("K")
    yield start(-Sum(KroneckerDelta(k, c) * log(q[k]), (k, 1, K)), given=[c >= 1, c <= K])
    yield eq(-log(q[c]))
