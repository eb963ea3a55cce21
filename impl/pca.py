"""Principal components, by the covariance or by the singular values, and whitening."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from impl.checks import design_matrix, fitted
from impl.core import Array
from impl.linear.gram import cross_products

BLOCK = 2**17  # values of a block of rows that is centered at a time
# Below so many products BLAS uses one thread; a second one only waits where blocks are thin. Blocks
# of fewer rows would not be worth a call.
ONE_THREAD, ROWS = 2**18, 128


class PCA:
    """The orthogonal directions in which the rows vary most.

    Args:
        components: how many directions to keep; by default all min(n, d).
        method: "covariance" takes the eigenvectors of 1/n sum (x - mu)(x - mu)^T, the quickest
            when n is much larger than d; "svd" takes the singular vectors of the centered rows
            and is more accurate in directions of small variance; "auto" takes "covariance" when
            n >= d.
        whiten: None, "pca" (projections divided by their standard deviations), or "zca" (the
            same, turned back into the columns of X: the whitening that moves rows least).

    Attributes:
        mean_: mu, shape (d,).
        components_: unit directions as rows, shape (k, d), the largest variance first; the entry
            of the largest magnitude is positive.
        variances_: of the projections, with divisor n as in the notes, shape (k,).
        variance_ratios_: their shares of the total variance, all 0 when there is none.
        rank_: how many of them are above rounding.

    Source: SU-2.72, SU-2.73, SU-2.74, SU-2.75-topk, SU-3.19-whiten.
    """

    def __init__(
        self,
        components: int | None = None,
        *,
        method: Literal["auto", "covariance", "svd"] = "auto",
        whiten: Literal["pca", "zca"] | None = None,
    ) -> None:
        self.components = components
        self.method = method
        self.whiten = whiten

    def fit(self, X: Any) -> PCA:
        """Learn the directions of rows, shape (n, d).

        Raises:
            ShapeError: X is not 2-D or has no rows.
            ValueError: a value is not finite, or an option is out of its range.
        """
        self._learn(design_matrix("PCA.fit", X))
        return self

    def _learn(self, X: Array) -> None:
        n, d = X.shape
        most = min(n, d)
        kept = most if self.components is None else self.components
        if not 1 <= kept <= most:
            raise ValueError(f"PCA.fit: components must be from 1 to {most}; got {kept}")
        if self.method not in ("auto", "covariance", "svd"):
            raise ValueError(
                f'PCA.fit: method must be "auto", "covariance" or "svd"; got {self.method!r}'
            )
        if self.whiten not in (None, "pca", "zca"):
            raise ValueError(f'PCA.fit: whiten must be None, "pca" or "zca"; got {self.whiten!r}')
        by_covariance = self.method == "covariance" or (self.method == "auto" and n >= d)
        if by_covariance:
            self.mean_, variances, directions = _by_covariance(X)
            relative = np.finfo(X.dtype).eps * d
        else:
            self.mean_ = X.mean(axis=0, dtype=np.float64).astype(X.dtype)
            _, singular, directions = np.linalg.svd(X - self.mean_, full_matrices=False)
            variances = singular**2 / n
            relative = (np.finfo(X.dtype).eps * max(n, d)) ** 2
        scale = np.abs(self.mean_).max() if d else 0.0
        floor = max(variances[0] * relative, (4 * np.finfo(X.dtype).eps * scale) ** 2)
        total = variances.sum()
        directions, variances = directions[:kept], variances[:kept]
        largest = np.abs(directions).argmax(axis=1)
        self.components_ = directions * np.sign(directions[np.arange(kept), largest])[:, None]
        self.variances_ = np.maximum(variances, 0)
        self.variance_ratios_ = self.variances_ / total if total > 0 else 0 * self.variances_
        self.rank_ = int((variances > floor).sum())

    def transform(self, X: Any) -> Array:
        """The rows' projections on the components, whitened if asked for.

        A direction without variance stays 0 when whitened, for there is nothing to scale.

        Returns:
            Shape (n, k), or (n, d) for "zca", in X's float type.

        Source: SU-2.75-topk.
        """
        fitted(self, "components_")
        return self._projected(design_matrix("PCA.transform", X, len(self.mean_)))

    def _projected(self, X: Array) -> Array:
        matrix = self.components_.T
        if self.whiten is not None:
            matrix = matrix * self._scales()
        if self.whiten == "zca":
            matrix = matrix @ self.components_
        matrix, mean = matrix.astype(X.dtype, order="C"), self.mean_.astype(X.dtype)
        result = np.empty((len(X), matrix.shape[1]), X.dtype)
        step = max(1, BLOCK // max(1, len(mean)))
        alone = ONE_THREAD // max(1, matrix.size)
        if alone >= ROWS:
            step = min(step, alone)
        for start in range(0, len(X), step):
            rows = slice(start, start + step)
            np.matmul(X[rows] - mean, matrix, out=result[rows])
        return result

    def fit_transform(self, X: Any) -> Array:
        """Fit, then transform the same rows."""
        X = design_matrix("PCA.fit", X)
        self._learn(X)
        return self._projected(X)

    def inverse_transform(self, Z: Any) -> Array:
        """The rows of the original columns that have these projections, shape (n, d)."""
        fitted(self, "components_")
        width = len(self.mean_) if self.whiten == "zca" else len(self.components_)
        Z = design_matrix("PCA.inverse_transform", Z, width)
        matrix = self.components_
        if self.whiten is not None:
            matrix = np.sqrt(self.variances_)[:, None] * matrix
        if self.whiten == "zca":
            matrix = self.components_.T @ matrix
        return np.asarray(Z @ matrix.astype(Z.dtype) + self.mean_.astype(Z.dtype))

    def _scales(self) -> Array:
        """One over the standard deviation, 0 beyond the rank."""
        scales = np.zeros_like(self.variances_)
        scales[: self.rank_] = 1 / np.sqrt(self.variances_[: self.rank_])
        return scales


def _by_covariance(X: Array) -> tuple[Array, Array, Array]:
    """The mean; variances and directions, the largest first. Centered before the product."""
    n = len(X)
    # No system is solved with the products, so that the rows' own precision is enough.
    products = cross_products(X, np.zeros(n), precision=X.dtype)
    values, vectors = np.linalg.eigh(products.gram / n)
    return (
        products.mean.astype(X.dtype),
        np.maximum(values[::-1], 0).astype(X.dtype),
        np.ascontiguousarray(vectors.T[::-1]).astype(X.dtype),
    )
