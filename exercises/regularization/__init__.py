"""Exercises on regularisation: shrinking weights and dropping units."""
