"""Exercises on batch normalisation: forward, backward and at inference."""
