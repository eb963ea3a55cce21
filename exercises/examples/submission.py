# Activations and softmax: mostly right, with two slips that many people make.
# To mark it: grade submission.py

import numpy as np

SHEET = "activations"
SEED = 1

sigmoid_derivative = """
D(1/(1 + exp(-4t)), t)
  = 4 exp(-4t) / (1 + exp(-4t))^2
  = 4 (1 - exp(-4t) - 1) / (1 + exp(-4t))^2
  = 4 sigma(4t) (1 - sigma(4t))
"""

tanh_gradient = "-3 (1 - tanh(-3x + 1)^2)"


def softmax(z):
    powers = np.exp(z)
    return powers / powers.sum(axis=-1, keepdims=True)


def cross_entropy(z, y):
    shifted = z - z.max()
    return np.log(np.exp(shifted).sum()) - (y * shifted).sum()


def cross_entropy_gradient(z, y, gradient):
    powers = np.exp(z - z.max())
    return gradient * (powers / powers.sum() - y)
