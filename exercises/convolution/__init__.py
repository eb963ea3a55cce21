"""Exercises on convolution: sliding kernels, sizes, parameters and gradients."""
