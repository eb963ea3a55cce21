"""Loss functions of one prediction and of all examples. Claims in the order of the notes."""

from sympy import Ge, IndexedBase, Le, Matrix, Product, Rational, Sum, Symbol, exp, log

from derivations.claims import claim, definition, not_checkable, run
from derivations.functions import D, sigmoid
from derivations.steps import eq, ge, implies, misprint, rounds, start, via
from derivations.symbols import integer, natural, nonnegative, real

i, k, j, l = (integer(name) for name in "ikjl")  # noqa: E741 - the notes' own index
n, m, K, N = (natural(name) for name in "nmKN")
y, y_hat, z, loss = (IndexedBase(Symbol(name, real=True)) for name in ("y", "yhat", "z", "ell"))
x, theta = (IndexedBase(Symbol(name, real=True)) for name in ("x", "theta"))
TWICE = "the 2 of the power cancels against the 1/2 of the loss"


def half_squared_error(target, prediction):
    """Half of the squared difference."""
    return (target - prediction) ** 2 / 2


def course_mse(examples):
    """What the course calls MSE: half of the sum of the squared errors of the sigmoids."""
    return Sum((y[i] - sigmoid(z[i])) ** 2, (i, 1, examples)) / 2


def log_bernoulli(label, probability):
    """The logarithm of the probability of a label that is 1 with this probability."""
    return label * log(probability) + (1 - label) * log(1 - probability)


def cross_entropy(examples):
    """The cross entropies of the labels with the sigmoids of the scores, added up."""
    return -Sum(log_bernoulli(y[i], sigmoid(z[i])), (i, 1, examples))


def bernoulli(label, probability):
    """The probability of a label that is 1 with this probability and 0 otherwise."""
    return probability**label * (1 - probability) ** (1 - label)


@definition("CH-5.5", "XU-85.d1")
def half_of_the_squared_error():
    """Half of the squared difference of prediction and target."""
    target, prediction = real("y yhat")
    return half_squared_error(target, prediction)


@definition("XU-S2.1.2.d2", "XU-95")
def squared_error():
    """The squared difference of prediction and target."""
    target, prediction = real("y yhat")
    return (prediction - target) ** 2


@definition("XU-74")
def average_loss():
    """The losses of all examples, averaged."""
    return Sum(loss[i], (i, 1, n)) / n


# The course, output activations


@definition("CO-out-mse")
def mean_squared_error_of_the_course():
    """Half of the sum of the squared errors; the course does not divide it by n."""
    return course_mse(n)


@definition("CO-out-ce")
def cross_entropy_of_the_course():
    """The cross entropies of all labels with the outputs, added up."""
    return cross_entropy(n)


@claim("CO-out-joint")
def joint_probability_of_all_examples():
    """The product over the examples belongs to all of them, printed as that of example i."""
    joint, marginal = (IndexedBase(Symbol(name, positive=True)) for name in ("P", "Q"))
    yield start(Product(marginal[i] * (joint[i] / marginal[i]), (i, 1, n)), given=[j >= 1, j <= n])
    yield misprint(joint[j], "i is free on the left and bound by the product on the right")
    yield eq(Product(joint[i], (i, 1, n)))


@definition("CO-out-p1")
def probability_of_class_one():
    """The logistic function of the score; class 2 has the rest."""
    score = real("x")
    return sigmoid(score), 1 / (1 + exp(-score))


@claim("CO-out-bernoulli")
def one_formula_for_both_classes():
    """The product of powers is the probability of class 1 at y = 1, of class 2 at y = 0."""
    score = real("x")
    yield start(bernoulli(1, sigmoid(score)))
    yield eq(sigmoid(score))
    yield start(bernoulli(0, sigmoid(score)))
    yield eq(1 - sigmoid(score))


@claim("CO-out-mle")
def log_likelihood_of_the_labels():
    """The logarithm of the product is a sum of logarithms, printed without them."""
    yield start(log(Product(bernoulli(y[i], sigmoid(x[i])), (i, 1, n))))
    yield misprint(
        Sum(y[i] * sigmoid(x[i]) + (1 - y[i]) * (1 - sigmoid(x[i])), (i, 1, n)),
        "both logarithms are missing",
    )
    yield eq(Sum(y[i] * log(sigmoid(x[i])) + (1 - y[i]) * log(1 - sigmoid(x[i])), (i, 1, n)))


@claim("CO-out-ce-is-mle")
def cross_entropy_is_minus_the_log_likelihood():
    """Minus the logarithm of the likelihood is CE, so that the likelier has the smaller CE."""
    yield start(-log(Product(bernoulli(y[i], sigmoid(z[i])), (i, 1, n))))
    yield eq(cross_entropy(n))
    cost, cost_elsewhere = real("C C_0")
    yield start(Ge(exp(-cost), exp(-cost_elsewhere)))
    yield implies(Le(cost, cost_elsewhere))


@claim("CO-out-mse-grad", chain=False)
def mse_gradient():
    """The derivative by the score of one example, here numbered last, has no factor 2.

    The errors of the others do not contain that score, and stand as one number.
    """
    target, score, others = real("y z others")
    p = sigmoid(score)
    yield start(course_mse(n + 1))
    yield via(course_mse(n) + half_squared_error(y[n + 1], sigmoid(z[n + 1])))
    yield start(D(others + half_squared_error(target, p), score))
    yield misprint(-2 * (target - p) * (p * (1 - p)), TWICE)
    yield eq(-(target - p) * (p * (1 - p)))


@claim("CO-out-mse-grad.s1", "CO-out-mse-grad.s2")
def mse_gradient_by_the_chain_rule():
    """The two factors of the derivative: by the output, and of the output by the score."""
    target, score, output, others = real("y z s others")
    yield start(D(others + half_squared_error(target, output), output))
    yield misprint(-2 * (target - output), TWICE)
    yield eq(-(target - output))
    yield start(D(sigmoid(score), score))
    yield eq(sigmoid(score) * (1 - sigmoid(score)))


@claim("CO-out-ce-grad")
def cross_entropy_gradient_of_class_one():
    """At y = 1 the derivative by the score of one example, here numbered last.

    The costs of the others do not contain that score, and stand as one number.
    """
    score, others = real("z others")
    yield start(cross_entropy(n + 1))
    yield via(cross_entropy(n) - log_bernoulli(y[n + 1], sigmoid(z[n + 1])))
    yield start(D(others - log_bernoulli(1, sigmoid(score)), score))
    yield eq(sigmoid(score) - 1)


# Richard Xu


@claim("XU-2")
def sum_and_mean_of_the_losses():
    """What has the smaller sum of losses has the smaller mean of them."""
    other = IndexedBase(Symbol("r", real=True))
    yield start(Le(Sum(loss[i], (i, 1, N)), Sum(other[i], (i, 1, N))))
    yield implies(Le(Sum(loss[i], (i, 1, N)) / N, Sum(other[i], (i, 1, N)) / N), by=1 / N)


def multinomial_cost():
    """The cross entropies of the one-hot labels with the softmax of the scores x'theta."""
    score = {c: Sum(x[i, j] * theta[c, j], (j, 1, m)) for c in (k, l)}
    softmax = exp(score[k]) / Sum(exp(score[l]), (l, 1, K))
    return -Sum(Sum(y[i, k] * log(softmax), (k, 1, K)), (i, 1, N))


def regularised_cost(strength):
    """The multinomial cost and half of the squared weights times the strength."""
    return multinomial_cost() + strength / 2 * Sum(Sum(theta[k, j] ** 2, (j, 1, m)), (k, 1, K))


@claim("XU-62")
def cost_with_a_regulariser():
    """Half of lambda times the sum of the squared weights never lowers the cost."""
    yield start(regularised_cost(nonnegative("lambda")))
    yield ge(multinomial_cost())


@claim("XU-85", "XU-104.e1")
def derivative_of_half_the_squared_error():
    """The derivative by the prediction is prediction minus target, printed the other way round."""
    target, prediction = real("y yhat")
    yield start(D(half_squared_error(target, prediction), prediction))
    yield misprint(target - prediction, "the factor -1 of the inner derivative is missing")
    yield eq(prediction - target)


@run("XU-96")
def squared_error_of_the_rounded_prediction():
    """The square of 0.880 - 1."""
    yield start((Rational("0.880") - 1) ** 2)
    yield eq(Rational("0.0144"))


@run("XU-96.p1")
def error_of_the_network_of_the_example():
    """The network itself errs by 0.01421; the printed error is that of a prediction cut off."""
    W, b, U = Matrix([[1, 0, 1], [1, -1, 0], [0, 0, 2]]), Matrix([1, 1, 1]), Matrix([-1, 1, 1])
    a = (W * Matrix([2, 1, 2]) + b).applyfunc(sigmoid)
    yield start((U.dot(a) - 1) ** 2)
    yield misprint(rounds("0.0144"), "0.880 is 0.8808 cut off: (0.8808 - 1)^2 is 0.0142")
    yield rounds("0.0142")


@claim("XU-97")
def average_over_the_examples():
    """The average loss divides the sum by N, which is printed without."""
    yield start(Sum(loss[i], (i, 1, N)) / N)
    yield misprint(Sum(loss[i], (i, 1, N)), "the average needs the factor 1/N")
    yield eq(Sum(loss[i] / N, (i, 1, N)))


@claim("XU-113")
def loss_of_all_examples():
    """One half too many: the loss of one example, (99), has its own already."""
    losses = Sum(half_squared_error(y[i], y_hat[i]), (i, 1, n))
    yield start(losses / 2)
    yield eq(Rational(1, 2) * losses)
    yield misprint(
        Rational(1, 2) * Sum((y[i] - y_hat[i]) ** 2, (i, 1, n)),
        "with l = (y - yhat)^2 / 2 of (85), (98) and (99) the half is counted twice",
    )
    yield eq(Rational(1, 4) * Sum((y[i] - y_hat[i]) ** 2, (i, 1, n)))


not_checkable(
    {
        "CH-5.6": "a list of names without formulas",
        "XU-S3.p1": "'usually' is not made precise; the regulariser of (62) is the exception",
    }
)
