"""Exercises on support vector machines."""
