"""A spam filter with three words, counted and smoothed by hand."""

from itertools import product

from sympy import Rational

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise(
    "You have won a meeting", claims=["SU-2.18", "SU-2.19", "SU-2.20", "SU-2.21b"], level=2
)
WORDS = ("prize", "meeting", "now")


def _share(counts, word, alpha=1):
    return Rational(counts[word] + alpha, sum(counts) + 3 * alpha)


def _posterior(spam, ham, prior, prize_in_ham, alpha=1):
    """The probability that the mail "prize meeting" is spam."""
    as_spam = prior * _share(spam, 0, alpha) * _share(spam, 1, alpha)
    return as_spam / (as_spam + (1 - prior) * prize_in_ham * _share(ham, 1, alpha))


@ex.variant
def draw(v):
    # "prize" never came up in good mail: without smoothing, that one word would decide.
    spam = v.choice([c for c in product(range(4, 8), range(1, 3), range(2, 6)) if len(set(c)) == 3])
    ham = (0, *v.choice([c for c in product(range(4, 9), range(2, 5)) if c[0] != c[1]]))
    while sum(spam) == sum(ham):
        spam = (spam[0] + 1, *spam[1:])
    return {"spam": spam, "ham": ham, "prior": Rational(1, v.choice((3, 4, 5))), "words": WORDS}


@ex.part(points=2, answer=Number("spam_share"))
def share(ham):
    r"""Your filter knows three words. How often has it counted them? In old **spam**:
    {% for w in words %}{{ w }} {{ spam[loop.index0] }}{{ ", " if not loop.last }}{% endfor %}. In
    old **good mail**: {% for w in words %}{{ w }} {{ ham[loop.index0] }}{{
    ", " if not loop.last }}{% endfor %}.
    Smooth by Laplace's rule: add 1 to every count. What probability does "prize" get in good mail?
    Give it exactly.
    """
    return _share(ham, 0)


@share.mistake(credit=0, help="What has never been seen is not impossible: smooth.")
def not_smoothed(ham):
    return _share(ham, 0, alpha=0)


@share.mistake(credit=1, help="With these, the three probabilities add up to more than 1.")
def total_not_smoothed(ham):
    return Rational(ham[0] + 1, sum(ham))


@share.mistake(credit=1, help="How many counts have grown by 1?")
def total_plus_one(ham):
    return Rational(ham[0] + 1, sum(ham) + 1)


@share.hint
def add_up():
    "After smoothing, the probabilities of all three words still add up to 1."


@ex.part(points=4, answer=Number("spam_posterior"), after=share)
def posterior(spam, ham, prior, share):
    r"""One mail in {{ 1 / prior }} is spam. A new one says "prize meeting". With what probability
    is it spam, by naive Bayes and with smoothing? Give it exactly.
    """
    return _posterior(spam, ham, prior, share)


@posterior.mistake(credit=2, help="You have taken both kinds of mail to be equally frequent.")
def no_prior(spam, ham, share):
    return _posterior(spam, ham, Rational(1, 2), share)


@posterior.mistake(credit=1, help="Without smoothing, one word has decided everything.")
def not_smoothed_at_all(spam, ham, prior):
    return _posterior(spam, ham, prior, _share(ham, 0, alpha=0), alpha=0)


@posterior.mistake(credit=2, help="That is the probability of good mail.")
def good(spam, ham, prior, share):
    return 1 - _posterior(spam, ham, prior, share)


@posterior.mistake(credit=1, help="You are not done: divide by what both kinds give together.")
def joint(spam, prior):
    return prior * _share(spam, 0) * _share(spam, 1)


@posterior.hint
def two_products():
    "For each kind of mail, multiply its share of all mail by the probabilities of the two words."
