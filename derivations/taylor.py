"""Taylor's formula and the series of the exponential. Claims in the order of the notes."""

from sympy import Add, IndexedBase, Sum, Symbol, exp, factorial, oo

from derivations.claims import claim, definition
from derivations.steps import eq, start
from derivations.symbols import integer, natural, real

i = integer("i")
N = natural("n")
X = real("x")
F_OF_X = Symbol("f(x)", real=True)


def taylor_polynomial(at, count):
    """The sum of f^(i)(x_0) (x - x_0)^i / i! for i up to count; f^(i)(x_0) is written f[i]."""
    derivatives = IndexedBase("f", real=True)
    return Sum(derivatives[i] / factorial(i) * (X - at) ** i, (i, 0, count))


def exponential_polynomial(count):
    """1 + x/1! + x^2/2! + ... up to the power `count`."""
    return Sum(X**i / factorial(i), (i, 0, count))


def plus_remainder(polynomial, remainder):
    """The polynomial and what is left, side by side."""
    return Add(polynomial, remainder, evaluate=False)


@definition("SU-1.1.rem")
def remainder_of_taylor():
    """What the polynomial leaves of the function."""
    return F_OF_X - taylor_polynomial(real("x_0"), N)


@claim("SU-1.1")
def taylor_formula():
    """A function is its Taylor polynomial at x_0 and the remainder, which this line introduces.

    The form of the remainder, and its bound, are derived for the todo "Taylor's formula".
    """
    polynomial = taylor_polynomial(real("x_0"), N)
    yield start(F_OF_X)
    yield eq(plus_remainder(polynomial, F_OF_X - polynomial))


@claim("SU-1.2")
def series_of_the_exponential():
    """The exponential is its polynomial at 0 and the remainder, and the whole series."""
    polynomial = exponential_polynomial(N)
    yield start(exp(X))
    yield eq(plus_remainder(polynomial, exp(X) - polynomial))
    yield eq(exponential_polynomial(oo))


@claim("SU-1.2-todo", "SUA-1.9-note")
def series_of_the_exponential_at_zero():
    """The exponential is its Taylor series at 0, whose dots are printed twice."""
    yield start(exp(X))
    yield eq(exponential_polynomial(oo))
