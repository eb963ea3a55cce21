"""Exercises on initial weights: how large they should be, and why."""
