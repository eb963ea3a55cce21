"""Richard Xu, section 2.6: one-hot labels, and softmax as the last of three layers."""

from sympy import (
    KroneckerDelta,
    Rational,
    Sum,
    exp,
)

from derivations.claims import claim, definition, run
from derivations.functions import sigmoid
from derivations.matrices import dot as inner
from derivations.matrices import vector
from derivations.softmax.notation import (
    K,
    d,
    dot,
    i,
    k,
    linear_softmax,
    softmax,
    theta,
    x,
)
from derivations.steps import eq, misprint, start
from derivations.symbols import real

MOST, LITTLE = Rational("0.99"), Rational("0.005")
CLASSES = (1, 2, 3, 4)


def one_hot(of_class):
    """The vector with a 1 at the class and 0 at the other three."""
    return tuple(KroneckerDelta(one, of_class) for one in CLASSES)


@run("XU-S2.6.n1")
def label_one():
    """Label 1 of four as a one-hot vector."""
    for entry, printed in zip(one_hot(1), (1, 0, 0, 0), strict=True):
        yield start(entry)
        yield eq(printed)


@run("XU-S2.6.n2", "XU-S2.6.n3")
def label_two():
    """Label 2 of four as a one-hot vector."""
    for entry, printed in zip(one_hot(2), (0, 1, 0, 0), strict=True):
        yield start(entry)
        yield eq(printed)


@run("XU-S2.6.n4")
def label_three():
    """Label 3 of four as a one-hot vector."""
    for entry, printed in zip(one_hot(3), (0, 0, 1, 0), strict=True):
        yield start(entry)
        yield eq(printed)


@run("XU-S2.6.n5")
def label_four():
    """Label 4 of four as a one-hot vector."""
    for entry, printed in zip(one_hot(4), (0, 0, 0, 1), strict=True):
        yield start(entry)
        yield eq(printed)


def total_and_own(output, of_class):
    """The sum of the entries of an output, and its entry at the label."""
    return sum(output), sum(a * b for a, b in zip(output, one_hot(of_class), strict=True))


@run("XU-S2.6.n6")
def output_close_to_label_one():
    """An output that adds up to 1 and gives class 1 all but a hundredth."""
    total, own = total_and_own((MOST, LITTLE, LITTLE, 0), 1)
    yield start(total)
    yield eq(1)
    yield start(own)
    yield eq(MOST)


@run("XU-S2.6.n7", "XU-S2.6.n8")
def output_close_to_label_two():
    """An output that adds up to 1 and gives class 2 all but a hundredth."""
    total, own = total_and_own((LITTLE, MOST, LITTLE, 0), 2)
    yield start(total)
    yield eq(1)
    yield start(own)
    yield eq(MOST)


@run("XU-S2.6.n9")
def output_close_to_label_three():
    """An output that adds up to 1 and gives class 3 all but a hundredth."""
    total, own = total_and_own((LITTLE, LITTLE, MOST, 0), 3)
    yield start(total)
    yield eq(1)
    yield start(own)
    yield eq(MOST)


@run("XU-S2.6.n10")
def output_close_to_label_four():
    """An output that adds up to 1 and gives class 4 all but a hundredth."""
    total, own = total_and_own((LITTLE, LITTLE, 0, MOST), 4)
    yield start(total)
    yield eq(1)
    yield start(own)
    yield eq(MOST)


def three_softmax(of_class):
    """The softmax of the scores of three classes, for example i."""
    return softmax(lambda one: dot(i, one), of_class, 3)


def score_of_three(of_class):
    """The three products of features and weights, written out."""
    return x[1] * theta[of_class, 1] + x[2] * theta[of_class, 2] + x[3] * theta[of_class, 3]


def sum_of_three(of_class):
    """The same as a sum."""
    return Sum(x[i] * theta[of_class, i], (i, 1, 3))


@claim("XU-S2.6.p1")
def output_that_adds_up_to_one():
    """A function of four outputs with sum 1: softmax is one."""
    yield start(Sum(softmax(lambda one: dot(i, one), k, 4), (k, 1, 4)))
    yield eq(1)


@definition("XU-38")
def softmax_of_three_classes():
    """Each component is the exponential of its score over the sum of all three."""
    return three_softmax(k)


@claim("XU-39")
def composition_of_three_layers():
    """The outer layer is the third, printed as the first.

    The layers are those of a softmax of two classes with the scores w x and 0: a multiplication,
    the exponential, and u / (1 + u).
    """
    weight, value = real("w x")
    first, second, third = (lambda u: weight * u), exp, (lambda u: u / (1 + u))
    yield start(third(second(first(value))))
    yield misprint(first(second(first(value))), "the outer function must be f_3")
    yield eq(exp(weight * value) / (1 + exp(weight * value)))


@definition("XU-40")
def weight_of_a_class():
    """The weight of feature i in the score of class k."""
    return theta[k, i]


@definition("XU-S2.6.2.p1")
def logit():
    """The score x'theta of a class."""
    return dot(i, k)


@claim("XU-41", "XU-41.e1", "XU-41.e2", "XU-41.e3")
def linear_layer():
    """The three scores are sums over the three features."""
    for of_class in (1, 2, 3):
        yield start(score_of_three(of_class))
        yield eq(sum_of_three(of_class))


@claim("XU-42", "XU-42.e1", "XU-42.e2", "XU-42.e3")
def softmax_layer():
    """The three outputs from the auxiliary scores u, and from the features."""
    u = {of_class: exp(score_of_three(of_class)) for of_class in (1, 2, 3)}
    total = Sum(exp(sum_of_three(k)), (k, 1, 3))
    yield start(u[1] / (u[1] + u[2] + u[3]))
    yield eq(exp(sum_of_three(1)) / total)
    yield start(u[2] / (u[1] + u[2] + u[3]))
    yield eq(exp(sum_of_three(2)) / total)
    yield start(u[3] / (u[1] + u[2] + u[3]))
    yield eq(exp(sum_of_three(3)) / total)


@claim("XU-43")
def three_outputs_add_up_to_one():
    """The softmax of three classes adds up to 1."""
    yield start(three_softmax(1) + three_softmax(2) + three_softmax(3))
    yield eq(1)


@claim("XU-S2.6.2.p2")
def outputs_of_any_number_of_classes_add_up_to_one():
    """The softmax of K classes adds up to 1."""
    yield start(Sum(linear_softmax(i, k), (k, 1, K)))
    yield eq(1)


def two_class_scores():
    """The features, the two weight vectors, and what the notes call theta: their difference."""
    first, second = vector("theta_1", d), vector("theta_2", d)
    return vector("x", d), first, second, first - second


@claim("XU-44")
def softmax_of_two_classes():
    """The first output depends on the difference of the weights alone, called theta."""
    features, first, second, difference = two_class_scores()
    e = exp(inner(features, difference))
    pair = exp(inner(features, first)), exp(inner(features, second))
    yield start(1 - pair[1] / (pair[0] + pair[1]))
    yield eq(pair[0] / (pair[0] + pair[1]))
    yield eq(1 / (1 + exp(inner(features, second - first))))
    yield eq(1 / (1 + exp(inner(features, -difference))))
    yield eq(e / (e + 1))


@claim("XU-44.p1")
def softmax_of_two_classes_is_the_sigmoid():
    """The first output is the sigmoid of the score with the difference of the weights."""
    features, _, _, difference = two_class_scores()
    e = exp(inner(features, difference))
    yield start(e / (e + 1))
    yield eq(sigmoid(inner(features, difference)))
