"""What one layer does to the variance of its input."""

from sympy import Symbol, sqrt

from exercises.answers import Expression, Number
from exercises.core import Exercise

ex = Exercise(
    "How loud does a layer speak?",
    claims=["SU-3.7.2-a", "SU-3.34", "SU-3.35", "SU-3.35-fwd", "SU-3.38"],
    level=2,
    prerequisites=["probability.rules_of_variance"],
)
n = Symbol("n", positive=True)
v_w = Symbol("v", positive=True)
q = Symbol("q", positive=True)


@ex.variant
def draw(v):
    return {"units": v.choice((20, 30, 50, 60, 72, 80, 90)), "mean": v.integer(2, 4)}


@ex.part(points=2, answer=Number("layer_deviation", digits=3))
def deviation(units):
    r"""{{ units }} inputs, all equal to 1, are added up with independent weights of mean 0 and
    **variance** 1. What is the standard deviation of the sum?
    """
    return sqrt(units)


@deviation.mistake(credit=1, help="This is the variance of the sum.")
def variance(units):
    return units


@deviation.mistake(credit=0, help="Variances of independent terms add up; deviations do not.")
def divided(units):
    return 1 / sqrt(units)


@deviation.hint
def what_adds_up():
    "Which of the two adds up over independent terms: the variance or the standard deviation?"


@ex.part(points=3, answer=Expression("layer_variance", (n, v_w, q)))
def formula():
    r"""Now in general: $z = \sum_{k=1}^{n} w_k x_k$, where the weights have mean 0 and variance
    $v$, the inputs have the mean square $\mathrm{E}(x_k^2) = q$ (their mean need not be 0), and all
    of them are independent. Give $\mathrm{Var}(z)$ in terms of $n$, $v$ and $q$.
    """
    return n * v_w * q


@formula.mistake(credit=1, help="One term is right. There are n of them, and they are independent.")
def one_term():
    return v_w * q


@formula.mistake(credit=1, help="n independent terms are not n times the same term.")
def same_term_again():
    return n**2 * v_w * q


@formula.hint
def one_product():
    "What is the mean of one product, and the mean of its square?"


@ex.part(points=2, answer=Expression("layer_weight_variance", (n,)))
def condition(mean):
    r"""The inputs now have variance 1 and mean **{{ mean }}**. Which variance must the weights have
    so that $\mathrm{Var}(z) = 1$? Give it in terms of $n$.
    """
    return 1 / (n * (1 + mean**2))


@condition.mistake(credit=1, help="Right for inputs of mean 0; here they are off centre.")
def centred_inputs():
    return 1 / n


@condition.mistake(credit=0, help="The mean square has two parts, and this is only one of them.")
def square_of_the_mean(mean):
    return 1 / (n * mean**2)


@condition.hint
def mean_square():
    "How does a mean square follow from a mean and a variance?"
