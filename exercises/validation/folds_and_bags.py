"""Two ways to use the same data again: k-fold cross-validation, and the bootstrap in bagging."""

from sympy import Rational

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise(
    "The same data, again and again",
    claims=["CO-kfold", "CO-ens-bagging"],
    level=1,
    minutes=12,
)


@ex.variant
def draw(v):
    folds = v.choice((4, 5, 8, 10))
    return {
        "folds": folds,
        "rows": folds * v.choice((30, 40, 60, 90)),
        "candidates": v.integer(3, 7),
        "n": v.integer(3, 5),
        "bags": v.integer(3, 4),
    }


@ex.part(points=1, answer=Number("rows_to_train_on"))
def training(rows, folds):
    r"""You have {{ rows }} labelled photos of mushrooms and judge a classifier by {{ folds }}-fold
    cross-validation. On how many photos is each model trained?
    """
    return rows - rows // folds


@training.mistake(credit=0, help="Those are held back, to judge the model by.")
def one_fold(rows, folds):
    return rows // folds


@training.hint
def what_a_model_sees():
    "One fold is held back. What becomes of the others?"


@ex.part(points=2, answer=Number("models_to_fit"))
def fits(folds, candidates):
    r"""There are {{ candidates }} values of the regularisation strength to choose from, each judged
    in that way. The best of them is then fitted once more, to all the photos. How many models are
    fitted altogether?
    """
    return folds * candidates + 1


@fits.mistake(credit=1, help="And the model that is used in the end?")
def without_the_last(folds, candidates):
    return folds * candidates


@fits.mistake(credit=1, help="The last one learns from all the photos, so it has no folds.")
def last_one_in_folds(folds, candidates):
    return folds * (candidates + 1)


@fits.hint
def one_value():
    "How many models does it take to judge a single value?"


@ex.part(points=2, answer=Number("chance_left_out", digits=3))
def left_out(n):
    r"""Bagging trains each tree on a bootstrap sample: as many rows as there are, drawn with
    replacement. Of {{ n }} rows, how likely is a given one to be missing from a sample?
    """
    return Rational(n - 1, n) ** n


@left_out.mistake(credit=1, help="That is how likely it is to be in the sample.")
def drawn_at_least_once(n):
    return 1 - Rational(n - 1, n) ** n


@left_out.mistake(credit=0, help="That is for a single draw, and there are as many as rows.")
def one_draw(n):
    return Rational(n - 1, n)


@left_out.hint
def draw_by_draw():
    "How likely does one draw miss it? The draws know nothing of each other."


@ex.part(points=2, answer=Number("expected_distinct", digits=3), after=left_out)
def distinct(n, left_out):
    r"""How many **different** rows of the {{ n }} does a sample hold in the mean?"""
    return n * (1 - left_out)


@distinct.mistake(credit=1, help="So many are missing from it.")
def missing(n, left_out):
    return n * left_out


@distinct.hint
def indicator():
    "Give each row a variable that is 1 when it is in the sample. Means add up."


@ex.part(points=2, answer=Number("judged_out_of_bag", digits=3), after=left_out)
def out_of_bag(bags, left_out):
    r"""A tree can be judged by the rows that it has not seen. Of {{ bags }} trees, how likely is it
    that **at least one** can judge a given row?
    """
    return 1 - (1 - left_out) ** bags


@out_of_bag.mistake(credit=0, help="That is how likely all of them can judge it.")
def all_of_them(bags, left_out):
    return left_out**bags


@out_of_bag.mistake(credit=1, help="That is how likely none of them can judge it.")
def none_of_them(bags, left_out):
    return (1 - left_out) ** bags


@out_of_bag.hint
def the_opposite():
    "How likely has every tree seen the row?"
