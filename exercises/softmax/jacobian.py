"""The Jacobian of softmax at one point, and its use in a backward pass."""

from itertools import permutations

import numpy as np
from sympy import Rational, latex

from exercises.answers import Array
from exercises.core import Exercise

ex = Exercise(
    "All nine derivatives of a softmax",
    claims=["XU-72", "XU-67", "XU-73"],
    level=2,
    prerequisites=["softmax.quotient_rule"],
)
TOTAL = 10


@ex.variant
def draw(v):
    weights = v.weights(3, denominator=TOTAL)
    # Both means differ from 0 and from each other, so that each slip shows.
    telling = [
        g
        for g in permutations(range(-3, 4), 3)
        if (mean := sum(w * x for w, x in zip(weights, g, strict=True)))
        and sum(g) not in (0, 3 * mean)
    ]
    upstream = v.choice(telling)
    return {
        "p": weights,
        "g": upstream,
        "shown": ", ".join(latex(w) for w in weights),
        "above": ", ".join(map(str, upstream)),
    }


def _floats(p):
    return np.array([float(Rational(w)) for w in p])


@ex.part(points=3, answer=Array("softmax_jacobian"))
def jacobian(p):
    r"""At some logits the softmax gives $p = ({{ shown }})$. Write down the matrix of all
    derivatives $\partial p_k / \partial z_i$, with row $k$ and column $i$.
    """
    q = _floats(p)
    return np.diag(q) - np.outer(q, q)


@jacobian.mistake(
    credit=1, help="The diagonal is right. A logit moves the other classes' probabilities, too."
)
def diagonal_only(p):
    q = _floats(p)
    return np.diag(q * (1 - q))


@jacobian.mistake(
    credit=1, help="What one class gains the others lose: look at the signs beside the diagonal."
)
def sign_off_the_diagonal(p):
    q = _floats(p)
    return np.diag(q * (1 - q)) + np.outer(q, q) - np.diag(q**2)


@jacobian.hint
def check_the_columns():
    "The probabilities always add up to 1. So what does each column add up to?"


@ex.part(points=2, answer=Array("softmax_vector_product"))
def product(p, g):
    r"""From above arrives the gradient $\partial L / \partial p = ({{ above }})$. Compute
    $\partial L / \partial z$. There is a way without the matrix: subtract the mean of the three
    numbers **under $p$** first.
    """
    q, above = _floats(p), np.array(g, dtype=float)
    return q * (above - q @ above)


@product.mistake(credit=1, help="The mean is weighted: each number counts with its probability.")
def plain_mean(p, g):
    q, above = _floats(p), np.array(g, dtype=float)
    return q * (above - above.mean())


@product.mistake(credit=0, help="Each logit moves all three probabilities: nothing was subtracted.")
def diagonal_of_p(p, g):
    return _floats(p) * np.array(g, dtype=float)


@product.hint
def chain_rule():
    "A logit reaches the loss along three paths, one through each probability. Add them up."
