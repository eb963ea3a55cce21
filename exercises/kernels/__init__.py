"""Exercises on kernels."""
