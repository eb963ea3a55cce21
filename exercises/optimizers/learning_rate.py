"""Which learning rates converge on a parabola."""

from sympy import Rational, Symbol, latex

from exercises.answers import Expression, Number
from exercises.core import Exercise

ex = Exercise("Too timid, just right, too bold", claims=["XU-54", "XU-56", "SU-2.64"], level=2)
r = Symbol("r", positive=True)
n = Symbol("n", integer=True, positive=True)


@ex.variant
def draw(v):
    shares = [Rational(k, d) for k, d in ((1, 3), (1, 2), (2, 3), (4, 3), (3, 2), (5, 3))]
    # The loss does not shrink by just the learning rate, which the question shows.
    curvature, share = v.until(
        lambda: (v.integer(3, 9), v.choice(shares)), lambda d: (1 - d[1]) ** 2 != d[1] / d[0]
    )
    rate = share / curvature
    return {
        "c": curvature,
        "start": v.integer(2, 9),
        "rate": rate,
        "rate_tex": latex(rate),
    }


@ex.part(points=2, answer=Expression("descent_after_n", (r, n)))
def after(c, start):
    r"""Gradient descent with learning rate $r$ runs on $f(x) = \frac{ {{ c }} }{2} x^2$ from
    $x = {{ start }}$. Where is it after $n$ steps? Give a formula in $r$ and $n$.
    """
    return start * (1 - c * r) ** n


@after.mistake(credit=1, help="Each step multiplies what the step before has left.")
def linear(c, start):
    return start * (1 - n * c * r)


@after.mistake(credit=1, help="What is the gradient here, with that factor in front of the square?")
def slope_doubled(c, start):
    return start * (1 - 2 * c * r) ** n


@after.hint
def one_step():
    "One step multiplies x by a number that does not depend on x. Which one?"


@ex.part(points=2, answer=Number("largest_learning_rate"))
def bound(c):
    r"""All learning rates from 0 up to a certain bound (itself excluded) lead to the minimum, all
    beyond it away. Which bound? Give it exactly.
    """
    return Rational(2, c)


@bound.mistake(credit=1, help="There the minimum is hit at once; bolder steps still converge.")
def newton(c):
    return Rational(1, c)


@bound.hint
def overshooting():
    "Jumping to the other side does no harm, as long as you land nearer than before."


@ex.part(points=1, answer=Number("descent_factor"))
def factor(c, rate):
    r"""With the learning rate ${{ rate_tex }}$: which fraction of $f(x)$ is left after one step?
    Give it exactly.
    """
    return (1 - c * rate) ** 2


@factor.mistake(credit=0, help="This is what is left of x.")
def of_x(c, rate):
    return 1 - c * rate


@factor.hint
def square():
    "How does the value of a parabola shrink when x shrinks?"
