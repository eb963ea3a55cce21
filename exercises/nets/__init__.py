"""Exercises on whole networks."""
