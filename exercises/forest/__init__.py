"""Exercises on decision trees."""
