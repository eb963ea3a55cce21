"""Backpropagation through convolutions: Su, section 3.2.2, and Xu, section 5.4.

The loss enters by its derivatives at the outputs only, so that it is written by its linear part.
Where one weight or one input is varied, an output is that weight times that input plus a rest that
the weight or the input is not in: the coefficient is proved first, in a line of our own. Entries
outside of an array are 0, as in the notes.
"""

from itertools import product

import sympy as sp
from sympy import Matrix, Sum

from derivations.claims import claim, definition, not_checkable, run
from derivations.functions import D, sigmoid
from derivations.steps import eq, ge, gt, misprint, start, via
from derivations.symbols import integer, natural, real

i, j, k, h, p, q, u, v = integer("i j k h p q u v")
rows, columns, height, width = natural("r c H W")
N, m = natural("N m")
a, w, z, G, delta, rest = (
    sp.IndexedBase(real(name)) for name in ("a", "w", "z", "G", "delta", "rest")
)
b, weight, state, input_ = real("b w_pq z_ij a_ij")

SEEN = [i >= k, i <= k + rows - 1, j >= h, j <= h + columns - 1]
IN_FILTER = [k >= 0, k <= m - 1, h >= 0, h <= m - 1]
IN_KERNEL = [k >= 1, k <= rows, h >= 1, h <= columns]


def slope(t):
    """The slope of the sigmoid."""
    return sigmoid(t) * (1 - sigmoid(t))


def over_kernel(term):
    """The sum of term(p, q) over an r x c kernel, with indices from 1."""
    return Sum(Sum(term(p, q), (q, 1, columns)), (p, 1, rows))


def over_outputs(term):
    """The sum of term(i, j) over a layer of H x W outputs, with indices from 1."""
    return Sum(Sum(term(i, j), (j, 1, width)), (i, 1, height))


def over_outputs_that_see(term):
    """The sum of term(m, n) over the outputs that see input (i, j): m and n are k and h here."""
    return Sum(Sum(term(k, h), (h, j + 1 - columns, j)), (k, i + 1 - rows, i))


def over_filter(term):
    """The sum of term(u, v) over an m x m filter, with indices from 0."""
    return Sum(Sum(term(u, v), (v, 0, m - 1)), (u, 0, m - 1))


def over_image(term, last):
    """The sum of term(i, j) over an image, with indices from 0 to the last."""
    return Sum(Sum(term(i, j), (j, 0, last)), (i, 0, last))


def convolved(row, column):
    """Output (row, column) in 3.9."""
    return over_kernel(lambda p, q: a[row + p - 1, column + q - 1] * w[p, q]) + b


def filtered(row, column):
    """Output (row, column) in 143."""
    return over_filter(lambda u, v: w[u, v] * a[row + u, column + v])


def by_weight(row, column):
    """An output of 3.9 as a function of the weight w_pq alone."""
    return weight * a[row + p - 1, column + q - 1] + rest[row, column]


def by_state(row, column):
    """An output of the layer behind 3.9 as a function of the state z_ij alone."""
    return w[i + 1 - row, j + 1 - column] * sigmoid(state) + rest[row, column]


def error(row, column, size):
    """The right side of CONV-BP2 at one input for a square kernel, without the slope."""
    return sum(
        delta[row + 1 - s, column + 1 - t] * w[s, t]
        for s, t in product(range(1, size + 1), repeat=2)
    )


@definition("SU-3.9a", "SU-3.9")
def convolution():
    """The sum over the kernel of shifted activations times weights, plus b."""
    return convolved(i, j)


@definition("SU-3.9b", "XU-143.e2")
def activation():
    """The sigmoid of the weighted input."""
    return sigmoid(z[i, j])


@claim("SU-3.10")
def convolution_of_arrays():
    """The arrays' * is the sum of 3.9 over shifts, columns first here; b is added everywhere."""
    term = a[i + p - 1, j + q - 1] * w[p, q]
    yield start(convolved(i, j))
    yield eq(Sum(Sum(term, (p, 1, rows)), (q, 1, columns)) + b)


@claim("SU-3.11")
def error_of_an_output():
    """delta_ij is the derivative of the loss by z_ij."""
    loss = Sum(Sum(delta[k, h] * z[k, h], (h, 1, width)), (k, 1, height))
    yield start(D(loss, z[i, j]), given=[i >= 1, i <= height, j >= 1, j <= width])
    yield eq(delta[i, j])


@claim("SU-CONV-BP2")
def error_through_a_convolution():
    """Each output that sees z_ij passes its error on, times its weight for a_ij and the slope."""
    yield start(D(convolved(k, h), a[i, j]), given=SEEN)
    yield via(w[i + 1 - k, j + 1 - h])
    yield start(D(over_outputs_that_see(lambda k, h: delta[k, h] * by_state(k, h)), state))
    yield eq(over_outputs_that_see(lambda k, h: delta[k, h] * D(by_state(k, h), state)))
    yield eq(over_outputs_that_see(lambda k, h: delta[k, h] * D(by_state(k, h), state)))
    yield eq(over_outputs_that_see(lambda k, h: delta[k, h] * D(by_state(k, h), state)))
    yield eq(
        over_outputs_that_see(lambda k, h: delta[k, h] * w[i + 1 - k, j + 1 - h] * slope(state))
    )


@claim("SU-CONV-BP2.end")
def error_through_a_kernel_of_three_by_three():
    """The whole loss by one input a_ij that 9 outputs see, in a layer of any size.

    The kernel is 3 x 3, as in the example of the notes; the slope is the factor da_ij/dz_ij.
    """
    inside = [i >= 3, i <= height, j >= 3, j <= width]
    output = convolved(k, h).subs({rows: 3, columns: 3}).doit()
    loss = Sum(Sum(delta[k, h] * output, (h, 1, width)), (k, 1, height))
    yield start(D(loss, a[i, j]) * slope(state), given=inside)
    yield eq(error(i, j, 3) * slope(state))


@claim("SU-3.12")
def error_of_the_corner():
    """The nine terms of delta_11 for a 3 x 3 kernel; the factor sigma'(z_11) is lost."""
    terms = (delta[-1, -1] * w[3, 3] + delta[-1, 0] * w[3, 2] + delta[-1, 1] * w[3, 1]) + (
        delta[0, -1] * w[2, 3] + delta[0, 0] * w[2, 2] + delta[0, 1] * w[2, 1]
    )
    terms += delta[1, -1] * w[1, 3] + delta[1, 0] * w[1, 2] + delta[1, 1] * w[1, 1]
    yield start(error(1, 1, 3) * slope(z[1, 1]))
    yield misprint(terms, "the factor sigma'(z_11) of CONV-BP2 is missing")
    yield eq(terms * slope(z[1, 1]))


def padded_correlation(row, column):
    """One entry of 3.13: the padded 2 x 2 errors against the kernel turned by 180 degrees."""
    errors = Matrix(2, 2, lambda s, t: delta[s + 1, t + 1])
    padded = sp.diag(sp.zeros(2, 2), errors, sp.zeros(2, 2))
    turned = Matrix(3, 3, lambda s, t: w[3 - s, 3 - t])
    window = padded[row - 1 : row + 2, column - 1 : column + 2]
    return sum(window.multiply_elementwise(turned))


@run("SU-3.13")
def errors_by_a_padded_convolution():
    """The 6 x 6 array against the turned kernel gives the sums of CONV-BP2 at every input."""
    inner = delta[1, 1] * w[2, 2] + delta[1, 2] * w[2, 1] + delta[2, 1] * w[1, 2]
    yield start(padded_correlation(1, 1))
    yield eq(delta[1, 1] * w[1, 1])
    yield start(padded_correlation(2, 2))
    yield eq(inner + delta[2, 2] * w[1, 1])
    yield start(padded_correlation(1, 3))
    yield eq(delta[1, 1] * w[1, 3] + delta[1, 2] * w[1, 2])
    yield start(padded_correlation(4, 4))
    yield eq(delta[2, 2] * w[3, 3])


@run("SU-3.13.shape")
def sizes_of_the_padded_convolution():
    """2 + 2 (3 - 1) = 6 entries a side become 6 - 3 + 1 = 4, the size of the layer below."""
    errors, kernel = sp.Integer(2), sp.Integer(3)
    yield start(errors + 2 * (kernel - 1))
    yield eq(6)
    yield start(6 - kernel + 1)
    yield eq(4)
    yield start(4 - kernel + 1)
    yield eq(errors)


@claim("SU-3.14", "SU-3.15a")
def error_by_the_turned_kernel():
    """CONV-BP2 is the convolution of the padded errors with the kernel turned by 180 degrees.

    Padding by r - 1 and c - 1 puts delta_ij to the place (i + r - 1, j + c - 1).
    """
    turned = over_kernel(
        lambda p, q: delta[i + p - rows, j + q - columns] * w[rows + 1 - p, columns + 1 - q]
    )
    yield start(over_kernel(lambda p, q: delta[i + 1 - p, j + 1 - q] * w[p, q]) * slope(z[i, j]))
    yield eq(turned * slope(z[i, j]))


@claim("SU-CONV-BP3")
def gradient_of_a_kernel_weight():
    """dL/dw_pq sums the errors times the input that w_pq meets, over all outputs.

    In the second line p and q are the indices of the sum as well; outside of it they are fixed.
    """
    yield start(D(convolved(i, j), w[k, h]), given=IN_KERNEL)
    yield via(a[i + k - 1, j + h - 1])
    yield start(D(over_outputs(lambda i, j: delta[i, j] * by_weight(i, j)), weight))
    yield eq(over_outputs(lambda i, j: delta[i, j] * D(by_weight(i, j), weight)))
    yield eq(over_outputs(lambda i, j: delta[i, j] * D(weight * a[i + p - 1, j + q - 1], weight)))
    yield eq(over_outputs(lambda i, j: delta[i, j] * a[i + p - 1, j + q - 1]))


@claim("SU-CONV-BP4")
def gradient_of_the_bias():
    """dL/db sums the errors of all outputs."""
    yield start(D(over_outputs(lambda i, j: delta[i, j] * (z[i, j] + b)), b))
    yield eq(over_outputs(lambda i, j: delta[i, j] * D(z[i, j] + b, b)))
    yield eq(over_outputs(lambda i, j: delta[i, j] * D(convolved(i, j), b)))
    yield eq(over_outputs(lambda i, j: delta[i, j]))


@claim("SU-CONV-BP")
def equations_of_a_convolution():
    """The error, the gradient of a weight and that of the bias."""
    yield start(D(over_outputs_that_see(lambda k, h: delta[k, h] * by_state(k, h)), state))
    yield eq(
        over_outputs_that_see(lambda k, h: delta[k, h] * w[i + 1 - k, j + 1 - h]) * slope(state)
    )
    yield start(D(over_outputs(lambda i, j: delta[i, j] * by_weight(i, j)), weight))
    yield eq(over_outputs(lambda i, j: delta[i, j] * a[i + p - 1, j + q - 1]))
    yield start(D(over_outputs(lambda i, j: delta[i, j] * (z[i, j] + b)), b))
    yield eq(over_outputs(lambda i, j: delta[i, j]))


@claim("SU-3.15b")
def gradient_of_the_kernel():
    """dL/dw is the convolution of the activations with the errors as its kernel."""
    yield start(D(over_outputs(lambda i, j: delta[i, j] * by_weight(i, j)), weight))
    yield eq(over_outputs(lambda i, j: a[p + i - 1, q + j - 1] * delta[i, j]))


@claim("SU-3.15c", "SU-3.15")
def gradient_of_the_bias_in_the_summary():
    """dL/db sums the errors; the summary sums b itself."""
    yield start(D(over_outputs(lambda i, j: delta[i, j] * (z[i, j] + b)), b))
    yield misprint(over_outputs(lambda _i, _j: b), "what is summed is delta_ij, not b")
    yield eq(over_outputs(lambda i, j: delta[i, j]))


# Richard Xu, section 5.4


@definition("XU-143.e1", "XU-143")
def filter_over_an_image():
    """The sum over the filter of weights times shifted activations."""
    return filtered(i, j)


@claim("XU-144.e1")
def activation_by_its_state():
    """da_ij/dz_ij is the slope."""
    yield start(D(sigmoid(z[i, j]), z[i, j]))
    yield eq(slope(z[i, j]))


@claim("XU-144.e2")
def state_by_a_weight():
    """dz_ij/dW_uv is the activation that W_uv meets."""
    yield start(D(filtered(i, j), w[k, h]), given=IN_FILTER)
    yield eq(a[i + k, j + h])


@claim("XU-144.e3")
def state_by_an_activation():
    """dz_ij by the activation at (i + u, j + v) is W_uv; the second shift is printed as u."""
    yield start(w[k, h], given=IN_FILTER)
    yield misprint(D(filtered(i, j), a[i + k, j + k]), "the second index is j + v, not j + u")
    yield eq(D(filtered(i, j), a[i + k, j + h]))


@claim("XU-144.e4")
def shifted_state_by_an_activation():
    """dz at (i - u, j - v) by the activation at (i, j) is W_uv."""
    yield start(D(filtered(i - k, j - h), a[i, j]), given=IN_FILTER)
    yield eq(w[k, h])


def behind(u, v):
    """dyhat/dz at (i - u, j - v), by that of the activation and the slope."""
    return G[i - u, j - v] * slope(z[i - u, j - v])


@claim("XU-145")
def gradient_of_an_activation():
    """The outputs in a filter window pass their gradients on."""
    yield start(D(over_filter(lambda u, v: behind(u, v) * (w[u, v] * input_ + rest[u, v])), input_))
    yield eq(over_filter(lambda u, v: behind(u, v) * D(w[u, v] * input_ + rest[u, v], input_)))
    yield eq(over_filter(lambda u, v: G[i - u, j - v] * slope(z[i - u, j - v]) * w[u, v]))


@claim("XU-145.p1")
def gradient_of_an_activation_has_a_window_of_terms():
    """One activation is seen by m^2 outputs."""
    yield start(over_filter(lambda _u, _v: 1))
    yield eq(m**2)


def through(i, j):
    """dyhat/dz_ij, by that of the activation and the slope."""
    return G[i, j] * slope(z[i, j])


def as_function_of_a_weight(i, j):
    """z_ij as a function of W_uv alone."""
    return weight * a[i + u, j + v] + rest[i, j]


@claim("XU-146")
def gradient_of_a_filter_weight():
    """dyhat/dW_uv sums over the whole image, whose indices run from 0 to N - m.

    The upper limit is printed as N - m + 1 in both lines, which is the number of outputs a side.
    """
    yield start(
        D(over_image(lambda i, j: through(i, j) * as_function_of_a_weight(i, j), N - m), weight),
        given=[m <= N],
    )
    yield misprint(
        over_image(
            lambda i, j: through(i, j) * D(as_function_of_a_weight(i, j), weight), N - m + 1
        ),
        "N - m + 1 outputs have the indices 0 to N - m",
        "printed",
    )
    yield eq(
        over_image(lambda i, j: through(i, j) * D(as_function_of_a_weight(i, j), weight), N - m)
    )
    yield eq(over_image(lambda i, j: G[i, j] * slope(z[i, j]) * a[i + u, j + v], N - m + 1))


@claim("XU-146.p1")
def gradient_of_a_filter_weight_has_all_outputs():
    """One weight is used in all (N - m + 1)^2 outputs."""
    yield start(over_image(lambda _i, _j: 1, N - m), given=[m <= N])
    yield eq((N - m + 1) ** 2)


@claim("XU-146.p2")
def terms_of_a_gradient_can_cancel():
    """One term other than 0 does not keep the sum from being 0: another can cancel it."""
    another = real("t")
    yield start((1 + another) ** 2)
    yield misprint(gt(0), "terms of opposite signs cancel, as 1 and -1 do")
    yield ge(0)


not_checkable({"XU-146.p3": "a comparison of architectures without a statement to test"})
