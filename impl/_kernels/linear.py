"""Loops of the linear models and of naive Bayes: each reads the examples once."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from impl._kernels.exponential import exponential
from impl._kernels.threads import in_blocks as in_blocks

SAFE = {"reassoc", "contract", "arcp", "nsz"}
ROWS = 64


@njit(cache=True, nogil=True, fastmath=SAFE)
def lms_pass(X, y, order, theta, rate, constant):
    """One pass of Widrow and Hoff's rule; theta = [w, b] is changed in place."""
    d = X.shape[1]
    loss = 0.0
    for i in order:
        value = theta[d]
        for j in range(d):
            value += theta[j] * X[i, j]
        residual = y[i] - value
        step = rate * residual
        for j in range(d):
            theta[j] += step * X[i, j]
        if constant:
            theta[d] += step
        loss += 0.5 * residual * residual
    return loss


@njit(cache=True, nogil=True, fastmath=SAFE)
def lasso_sweeps(gram, cross, w, pull, threshold, sweeps):
    """Coordinate descent; w and pull = gram @ w are changed in place."""
    d = w.size
    for _ in range(sweeps):
        for j in range(d):
            curvature = gram[j, j]
            if curvature <= 0.0:
                continue
            wish = cross[j] - pull[j] + curvature * w[j]
            best = 0.0
            if wish > threshold:
                best = (wish - threshold) / curvature
            elif wish < -threshold:
                best = (wish + threshold) / curvature
            change = best - w[j]
            if change != 0.0:
                for k in range(d):
                    pull[k] += change * gram[j, k]
                w[j] = best


@njit(cache=True, nogil=True, fastmath=SAFE)
def class_moments(X, codes, classes, shift):
    """Count, sum and sum of squares of X - shift for each class; shift has a row for each."""
    n, d = X.shape
    counts = np.zeros(classes)
    sums = np.zeros((classes, d))
    squares = np.zeros((classes, d))
    for i in range(n):
        k = codes[i]
        counts[k] += 1.0
        for j in range(d):
            x = X[i, j] - shift[k, j]
            sums[k, j] += x
            squares[k, j] += x * x
    return counts, sums, squares


@njit(cache=True, nogil=True, fastmath=SAFE)
def class_sums(X, codes, classes):
    """Count and sum of X for each class, and whether a value is negative."""
    n, d = X.shape
    counts = np.zeros(classes)
    sums = np.zeros((classes, d))
    least = np.zeros(d)
    for i in range(n):
        k = codes[i]
        counts[k] += 1.0
        for j in range(d):
            x = X[i, j]
            sums[k, j] += x
            least[j] = min(least[j], x)
    return counts, sums, least.min()


@njit(cache=True, nogil=True, fastmath=SAFE)
def sparse_class_sums(data, indices, indptr, codes, classes, d):
    """Sum of the rows of each class, given the values of each row and their columns."""
    sums = np.zeros((classes, d))
    for i in range(len(codes)):
        row = sums[codes[i]]
        for at in range(indptr[i], indptr[i + 1]):
            row[indices[at]] += data[at]
    return sums


@njit(cache=True, nogil=True, fastmath=SAFE)
def gaussian_scores(X, means, halves, constants, out):
    """constants_k - sum_j halves_kj (x_j - means_kj)^2 for each example and class."""
    n, d = X.shape
    for i in range(n):
        for k in range(means.shape[0]):
            total = 0.0
            for j in range(d):
                gap = X[i, j] - means[k, j]
                total += halves[k, j] * gap * gap
            out[i, k] = constants[k] - total


@njit(cache=True, nogil=True, fastmath=SAFE)
def logistic_pass(X, positive, theta, losses, gradients, start, stop):
    """The log-loss at theta = [w, b], summed over the parts `start <= p < stop` of the examples.

    Args:
        X: shape (n, d).
        positive: which examples are of the second class.
        theta: shape (d + 1,).
        losses: zeros, shape (parts,).
        gradients: zeros, shape (parts, d + 1).
        start: the first part to be done.
        stop: the part after the last one.
    """
    n, parts = len(X), len(losses)
    scores = np.empty(ROWS)
    for part in range(start, stop):
        last = n * (part + 1) // parts
        for first in range(n * part // parts, last, ROWS):
            rows = slice(first, min(first + ROWS, last))
            losses[part] += _logistic_block(X[rows], positive[rows], theta, scores, gradients[part])


@njit(cache=True, nogil=True, fastmath=SAFE)
def _logistic_block(X, positive, theta, scores, gradient):
    """The loss of a few rows; both products with them happen while they are in the cache."""
    n, d = X.shape
    loss = 0.0
    for i in range(n):
        score = theta[d]
        for j in range(d):
            score += X[i, j] * theta[j]
        scores[i] = score
    product = 1.0
    for i in range(n):
        score = scores[i]
        sign = 1.0 if positive[i] else -1.0
        margin = sign * score
        decay = exponential(-abs(margin))
        # log(1 + e) of the whole block is one logarithm of a product below 2^64.
        product *= 1.0 + decay
        loss -= min(margin, 0.0)
        away = (decay if margin >= 0.0 else 1.0) / (1.0 + decay)
        scores[i] = -sign * away
    loss += math.log(product)
    for i in range(n):
        residual = scores[i]
        for j in range(d):
            gradient[j] += residual * X[i, j]
        gradient[d] += residual
    return loss


@njit(cache=True, nogil=True, fastmath=SAFE)
def logistic_curvatures(X, positive, theta, gradient, curvature, largest):
    """Adds the log-loss's first and its second derivative by each coefficient; keeps max |x|."""
    d = X.shape[1]
    for i in range(X.shape[0]):
        score = theta[d]
        for j in range(d):
            score += X[i, j] * theta[j]
        decay = exponential(-abs(score))
        weight = decay / ((1.0 + decay) * (1.0 + decay))
        residual = (1.0 if score >= 0.0 else decay) / (1.0 + decay)
        residual -= 1.0 if positive[i] else 0.0
        for j in range(d):
            x = X[i, j]
            gradient[j] += residual * x
            curvature[j] += weight * x * x
            largest[j] = max(largest[j], abs(x))


@njit(cache=True, nogil=True, fastmath=SAFE)
def logistic_sgd_pass(X, positive, order, theta, rate, shrink, constant):
    """theta += rate (y - h(x)) x, example by example; w is shrunk before each step."""
    d = X.shape[1]
    for i in order:
        score = theta[d]
        for j in range(d):
            score += X[i, j] * theta[j]
        decay = math.exp(-abs(score))
        probability = (1.0 if score >= 0.0 else decay) / (1.0 + decay)
        step = rate * ((1.0 if positive[i] else 0.0) - probability)
        for j in range(d):
            theta[j] = theta[j] * shrink + step * X[i, j]
        if constant:
            theta[d] += step
