"""Numeric models: NumPy to read, with their derivatives beside them."""
