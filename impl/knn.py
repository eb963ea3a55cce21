"""The k nearest neighbors: store the rows, look up the closest, let them vote."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np

from impl._kernels.loading import kernels
from impl.checks import classes_and_codes, design_matrix, fitted
from impl.core import Array

Distance = Literal["euclidean", "manhattan", "chebyshev", "cosine"]
SPARE = 4  # candidates beyond k whose distances are computed exactly
VALUES = 2**21  # of a block of distances


class KNearestNeighbors:
    """The label that most of the k nearest rows have.

    A tie goes to the label, among those tied, that has the nearest row.

    Args:
        k: how many neighbors vote.
        distance: "euclidean" (L2), "manhattan" (L1), "chebyshev" (largest difference) or
            "cosine" (1 less the cosine of the angle; rows of length 0 are at distance 1).

    Attributes:
        classes_: the distinct labels, sorted.

    Source: CO-knn-algo, CO-knn-scaling.
    """

    def __init__(self, k: int = 5, *, distance: Distance = "euclidean") -> None:
        self.k = k
        self.distance = distance

    def fit(self, X: Any, y: Any) -> KNearestNeighbors:
        """Store the rows, shape (n, d), and their labels, shape (n,).

        Raises:
            ShapeError: other shapes.
            ValueError: values that are not finite, k not between 1 and n, an unknown distance.
        """
        where = "KNearestNeighbors.fit"
        X = design_matrix(where, X)
        if not 1 <= self.k <= len(X):
            raise ValueError(f"{where}: k must be from 1 to {len(X)}; got {self.k}")
        if self.distance not in get_args(Distance):
            raise ValueError(
                f"{where}: distance must be one of {list(get_args(Distance))}; "
                f"got {self.distance!r}"
            )
        self.classes_, self._codes = classes_and_codes(where, y, len(X))
        self._X = np.ascontiguousarray(X)
        return self

    def neighbors(self, X: Any, k: int | None = None) -> tuple[Array, Array]:
        """Distances to the k nearest stored rows and their places, the nearest first.

        Args:
            X: shape (m, d).
            k: how many; the model's by default.

        Returns:
            Two arrays of shape (m, k).
        """
        fitted(self, "classes_")
        X = design_matrix("KNearestNeighbors.neighbors", X, self._X.shape[1])
        k = self.k if k is None else k
        if not 1 <= k <= len(self._X):
            raise ValueError(
                f"KNearestNeighbors.neighbors: k must be from 1 to {len(self._X)}; got {k}"
            )
        dtype = np.result_type(X, self._X)
        wanted = min(len(self._X), k + SPARE)
        stored, queries = self._prepared(self._X, dtype), self._prepared(X, dtype)
        if self.distance in ("euclidean", "cosine"):
            places = _nearest_by_product(queries, stored, wanted)
        else:
            places = _nearest_by_difference(queries, stored, wanted, self.distance == "chebyshev")
        exact = self._exact(queries, stored, places)
        # The same distance at two places: the lower place comes first.
        order = np.lexsort((places, exact), axis=1)[:, :k]
        return np.take_along_axis(exact, order, 1), np.take_along_axis(places, order, 1)

    def predict_proba(self, X: Any) -> Array:
        """The share of each class among the k nearest rows, shape (m, classes)."""
        _, places = self.neighbors(X)
        return _votes(self._codes[places], len(self.classes_)) / self.k

    def predict(self, X: Any) -> Array:
        """The label of each row, shape (m,)."""
        _, places = self.neighbors(X)
        codes = self._codes[places]
        votes = _votes(codes, len(self.classes_))
        leading = np.take_along_axis(votes, codes, axis=1) == votes.max(axis=1, keepdims=True)
        first = leading.argmax(axis=1)[:, None]
        return self.classes_[np.take_along_axis(codes, first, axis=1)[:, 0]]

    def score(self, X: Any, y: Any) -> float:
        """The share of rows that get their own label."""
        return float(np.mean(self.predict(X) == np.asarray(y)))

    def _prepared(self, X: Array, dtype: Any) -> Array:
        """Rows whose Euclidean or other distances order the neighbors, near the origin."""
        if self.distance == "cosine":
            lengths = np.linalg.norm(X.astype(np.float64), axis=1, keepdims=True)
            return (X / np.where(lengths > 0, lengths, 1.0)).astype(dtype)
        return np.ascontiguousarray(X - self._X.mean(axis=0), dtype=dtype)

    def _exact(self, queries: Array, stored: Array, places: Array) -> Array:
        result = np.empty(places.shape, queries.dtype)
        block = max(1, VALUES // max(1, places.shape[1] * stored.shape[1]))
        for start in range(0, len(queries), block):
            rows = slice(start, start + block)
            gaps = stored[places[rows]] - queries[rows, None, :]
            if self.distance == "manhattan":
                result[rows] = np.abs(gaps).sum(axis=2)
            elif self.distance == "chebyshev":
                result[rows] = np.abs(gaps).max(axis=2, initial=0)
            else:
                result[rows] = np.sqrt(np.einsum("mkd,mkd->mk", gaps, gaps))
        if self.distance == "cosine":
            # Of unit rows |a - b|^2 is 2 - 2 cos; a row of length 0 has no angle.
            result = result**2 / 2
            queries_zero = np.asarray(~queries.any(axis=1))
            stored_zero = np.asarray(~stored.any(axis=1))
            zero = queries_zero[:, None] | stored_zero[places]
            result[zero] = 1
        return result


def _votes(codes: Array, classes: int) -> Array:
    votes = np.zeros((len(codes), classes))
    for column in codes.T:
        votes[np.arange(len(codes)), column] += 1
    return votes


def _nearest_by_product(queries: Array, stored: Array, k: int) -> Array:
    """Places of the k nearest by |y|^2 - 2 x y, one matrix product a block."""
    module = kernels("knn", float(len(queries)) * len(stored) * (stored.shape[1] + 4), queries)
    squares = np.einsum("nd,nd->n", stored, stored)[:, None]
    if module is not None:
        (m, d), n = queries.shape, len(stored)
        # Whole blocks for the loops: more columns of zeros, and more rows, infinitely far away.
        depth, width = -(-(d + 1) // 4) * 4, min(module.WIDTH, -(-n // module.LANES) * module.LANES)
        left = np.zeros((m, depth), queries.dtype)
        left[:, :d], left[:, d] = -2 * queries, 1
        columns = np.zeros((-(-n // width), depth, width + module.APART), queries.dtype)
        columns[:, d] = np.inf
        for block, start in zip(columns, range(0, n, width), strict=True):
            rows = slice(start, start + width)
            block[:d, : len(stored[rows])] = stored[rows].T
            block[d, : len(stored[rows])] = squares[rows, 0]
        values, places = np.full((m, k), np.inf, queries.dtype), np.zeros((m, k), np.intp)
        blocks = -(-m // module.ROWS)
        module.in_blocks(module.nearest_by_product, blocks, left, columns, values, places)
        return places
    extended = np.ascontiguousarray(np.concatenate([stored, squares], axis=1).T)
    ones = np.ones((len(queries), 1), queries.dtype)
    left = np.concatenate([-2 * queries, ones], axis=1)
    return _nearest(lambda rows, columns, out: np.matmul(left[rows], extended[:, columns], out=out),
                    len(queries), len(stored), k, queries.dtype, stored.shape[1])  # fmt: skip


def _nearest_by_difference(queries: Array, stored: Array, k: int, chebyshev: bool) -> Array:
    module = kernels("knn", float(len(queries)) * stored.size, queries)
    turned = np.ascontiguousarray(stored.T)

    def block(rows: slice, columns: slice, out: Array) -> None:
        if module is not None:
            module.distances(queries[rows], turned[:, columns], chebyshev, out)
            return
        out[:] = 0
        for c in range(stored.shape[1]):
            gaps = np.abs(queries[rows, c][:, None] - turned[c, columns])
            out[:] = np.maximum(out, gaps) if chebyshev else out + gaps

    return _nearest(block, len(queries), len(stored), k, queries.dtype, stored.shape[1])


def _nearest(block: Any, m: int, n: int, k: int, dtype: Any, d: int) -> Array:
    """The places of the k least scores of each query, in blocks that stay in the cache."""
    values = np.full((m, k), np.inf, dtype)
    module = kernels("knn", float(m) * n * (d + 4), values)
    places = np.zeros((m, k), dtype=np.intp)
    height = min(m, 256)
    width = min(n, max(1, VALUES // height) if module is None else 2048)
    buffer = np.empty((height, width), dtype)
    for top in range(0, m, height):
        rows = slice(top, min(top + height, m))
        for left in range(0, n, width):
            columns = slice(left, min(left + width, n))
            size = columns.stop - left
            scores = buffer[: rows.stop - top, :size]
            if size < width:
                scores = np.empty((rows.stop - top, size), dtype)
            block(rows, columns, scores)
            if module is not None:
                module.keep_nearest(scores, left, values[rows], places[rows])
            else:
                _keep_nearest(scores, left, values[rows], places[rows])
    return places


def _keep_nearest(scores: Array, offset: int, values: Array, places: Array) -> None:
    k = values.shape[1]
    few = min(k, scores.shape[1])
    columns = np.argpartition(scores, few - 1, axis=1)[:, :few]
    if offset == 0 and few == k:  # nothing is kept yet
        values[:], places[:] = np.take_along_axis(scores, columns, 1), columns
        return
    joined = np.concatenate([values, np.take_along_axis(scores, columns, 1)], axis=1)
    where = np.concatenate([places, columns + offset], axis=1)
    order = np.argpartition(joined, k - 1, axis=1)[:, :k]
    values[:] = np.take_along_axis(joined, order, 1)
    places[:] = np.take_along_axis(where, order, 1)
