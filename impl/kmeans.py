"""k-means: Lloyd's iterations from a k-means++ start."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.checks import design_matrix, fitted
from impl.core import Array


def kmeans_plus_plus(X: Any, clusters: int, rng: np.random.Generator) -> Array:
    """Distinct rows of X as centers, each drawn with weight its squared distance to those before.

    Args:
        X: shape (n, d).
        clusters: how many; when fewer distinct rows exist, rows repeat.
        rng: the random generator.

    Returns:
        The rows' places, shape (clusters,).

    Raises:
        ValueError: clusters is not between 1 and n.

    Method: D. Arthur and S. Vassilvitskii, k-means++: the advantages of careful seeding (2007).
    """
    X = design_matrix("kmeans_plus_plus", X)
    n = X.shape[0]
    if not 1 <= clusters <= n:
        raise ValueError(f"kmeans_plus_plus: clusters must be from 1 to {n}; got {clusters}")
    places = [int(rng.integers(n))]
    nearest = _squared_to(X, places[0])
    while len(places) < clusters:
        total = nearest.sum()
        if total > 0:
            draw = rng.random() * total
            place = min(int(np.searchsorted(np.cumsum(nearest), draw, side="right")), n - 1)
        else:
            place = int(rng.integers(n))
        places.append(place)
        nearest = np.minimum(nearest, _squared_to(X, place))
    return np.array(places)


class KMeans:
    """Centers that minimise the sum of squared distances of the rows to their nearest center.

    Args:
        clusters: how many.
        max_iter: the most iterations; they end earlier when no row changes its center.
        starts: how many times to start; the best end is kept.
        rng: the random generator of the starts.

    Attributes:
        centers_: shape (clusters, d).
        labels_: the center of each row, shape (n,).
        inertia_: the sum of squared distances.
        inertias_: that sum after each iteration; it never rises.
        n_iter_: how many iterations were made.
    """

    def __init__(
        self,
        clusters: int = 8,
        *,
        max_iter: int = 300,
        starts: int = 1,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.clusters = clusters
        self.max_iter = max_iter
        self.starts = starts
        self.rng = rng

    def fit(self, X: Any) -> KMeans:
        """Learn the centers of the rows of X, shape (n, d)."""
        X = design_matrix("KMeans.fit", X)
        rng = np.random.default_rng(0) if self.rng is None else self.rng
        if self.starts < 1 or self.max_iter < 1:
            raise ValueError(
                "KMeans.fit: starts and max_iter must be at least 1; "
                f"got {self.starts} and {self.max_iter}"
            )
        runs = [self._run(X, rng) for _ in range(self.starts)]
        self.centers_, self.labels_, self.inertias_ = min(runs, key=lambda run: run[2][-1])
        self.inertia_ = float(self.inertias_[-1])
        self.n_iter_ = len(self.inertias_)
        return self

    def predict(self, X: Any) -> Array:
        """The nearest center of each row."""
        fitted(self, "centers_")
        X = design_matrix("KMeans.predict", X, self.centers_.shape[1])
        return _squared_distances(X, self.centers_).argmin(axis=1)

    def _run(self, X: Array, rng: np.random.Generator) -> tuple[Array, Array, Array]:
        centers = X[kmeans_plus_plus(X, self.clusters, rng)]
        trace: list[float] = []
        labels = np.full(X.shape[0], -1)
        for _ in range(self.max_iter):
            distances = _squared_distances(X, centers)
            new = distances.argmin(axis=1)
            changed = not np.array_equal(new, labels)
            labels = new
            if changed:
                one_hot = (labels[:, None] == np.arange(self.clusters)).astype(X.dtype)
                counts = one_hot.sum(axis=0)
                full = counts > 0  # a center that lost all its rows stays where it is
                centers = centers.copy()
                centers[full] = (one_hot.T @ X)[full] / counts[full, None]
            trace.append(float(np.sum((X - centers[labels]) ** 2)))
            if not changed:
                break
        return centers, labels, np.array(trace)


def _squared_to(X: Array, place: int) -> Array:
    return np.asarray(((X - X[place]) ** 2).sum(axis=1), dtype=np.float64)


def _squared_distances(X: Array, centers: Array) -> Array:
    """Squared distances less |x|^2, enough to compare centers; shape (n, clusters)."""
    origin = centers.mean(axis=0)
    moved = centers - origin
    return np.asarray((moved**2).sum(axis=1) - 2 * ((X - origin) @ moved.T))
