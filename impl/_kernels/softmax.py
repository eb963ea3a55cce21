"""The loss of softmax regression and its gradient, in passes over blocks of examples.

Examples stand in columns there, so that the loops over them run on vectors.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from impl._kernels.exponential import exponential
from impl._kernels.moments import ROWS, add_products
from impl._kernels.products import FLAGS
from impl._kernels.threads import in_blocks as in_blocks

BLOCK = ROWS  # examples in each
TOGETHER = 8  # sums whose product has one logarithm; each is at least 1 and at most K


@njit(cache=True, nogil=True, fastmath=FLAGS)
def turn(X, blocks, start, stop):
    """Blocks of examples as columns, each with a 1 below; `blocks` holds zeros before."""
    n, d = X.shape
    for block in range(start, stop):
        columns = blocks[block]
        for i in range(min(BLOCK, n - block * BLOCK)):
            x = X[block * BLOCK + i]
            for j in range(d):
                columns[j, i] = x[j]
            columns[d, i] = 1.0


@njit(cache=True, nogil=True, fastmath=FLAGS)
def _scores(theta, columns, scores):
    """scores = theta @ columns."""
    for k in range(len(theta)):
        row, w = scores[k], theta[k]
        for b in range(BLOCK):
            row[b] = 0.0
        for j in range(0, len(columns), 4):
            p, q, r, s = columns[j], columns[j + 1], columns[j + 2], columns[j + 3]
            x, y, z, v = w[j], w[j + 1], w[j + 2], w[j + 3]
            for b in range(BLOCK):
                row[b] += x * p[b] + y * q[b] + z * r[b] + v * s[b]


@njit(cache=True, nogil=True, fastmath=FLAGS)
def _to_probabilities(scores, classes, top, total):
    """Softmax of each column, in place; its largest score and the sum of the exponentials."""
    for b in range(BLOCK):
        top[b] = scores[0, b]
        total[b] = 0.0
    for k in range(1, classes):
        row = scores[k]
        for b in range(BLOCK):
            top[b] = row[b] if row[b] > top[b] else top[b]
    for k in range(classes):
        row = scores[k]
        for b in range(BLOCK):
            row[b] = exponential(row[b] - top[b])
            total[b] += row[b]
    for k in range(classes):
        row = scores[k]
        for b in range(BLOCK):
            row[b] /= total[b]


@njit(cache=True, nogil=True, fastmath=FLAGS)
def cross_entropy_pass(blocks, codes, theta, losses, gradients, start, stop):
    """The summed cross-entropy and its gradient, over the parts `start <= p < stop` of the blocks.

    Args:
        blocks: of examples, as `turn` makes them, shape (blocks, m, BLOCK), m a multiple of 4.
        codes: the class of each example.
        theta: weights and constants, shape (K, m), zero beyond them.
        losses: zeros, shape (parts,).
        gradients: zeros of shape (parts, K rounded up to a multiple of 4, m).
        start: the first part to be done.
        stop: the part after the last one.
    """
    classes = len(theta)
    scores = np.zeros((gradients.shape[1], BLOCK))
    top, total = np.empty(BLOCK), np.empty(BLOCK)
    parts = len(losses)
    for part in range(start, stop):
        loss = 0.0
        for block in range(len(blocks) * part // parts, len(blocks) * (part + 1) // parts):
            columns, own = blocks[block], codes[block * BLOCK : (block + 1) * BLOCK]
            _scores(theta, columns, scores)
            for i in range(len(own)):
                loss -= scores[own[i], i]
            _to_probabilities(scores, classes, top, total)
            for first in range(0, len(own), TOGETHER):
                product = 1.0
                for i in range(first, min(first + TOGETHER, len(own))):
                    product *= total[i]
                    loss += top[i]
                loss += math.log(product)
            for i in range(len(own)):
                scores[own[i], i] -= 1.0
            add_products(scores, columns, BLOCK, gradients[part], False)
        losses[part] = loss
