# ruff: noqa: E501 - a table of formulas reads best one to a line
"""Sums and products of symbolic length: what is proved, refuted, and the conditions stated."""

import pytest
import sympy as sp

from derivations import D, decide, integer, natural, positive, real

n, m, K = (natural(name) for name in "nmK")
i, j, k, l = (integer(name) for name in "ijkl")  # noqa: E741 - the notes' own index
x, y, z, w = (sp.IndexedBase(sp.Symbol(name, real=True)) for name in "xyzw")
p = sp.IndexedBase(sp.Symbol("p", positive=True))
q, r = positive("q r")
a = real("a")
S, P = sp.Sum, sp.Product
mean_x, mean_y = (S(v[j], (j, 1, n)) / n for v in (x, y))


def softmax(c):
    return sp.exp(z[c]) / S(sp.exp(z[l]), (l, 1, K))


TRUE = {
    "sum of squared deviations": (S((x[i] - mean_x) ** 2, (i, 1, n)), S(x[i] ** 2, (i, 1, n)) - n * mean_x**2),
    "sum of cross deviations": (
        S((x[i] - mean_x) * (y[i] - mean_y), (i, 1, n)),
        S(x[i] * y[i], (i, 1, n)) - n * mean_x * mean_y,
    ),
    "all pairs": (
        S((x[i] - x[j]) ** 2, (j, 1, n), (i, 1, n)),
        2 * n * S(x[i] ** 2, (i, 1, n)) - 2 * S(x[i], (i, 1, n)) ** 2,
    ),
    "swapped": (S(S(x[i] * w[i, j], (j, 1, m)), (i, 1, n)), S(S(x[i] * w[i, j], (i, 1, n)), (j, 1, m))),
    "split off": (S(x[i], (i, 1, n + 1)), S(x[i], (i, 1, n)) + x[n + 1]),
    "joined": (S(x[i], (i, 1, m)) + S(x[i], (i, m + 1, m + n)), S(x[i], (i, 1, m + n))),
    "turned round": (S(x[n + 1 - i], (i, 1, n)), S(x[i], (i, 1, n))),
    "moved": (S(x[i + 1], (i, 0, n - 1)), S(x[i], (i, 1, n))),
    "cubes": (S(i**3, (i, 1, n)), (n * (n + 1) / 2) ** 2),
    "geometric, turned": (S(q ** (n - i), (i, 1, n)), (1 - q**n) / (1 - q)),
    "arithmetic-geometric": (
        S(i * q**i, (i, 1, n)),
        q * (1 - (n + 1) * q**n + n * q ** (n + 1)) / (1 - q) ** 2,
    ),
    "telescope": (S(1 / (i * (i + 1)), (i, 1, n)), 1 - 1 / (n + 1)),
    "telescope of logarithms": (S(sp.log(1 + 1 / i), (i, 1, n)), sp.log(n + 1)),
    "telescope of roots": (S(1 / (sp.sqrt(i) + sp.sqrt(i + 1)), (i, 1, n)), sp.sqrt(n + 1) - 1),
    "alternating": (S((-1) ** i * (2 * i + 1), (i, 1, n)), (-1) ** n * (n + 1) - 1),
    "window, summed in either order": (
        S(w[i, 1] * x[i + j], (i, 1, m), (j, 1, n)),
        S(w[i, 1] * S(x[i + j], (j, 1, n)), (i, 1, m)),
    ),
    "delta in a triangle": (
        S(S(sp.KroneckerDelta(i, j) * x[j + 2] * y[i - 1], (j, i, n)), (i, 1, n + 1)),
        S(x[i + 2] * y[i - 1], (i, 1, n)),
    ),
    "triangle": (
        S(S(x[i] * x[j], (j, 1, i)), (i, 1, n)),
        (S(x[i], (i, 1, n)) ** 2 + S(x[i] ** 2, (i, 1, n))) / 2,
    ),
    "triangle, other order": (
        S(S(w[i, j], (j, 1, i)), (i, 1, n)),
        S(S(w[i, j], (j, 1, n)), (i, 1, n)) - S(S(w[j, i], (j, 1, i)), (i, 1, n)) + S(w[i, i], (i, 1, n)),
    ),
    "softmax sums to one": (S(softmax(k), (k, 1, K)), sp.S.One),
    "product of exponentials": (P(sp.exp(x[i]), (i, 1, n)), sp.exp(S(x[i], (i, 1, n)))),
    "factorial": (P(i, (i, 1, n)), sp.factorial(n)),
    "product telescopes": (P((i + 1) / i, (i, 1, n)), n + 1),
    "product splits": (P(x[i] * y[i], (i, 1, n)), P(x[i], (i, 1, n)) * P(y[i], (i, 1, n))),
    "product joined": (P(x[i], (i, 1, m)) * P(x[i], (i, m + 1, m + n)), P(x[i], (i, 1, m + n))),
    "log of a product": (sp.log(P(p[i], (i, 1, n))), S(sp.log(p[i]), (i, 1, n))),
    "Dirichlet kernel": (
        1 + 2 * S(sp.cos(i * a), (i, 1, n)),
        sp.sin((n + sp.S.Half) * a) / sp.sin(a / 2),
    ),
    "Bernoulli likelihood": (
        P(q ** x[i] * r ** (1 - x[i]), (i, 1, n)),
        q ** S(x[i], (i, 1, n)) * r ** (n - S(x[i], (i, 1, n))),
    ),
    "binomial row": (S(sp.binomial(n, k), (k, 0, n)), sp.Integer(2) ** n),
    "binomial theorem": (S(sp.binomial(n, k) * q**k * r ** (n - k), (k, 0, n)), (q + r) ** n),
}  # fmt: skip

FALSE = {
    "sign": (S((x[i] - mean_x) ** 2, (i, 1, n)), S(x[i] ** 2, (i, 1, n)) + n * mean_x**2),
    "missing last term": (S(x[i], (i, 1, n + 1)), S(x[i], (i, 1, n))),
    "one index too many": (S(i, (i, 1, n)), n * (n - 1) / 2),
    "product of sums": (S(x[i] * y[i], (i, 1, n)), S(x[i], (i, 1, n)) * S(y[i], (i, 1, n))),
    "triangle without its half": (S(S(x[i] * x[j], (j, 1, i)), (i, 1, n)), S(x[i], (i, 1, n)) ** 2 / 2),
    "geometric from 0": (S(q**i, (i, 0, n)), (1 - q**n) / (1 - q)),
    "log of a product of any sign": (sp.log(P(x[i], (i, 1, n))), S(sp.log(x[i]), (i, 1, n))),
    "window as a product": (
        S(w[i, 1] * x[i + j], (i, 1, m), (j, 1, n)),
        S(w[i, 1], (i, 1, m)) * S(x[i], (i, 1, m + n)),
    ),
    "product of a constant": (P(2 * x[i], (i, 1, n)), 2 * P(x[i], (i, 1, n))),
    "free index": (S(x[i] * y[j], (i, 1, n)), S(x[i] * y[i], (i, 1, n))),
}  # fmt: skip


@pytest.mark.parametrize("case", TRUE)
def test_true(case):
    assert decide(*TRUE[case]).proved


@pytest.mark.parametrize("case", FALSE)
def test_false(case):
    verdict = decide(*FALSE[case], given=[j >= 1, j <= n] if case == "free index" else [])
    assert verdict.refuted


def test_a_geometric_sum_says_where_it_holds():
    verdict = decide(S(q**i, (i, 0, n)), (1 - q ** (n + 1)) / (1 - q))
    assert any("q" in condition and "1" in condition for condition in verdict.conditions)


INSIDE = [i >= 1, i <= K]


def test_softmax_jacobian():
    right = softmax(k) * (sp.KroneckerDelta(i, k) - softmax(i))
    assert decide(D(softmax(k), z[i]), right, given=INSIDE).proved
    assert decide(D(softmax(k), z[i]), softmax(k) * (1 - softmax(i)), given=INSIDE).refuted


def test_cross_entropy_gradient_needs_the_sum_of_the_targets():
    loss = -S(y[k] * sp.log(softmax(k)), (k, 1, K))
    total = S(y[k], (k, 1, K))
    assert decide(D(loss, z[i]), softmax(i) * total - y[i], given=INSIDE).proved
    assert decide(D(loss, z[i]), softmax(i) - y[i], given=INSIDE).refuted


def test_shift_of_the_logits():
    left = sp.log(S(sp.exp(z[i] - a), (i, 1, n))) + a
    assert decide(left, sp.log(S(sp.exp(z[i]), (i, 1, n)))).proved
    assert decide(left - 2 * a, sp.log(S(sp.exp(z[i]), (i, 1, n)))).refuted


def test_a_sum_over_every_second_entry_is_out_of_reach_and_only_supported():
    even, odd = (S(x[2 * i - shift], (i, 1, n)) for shift in (0, 1))
    assert decide(S(x[i], (i, 1, 2 * n)), even + odd).supported


def test_batch_normalisation_gradient():
    g = sp.IndexedBase(sp.Symbol("g", real=True))
    epsilon = positive("epsilon")
    mean = S(x[l], (l, 1, m)) / m
    deviation = sp.sqrt(S((x[k] - mean) ** 2, (k, 1, m)) / m + epsilon)
    hat = lambda c: (x[c] - mean) / deviation  # noqa: E731
    loss = S(g[j] * hat(j), (j, 1, m))
    within = [i >= 1, i <= m]
    projected = S(g[j] * hat(j), (j, 1, m)) / m
    right = (g[i] - S(g[j], (j, 1, m)) / m - hat(i) * projected) / deviation
    assert decide(D(loss, x[i]), right, given=within, budget=5.0).proved
    wrong = (g[i] - S(g[j], (j, 1, m)) / m + hat(i) * projected) / deviation
    assert decide(D(loss, x[i]), wrong, given=within).refuted


def test_simple_regression_solves_its_normal_equations():
    b0, b1 = real("b0 b1")
    residuals = S((y[k] - b0 - b1 * x[k]) ** 2, (k, 1, n))
    slope = S((x[k] - mean_x) * (y[k] - mean_y), (k, 1, n)) / S((x[k] - mean_x) ** 2, (k, 1, n))
    at = {b0: mean_y - slope * mean_x, b1: slope}
    for b in (b0, b1):
        assert decide(residuals.diff(b).subs(at), 0, budget=5.0).proved
        assert decide(residuals.diff(b).subs({**at, b1: 2 * slope}), 0).refuted


def test_convolution_and_both_its_gradients():
    kernel, image, g = (sp.IndexedBase(sp.Symbol(name, real=True)) for name in ("w", "a", "g"))
    out = lambda c: S(kernel[k] * image[c + k], (k, 0, m - 1))  # noqa: E731
    loss = S(g[j] * out(j), (j, 0, n - 1))
    to_kernel = S(g[j] * image[i + j], (j, 0, n - 1))
    assert decide(D(loss, kernel[i]), to_kernel, given=[i >= 0, i <= m - 1]).proved
    inside = [i >= m - 1, i <= n - 1]
    to_image = S(g[i - k] * kernel[k], (k, 0, m - 1))
    assert decide(D(loss, image[i]), to_image, given=inside, budget=5.0).proved
    unturned = S(g[i + k] * kernel[k], (k, 0, m - 1))
    assert decide(D(loss, image[i]), unturned, given=inside).refuted
    turned = S(kernel[n - k] * image[k], (k, 0, n))
    assert decide(S(kernel[k] * image[n - k], (k, 0, n)), turned).proved
