"""Exercises on backpropagation: gradients through layers, by hand and in code."""
