"""Exercises on nearest neighbours."""
