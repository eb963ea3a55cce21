"""Logistic regression: the model, its likelihood and its cost."""
