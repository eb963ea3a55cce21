# Activations and softmax, and nothing right. To mark it: grade hopeless.py

import os

SHEET = "activations"
SEED = 1

sigmoid_derivative = """
sigma(4t)
  = 4t
  = banana
"""

tanh_gradiant = "-3 (1 - tanh(-3x + 1)^2)"


def softmax(z):
    while True:
        pass


def cross_entropy(z, y):
    os._exit(0)


def cross_entropy_gradient(z, y, gradient):
    return [0.0] * len(z)
