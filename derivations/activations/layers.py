"""Activations within a layer: applied entry by entry, and why a network needs them."""

from sympy import exp

from derivations.claims import claim, run
from derivations.functions import D, sigmoid
from derivations.steps import eq, misprint, rounds, start
from derivations.symbols import real


@claim("CH-2.2")
def affine_layers_compose_to_one_affine_layer():
    """Without activation functions two layers are a x + b again."""
    x, a1, b1, a2, b2 = real("x a1 b1 a2 b2")
    yield start(a2 * (a1 * x + b1) + b2)
    yield eq((a1 * a2) * x + (a2 * b1 + b2))


@claim("XU-90.p1")
def activations_do_not_mix_coordinates():
    """Altering z_1 leaves sigma(z_2) and sigma(z_3) as they are."""
    z1, z2, z3 = real("z1 z2 z3")
    yield start(D(sigmoid(z2) + sigmoid(z3) + sigmoid(z1), z1))
    yield eq(D(sigmoid(z1), z1))


@run("XU-92.n1", "XU-92.n3")
def sigmoid_of_five():
    """sigma(5) to three decimals."""
    yield start(sigmoid(5))
    yield eq(1 / (1 + exp(-5)))
    yield rounds("0.993")


@run("XU-92.n2", "XU-92")
def sigmoid_of_two():
    """sigma(2) to three decimals, printed cut off instead of rounded."""
    yield start(sigmoid(2))
    yield eq(1 / (1 + exp(-2)))
    yield misprint(rounds("0.880"), "0.8808 rounds to 0.881")
    yield rounds("0.881")
