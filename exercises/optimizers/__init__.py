"""Exercises on optimizers: the steps of each, by hand and in code."""
