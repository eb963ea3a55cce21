"""Exercises on validation, and on learning from samples of the data drawn again."""
