"""The dual of a support vector machine with one point on each side, by hand."""

import numpy as np
from sympy import Rational, Symbol, sqrt

from exercises.answers import Array, Expression, Number
from exercises.core import Exercise
from exercises.drawing import points, zero_lines

ex = Exercise(
    "The widest street between two houses",
    claims=["SU-2.50", "SU-2.55", "SU-2.56a", "SU-2.56b", "SU-2.58"],
    level=3,
    prerequisites=["perceptron"],
    minutes=25,
)
a = Symbol("a", positive=True)


@ex.variant
def draw(v):
    def houses():
        return {
            "plus": (v.integer(-2, 4), v.integer(-2, 4)),
            "minus": (v.integer(-2, 4), v.integer(-2, 4)),
        }

    def is_sound(d):
        gap = _gap(**d)
        inner = sum(p * m for p, m in zip(d["plus"], d["minus"], strict=True))
        # Signs matter: they would not at the origin, at a right angle, or with a constant of 0.
        return (
            0 not in (*gap, *d["plus"], inner)
            and abs(gap[0]) != abs(gap[1])
            and _offset(_weights(**d), **d) != 0
        )

    return v.until(houses, is_sound)


def _gap(plus, minus):
    return tuple(p - m for p, m in zip(plus, minus, strict=True))


def _square(place):
    return sum(Rational(k) ** 2 for k in place)


def _weights(plus, minus):
    gap = _gap(plus, minus)
    return [2 * k / _square(gap) for k in gap]


def _offset(weights, plus, minus):
    """The constant that puts the boundary half way between the two scores."""
    return -sum(w * (p + m) for w, p, m in zip(weights, plus, minus, strict=True)) / 2


@ex.figure(alt="Two points: house A, label +1, at {{ plus }}; house B, label -1, at {{ minus }}.")
def plane(axes, plus, minus):
    zero_lines(axes)
    points(axes, {"label +1": [plus], "label −1": [minus]}, "AB")


@ex.part(points=3, answer=Expression("svm_dual", (a,), form="expanded"))
def dual(plus, minus):
    r"""House A stands at ${{ plus }}$ and has the label $+1$, house B at ${{ minus }}$ has $-1$. A
    support vector machine lays the widest street between them. Its dual is
    $$\max_\alpha \; \sum_i \alpha_i - \frac12 \sum_{i,j} y_i y_j \alpha_i \alpha_j \,
    x_i^\top x_j, \qquad \sum_i \alpha_i y_i = 0, \qquad \alpha_i \ge 0.$$
    The constraint leaves one unknown, $\alpha_A = \alpha_B = a$. Give what is to be maximised as a
    polynomial in `a`.
    """
    return 2 * a - a**2 * _square(_gap(plus, minus)) / 2


@dual.mistake(credit=1, help="The sum over i and j has four terms, and the labels are in each.")
def labels_forgotten(plus, minus):
    return 2 * a - a**2 * _square([p + m for p, m in zip(plus, minus, strict=True)]) / 2


@dual.mistake(credit=2, help="There is a half in front of the double sum.")
def half_forgotten(plus, minus):
    return 2 * a - a**2 * _square(_gap(plus, minus))


@dual.hint
def three_products():
    "You need three inner products: A with A, B with B, and A with B, which comes up twice."


@ex.part(points=2, answer=Number("svm_alpha"), after=dual)
def alpha(dual):
    r"""Which $a$ maximises it? Give it exactly."""
    slope, curvature = dual.diff(a).subs(a, 0), dual.diff(a, 2).subs(a, 0)
    return -slope / curvature


@alpha.mistake(credit=1, help="Differentiate with care: the square brings a factor with it.")
def derivative_of_the_square(dual):
    return -2 * dual.diff(a).subs(a, 0) / dual.diff(a, 2).subs(a, 0)


@alpha.hint
def parabola():
    "It is a parabola that opens downwards. Where is its slope zero?"


@ex.part(points=2, answer=Array("svm_weights", rtol=5e-3), after=alpha)
def weights(plus, minus, alpha):
    r"""Now $w$, as fractions or to three significant figures."""
    return np.array([float(alpha * k) for k in _gap(plus, minus)])


@weights.mistake(credit=1, help="House B has the label -1.")
def labels_left_out(plus, minus, alpha):
    return np.array([float(alpha * (p + m)) for p, m in zip(plus, minus, strict=True)])


@weights.mistake(credit=1, help="A street of the right width, but both houses get the wrong sign.")
def pointing_to_minus(plus, minus, alpha):
    return -np.array([float(alpha * k) for k in _gap(plus, minus)])


@weights.hint
def stationary():
    "Setting the gradient of the Lagrangian with respect to w to zero says what w is made of."


@ex.part(points=2, answer=Number("svm_offset", digits=3), after=weights)
def offset(plus, minus, weights):
    r"""And the constant $b$, exactly or to three significant figures?"""
    return _offset([Rational(w).limit_denominator(10**6) for w in weights], plus, minus)


@offset.mistake(credit=1, help="Check it at house A: the score should be 1 there.")
def wrong_sign(plus, minus, weights):
    return -_offset([Rational(w).limit_denominator(10**6) for w in weights], plus, minus)


@offset.hint
def middle_of_the_street():
    "Half way between the houses the score is zero."


@ex.part(points=1, answer=Number("svm_margin", digits=3))
def margin(plus, minus):
    r"""How far is each house from the **middle** of the street?"""
    return sqrt(_square(_gap(plus, minus))) / 2


@margin.mistake(credit=0, help="That is the width of the whole street.")
def whole_street(plus, minus):
    return sqrt(_square(_gap(plus, minus)))


@margin.hint
def no_machine_needed():
    "You can see it without any machine. It should agree with one over the length of your w."
