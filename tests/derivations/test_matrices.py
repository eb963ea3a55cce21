"""The matrices rung on identities known from textbooks, and on the same lines with a slip."""

import re
import time

import numpy as np
import pytest
import sympy as sp
from flint import fmpq

from derivations.functions import sigmoid
from derivations.kernel.matrices import answer
from derivations.kernel.matrices.duals import Dual, inverse, product
from derivations.matrices import (
    Gradient,
    Hessian,
    Jacobian,
    block,
    det,
    diag,
    diagonal,
    dot,
    elementwise,
    frobenius,
    hadamard,
    idempotent,
    identity,
    invertible,
    kronecker,
    logdet,
    matrix,
    norm,
    ones,
    orthogonal,
    orthonormal,
    positive_definite,
    scalar,
    symmetric,
    trace,
    vec,
    vector,
    zeros,
)

n, d, m = sp.symbols("n d m", integer=True, positive=True)
lam, c = sp.symbols("lambda c", positive=True)
A, B, C, D = (matrix(name, n, n) for name in "ABCD")
P, Q = invertible("P", n), orthogonal("Q", n)
S, R, K = positive_definite("S", n), positive_definite("R", n), positive_definite("K", d)
M, E = symmetric("M", n), diagonal("E", n)
G, F = idempotent("G", n), matrix("F", d, d)
X, Y = matrix("X", n, d), matrix("Y", n, d)
U, V, W, Z = matrix("U", n, d), matrix("V", d, n), matrix("W", d, m), matrix("Z", m, n)
x, y, z, t, mu = (vector(name, n) for name in ("x", "y", "z", "t", "mu"))
w, b = vector("w", d), vector("b", d)
In, Id = identity(n), identity(d)
H = X * (X.T * X).I * X.T
log, sqrt = sp.log, sp.sqrt


def q(left, middle, right):
    return scalar(left.T * middle * right)


def decided(left, right, relation="=", given=(), budget=5.0):
    return answer(left, right, relation, given, time.thread_time() + budget)


residual = t - X * w
gaussian = -logdet(S) / 2 - q(x - mu, S.I, x - mu) / 2

TRUE = [
    # rings, transposes, inverses
    ((A + B) * (A - B), A**2 - A * B + B * A - B**2),
    ((A * B).T, B.T * A.T),
    ((A * X).T, X.T * A.T),
    ((A * B).I, B.I * A.I),
    ((A * B * C).I, C.I * B.I * A.I),
    (A.T.I, A.I.T),
    (P.I * P, In),
    ((3 * A).I, A.I / 3),
    (M.T, M),
    (Q * Q.T, In),
    ((Q * A).I, A.I * Q.T),
    (G * G * X, G * X),
    ((In - G) * G, zeros(n, n)),
    (E * diag(x), diag(x) * E),
    # traces and numbers
    (trace(A * B * C), trace(C * A * B)),
    (trace(A * B * C), trace(B.T * A.T * C.T)),
    (trace(X * V), trace(V * X)),
    (trace(x * y.T), dot(y, x)),
    (trace(A * x * y.T), q(y, A, x)),
    (q(x, A, y), q(y, A.T, x)),
    (x * (y.T * z), dot(y, z) * x),
    (trace(In), n),
    (A - A.T.T, 0),
    (0, X.T * (In - H)),
    (trace(Q.T * A * Q), trace(A)),
    (trace((X * V) ** 2), trace((V * X) ** 2)),
    (dot(x - y, x - y), dot(x, x) - 2 * dot(x, y) + dot(y, y)),
    (dot(residual, residual), dot(t, t) - 2 * q(w, X.T, t) + q(w, X.T * X, w)),
    (frobenius(A) ** 2, trace(A * A.T)),
    (dot(Q * x, Q * y), dot(x, y)),
    (norm(Q * x), norm(x)),
    (dot(x, ones(n)), trace(diag(x))),
    (dot(ones(n), ones(n)), n),
    # determinants
    (det(A * B), det(A) * det(B)),
    (det(A.T), det(A)),
    (det(A.I), 1 / det(A)),
    (det(3 * A), 3**n * det(A)),
    (det(lam * A), lam**n * det(A)),
    (det(P.I * A * P), det(A)),
    (det(Q) ** 2, 1),
    (logdet(S * R), logdet(S) + logdet(R)),
    (logdet(S.I), -logdet(S)),
    (logdet(c * S), n * log(c) + logdet(S)),
    (logdet(K * V * V.T), logdet(V * V.T) + logdet(K)),
    (det(In + U * V), det(Id + V * U)),
    (det(lam * In + X * X.T), lam ** (n - d) * det(lam * Id + X.T * X)),
    (det(P + x * y.T), (1 + q(y, P.I, x)) * det(P)),
    (det(A + U * V), det(A) * det(Id + V * A.I * U)),
    (det(S + U * K * V), det(S) * det(K) * det(K.I + V * S.I * U)),
    (logdet(S + x * x.T), logdet(S) + log(1 + q(x, S.I, x))),
    (det(kronecker(A, F)), det(A) ** d * det(F) ** n),
    # Hadamard, diagonal, Kronecker, vec
    (diag(x) * y, hadamard(x, y)),
    (diag(x) * y, diag(y) * x),
    (hadamard(A, B), hadamard(B, A)),
    (hadamard(A, B).T, hadamard(A.T, B.T)),
    (hadamard(A, x * y.T), diag(x) * A * diag(y)),
    (hadamard(A, ones(n, n)), A),
    (q(ones(n), hadamard(A, B), ones(n)), trace(A.T * B)),
    (q(x, diag(y), z), q(z, diag(x), y)),
    (diag(x) * diag(y), diag(hadamard(x, y))),
    (hadamard(x, y + z), hadamard(x, y) + hadamard(x, z)),
    (kronecker(A, B) * kronecker(C, D), kronecker(A * C, B * D)),
    (kronecker(A, X).T, kronecker(A.T, X.T)),
    (kronecker(P, K).I, kronecker(P.I, K.I)),
    (trace(kronecker(A, F)), trace(A) * trace(F)),
    (kronecker(A + B, F), kronecker(A, F) + kronecker(B, F)),
    (vec(X * W * Z), kronecker(Z.T, X) * vec(W)),
    (scalar(vec(X).T * vec(Y)), trace(X.T * Y)),
    (vec(x * w.T), kronecker(w, x)),
    # inverses of sums
    ((S + U * K * V).I, S.I - S.I * U * (K.I + V * S.I * U).I * V * S.I),
    ((A + U * V).I, A.I - A.I * U * (Id + V * A.I * U).I * V * A.I),
    ((P + x * y.T).I, P.I - P.I * x * y.T * P.I / (1 + q(y, P.I, x))),
    ((In + U * V).I * U, U * (Id + V * U).I),
    ((X.T * X + lam * Id).I * X.T, X.T * (X * X.T + lam * In).I),
    ((A.I + B.I).I, A * (A + B).I * B),
    (A.I - B.I, A.I * (B - A) * B.I),
    ((In + A).I, In - A * (In + A).I),
    ((In - A) * (In + A).I, (In + A).I * (In - A)),
    (A - A * (A + B).I * A, B - B * (A + B).I * B),
    (q(x, (S + R).I, x), q(x, R.I * (S.I + R.I).I * S.I, x)),
    (q(y, (P + x * x.T).I, x), q(y, P.I, x) / (1 + q(x, P.I, x))),
    (
        (X.T * X - w * w.T).I,
        (X.T * X).I + (X.T * X).I * w * w.T * (X.T * X).I / (1 - q(w, (X.T * X).I, w)),
    ),
    # projections
    (H * H, H),
    (H.T, H),
    ((In - H) * H, zeros(n, n)),
    ((In - H) * X, zeros(n, d)),
    (trace(H), d),
    (trace(In - H), n - d),
    (q(t, (In - H).T * (In - H), t), q(t, In - H, t)),
    # blocks
    (
        block([[A, U], [V, F]]) * block([[B, X], [V, Id]]),
        block([[A * B + U * V, A * X + U], [V * B + F * V, V * X + F]]),
    ),
    (block([[A, U], [V, F]]).T, block([[A.T, V.T], [U.T, F.T]])),
    (block([[In, U], [zeros(d, n), Id]]).I, block([[In, -U], [zeros(d, n), Id]])),
    (
        block([[P, U], [V, F]]).I * block([[P, U], [V, F]]),
        identity(n + d),
    ),
    (
        block([[P, U], [V, F]]).I,
        block(
            [
                [P.I + P.I * U * (F - V * P.I * U).I * V * P.I, -P.I * U * (F - V * P.I * U).I],
                [-(F - V * P.I * U).I * V * P.I, (F - V * P.I * U).I],
            ]
        ),
    ),
    (det(block([[P, U], [V, F]])), det(P) * det(F - V * P.I * U)),
    (trace(block([[A, U], [V, F]])), trace(A) + trace(F)),
    (scalar(block([[x], [w]]).T * block([[y], [b]])), dot(x, y) + dot(w, b)),
]

FALSE = [
    ((A + B) ** 2, A**2 + 2 * A * B + B**2),
    ((A * B).T, A.T * B.T),
    ((A * B).I, A.I * B.I),
    (A * B, B * A),
    (A.T, A),
    (A.I, A.T),
    ((3 * A).I, 3 * A.I),
    ((A + B).I, A.I + B.I),
    (Q * Q, In),
    (G * G, In),
    (G.T, G),
    (M * S, S * M),
    (trace(A * B * C), trace(B * A * C)),
    (trace(A * B), trace(A) * trace(B)),
    (trace(A * B), trace(A.T * B)),
    (trace(x * y.T), n * dot(x, y)),
    (trace(In), d),
    (q(x, A, y), q(y, A, x)),
    (dot(x - y, x - y), dot(x, x) - dot(x, y) + dot(y, y)),
    (dot(residual, residual), dot(t, t) - 2 * q(w, X.T, t) - q(w, X.T * X, w)),
    (frobenius(A) ** 2, trace(A) ** 2),
    (det(A + B), det(A) + det(B)),
    (det(2 * A), 2 * det(A)),
    (det(-A), -det(A)),
    (det(Q), 1),
    (logdet(2 * S), log(2) + logdet(S)),
    (logdet(S * R), logdet(S) * logdet(R)),
    (det(In + U * V), det(Id - V * U)),
    (det(lam * In + X * X.T), lam ** (d - n) * det(lam * Id + X.T * X)),
    (det(P + x * y.T), (1 - q(y, P.I, x)) * det(P)),
    (det(kronecker(A, F)), det(A) ** n * det(F) ** d),
    (diag(x) * y, diag(y) * y),
    (hadamard(A, B), A * B),
    (kronecker(A, B), kronecker(B, A)),
    (kronecker(A, B) * kronecker(C, D), kronecker(C * A, B * D)),
    (vec(A * C * B), kronecker(B, A) * vec(C)),
    (vec(x * y.T), kronecker(x, y)),
    ((S + U * K * V).I, S.I + S.I * U * (K.I + V * S.I * U).I * V * S.I),
    ((S + U * K * V).I, S.I - S.I * U * (K + V * S.I * U).I * V * S.I),
    ((P + x * y.T).I, P.I - P.I * x * y.T * P.I / (1 - q(y, P.I, x))),
    ((X.T * X + lam * Id).I * X.T, X.T * (X * X.T - lam * In).I),
    ((A.I + B.I).I, A + B),
    (A.I - B.I, A.I * (A - B) * B.I),
    (H, In),
    (trace(H), n),
    (H * t, t),
    (block([[A, U], [V, F]]).T, block([[A.T, U], [V, F.T]])),
    (det(block([[A, C], [D, B]])), det(A) * det(B) - det(C) * det(D)),
    (block([[In, U], [zeros(d, n), Id]]).I, block([[In, U], [zeros(d, n), Id]])),
]

GRADIENTS_TRUE = [
    (Gradient(dot(x, y), x), y),
    (Gradient(x.T * y, x), y),
    (Gradient(dot(x, y), x, "numerator"), y.T),
    (Gradient(q(x, A, x), x), (A + A.T) * x),
    (Gradient(q(x, M, x), x), 2 * M * x),
    (Gradient(q(y, A, x), A), y * x.T),
    (Gradient(trace(A * B), A), B.T),
    (Gradient(trace(X * W * Z), W), X.T * Z.T),
    (Gradient(trace(A * B * A.T), A), A * B.T + A * B),
    (Gradient(trace(A * B * A.T * C), A), C.T * A * B.T + C * A * B),
    (Gradient(trace(A**3), A), 3 * (A**2).T),
    (Gradient(frobenius(A) ** 2, A), 2 * A),
    (Gradient(frobenius(A), A), A / frobenius(A)),
    (Gradient(det(A), A), det(A) * A.I.T),
    (Gradient(logdet(A), A), A.I.T),
    (Gradient(logdet(A), A, "numerator"), A.I),
    (Gradient(logdet(S), S), S.I),
    (Gradient(logdet(X.T * X), X), 2 * X * (X.T * X).I),
    (Gradient(q(y, A.I, x), A), -A.I.T * y * x.T * A.I.T),
    (Gradient(trace(A.I * B), A), -(A.I * B * A.I).T),
    (Gradient(q(x - mu, S.I, x - mu), S), -S.I * (x - mu) * (x - mu).T * S.I),
    (Gradient(gaussian, mu), S.I * (x - mu)),
    (Gradient(gaussian, S), -S.I / 2 + S.I * (x - mu) * (x - mu).T * S.I / 2),
    (Gradient(dot(residual, residual), w), -2 * X.T * (t - X * w)),
    (
        Gradient(dot(residual, residual) / 2 + lam * dot(w, w) / 2, w),
        X.T * X * w - X.T * t + lam * w,
    ),
    (Gradient(norm(x), x), x / norm(x)),
    (Gradient(log(1 + sp.exp(dot(x, y))), x), y * sp.exp(dot(x, y)) / (1 + sp.exp(dot(x, y)))),
    (Gradient(q(x, diag(y), x), y), hadamard(x, x)),
    (Gradient(trace(hadamard(A, B) * C), A), hadamard(C.T, B)),
    (Gradient(logdet(S + x * x.T), x), 2 * S.I * x / (1 + q(x, S.I, x))),
    (Jacobian(A * x, x), A),
    (Jacobian(A * x, x, "denominator"), A.T),
    (Jacobian(hadamard(x, x), x), 2 * diag(x)),
    (Jacobian(x / norm(x), x), (In - x * x.T / dot(x, x)) / norm(x)),
    (Jacobian(x * dot(x, y), x), dot(x, y) * In + x * y.T),
    (Hessian(q(x, A, x), x), A + A.T),
    (Hessian(dot(residual, residual), w), 2 * X.T * X),
    (Gradient(trace(A), A), In),
    (Gradient(dot(t, t), w), zeros(d, 1)),
]

GRADIENTS_FALSE = [
    (Gradient(q(x, A, x), x), 2 * A * x),
    (Gradient(q(x, A, x), x), A * x),
    (Gradient(trace(A * B), A), B),
    (Gradient(trace(A * B * A.T), A), 2 * A * B),
    (Gradient(q(y, A, x), A), x * y.T),
    (Gradient(logdet(A), A), A.I),
    (Gradient(det(A), A), det(A) * A.I),
    (Gradient(q(y, A.I, x), A), A.I.T * y * x.T * A.I.T),
    (Gradient(q(x - mu, S.I, x - mu), S), S.I * (x - mu) * (x - mu).T * S.I),
    (Gradient(gaussian, mu), -S.I * (x - mu)),
    (Gradient(dot(residual, residual), w), -X.T * (t - X * w)),
    (Gradient(dot(residual, residual), w), 2 * X.T * (t - X * w)),
    (Gradient(logdet(X.T * X), X), X * (X.T * X).I),
    (Gradient(norm(x), x), x),
    (Jacobian(A * x, x), A.T),
    (Jacobian(A * x, x, "denominator"), A),
    (Jacobian(hadamard(x, x), x), 2 * In),
    (Hessian(q(x, A, x), x), 2 * A),
    (Gradient(logdet(S), S), zeros(n, n)),
]


@pytest.mark.parametrize(("left", "right"), TRUE + GRADIENTS_TRUE)
def test_true_lines_are_proved(left, right):
    verdict = decided(left, right)
    assert verdict.proved, verdict.sentence()


@pytest.mark.parametrize(("left", "right"), FALSE + GRADIENTS_FALSE)
def test_false_lines_are_refuted_at_exact_matrices(left, right):
    verdict = decided(left, right)
    assert verdict.refuted, verdict.sentence()
    assert verdict.witness.point
    assert verdict.witness.lhs != verdict.witness.rhs


SHAPES = [
    (A * X, X * A, "(n, d)", "(n, n)"),
    (X.T * X, X * X.T, "(d, d)", "(n, n)"),
    (X.T, X, "(d, n)", "(n, d)"),
    (A + x, A, "(n, 1)", "(n, n)"),
    (Gradient(dot(t, X * w), w), t.T * X, "(d, 1)", "(1, d)"),
    (x * x.T, dot(x, x), "(n, n)", "(1, 1)"),
    (A, 1, "(n, n)", "(1, 1)"),
    (trace(X), n, "(n, d)", "(d, n)"),
    (det(X), 1, "(n, d)", "(d, n)"),
]


@pytest.mark.parametrize(("left", "right", "one", "other"), SHAPES)
def test_a_line_that_does_not_conform_is_refuted_by_its_shapes(left, right, one, other):
    verdict = decided(left, right)
    assert verdict.refuted
    assert one in verdict.sentence()
    assert other in verdict.sentence()


def test_sizes_that_a_given_equation_may_equate_are_not_called_wrong():
    assert decided(X, X.T).refuted
    assert decided(X * X.T, X.T * X, given=[sp.Eq(n, d)]).unknown


f = sp.Function("f")
UNDECIDABLE = [
    (sp.Sum(A, (sp.Symbol("k"), 1, n)), n * A),
    (sp.Sum(x.T * A * x, (sp.Symbol("k"), 1, n)), trace(A)),
    (f(A), A),
    (f(dot(x, y)) * A, f(dot(x, x)) * A),
    (f(trace(A)), trace(B)),
    (sp.MatrixSymbol("L", n, n) ** sp.Rational(1, 2), A),
    (Gradient(trace(Q * A), Q), A.T),
    (Gradient(f(dot(x, y)), x), y),
]


@pytest.mark.parametrize(("left", "right"), UNDECIDABLE)
def test_what_is_beyond_the_rung_is_unknown(left, right):
    verdict = decided(left, right)
    assert verdict.unknown
    assert verdict.reason


def test_the_gradient_by_a_symmetric_matrix_has_two_readings_and_neither_is_called_wrong():
    constrained, free = (A + A.T) / 2, A.T
    for reading in (constrained, free):
        assert decided(Gradient(trace(M * A), M), reading).unknown
    assert decided(Gradient(trace(M * A), M), 2 * A).refuted
    assert decided(Gradient(trace(M * S), M), S).proved


def test_what_is_not_about_matrices_is_left_to_others():
    assert decided(lam + c, c + lam) is None
    assert decided(sp.Sum(n, (n, 1, 3)), 6) is None


def test_declarations_may_stand_in_the_assumptions():
    assert decided(A.T, A).refuted
    assert decided(A.T, A, given=[sp.Q.symmetric(A)]).proved
    assert decided(A.T * A, In, given=[sp.Q.orthogonal(A)]).proved
    assert decided(logdet(A * B), logdet(B) + logdet(A)).status != "refuted"
    both = [sp.Q.positive_definite(A), sp.Q.positive_definite(B)]
    assert decided(logdet(A * B), logdet(B) + logdet(A), given=both).proved


def test_a_proof_names_what_it_takes_to_be_invertible():
    verdict = decided((A + U * V).I, A.I - A.I * U * (Id + V * A.I * U).I * V * A.I)
    assert {"A is invertible", "A + U*V is invertible"} <= set(verdict.conditions)
    assert decided(P.I * P, In).conditions == ()
    assert decided((S + x * x.T).I * (S + x * x.T), In).proved
    assert decided(logdet(S + x * x.T), log(1 + q(x, S.I, x)) + logdet(S)).conditions == ()
    assert decided(logdet(A.T), logdet(A)).conditions
    assert decided(1 / dot(x, y), 1 / dot(y, x)).conditions


N, u = orthonormal("N", n, d), orthonormal("u", n)
CONSTRAINED = [
    (N.T * N, Id, (), "proved"),
    ((N * N.T) ** 2, N * N.T, (), "proved"),
    (N * N.T, In, (), "refuted"),
    (trace(N * N.T), d, (), "proved"),
    (norm(u), 1, (), "proved"),
    ((In - 2 * u * u.T) ** 2, In, (), "proved"),
    (X * X.T * X, X, (sp.Eq(X.T * X, Id),), "proved"),
    (dot(w, w) * w, w, (sp.Eq(dot(w, w), 1),), "proved"),
    (A * B * A.I, B, (sp.Eq(A * B, B * A),), "proved"),
    (A.T, A, (sp.Q.upper_triangular(A),), "unknown"),  # no point is known to be triangular
    (A.T, A, (n >= 3,), "refuted"),
    (A.T, A, (det(A) > 0,), "refuted"),
    (det(x * y.T), 0, (), "refuted"),  # it is x y for size 1
]


@pytest.mark.parametrize(("left", "right", "given", "status"), CONSTRAINED)
def test_constraints_are_kept(left, right, given, status):
    verdict = decided(left, right, given=given)
    assert verdict.status == status, verdict.sentence()
    if status == "refuted" and given == (n >= 3,):
        assert int(dict(verdict.witness.point)["n"]) >= 3


def squashed(a):
    return elementwise(sigmoid, a)


def slope(a):
    return elementwise(lambda s: sigmoid(s) * (1 - sigmoid(s)), a)


def positive_part(a):
    return elementwise(lambda s: sp.Max(s, 0), a)


def activation(a):
    return elementwise(sp.Function("g"), a)


def activation_slope(a):
    return elementwise(lambda s: sp.Derivative(sp.Function("g")(s), s), a)


layer = V * x + w
error = y - U * squashed(layer)
loss = dot(error, error) / 2
general = y - U * activation(layer)
exponentials = elementwise(sp.exp, x)
softmax = exponentials / dot(ones(n), exponentials)
clipped = positive_part(A * x + y) - z
NETWORKS = [
    (Jacobian(squashed(layer), x), diag(slope(layer)) * V, "proved"),
    (Jacobian(squashed(layer), x), diag(squashed(layer)) * V, "refuted"),
    (Gradient(loss, U), -error * squashed(layer).T, "proved"),
    (Gradient(loss, w), -hadamard(U.T * error, slope(layer)), "proved"),
    (Gradient(loss, V), -hadamard(U.T * error, slope(layer)) * x.T, "proved"),
    (Gradient(loss, V), hadamard(U.T * error, slope(layer)) * x.T, "refuted"),
    (Gradient(loss, V), -(U.T * error) * x.T, "refuted"),
    (Gradient(loss, x), -V.T * hadamard(U.T * error, slope(layer)), "proved"),
    (
        Gradient(dot(general, general) / 2, V),
        -hadamard(U.T * general, activation_slope(layer)) * x.T,
        "proved",
    ),
    (
        Gradient(dot(clipped, clipped), A),
        2 * hadamard(clipped, elementwise(sp.Heaviside, A * x + y)) * x.T,
        "proved",
    ),
    (Gradient(dot(clipped, clipped), A), 2 * clipped * x.T, "refuted"),
    (Jacobian(softmax, x), diag(softmax) - softmax * softmax.T, "proved"),
    (Jacobian(softmax, x), diag(softmax) - 2 * softmax * softmax.T, "refuted"),
    (Gradient(log(dot(ones(n), exponentials)) - dot(y, x), x), softmax - y, "proved"),
    (elementwise(sp.exp, A.T), elementwise(sp.exp, A).T, "proved"),
    (elementwise(sp.exp, A * B), elementwise(sp.exp, A) * elementwise(sp.exp, B), "refuted"),
]


@pytest.mark.parametrize(("left", "right", "status"), NETWORKS)
def test_functions_of_every_entry(left, right, status):
    verdict = decided(left, right)
    assert verdict.status == status, verdict.sentence()


ODD = [
    (sp.FunctionMatrix(n, n, sp.Lambda((sp.Symbol("i"), sp.Symbol("j")), 1)), A),
    (sp.Sum(A, (sp.Symbol("k"), 1, n)), n * A),
    (A[0:1, 0:1], A[0:1, 0:1].T),
    (sp.Integral(trace(A), c), c * trace(A)),
    (sp.BlockDiagMatrix(A, F), block([[A, zeros(n, d)], [zeros(d, n), F]])),
    (sp.Piecewise((trace(A), lam > 1), (0, True)), trace(A)),
    (sp.Symbol("s", complex=True) * trace(A), trace(A)),
    (sp.MatMul(A, A.T), 1),
    (A, 0),
    (sp.Derivative(lam * trace(A), lam), trace(A)),
    (sp.Limit(trace(A) / lam, lam, sp.oo), 0),
    (sp.Matrix([[1, lam]]) * sp.Matrix([[c], [1]]), c + lam),
    (sp.Matrix([[1, 2]]), sp.Matrix([[1, 2, 3]])),
    (sp.zeros(2, 2) * matrix("T", 2, 2), zeros(2, 2)),
]


@pytest.mark.parametrize(("left", "right"), ODD)
@pytest.mark.parametrize("relation", ["=", ">=", "!="])
def test_odd_questions_get_an_answer(left, right, relation):
    verdict = decided(left, right, relation)
    assert verdict.status in ("proved", "refuted", "supported", "unknown")
    assert verdict.sentence()


T, v = matrix("T", 2, 2), vector("v", 2)
FIXED = [
    (det(T), T[0, 0] * T[1, 1] - T[0, 1] * T[1, 0], "proved"),
    (T.I, sp.Matrix([[T[1, 1], -T[0, 1]], [-T[1, 0], T[0, 0]]]) / det(T), "proved"),
    (T**2 - trace(T) * T + det(T) * identity(2), zeros(2, 2), "proved"),
    (T**2 - trace(T) * T - det(T) * identity(2), zeros(2, 2), "refuted"),
    (
        Gradient(3 * v[0] ** 2 * v[1], v),
        sp.Matrix([6 * v[0] * v[1], 3 * v[0] ** 2]),
        "proved",
    ),
    (Gradient(3 * v[0] ** 2 * v[1], v), sp.Matrix([6 * v[0] * v[1], 3 * v[0]]), "refuted"),
    (
        Hessian(v[0] ** 2 * v[1], v),
        sp.Matrix([[2 * v[1], 2 * v[0]], [2 * v[0], 0]]),
        "proved",
    ),
    (sp.Matrix([[1, 2], [3, 4]]) * v, sp.Matrix([v[0] + 2 * v[1], 3 * v[0] + 4 * v[1]]), "proved"),
]


@pytest.mark.parametrize(("left", "right", "status"), FIXED)
def test_matrices_of_fixed_size_are_decided_entry_by_entry(left, right, status):
    verdict = decided(left, right)
    assert verdict.status == status, verdict.sentence()


ORDER = [
    (X.T * X, zeros(d, d), ">=", "proved"),
    (X.T * X + lam * Id, zeros(d, d), ">", "proved"),
    (V * S * V.T, zeros(d, d), ">=", "proved"),
    (S + x * x.T, S, ">=", "proved"),
    (S, S + R, "<", "proved"),
    (S.I, zeros(n, n), ">", "proved"),
    (det(S), 0, ">", "proved"),
    (In, H, ">=", "proved"),
    (H, zeros(n, n), ">=", "proved"),
    (q(x, S, x), 0, ">=", "proved"),
    (1 + q(x, S.I, x), 1, ">=", "proved"),
    (trace(X * X.T), 0, ">=", "proved"),
    (q(x, M, x), 0, ">=", "refuted"),
    (q(x, S, x), 0, ">", "refuted"),  # x may be 0
    (X.T * X, zeros(d, d), "<=", "refuted"),
    (M, zeros(n, n), ">=", "refuted"),
    (S - R, zeros(n, n), ">", "refuted"),
    (S, R, ">=", "refuted"),
    (x * x.T, zeros(n, n), ">", "refuted"),
]


@pytest.mark.parametrize(("left", "right", "relation", "status"), ORDER)
def test_definiteness(left, right, relation, status):
    verdict = decided(left, right, relation)
    assert verdict.status == status, verdict.sentence()


def test_a_witness_can_be_checked_by_hand():
    witness = decided(A.T, A).witness
    point = dict(witness.point)
    entries = [int(e) for e in re.findall(r"-?\d+", point["A"])]
    size = int(point["n"])
    value = np.array(entries).reshape(size, size)
    assert witness.rhs == point["A"]
    assert [int(e) for e in re.findall(r"-?\d+", witness.lhs)] == list(value.T.ravel())


NUMPY = {
    "quadratic": (q(x, A, x), x, lambda v: v["x"].T @ v["A"] @ v["x"]),
    "bilinear": (q(y, A, x), A, lambda v: v["y"].T @ v["A"] @ v["x"]),
    "logdet": (logdet(A.T * A), A, lambda v: np.log(np.linalg.det(v["A"].T @ v["A"]))),
    "det": (det(A), A, lambda v: np.linalg.det(v["A"])),
    "inverse": (q(y, A.I, x), A, lambda v: v["y"].T @ np.linalg.inv(v["A"]) @ v["x"]),
    "trace": (
        trace(A * B * A.T * C),
        A,
        lambda v: np.trace(v["A"] @ v["B"] @ v["A"].T @ v["C"]),
    ),
    "norm": (norm(x), x, lambda v: np.linalg.norm(v["x"])),
    "diag": (
        q(x, diag(y) * A, x),
        y,
        lambda v: v["x"].T @ np.diag(v["y"].ravel()) @ v["A"] @ v["x"],
    ),
}
TEXTBOOK = {
    "quadratic": lambda v: (v["A"] + v["A"].T) @ v["x"],
    "bilinear": lambda v: v["y"] @ v["x"].T,
    "logdet": lambda v: 2 * np.linalg.inv(v["A"]).T,
    "det": lambda v: np.linalg.det(v["A"]) * np.linalg.inv(v["A"]).T,
    "inverse": lambda v: -np.linalg.inv(v["A"]).T @ v["y"] @ v["x"].T @ np.linalg.inv(v["A"]).T,
    "trace": lambda v: v["C"].T @ v["A"] @ v["B"].T + v["C"] @ v["A"] @ v["B"],
    "norm": lambda v: v["x"] / np.linalg.norm(v["x"]),
    "diag": lambda v: v["x"] * (v["A"] @ v["x"]),
}
SYMBOLIC = {
    "quadratic": (A + A.T) * x,
    "bilinear": y * x.T,
    "logdet": 2 * A.I.T,
    "det": det(A) * A.I.T,
    "inverse": -A.I.T * y * x.T * A.I.T,
    "trace": C.T * A * B.T + C * A * B,
    "norm": x / norm(x),
    "diag": hadamard(x, A * x),
}


@pytest.mark.parametrize("name", NUMPY)
def test_gradients_agree_with_central_differences(name):
    form, variable, function = NUMPY[name]
    rng = np.random.default_rng(7)
    values = {s: rng.normal(size=(3, 3)) + 3 * np.eye(3) for s in "ABC"}
    values |= {s: rng.normal(size=(3, 1)) for s in "xy"}
    at = values[variable.name]
    numeric = np.zeros_like(at)
    for place in np.ndindex(*at.shape):
        step = np.zeros_like(at)
        step[place] = 1e-6
        up, down = ({**values, variable.name: at + s * step} for s in (1, -1))
        numeric[place] = (np.squeeze(function(up)) - np.squeeze(function(down))) / 2e-6
    np.testing.assert_allclose(TEXTBOOK[name](values), numeric, rtol=1e-6, atol=1e-7)
    assert decided(Gradient(form, variable), SYMBOLIC[name]).proved
    assert decided(Gradient(form, variable), 2 * SYMBOLIC[name]).refuted


def test_dual_numbers_carry_the_derivative_of_an_inverse():
    # d/de (a + e)^-1 = -a^-2, at a = 2
    ((value,),) = inverse([[Dual(fmpq(2), fmpq(1), 1)]])
    assert (value.re, value.eps) == (fmpq(1, 2), fmpq(-1, 4))
    rows = [[fmpq(1), fmpq(2)], [fmpq(3), fmpq(5)]]
    assert product(rows, inverse(rows)) == [[1, 0], [0, 1]]


def test_the_deadline_is_kept():
    start = time.thread_time()
    huge = ((A + B + C + D) ** 6) * (A + B).I * (C + D + A * B).I
    verdict = answer(huge, huge + huge.T - huge, "=", (), start + 0.2)
    assert verdict.status in ("unknown", "refuted")
    assert time.thread_time() - start < 0.6


def test_the_same_question_has_the_same_answer():
    first, second = (decided((A * B).T, A.T * B.T) for _ in range(2))
    assert first == second
