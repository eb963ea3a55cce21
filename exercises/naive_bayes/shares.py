"""Why the most likely shares are the shares counted, by a multiplier."""

from sympy import Rational, Symbol, log

from exercises.answers import Expression, Number
from exercises.core import Exercise

ex = Exercise("Why counting is right", claims=["SU-2.24", "SU-2.25", "SU-2.26"], level=3)
c = Symbol("c", positive=True)
m = Symbol("m", negative=True)


@ex.variant
def draw(v):
    counts = v.distinct_integers(3, 14, n=3)
    while any(sum(counts) % k == 0 for k in counts):
        counts = v.distinct_integers(3, 14, n=3)
    return {"counts": counts, "pseudo": v.integer(2, 4)}


@ex.part(points=2, answer=Expression("share_by_multiplier", (m,)))
def by_multiplier(counts):
    r"""In a training set the three classes come up {{ counts[0] }}, {{ counts[1] }} and
    {{ counts[2] }} times. Their shares $t_1, t_2, t_3$ are to maximise
    $\sum_k N_k \log t_k + m \left(\sum_k t_k - 1\right)$ with a multiplier $m$. Set the derivative
    with respect to $t_1$ to zero, and give $t_1$ as a formula in $m$.
    """
    return -counts[0] / m


@by_multiplier.mistake(credit=1, help="Insert it into the derivative: is it zero?")
def wrong_sign(counts):
    return counts[0] / m


@by_multiplier.mistake(credit=0, help="This is not solved for the share yet.")
def upside_down(counts):
    return -m / counts[0]


@by_multiplier.hint
def derivative():
    "Only two terms hold this share, a logarithm and a multiple."


@ex.part(points=2, answer=Number("share_most_likely"))
def most_likely(counts):
    r"""Find the multiplier by adding all three up. What is $t_1$, then? Give it exactly."""
    return Rational(counts[0], sum(counts))


@most_likely.mistake(credit=0, help="Three classes need not be equally frequent.")
def uniform():
    return Rational(1, 3)


@most_likely.mistake(credit=0, help="This compares it with the others, not with all.")
def odds(counts):
    return Rational(counts[0], counts[1] + counts[2])


@most_likely.hint
def constraint():
    "The three shares add up to 1. What does that say about the multiplier?"


@ex.part(points=3, answer=Expression("share_smoothed", (c,)))
def smoothed(counts):
    r"""Somebody adds a penalty for shares near zero, $c \sum_k \log t_k$ with $c > 0$, and
    maximises again. Give $t_1$ as a formula in $c$.
    """
    return (counts[0] + c) / (sum(counts) + 3 * c)


@smoothed.mistake(credit=1, help="Do the three shares still add up to 1?")
def total_forgotten(counts):
    return (counts[0] + c) / sum(counts)


@smoothed.mistake(credit=1, help="How many of the counts have grown?")
def total_once(counts):
    return (counts[0] + c) / (sum(counts) + c)


@smoothed.hint
def same_form():
    "Collect the two sums of logarithms. You have solved this already, with other counts."


@ex.part(points=2, answer=Number("share_price", digits=3))
def price(counts, pseudo):
    r"""With $c = {{ pseudo }}$ the shares are not quite the most likely ones. How much does the
    log-likelihood $\sum_k N_k \log t_k$ lose against its largest value?
    """
    total = sum(counts)
    return sum(
        n * (log(Rational(n, total)) - log(Rational(n + pseudo, total + 3 * pseudo)))
        for n in counts
    )


@price.mistake(credit=1, help="It cannot be larger than its largest value: mind the sign.")
def wrong_way(counts, pseudo):
    total = sum(counts)
    return sum(
        n * (log(Rational(n + pseudo, total + 3 * pseudo)) - log(Rational(n, total)))
        for n in counts
    )


@price.hint
def two_values():
    "Compute it twice, with both sets of shares, and subtract."
