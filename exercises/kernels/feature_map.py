"""The kernel trick on paper: a square of an inner product is an inner product."""

import numpy as np
from sympy import Matrix, Symbol, expand, latex

from exercises.answers import Array, Expression, Number
from exercises.core import Exercise

ex = Exercise(
    "Three dimensions for the price of two",
    claims=["SU-2.60", "SU-2.60.phi", "SU-2.58"],
    level=2,
    minutes=16,
)
x1, x2, z1, z2 = (Symbol(name, real=True) for name in ("x1", "x2", "z1", "z2"))


@ex.variant
def draw(v):
    def places():
        data = tuple(v.distinct_integers(-2, 3, n=2) for _ in range(3))
        return {"data": data, "c": v.integer(1, 3)}

    def is_sound(d):
        inner = _inner(d["data"])
        return len(set(d["data"])) == 3 and inner[0, 1] + d["c"] != 0 and abs(inner[0, 2]) > 1

    drawn = v.until(places, is_sound)
    return {**drawn, "data_tex": ", ".join(latex(Matrix(x)) for x in drawn["data"])}


def _inner(data):
    X = np.array(data, dtype=float)
    return X @ X.T


@ex.part(points=3, answer=Expression("kernel_expanded", (x1, x2, z1, z2), form="expanded"))
def polynomial(c):
    r"""Take the kernel $k(x, z) = (x^\top z + {{ c }})^2$ for points of the plane. Multiply it out:
    give it as a polynomial in `x1`, `x2`, `z1` and `z2`.
    """
    return expand((x1 * z1 + x2 * z2 + c) ** 2)


@polynomial.mistake(credit=1, help="A square of a sum has mixed terms.")
def squares_only(c):
    return (x1 * z1) ** 2 + (x2 * z2) ** 2 + c**2


@polynomial.mistake(credit=2, help="Each mixed term comes up twice.")
def mixed_terms_once(c):
    square = expand((x1 * z1 + x2 * z2 + c) ** 2)
    return (square + (x1 * z1) ** 2 + (x2 * z2) ** 2 + c**2) / 2


@polynomial.hint
def three_summands():
    "Three summands, squared: three squares and three mixed terms."


@ex.part(points=2, answer=Number("feature_dimensions"))
def dimensions():
    r"""Each monomial is a product of something of $x$ and the same of $z$: one coordinate of a
    feature map $\phi$ with $k(x, z) = \phi(x)^\top \phi(z)$. How many coordinates does this
    $\phi$ need, when none is needed twice?
    """
    return 6


@dimensions.mistake(credit=1, help="The constant is a monomial, too: the same for every point.")
def constant_left_out():
    return 5


@dimensions.hint
def count_the_monomials():
    "Count the monomials that are left after like terms are put together."


@ex.part(points=3, answer=Array("gram_matrix"))
def gram(data, c):
    r"""Now use it: give the $3 \times 3$ matrix of all $k(x_i, x_j)$ for the points
    ${{ data_tex }}$.
    """
    return (_inner(data) + c) ** 2


@gram.mistake(credit=1, help="The constant belongs inside the square.")
def constant_outside(data, c):
    return _inner(data) ** 2 + c


@gram.mistake(credit=1, help="Square each entry, not the matrix.")
def matrix_square(data, c):
    inner = _inner(data) + c
    return inner @ inner


@gram.hint
def symmetric():
    "Only six of the nine entries need work: why?"
