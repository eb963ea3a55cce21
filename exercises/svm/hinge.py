"""Hinge losses, the soft margin and who supports the boundary."""

import numpy as np
from sympy import Rational

from exercises.answers import Array, Code, Number
from exercises.core import Exercise

ex = Exercise(
    "Who holds up the boundary?",
    claims=["SU-2.47", "SU-2.50", "SU-2.55"],
    level=2,
    prerequisites=["perceptron.distance"],
    minutes=18,
)


@ex.variant
def draw(v):
    def scores():
        return {
            # A point in each place: well outside, on the edge, inside, and on the wrong side.
            "margins": v.shuffled(
                (
                    v.integer(2, 4),
                    1,
                    Rational(v.integer(1, 4), 5),
                    -Rational(v.integer(1, 7), 2),
                    Rational(v.integer(6, 9), 5),
                )
            ),
            "labels": tuple(v.sign() for _ in range(5)),
            "w": v.choice(((3, 4), (4, -3), (-6, 8), (5, 12))),
            "cost": v.integer(2, 5),
        }

    drawn = v.until(scores, lambda d: len(set(d["labels"])) == 2 and len(set(d["margins"])) == 5)
    given = [m * y for m, y in zip(drawn["margins"], drawn["labels"], strict=True)]
    return {**drawn, "scores": tuple(given), "shown": ", ".join(f"{float(k):g}" for k in given)}


def _losses(margins):
    return [max(0, 1 - m) for m in margins]


@ex.part(points=3, answer=Array("hinge_losses"))
def losses(margins):
    r"""Five points have the labels ${{ labels }}$. A linear classifier gives them the scores
    $w^\top x + b = {{ shown }}$, in the same order. Give the hinge loss
    $\max(0, 1 - y\,(w^\top x + b))$ of each.
    """
    return np.array(_losses(margins), dtype=float)


@losses.mistake(credit=1, help="Beyond the edge of the street nothing is gained any more.")
def negative_losses(margins):
    return np.array([1 - m for m in margins], dtype=float)


@losses.mistake(credit=1, help="The label turns the score around for one of the classes.")
def without_labels(scores):
    return np.array(_losses(scores), dtype=float)


@losses.mistake(credit=1, help="To be right is not enough: the street should be empty.")
def perceptron_loss(margins):
    return np.array([max(0, -m) for m in margins], dtype=float)


@losses.hint
def margin_first():
    "First write down label times score for each point. From which value on is the loss zero?"


def _total(losses):
    """The exact sum: the losses are multiples of one tenth."""
    return sum(Rational(loss).limit_denominator(10**6) for loss in losses)


@ex.part(points=2, answer=Number("soft_margin_objective"), after=losses)
def objective(losses, w, cost):
    r"""The soft margin minimises $\frac12 \lVert w \rVert^2 + C \sum_i \mathrm{hinge}_i$. With
    $w = {{ w }}$ and $C = {{ cost }}$: what is its value here?
    """
    return Rational(w[0] ** 2 + w[1] ** 2, 2) + cost * _total(losses)


@objective.mistake(credit=1, help="There is a half in front of one of the two terms.")
def half_forgotten(losses, w, cost):
    return w[0] ** 2 + w[1] ** 2 + cost * _total(losses)


@objective.hint
def two_wishes():
    "Two wishes, weighed against each other: a wide street, and few who stand on it."


@ex.part(points=2, answer=Array("support_vectors"))
def support(margins):
    r"""Suppose that this $w$ is optimal. Which points may have $\alpha_i > 0$, that is, hold the
    boundary up? Write 1 for those and 0 for the others, in order.
    """
    return np.array([1.0 if m <= 1 else 0.0 for m in margins])


@support.mistake(credit=1, help="Those inside the street pull at the boundary, too.")
def on_the_edge_only(margins):
    return np.array([1.0 if m == 1 else 0.0 for m in margins])


@support.mistake(credit=1, help="A point exactly on the edge of the street may lean on it.")
def edge_left_out(margins):
    return np.array([1.0 if m < 1 else 0.0 for m in margins])


@support.hint
def remove_one():
    "Which points could be taken away, without the boundary moving at all?"


def inputs(rng):
    """One point, points on the edge, many points, a strided view."""
    return [
        (np.array([0.5]), np.array([1])),
        (np.array([1.0, -1.0, 0.0]), np.array([1, -1, 1])),
        (2 * rng.normal(size=40), rng.choice([-1, 1], size=40)),
        (rng.normal(size=12)[::3], np.array([1, -1, -1, 1])),
    ]


@ex.part(points=2, answer=Code("mean_hinge", inputs, parameters=("scores", "y")))
def mean_hinge():
    r"""In code: return the **mean** hinge loss of scores with labels `y`, $1$ or $-1$."""
    return lambda scores, y: float(np.mean(np.maximum(0.0, 1.0 - y * scores)))


@mean_hinge.mistake(credit=1, help="Divide by the number of points.")
def summed():
    return lambda scores, y: float(np.sum(np.maximum(0.0, 1.0 - y * scores)))


@mean_hinge.hint
def maximum_of_arrays():
    "np.maximum compares entry by entry; np.max does not."
