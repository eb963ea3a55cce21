"""Activation functions: sigmoid, tanh, ReLU and its relatives."""
