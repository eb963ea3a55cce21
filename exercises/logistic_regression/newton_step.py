"""Newton's method for a logistic model with one parameter."""

from sympy import Rational, latex, log

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise(
    "One step of Newton's",
    claims=["SU-2.15", "SU-2.15-convex", "SU-2.16"],
    level=3,
    prerequisites=["logistic_regression.cat_or_dog"],
)


def _derivatives(x, y):
    """First and second derivative of the summed loss at w = 0, where every probability is 1/2."""
    first = sum((Rational(1, 2) - b) * a for a, b in zip(x, y, strict=True))
    return first, Rational(sum(a * a for a in x), 4)


@ex.variant
def draw(v):
    x = v.choice([(1, 2, 4, -2), (1, 3, -2, 4), (-1, 2, 3, 5), (2, -3, 1, 4), (5, -1, 1, 2)])
    # Not separable: some example pulls the other way, or the best w would be infinite.
    labels = [
        y
        for y in [
            (1, 1, 0, 1),
            (0, 1, 1, 1),
            (1, 0, 1, 0),
            (0, 0, 1, 0),
            (1, 1, 0, 0),
            (0, 1, 0, 1),
        ]
        if len({(2 * b - 1) * a > 0 for a, b in zip(x, y, strict=True)}) == 2
        and _derivatives(x, y)[0] not in (0, 1, -1)
        and not (_derivatives(x, y)[0] / _derivatives(x, y)[1]).is_integer
        and not _derivatives(x, y)[1].is_integer
    ]
    y = v.choice(labels)
    n = v.integer(11, 19)
    return {"x": x, "y": y, "n": n, "k": v.integer(n // 2 + 2, n - 2), "X": latex(x)}


@ex.part(points=2, answer=Number("newton_curvature"))
def curvature(x, y):
    r"""A logistic model has one feature, no constant, and so one weight $w$. The examples are
    $x = {{ x }}$ with labels $y = {{ y }}$. Start at $w = 0$. What is the **second** derivative of
    the summed cross-entropy there? Give it exactly.
    """
    return _derivatives(x, y)[1]


@curvature.mistake(credit=0, help="Each feature comes in twice, once for each derivative.")
def not_squared(x):
    return Rational(sum(x), 4)


@curvature.mistake(credit=1, help="What is p (1 - p) at even odds?")
def half(x):
    return Rational(sum(a * a for a in x), 2)


@curvature.hint
def differentiate_again():
    "The first derivative sums (p - y) x. Only p depends on w."


@ex.part(points=3, answer=Number("newton_weight"))
def weight(x, y):
    r"""Take one Newton step. What is the new $w$? Give it exactly."""
    first, second = _derivatives(x, y)
    return -first / second


@weight.mistake(credit=1, help="This step goes uphill.")
def uphill(x, y):
    first, second = _derivatives(x, y)
    return first / second


@weight.mistake(credit=1, help="That is a step of gradient descent: the curvature is not in it.")
def gradient_step(x, y):
    return -_derivatives(x, y)[0]


@weight.hint
def parabola():
    "Newton jumps to the lowest point of the parabola with the same slope and the same curvature."


@ex.part(points=2, answer=Number("newton_missed", digits=3))
def missed(n, k):
    r"""Now a model with nothing but a constant $b$, and {{ n }} examples, {{ k }} of them positive.
    Newton's first step from $b = 0$ leads to $4 \cdot {{ k }} / {{ n }} - 2$. How far is that from
    the best $b$? Give the distance.
    """
    return log(Rational(k, n - k)) - (Rational(4 * k, n) - 2)


@missed.mistake(credit=1, help="This is the best constant. How far away is the step?")
def the_best(n, k):
    return log(Rational(k, n - k))


@missed.mistake(credit=0, help="The best constant is a score, not a probability.")
def share(n, k):
    return abs(Rational(k, n) - (Rational(4 * k, n) - 2))


@missed.hint
def share_of_positives():
    "At the best constant, the model's probability is the share of the positives."
