"""Which question a tree asks first, and what its leaves say: three candidates, Gini impurity."""

import numpy as np
from sympy import Rational

from exercises.answers import Array, Number
from exercises.core import Exercise

ex = Exercise(
    "What a tree asks first",
    claims=["XU-19"],  # the entropy, the other measure; the notes have no trees
    level=2,
    prerequisites=["forest.first_split"],
    minutes=20,
)

QUESTIONS = ("ears", "tail", "leash")


def _impurity(yes, no):
    """The Gini impurity of a heap with so many dogs and so many others."""
    share = Rational(yes, yes + no)
    return 2 * share * (1 - share)


def _left(question, dogs, others):
    """The impurity that is left when a question sends so many of both kinds to the one side."""
    here, n = question, dogs + others
    there = (dogs - here[0], others - here[1])
    return sum(Rational(sum(side), n) * _impurity(*side) for side in (here, there))


def _unweighted(question, dogs, others):
    there = (dogs - question[0], others - question[1])
    return (_impurity(*question) + _impurity(*there)) / 2


def _table(questions, dogs, others, impurity):
    return np.array([impurity(question, dogs, others) for question in questions], dtype=float)


@ex.variant
def draw(v):
    def animals():
        dogs, others = v.integer(5, 8), v.integer(4, 7)
        questions = tuple((v.integer(1, dogs - 1), v.integer(1, others - 1)) for _ in QUESTIONS)
        return {"dogs": dogs, "others": others, "questions": questions}

    def is_sound(d):
        left = [_left(q, d["dogs"], d["others"]) for q in d["questions"]]
        plain = [_unweighted(q, d["dogs"], d["others"]) for q in d["questions"]]
        before = _impurity(d["dogs"], d["others"])
        ranked = sorted(left)
        return (
            d["dogs"] != d["others"]
            and ranked[1] - ranked[0] > Rational(1, 50)
            # Each question helps, and forgetting the weights shows in every figure.
            and all(before - value > Rational(1, 100) for value in left)
            and all(abs(a - b) > Rational(1, 100) for a, b in zip(left, plain, strict=True))
        )

    return v.until(animals, is_sound)


@ex.part(points=1, answer=Number("gini_of_all"))
def before(dogs, others):
    r"""In front of you are {{ dogs }} dogs and {{ others }} cats, and a tree is to tell them apart.
    What is the Gini impurity $1 - \sum_k p_k^2$ of all of them together?
    """
    return _impurity(dogs, others)


@before.mistake(credit=0, help="That is how likely two of them are alike.")
def alike(dogs, others):
    return 1 - _impurity(dogs, others)


@before.hint
def shares_first():
    "Which share are dogs, and which are cats?"


@ex.part(points=4, answer=Array("gini_left_by_each", rtol=5e-3))
def left(questions, dogs, others):
    r"""Three questions come to mind. This is who answers *yes* (all others answer *no*).

    | question | dogs | cats |
    |---|---|---|
    | floppy ears? | {{ questions[0][0] }} | {{ questions[0][1] }} |
    | wags the tail? | {{ questions[1][0] }} | {{ questions[1][1] }} |
    | came on a leash? | {{ questions[2][0] }} | {{ questions[2][1] }} |

    How much impurity is left, over both sides, after each question? Give three numbers, in the
    order of the table.
    """
    return _table(questions, dogs, others, _left)


@left.mistake(credit=2, help="The sides have different sizes: weigh them.")
def sides_alike(questions, dogs, others):
    return _table(questions, dogs, others, _unweighted)


@left.mistake(credit=1, help="That is the side that says yes alone.")
def yes_alone(questions):
    return np.array([_impurity(*question) for question in questions], dtype=float)


@left.hint
def four_heaps():
    "Write down, for each question, how many dogs and cats say no."


@left.hint
def mean_of_sides():
    "A mean over two sides, each weighed by the share of the animals in it."


@ex.part(points=1, answer=Number("first_question"), after=left)
def first(left):
    r"""Which question does the tree ask first: 1, 2 or 3?"""
    return int(np.argmin(left)) + 1


@first.hint
def what_counts():
    "Is a tree after much impurity, or after little?"


@ex.part(points=2, answer=Number("gain_of_first", digits=2), after=(before, left))
def gain(before, left):
    r"""By how much does it lower the impurity, to two significant figures?"""
    return before - min(Rational(float(value)).limit_denominator(10**6) for value in left)


@gain.mistake(credit=1, help="So much is left. How much is gone?")
def what_is_left(left):
    return min(Rational(float(value)).limit_denominator(10**6) for value in left)


@gain.hint
def two_figures():
    "You have worked out both numbers already."
