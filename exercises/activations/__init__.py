"""Exercises on activation functions: what they do to a number, and to its gradient."""
