"""Layers of networks, each an operation with its backward pass."""
