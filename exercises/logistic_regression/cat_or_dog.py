"""A logistic model decides by hand: probability, loss and boundary."""

from sympy import Rational, exp, latex, log

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise("Cat or dog?", claims=["SU-2.9", "SU-2.12", "SU-2.13", "CO-out-ce"], level=1)


@ex.variant
def draw(v):
    w = (v.choice((-3, -2, 2, 3)), v.choice((5, 7)))
    x = v.distinct_integers(1, 3, n=2)
    # Not 1, whose exponential is the constant e and no power of it.
    while abs(w[0] * x[0] + w[1] * x[1]) == 1:
        x = v.distinct_integers(1, 3, n=2)
    score = Rational(v.choice((-13, -11, -9, -7, 7, 9, 11, 13)), 10)
    b = score - w[0] * x[0] - w[1] * x[1]
    other = v.integer(1, 3)
    while (-b - w[0] * other) % w[1] == 0:
        other += 1
    return {
        "w": w,
        "x": x,
        "b": b,
        "score": score,
        "other": other,
        "shown": f"{float(b):g}",
        "odds": v.integer(3, 9),
        "W": latex(w),
    }


def _sigmoid(t):
    return 1 / (1 + exp(-t))


@ex.part(points=2, answer=Number("cat_probability", digits=3))
def probability(score):
    r"""A logistic model tells cats (1) from dogs (0) by two features: weights $w = {{ w }}$,
    constant $b = {{ shown }}$. An animal has the features $x = {{ x }}$. With what probability is
    it a cat?
    """
    return _sigmoid(score)


@probability.mistake(credit=1, help="This is the probability of a dog.")
def dog(score):
    return _sigmoid(-score)


@probability.mistake(credit=0, help="You have forgotten the constant.")
def no_constant(score, b):
    return _sigmoid(score - b)


@probability.mistake(credit=1, help="This is the score. It is not between 0 and 1 for a reason.")
def the_score(score):
    return score


@probability.hint
def score_first():
    "Compute the score first: weights times features, plus the constant."


@ex.part(points=2, answer=Number("cat_loss", digits=3))
def loss(score):
    r"""It barks; it is a **dog**. How large is the cross-entropy loss of this example (with the
    natural logarithm)?
    """
    return log(1 + exp(score))


@loss.mistake(credit=1, help="That would be the loss for a cat.")
def of_a_cat(score):
    return log(1 + exp(-score))


@loss.mistake(credit=1, help="A loss is not negative.")
def wrong_sign(score):
    return -log(1 + exp(score))


@loss.hint
def probability_of_the_truth():
    "The loss is minus the logarithm of the probability that the model gave to the truth."


@ex.part(points=2, answer=Number("cat_boundary"))
def boundary(w, b, other):
    r"""Another animal has $x_1 = {{ other }}$, and the model cannot make up its mind: both classes
    are equally probable. What is its $x_2$? Give it exactly.
    """
    return (-b - w[0] * other) / w[1]


@boundary.mistake(credit=1, help="Check the sign: put your answer into the score.")
def wrong_side(w, b, other):
    return (b + w[0] * other) / w[1]


@boundary.mistake(credit=0, help="Even odds do not mean a score of one half.")
def score_of_a_half(w, b, other):
    return (Rational(1, 2) - b - w[0] * other) / w[1]


@boundary.hint
def even_odds():
    "Which score has the probability one half?"


@ex.part(points=2, answer=Number("cat_shift", digits=3))
def shift(w, odds):
    r"""By how much must $x_2$ **grow** to make a cat {{ odds }} times as likely, compared with a
    dog, as before?
    """
    return log(odds) / w[1]


@shift.mistake(credit=0, help="Odds do not grow in proportion to a feature.")
def proportional(w, odds):
    return Rational(odds, w[1])


@shift.mistake(credit=1, help="So much grows the score. How much of it comes from the feature?")
def whole_score(odds):
    return log(odds)


@shift.hint
def logarithm_of_odds():
    "The score is the logarithm of the odds."
