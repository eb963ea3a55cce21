"""One round of EM for a mixture of two Gaussians, by hand."""

import numpy as np
from sympy import latex

from exercises.answers import Array
from exercises.core import Exercise
from exercises.gallery.palette import BLUE, INK, VERMILLION

ex = Exercise(
    "Two hills under four stones",
    claims=["SU-2.71-alg", "SU-2.71"],
    level=3,
    prerequisites=["probability.bell_curve"],
    minutes=25,
)


def _responsibilities(data, means, weights):
    """Of the first component, with variances of 1."""
    x = np.array(data, dtype=float)
    one, two = (float(w) * np.exp(-((x - m) ** 2) / 2) for w, m in zip(weights, means, strict=True))
    return one / (one + two)


@ex.variant
def draw(v):
    def stones():
        low = v.integer(-2, 1)
        return {
            "data": tuple(sorted(v.distinct_integers(low, low + 7, n=4))),
            "means": (low + v.integer(1, 2), low + v.integer(4, 5)),
            "weights": v.weights(2, denominator=4),
        }

    def is_sound(d):
        r = _responsibilities(**d)
        # The halves count, and one stone at least lies between the hills.
        return d["weights"][0] != d["weights"][1] and np.any((r > 0.1) & (r < 0.9))

    drawn = v.until(stones, is_sound)
    return {**drawn, "w_tex": [latex(w) for w in drawn["weights"]]}


@ex.figure(
    alt="A line of numbers with four stones at {{ data }}, and above it two bell curves with "
    "middles {{ means[0] }} and {{ means[1] }}, the one drawn through, the other one dashed."
)
def hills(axes, data, means, weights):
    x = np.linspace(min(*data, *means) - 2, max(*data, *means) + 2, 300)
    looks = ((BLUE, "-", "component 1"), (VERMILLION, "--", "component 2"))
    for w, m, (colour, dash, label) in zip(weights, means, looks, strict=True):
        density = float(w) * np.exp(-((x - m) ** 2) / 2) / np.sqrt(2 * np.pi)
        axes.plot(x, density, color=colour, linestyle=dash, label=label)
    axes.plot(data, [0] * len(data), "o", color=INK, ms=7, clip_on=False, zorder=3)
    axes.set_ylim(bottom=0)
    axes.set_yticks([])
    axes.set_xlabel("x")
    axes.spines["left"].set_visible(False)
    axes.figure.legend(loc="upper center", ncols=2)


@ex.part(points=3, answer=Array("em_responsibilities", rtol=5e-3, atol=5e-4))
def responsibilities(data, means, weights):
    r"""Four stones lie at ${{ data | join(", ") }}$. You believe in two hills of variance 1: the
    first has its middle at ${{ means[0] }}$ and the weight ${{ w_tex[0] }}$, the second one at
    ${{ means[1] }}$ and ${{ w_tex[1] }}$. **E-step**: with what probability did each stone roll
    down from the **first** hill? Three significant figures will do.
    """
    return _responsibilities(data, means, weights)


@responsibilities.mistake(credit=1, help="The hills are not equally heavy: weigh the densities.")
def weights_forgotten(data, means):
    return _responsibilities(data, means, (0.5, 0.5))


@responsibilities.mistake(credit=2, help="These are those of the second hill.")
def of_the_second(data, means, weights):
    return 1 - _responsibilities(data, means, weights)


@responsibilities.mistake(credit=1, help="Divide by what both hills give together.")
def not_normalised(data, means, weights):
    x = np.array(data, dtype=float)
    return float(weights[0]) * np.exp(-((x - means[0]) ** 2) / 2)


@responsibilities.hint
def bayes():
    "Bayes' rule, once for each stone. The constant in front of the densities cancels."


@ex.part(points=1, answer=Array("em_weights", rtol=5e-3), after=responsibilities)
def new_weights(responsibilities):
    r"""**M-step**: what are the two weights now?"""
    return np.array([np.mean(responsibilities), 1 - np.mean(responsibilities)])


@new_weights.mistake(credit=0, help="Weights add up to 1; yours add up to the number of stones.")
def totals(responsibilities):
    return np.array([np.sum(responsibilities), np.sum(1 - responsibilities)])


@new_weights.hint
def share_of_stones():
    "Which share of all stones belongs to each hill, where a stone may belong to both in part?"


@ex.part(points=3, answer=Array("em_means", rtol=5e-3, atol=5e-3), after=responsibilities)
def new_means(data, responsibilities):
    r"""And the two middles?"""
    return np.array([np.average(data, weights=r) for r in (responsibilities, 1 - responsibilities)])


@new_means.mistake(credit=1, help="Divide by what the hill has of the stones, not by all of them.")
def divided_by_all(data, responsibilities):
    return np.array([np.mean(r * data) for r in (responsibilities, 1 - responsibilities)])


@new_means.mistake(credit=1, help="That is how k-means would do it: here a stone may be shared.")
def hard_assignment(data, responsibilities):
    mine = responsibilities > 0.5
    groups = [np.array(data)[mine], np.array(data)[~mine]]
    return np.array([np.mean(g) if len(g) else 0.0 for g in groups])


@new_means.hint
def weighted_mean():
    "A weighted mean of all stones for each hill. What are the weights, and what do they add up to?"
