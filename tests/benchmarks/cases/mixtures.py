"""Gaussian mixtures from the same start, all iterations made."""

import numpy as np

from impl.gmm import GaussianMixture, _standards
from tests.benchmarks.cases.case import Sides, case


def blobs(n, d, k, dtype):
    rng = np.random.default_rng(0)
    centers = rng.normal(size=(k, d))  # so close that rows belong to several
    X = centers[rng.integers(k, size=n)] + rng.normal(size=(n, d))
    return X.astype(dtype), X[rng.choice(n, k, replace=False)].astype(dtype)


def mixture(n, d, k, dtype, covariance):
    X, means = blobs(n, d, k, dtype)

    def ours():
        return GaussianMixture(k, covariance=covariance, means=means, tol=0.0, max_iter=50).fit(X)

    def sklearn():
        from sklearn.mixture import GaussianMixture as Theirs

        kind = "full" if covariance == "full" else "diag"
        # It starts from responsibilities unless all parameters are given; these are our start.
        model = GaussianMixture(k, covariance=covariance, means=means)
        center, scale = _standards(X)
        z = np.ascontiguousarray((X - center) / scale, dtype=np.float64)
        weights, _, covariances = model._start(z, center, scale, np.random.default_rng(0))
        if kind == "full":
            precisions = np.linalg.inv(covariances * np.outer(scale, scale))
        else:
            precisions = 1 / (covariances * scale**2)
        options = {
            "covariance_type": kind,
            "tol": 0.0,
            "max_iter": 50,
            "reg_covar": 1e-9,
            "weights_init": weights,
            "means_init": means,
            "precisions_init": precisions,
        }
        return lambda: Theirs(k, **options).fit(X)

    return Sides(
        ours,
        {"scikit-learn": sklearn},
        lambda a, b: abs(a.score(X) - b.score(X)) / abs(b.score(X)),
        1e-6 if dtype == np.float64 else 1e-4,
    )


@case("Gaussian mixture, full, 50k x 8, k=8, 50 iterations", ("float64", "float32"))
def mixture_full(dtype):
    return mixture(50_000, 8, 8, dtype, "full")


@case("Gaussian mixture, diagonal, 50k x 8, k=8, 50 iterations", ("float64", "float32"))
def mixture_diagonal(dtype):
    return mixture(50_000, 8, 8, dtype, "diagonal")


@case("Gaussian mixture, full, 500 x 2, k=3, 50 iterations", ("float64",), (1,), "gmm")
def mixture_small(dtype):
    return mixture(500, 2, 3, dtype, "full")
