"""Gaussian mixtures fitted by expectation-maximisation."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from impl._kernels.loading import kernels
from impl.checks import design_matrix, fitted
from impl.core import Array
from impl.kmeans import KMeans

LOG_2PI = float(np.log(2 * np.pi))
START_ROWS = 500  # rows for each component in the k-means start
EMPTY = 1e-10  # rows' worth of weight below which a component has nothing to learn from


class GaussianMixture:
    """A density that is a weighted sum of Gaussians, fitted by EM.

    The likelihood never falls. The M-step is exact under one constraint: in columns scaled to
    variance one, no covariance has an eigenvalue below `floor`. The constrained maximum has the
    same eigenvectors with the small eigenvalues raised to the floor, so a component that collapses
    on a point or on a plane stays a density (adding `floor` to the diagonal would do that too, but
    the likelihood could fall).
    A component that no row belongs to keeps its mean and covariance, with weight 0.

    Args:
        components: how many Gaussians, k.
        covariance: "full", or "diagonal".
        tol: stop when an iteration adds less than this to the log-likelihood of a row; 0
            makes all iterations.
        max_iter: the most iterations.
        starts: how many k-means++ starts; the most likely end is kept.
        floor: the least eigenvalue, relative to the columns' variances.
        means: shape (k, d), means to start from in place of k-means++.
        rng: the random generator of the starts.

    Attributes:
        weights_: phi, shape (k,).
        means_: mu, shape (k, d).
        covariances_: shape (k, d, d), or the variances, shape (k, d), when diagonal.
        log_likelihoods_: of all rows, before each iteration and after the last.
        n_iter_, converged_: how the fit ended.
        degenerate_: shape (k,), whether the component is at the floor or has lost all rows.

    Source: SU-2.71-alg, SU-2.71, SU-2.71-estep, SU-2.68.
    """

    def __init__(
        self,
        components: int = 1,
        *,
        covariance: Literal["full", "diagonal"] = "full",
        tol: float = 1e-6,
        max_iter: int = 200,
        starts: int = 1,
        floor: float = 1e-6,
        means: Any = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.components = components
        self.covariance = covariance
        self.tol = tol
        self.max_iter = max_iter
        self.starts = starts
        self.floor = floor
        self.means = means
        self.rng = rng

    def fit(self, X: Any) -> GaussianMixture:
        """Learn the mixture from rows.

        Args:
            X: shape (n, d), n >= components.

        Raises:
            ShapeError: X is not 2-D, or `means` has another shape than (k, d).
            ValueError: a value is not finite, or an option is out of its range.
        """
        X = np.ascontiguousarray(design_matrix("GaussianMixture.fit", X))
        self._check(X)
        rng = np.random.default_rng(0) if self.rng is None else self.rng
        center, scale = _standards(X)
        z = np.ascontiguousarray((X - center) / scale, dtype=np.float64)
        best: tuple[Any, ...] | None = None
        for _ in range(1 if self.means is not None else self.starts):
            run = self._run(z, self._start(z, center, scale, rng))
            if best is None or run[1][-1] > best[1][-1]:
                best = run
        assert best is not None
        (weights, means, covariances), trace, self.converged_, self.degenerate_ = best
        self.weights_ = weights
        self.means_ = means * scale + center
        spread = scale if self.covariance == "full" else 1.0
        self.covariances_ = covariances * scale * np.reshape(spread, (-1, 1))
        if self.covariance == "diagonal":
            self.covariances_ = covariances * scale**2
        self.log_likelihoods_ = np.array(trace) - len(z) * np.log(scale).sum()
        self.n_iter_ = len(trace) - 1
        self._center, self._scale = center, scale
        self._standard = (weights, means, covariances)
        return self

    def log_density(self, X: Any) -> Array:
        """log p(x) of each row, shape (n,), in X's float type."""
        joint, dtype = self._joint("log_density", X)
        return (_log_sum_exp(joint) - np.log(self._scale).sum()).astype(dtype)

    def responsibilities(self, X: Any) -> Array:
        """The probability of each component given the row, shape (n, k). Source: SU-2.71-estep."""
        joint, dtype = self._joint("responsibilities", X)
        return np.asarray(np.exp(joint - _log_sum_exp(joint)[:, None]).astype(dtype))

    def predict(self, X: Any) -> Array:
        """The most probable component of each row, shape (n,)."""
        return np.asarray(self._joint("predict", X)[0].argmax(axis=1))

    def score(self, X: Any) -> float:
        """The mean log density of the rows."""
        return float(self.log_density(X).mean())

    def sample(self, n: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Draw n rows, shape (n, d), and the components they come from, shape (n,)."""
        fitted(self, "weights_")
        weights, means, covariances = self._standard
        labels = rng.choice(len(weights), size=n, p=weights / weights.sum())
        noise = rng.normal(size=(n, means.shape[1]))
        if self.covariance == "full":
            noise = np.einsum("nij,nj->ni", np.linalg.cholesky(covariances)[labels], noise)
        else:
            noise *= np.sqrt(covariances)[labels]
        return (means[labels] + noise) * self._scale + self._center, labels

    def _check(self, X: Array) -> None:
        n, d = X.shape
        where = "GaussianMixture.fit"
        if not 1 <= self.components <= n:
            raise ValueError(f"{where}: components must be from 1 to n={n}; got {self.components}")
        if self.covariance not in ("full", "diagonal"):
            raise ValueError(
                f'{where}: covariance must be "full" or "diagonal"; got {self.covariance!r}'
            )
        if not 1e-10 <= self.floor <= 1:
            raise ValueError(f"{where}: floor must be from 1e-10 to 1; got {self.floor}")
        if self.starts < 1 or self.max_iter < 1:
            raise ValueError(
                f"{where}: starts and max_iter must be at least 1; "
                f"got {self.starts} and {self.max_iter}"
            )
        if self.means is not None:
            means = design_matrix(f"{where} (means)", self.means, d)
            if len(means) != self.components:
                raise ValueError(
                    f"{where}: means must have {self.components} rows; got {len(means)}"
                )

    def _start(self, z: Array, center: Array, scale: Array, rng: np.random.Generator) -> Any:
        """Weights and covariances of the rows nearest to each starting mean."""
        k = self.components
        if self.means is None:
            few = z  # a start needs no more rows than tell the clusters apart
            if len(z) > START_ROWS * k:
                few = z[rng.choice(len(z), START_ROWS * k, replace=False)]
            means = KMeans(k, max_iter=30, rng=rng).fit(few).centers_
        else:
            means = (np.asarray(self.means, dtype=np.float64) - center) / scale
        labels = ((means**2).sum(axis=1) - 2 * z @ means.T).argmin(axis=1)
        hard = (labels[:, None] == np.arange(k)).astype(np.float64)
        spread = np.maximum(z.var(axis=0), self.floor)
        whole = np.broadcast_to(spread, means.shape).copy()
        old = whole if self.covariance == "diagonal" else whole[:, :, None] * np.eye(z.shape[1])
        moments = _moments(z, hard, self.covariance == "full")
        weights, fitted_means, covariances, _ = _m_step(moments, means, old, self.floor)
        weights = (weights + 1 / len(z)) / (1 + k / len(z))  # a start rules out no component
        return weights, means if self.means is not None else fitted_means, covariances

    def _run(self, z: Array, start: Any) -> tuple[Any, list[float], bool, Array]:
        n, d = z.shape
        weights, means, covariances = start
        degenerate = np.zeros(len(weights), dtype=bool)
        module = kernels("gmm", n * self.components * (d * d + 20) * self.max_iter)
        one_pass = _pass if module is None else module.em_pass
        size = 1 + d + (d * (d + 1) // 2 if self.covariance == "full" else d)
        trace: list[float] = []
        converged = False
        for iteration in range(self.max_iter + 1):
            moments = np.zeros((self.components, size))
            trace.append(float(one_pass(z, *_forms(weights, means, covariances), moments)))
            converged = iteration > 0 and trace[-1] - trace[-2] < self.tol * n
            if converged or iteration == self.max_iter:
                break
            weights, means, covariances, degenerate = _m_step(
                moments, means, covariances, self.floor
            )
        return (weights, means, covariances), trace, converged, degenerate

    def _joint(self, name: str, X: Any) -> tuple[Array, Any]:
        fitted(self, "weights_")
        X = design_matrix(f"GaussianMixture.{name}", X, self.means_.shape[1])
        z = np.asarray((X - self._center) / self._scale, dtype=np.float64)
        return _log_joint(z, *_forms(*self._standard)), X.dtype


def _standards(X: Array) -> tuple[Array, Array]:
    """Mean and standard deviation of the columns; a constant column counts as scale 1."""
    center = X.mean(axis=0, dtype=np.float64)
    scale = np.sqrt(((X - center) ** 2).mean(axis=0, dtype=np.float64))
    rounding = 16 * np.finfo(X.dtype).eps * np.abs(X).max(axis=0)
    return center, np.where(scale > rounding, scale, 1.0)


def _forms(weights: Array, means: Array, covariances: Array) -> tuple[Array, Array, Array]:
    """Factors F with F^T F the precision, the shifts F mu, and the constants."""
    d = means.shape[1]
    if covariances.ndim == 2:
        factors = 1 / np.sqrt(covariances)
        shifts = factors * means
        log_determinants = np.log(factors).sum(axis=1)
    else:
        factors = np.tril(np.linalg.inv(np.linalg.cholesky(covariances)))
        shifts = np.einsum("kij,kj->ki", factors, means)
        log_determinants = np.log(np.einsum("kii->ki", factors)).sum(axis=1)
    with np.errstate(divide="ignore"):  # a component without rows has log weight -inf
        constants = np.log(weights) - 0.5 * d * LOG_2PI + log_determinants
    return np.ascontiguousarray(factors), np.ascontiguousarray(shifts), constants


def _log_joint(z: Array, factors: Array, shifts: Array, constants: Array) -> Array:
    joint = np.empty((len(z), len(constants)))
    for j in range(len(constants)):
        y = z * factors[j] if factors.ndim == 2 else z @ factors[j].T
        y -= shifts[j]
        joint[:, j] = constants[j] - 0.5 * np.einsum("ni,ni->n", y, y)
    return joint


def _log_sum_exp(joint: Array) -> Array:
    top = joint.max(axis=1)
    return np.asarray(top + np.log(np.exp(joint - top[:, None]).sum(axis=1)))


def _pass(z: Array, factors: Array, shifts: Array, constants: Array, moments: Array) -> float:
    """The log-likelihood; adds the responsibilities' moments to `moments`."""
    likelihood = 0.0
    block = max(1, 2**20 // moments.shape[1])
    for start in range(0, len(z), block):
        rows = z[start : start + block]
        joint = _log_joint(rows, factors, shifts, constants)
        log_density = _log_sum_exp(joint)
        likelihood += float(log_density.sum())
        moments += _moments(rows, np.exp(joint - log_density[:, None]), factors.ndim == 3)
    return likelihood


def _moments(z: Array, weights: Array, full: bool) -> Array:
    """sum w, sum w x, and sum w x x^T (lower triangle by rows) or sum w x^2, in one product."""
    if full:
        rows, columns = np.tril_indices(z.shape[1])
        products = z[:, rows] * z[:, columns]
    else:
        products = z**2
    return np.asarray(weights.T @ np.concatenate([np.ones((len(z), 1)), z, products], axis=1))


def _m_step(
    moments: Array, means: Array, covariances: Array, floor: float
) -> tuple[Array, Array, Array, Array]:
    """The parameters that the moments ask for, and which components are degenerate."""
    d = means.shape[1]
    counts = moments[:, 0]
    filled = counts > EMPTY
    divisor = np.where(filled, counts, 1.0)[:, None]
    new_means = moments[:, 1 : 1 + d] / divisor
    second = moments[:, 1 + d :] / divisor
    if covariances.ndim == 2:
        spread = second - new_means**2
        low = (spread < floor).any(axis=1)
        spread = np.maximum(spread, floor)
    else:
        rows, columns = np.tril_indices(d)
        spread = np.empty_like(covariances)
        spread[:, rows, columns] = spread[:, columns, rows] = (
            second - new_means[:, rows] * new_means[:, columns]
        )
        low = np.linalg.eigvalsh(spread)[:, 0] < floor
        for j in np.flatnonzero(low & filled):
            values, vectors = np.linalg.eigh(spread[j])
            spread[j] = (vectors * np.maximum(values, floor)) @ vectors.T
    new_means = np.where(filled[:, None], new_means, means)
    keep = filled.reshape((-1,) + (1,) * (covariances.ndim - 1))
    weights = np.maximum(counts, 0) / counts.sum()
    return weights, new_means, np.where(keep, spread, covariances), low | ~filled
