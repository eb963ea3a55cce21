"""Linear, logistic and softmax regression; the iterative ones to the same objective."""

import numpy as np

from impl.linear import Lasso, LinearRegression, Ridge
from impl.logistic import LogisticRegression
from impl.multinomial import MultinomialRegression
from tests.benchmarks.cases.case import Sides, case, relative, to_same_objective


def line(n, d, dtype):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, d)) + rng.normal(size=d)
    w = rng.normal(size=d) * (rng.random(d) < 0.5)
    y = X @ w + rng.normal(size=n)
    return X.astype(dtype), y.astype(dtype)


def labelled(n, d, classes, dtype):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, d)) * rng.uniform(0.5, 2.0, size=d)
    scores = X @ rng.normal(scale=0.5, size=(d, classes)) + rng.gumbel(size=(n, classes))
    return X.astype(dtype), scores.argmax(axis=1)


def close(a, b):
    return relative(np.ravel(a.coef_), np.ravel(b.coef_))


def least_squares(n, d, dtype):
    X, y = line(n, d, dtype)

    def sklearn():
        from sklearn.linear_model import LinearRegression as Theirs

        return lambda: Theirs().fit(X, y)

    within = 1e-8 if dtype == np.float64 else 1e-3
    return Sides(lambda: LinearRegression().fit(X, y), {"scikit-learn": sklearn}, close, within)


@case("linear regression, 100k x 50", ("float64", "float32"))
def linear_regression(dtype):
    return least_squares(100_000, 50, dtype)


@case("linear regression, 200 x 5", ("float64",), (1,))
def linear_regression_small(dtype):
    return least_squares(200, 5, dtype)


def ridge_of(n, d, dtype):
    X, y = line(n, d, dtype)

    def sklearn(solver):
        def prepare():
            from sklearn.linear_model import Ridge as Theirs

            return lambda: Theirs(1.0, solver=solver).fit(X, y)

        return prepare

    within = 1e-8 if dtype == np.float64 else 1e-3
    libraries = {f"scikit-learn {solver}": sklearn(solver) for solver in ("auto", "cholesky")}
    return Sides(lambda: Ridge(1.0).fit(X, y), libraries, close, within)


@case("ridge, 100k x 50", ("float64", "float32"))
def ridge(dtype):
    return ridge_of(100_000, 50, dtype)


@case("ridge, 200 x 5", ("float64",), (1,))
def ridge_small(dtype):
    return ridge_of(200, 5, dtype)


def lasso_of(n, d, dtype, alpha):
    X, y = line(n, d, dtype)

    def objective(model):
        rest = y - X @ model.coef_ - model.intercept_
        return float(rest @ rest) / (2 * n) + alpha * float(np.abs(model.coef_).sum())

    def sklearn(**options):
        def prepare():
            from sklearn.linear_model import Lasso as Theirs

            return lambda tol: Theirs(alpha, tol=tol, max_iter=100_000, **options).fit(X, y)

        return prepare

    return to_same_objective(
        lambda tol: Lasso(alpha, tol=tol).fit(X, y),
        {
            "scikit-learn": sklearn(precompute=False),
            "scikit-learn gram": sklearn(precompute=True),
        },
        objective,
    )


@case("lasso, 100k x 50")
def lasso(dtype):
    return lasso_of(100_000, 50, dtype, 0.05)


@case("lasso, 200 x 20", ("float64",), (1,), "linear")
def lasso_small(dtype):
    return lasso_of(200, 20, dtype, 0.05)


def log_loss(X, y, l2, classes):
    def objective(model):
        scores = np.asarray(X, np.float64) @ np.atleast_2d(model.coef_).T + model.intercept_
        if scores.shape[1] == 1:
            scores = np.hstack([np.zeros_like(scores), scores])
        top = scores.max(axis=1)
        logs = top + np.log(np.exp(scores - top[:, None]).sum(axis=1))
        penalty = l2 / 2 * float((np.asarray(model.coef_, np.float64) ** 2).sum())
        return float((logs - scores[np.arange(len(y)), y]).sum()) + penalty

    return objective


def logistic_of(n, d, classes, dtype, ours, solvers):
    X, y = labelled(n, d, classes, dtype)

    def sklearn(solver):
        def prepare():
            from sklearn.linear_model import LogisticRegression as Theirs

            return lambda tol: Theirs(C=1.0, solver=solver, tol=tol, max_iter=1000).fit(X, y)

        return prepare

    libraries = {f"scikit-learn {solver}": sklearn(solver) for solver in solvers}
    return to_same_objective(
        lambda tol: ours(l2=1.0, tol=tol).fit(X, y), libraries, log_loss(X, y, 1.0, classes)
    )


BOTH = ("lbfgs", "newton-cholesky")


@case("logistic regression, 100k x 50", ("float64", "float32"))
def logistic(dtype):
    return logistic_of(100_000, 50, 2, dtype, LogisticRegression, BOTH)


@case("logistic regression, 200 x 5", ("float64",), (1,), "linear")
def logistic_small(dtype):
    return logistic_of(200, 5, 2, dtype, LogisticRegression, BOTH)


@case("softmax regression, 100k x 50, K=10", ("float64", "float32"))
def multinomial(dtype):
    return logistic_of(100_000, 50, 10, dtype, MultinomialRegression, ("lbfgs",))


@case("softmax regression, 150 x 4, K=3", ("float64",), (1,))
def multinomial_small(dtype):
    return logistic_of(150, 4, 3, dtype, MultinomialRegression, BOTH)
