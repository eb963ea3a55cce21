"""References that no claim proves, held against counting and against known networks."""

from itertools import pairwise, product

import numpy as np
import pytest
from sympy import Rational

from exercises.discover import exercise


def references(exercise_id, **variant):
    parts = exercise(exercise_id).parts
    return {part.function_name: part.reference(variant) for part in parts}


def test_lenet_is_lecun_s():
    found = references("nets.lenet", side=32, kernel=5, maps=6, more=16, units=120)
    assert found["sides"].tolist() == [28, 14, 10, 5]
    assert found["parameters"].tolist() == [156, 0, 2416, 0]
    assert found["connections"] == 122_304
    assert found["dense"] == 48_120


@pytest.mark.parametrize("kernel", [3, 5])
def test_receptive_field_of_lenet_is_what_moves_an_output(kernel):
    field = references("nets.lenet", side=32, kernel=kernel, maps=1, more=1, units=1)[
        "receptive_field"
    ]
    sees = np.eye(60)  # row k: which pixels entry k sees
    for width, stride in ((kernel, 1), (2, 2), (kernel, 1), (2, 2)):
        starts = range(0, len(sees) - width + 1, stride)
        sees = np.array([sees[k : k + width].sum(axis=0) for k in starts])
    assert np.count_nonzero(sees[2]) == field


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_stack_of_small_filters_against_one_large(depth):
    found = references("nets.stacked_filters", depth=depth, channels=16, side=14)
    sees = np.eye(30)
    for _ in range(depth):
        sees = np.array([sees[k : k + 3].sum(axis=0) for k in range(len(sees) - 2)])
    assert np.count_nonzero(sees[4]) == found["field"]
    large = int(found["field"]) ** 2 * 16 * 16
    assert found["share"] == Rational(int(found["stack"]), large)


@pytest.mark.parametrize("n", [3, 4])
def test_bootstrap_by_drawing_every_sample(n):
    samples = list(product(range(n), repeat=n))
    found = references("validation.folds_and_bags", rows=8, folds=4, candidates=3, n=n, bags=3)
    assert found["left_out"] == Rational(sum(0 not in s for s in samples), len(samples))
    assert found["distinct"] == Rational(sum(len(set(s)) for s in samples), len(samples))
    trees = product((True, False), repeat=3)  # whether each has seen the row
    chance = {True: 1 - found["left_out"], False: found["left_out"]}
    assert found["out_of_bag"] == sum(np.prod([chance[x] for x in t]) for t in trees if not all(t))


def test_tree_takes_the_question_that_leaves_least_impurity():
    questions = ((6, 1), (2, 2), (3, 1))
    found = references("forest.best_question", dogs=7, others=5, questions=questions)
    # Of two animals from one side, drawn with replacement: how often do they differ?
    differ = []
    for dogs, cats in questions:
        sides = (["d"] * dogs + ["c"] * cats, ["d"] * (7 - dogs) + ["c"] * (5 - cats))
        shares = [np.mean([a != b for a, b in product(s, s)]) * len(s) / 12 for s in sides]
        differ.append(sum(shares))
    np.testing.assert_allclose(found["left"], differ, rtol=1e-12)
    assert found["first"] == 1
    assert float(found["gain"]) == pytest.approx(float(found["before"]) - differ[0], abs=1e-6)


def test_forward_and_backward_tables_add_up_every_path():
    (part,) = exercise("hmm.in_code").parts
    start, move, emit, seen = part.answer.inputs(np.random.default_rng(1))[1]
    alpha, beta = part.reference({})(start, move, emit, seen)
    joint = np.zeros((len(seen), len(start)))  # of each state on each day, with all the signs
    for path in product(range(len(start)), repeat=len(seen)):
        weight = start[path[0]] * np.prod([emit[s, o] for s, o in zip(path, seen, strict=True)])
        weight *= np.prod([move[a, b] for a, b in pairwise(path)])
        for day, state in enumerate(path):
            joint[day, state] += weight
    np.testing.assert_allclose(alpha * beta, joint, rtol=1e-12)
    np.testing.assert_allclose(beta[-1], 1)
