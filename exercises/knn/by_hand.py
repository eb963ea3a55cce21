"""Nearest neighbours on squared paper: distances, votes, and a change of units."""

import numpy as np

from exercises.answers import Array, Number
from exercises.core import Exercise
from exercises.drawing import points, zero_lines

ex = Exercise("Ask your neighbours", claims=["CO-knn-algo"], level=1, minutes=12)


def _squares(data, query, stretch=1):
    return [(x[0] - query[0]) ** 2 + (stretch * (x[1] - query[1])) ** 2 for x in data]


def _nearest(data, query, k, stretch=1):
    order = np.argsort(_squares(data, query, stretch), kind="stable")
    return [int(i) for i in order[:k]]


def _vote(labels, chosen):
    return int(2 * sum(labels[i] for i in chosen) > len(chosen))


@ex.variant
def draw(v):
    def village():
        places = [(a, b) for a in range(6) for b in range(6)]
        *data, query = v.shuffled(places)[:7]
        return {"data": tuple(data), "query": query, "labels": v.shuffled((0, 0, 0, 1, 1, 1))}

    def is_sound(d):
        data, query, labels = d["data"], d["query"], d["labels"]
        one, three = (_vote(labels, _nearest(data, query, k)) for k in (1, 3))
        stretched = _nearest(data, query, 1, stretch=10)
        # No two at one distance, and the answers to the three questions are not all alike.
        return (
            len(set(_squares(data, query))) == 6
            and len(set(_squares(data, query, 10))) == 6
            and one != three
            and stretched != _nearest(data, query, 1)
        )

    return v.until(village, is_sound)


@ex.figure(
    alt="Houses on squared paper: {% for x in data %}{{ 'ABCDEF'[loop.index0] }} at {{ x }} with "
    "{{ 'a dog' if labels[loop.index0] else 'a cat' }}{{ '; ' if not loop.last }}{% endfor %}. A "
    "star marks the new house at {{ query }}."
)
def village_map(axes, data, labels, query):
    groups = {
        pet: [x for x, y in zip(data, labels, strict=True) if y == k]
        for k, pet in enumerate(("cat", "dog"))
    }
    names = ["ABCDEF"[data.index(x)] for group in groups.values() for x in group]
    zero_lines(axes)
    points(axes, {**groups, "new": [query]}, names)


@ex.part(points=2, answer=Array("knn_squared_distances"))
def distances(data, query):
    r"""Six houses of a village, A to F, stand at {{ data | join(", ") }}. They keep, in the same
    order: {% for y in labels %}{{ "a dog" if y else "a cat" }}{{ ", " if not loop.last }}{%
    endfor %}. Somebody moves in at {{ query }}. Give the **squared** distances to the new house
    from A to F.
    """
    return np.array(_squares(data, query), dtype=float)


@distances.mistake(credit=1, help="Right, but with the root taken: the squares were asked for.")
def not_squared(data, query):
    return np.sqrt(_squares(data, query))


@distances.mistake(credit=0, help="That is how far it is along the streets, not through the air.")
def along_the_streets(data, query):
    return np.array([abs(x[0] - query[0]) + abs(x[1] - query[1]) for x in data], dtype=float)


@distances.hint
def pythagoras():
    "Pythagoras, six times; no roots are needed to find out who is nearest."


@ex.part(points=2, answer=Array("knn_votes"))
def votes(data, query, labels):
    r"""Which pet will the newcomer have, by 1 nearest neighbour and by 3? Give two numbers, 0 for
    a cat and 1 for a dog.
    """
    return np.array([_vote(labels, _nearest(data, query, k)) for k in (1, 3)], dtype=float)


@votes.mistake(credit=0, help="Exactly the other way round: look who is what.")
def pets_exchanged(data, query, labels):
    return 1 - np.array([_vote(labels, _nearest(data, query, k)) for k in (1, 3)], dtype=float)


@votes.hint
def majority():
    "Mark the three smallest squares. Two of three decide."


@ex.part(points=2, answer=Number("knn_after_stretching"))
def stretched(data, query):
    r"""A new map gives the second coordinate in a unit ten times smaller, so that all its numbers
    are ten times as large. Which house is the nearest one **now**? Write 0 for A, 1 for B, and so
    on up to 5 for F.
    """
    return _nearest(data, query, 1, stretch=10)[0]


@stretched.mistake(credit=0, help="That was the nearest one before. Which difference counts now?")
def as_before(data, query):
    return _nearest(data, query, 1)[0]


@stretched.hint
def scale_matters():
    "Now nearly everything hangs on one coordinate: that is why features are scaled first."
