"""Exercises on pooling: what it keeps, and where its gradient goes."""
