"""Naive Bayes with counts, in code and in logarithms."""

import numpy as np

from exercises.answers import Code
from exercises.core import Exercise
from impl.naive_bayes.counting import MultinomialNB
from impl.softmax import log_softmax

ex = Exercise(
    "Counting words",
    claims=["SU-2.20", "SU-2.21a", "SU-2.21b"],
    level=2,
    prerequisites=["naive_bayes.spam_by_hand"],
)


def counts(rng):
    """One word, one mail a class, a word that never comes up, fractions to add, a strided view."""
    return [
        (np.array([[3.0], [1.0]]), np.array([0, 1]), 1.0),
        (np.array([[2.0, 0.0], [0.0, 3.0]]), np.array([1, 0]), 1.0),
        (np.array([[1.0, 0.0, 2.0], [4.0, 0.0, 1.0], [0.0, 0.0, 1.0]]), np.array([0, 1, 0]), 0.5),
        (rng.poisson(2.0, size=(12, 8)).astype(float)[::3, ::2], np.array([0, 1, 2, 0]), 1.0),
        (rng.poisson(1.0, size=(30, 6)).astype(float), np.arange(30) % 3, float(rng.uniform(1, 2))),
    ]


def _shares(X, y, alpha):
    return MultinomialNB(alpha).fit(X, y).feature_log_prob_


def _sums(X, y):
    return np.array([X[y == k].sum(axis=0) for k in range(int(y.max()) + 1)])


@ex.part(points=3, answer=Code("word_log_shares", counts, parameters=("X", "y", "alpha")))
def shares():
    r"""Row $i$ of `X`, of shape `(n, d)`, counts the words of mail $i$; `y`, of shape `(n,)`, holds
    its class, from 0 to K - 1, and every class comes up. Add `alpha` to each word's count in each
    class. Return the **logarithms** of the words' probabilities in each class, of shape `(K, d)`.
    """
    return _shares


@shares.mistake(credit=1, help="These do not add up to 1 over the words of a class.")
def total_not_smoothed():
    def short(X, y, alpha):
        sums = _sums(X, y)
        return np.log((sums + alpha) / sums.sum(axis=1, keepdims=True))

    return short


@shares.mistake(credit=1, help="Within a class, the words share the probability; not the reverse.")
def over_classes():
    def columns(X, y, alpha):
        sums = _sums(X, y) + alpha
        return np.log(sums / sums.sum(axis=0))

    return columns


@shares.mistake(credit=1, help="These are the probabilities; their logarithms are asked for.")
def no_logarithm():
    return lambda X, y, alpha: np.exp(_shares(X, y, alpha))


@shares.hint
def one_class():
    "Sum the rows of one class first. What is the total after alpha was added to each word?"


def mails(rng):
    """An empty mail, one word, two classes, and mails so long that a product underflows."""
    few = np.log(np.array([[0.5, 0.5], [0.9, 0.1]]))
    even = np.log(np.array([0.5, 0.5]))
    many = np.log(rng.dirichlet(np.ones(6), size=3))
    return [
        (np.zeros(2), few, np.log(np.array([0.2, 0.8]))),
        (np.array([0.0, 1.0]), few, even),
        (np.array([900.0, 600.0]), few, even),
        (rng.poisson(2.0, size=12).astype(float)[::2], many, np.log(rng.dirichlet(np.ones(3)))),
        (300.0 + rng.poisson(9.0, size=6), many, np.log(rng.dirichlet(np.ones(3)))),
    ]


def _log_posterior(x, shares, priors):
    return log_softmax(shares @ x + priors)


@ex.part(
    points=3, answer=Code("mail_log_posterior", mails, parameters=("x", "log_shares", "log_priors"))
)
def posterior():
    r"""Now `x`, of shape `(d,)`, counts the words of a new mail; `log_shares` is what you have just
    computed, and `log_priors`, of shape `(K,)`, the logarithms of the classes' shares. Return the
    **logarithms** of the classes' probabilities for this mail. It may have thousands of words.
    """
    return _log_posterior


@posterior.mistake(credit=1, help="You have not divided by what all classes give together.")
def not_normalised():
    return lambda x, shares, priors: shares @ x + priors


@posterior.mistake(credit=1, help="Some classes are more frequent than others.")
def no_prior():
    return lambda x, shares, priors: log_softmax(shares @ x)


@posterior.mistake(
    credit=1, help="A product of thousands of probabilities is too small for a float."
)
def underflows():
    def naive(x, shares, priors):
        joint = np.exp(shares @ x + priors)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log(joint / joint.sum())

    return naive


@posterior.hint
def stay_in_logarithms():
    "Products become sums; the last division is a log-sum-exp over the classes."
