"""Exercises on principal components."""
