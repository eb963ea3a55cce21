"""Logistic regression for two classes."""

from impl.logistic.model import LogisticRegression, SeparationWarning

__all__ = ["LogisticRegression", "SeparationWarning"]
