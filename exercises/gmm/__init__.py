"""Exercises on mixtures of Gaussians and EM."""
