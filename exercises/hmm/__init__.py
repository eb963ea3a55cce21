"""Exercises on hidden Markov models."""
