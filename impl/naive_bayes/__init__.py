"""Naive Bayes: features that are independent of each other within a class."""

from impl.naive_bayes.categorical import CategoricalNB
from impl.naive_bayes.counting import BernoulliNB, MultinomialNB
from impl.naive_bayes.gaussian import GaussianNB

__all__ = ["BernoulliNB", "CategoricalNB", "GaussianNB", "MultinomialNB"]
