"""Perceptron, support vector machines, neighbors, naive Bayes, discriminants, forests, PCA."""

import numpy as np

from impl.forest import DecisionTree, RandomForest
from impl.gaussian_classifier import LDA, QDA
from impl.knn import KNearestNeighbors
from impl.naive_bayes import GaussianNB, MultinomialNB
from impl.pca import PCA
from impl.perceptron import Perceptron
from impl.svm import SVM
from tests.benchmarks.cases.case import (
    Sides,
    case,
    relative,
    relative_each,
    thread_count,
    to_same_objective,
)


def normal_classes(n, d, classes, dtype, apart=1.0):
    rng = np.random.default_rng(0)
    y = rng.integers(classes, size=n)
    X = rng.normal(size=(n, d)) + rng.normal(scale=apart, size=(classes, d))[y]
    return X.astype(dtype), y


def mistakes(n, d, dtype):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, d))
    y = (X @ rng.normal(size=d) + rng.normal(size=len(X)) > 0).astype(int)
    X = X.astype(dtype)

    def sklearn():
        from sklearn.linear_model import Perceptron as Theirs

        return lambda: Theirs(max_iter=10, tol=None, shuffle=False).fit(X, y)

    return Sides(
        lambda: Perceptron(max_epochs=10).fit(X, y),
        {"scikit-learn": sklearn},
        lambda a, b: relative(a.weights_, b.coef_[0]),
        1e-6 if dtype == np.float64 else 0.5,  # one other rounding, and other mistakes follow
    )


@case("perceptron, 100k x 50, 10 epochs", ("float64", "float32"))
def perceptron(dtype):
    return mistakes(100_000, 50, dtype)


@case("perceptron, 200 x 5, 10 epochs", ("float64",), (1,), "margin")
def perceptron_small(dtype):
    return mistakes(200, 5, dtype)


def machine(n, d, dtype, C):
    X, y = normal_classes(n, d, 2, dtype, 0.5)
    sigma = float(np.sqrt(d / 2.0))
    rows = np.asarray(X, np.float64)
    squares = (rows**2).sum(axis=1)
    K = np.exp(-(squares[:, None] + squares - 2 * rows @ rows.T) / (2 * sigma**2))

    def objective(model):  # minus the dual, so that it is to be made small
        beta = np.zeros(n)
        if isinstance(model, SVM):
            beta[:] = np.where(y == 1, 1.0, -1.0) * model.alphas_
        else:
            beta[model.support_] = model.dual_coef_[0]
        return float(0.5 * beta @ K @ beta - np.abs(beta).sum())

    def sklearn():
        from sklearn.svm import SVC

        gamma = 1 / (2 * sigma**2)
        return lambda tol: SVC(C=C, gamma=gamma, tol=tol, cache_size=500).fit(X, y)

    return to_same_objective(
        lambda tol: SVM(C, kernel="gaussian", sigma=sigma, tol=tol).fit(X, y),
        {"scikit-learn (libsvm)": sklearn},
        objective,
    )


@case("SVM, Gaussian kernel, 2000 x 20")
def svm(dtype):
    return machine(2000, 20, dtype, 1.0)


@case("SVM, Gaussian kernel, 200 x 5", ("float64",), (1,), "margin")
def svm_small(dtype):
    return machine(200, 5, dtype, 1.0)


def neighbors(n, m, d, dtype):
    X, y = normal_classes(n, d, 10, dtype)
    Q = normal_classes(m, d, 10, dtype)[0] + dtype.type(0.5)
    model = KNearestNeighbors(5).fit(X, y)

    def sklearn():
        from sklearn.neighbors import KNeighborsClassifier

        theirs = KNeighborsClassifier(5, algorithm="brute", n_jobs=thread_count()).fit(X, y)
        return lambda: theirs.kneighbors(Q)

    def sklearn_auto():
        from sklearn.neighbors import KNeighborsClassifier

        theirs = KNeighborsClassifier(5, n_jobs=thread_count()).fit(X, y)
        return lambda: theirs.kneighbors(Q)

    libraries = {"scikit-learn brute": sklearn}
    if n < 1000:
        libraries["scikit-learn auto"] = sklearn_auto
    return Sides(
        lambda: model.neighbors(Q),
        libraries,
        lambda a, b: relative(a[0], b[0]),
        1e-6 if dtype == np.float64 else 1e-3,
    )


@case("k nearest neighbors, 10k of 10k x 64, k=5", ("float64", "float32"))
def knn(dtype):
    return neighbors(10_000, 10_000, 64, dtype)


@case("k nearest neighbors, 150 of 150 x 4, k=5", ("float64",), (1,), "knn")
def knn_small(dtype):
    return neighbors(150, 150, 4, dtype)


def gaussian(n, d, classes, dtype):
    X, y = normal_classes(n, d, classes, dtype)

    def sklearn():
        from sklearn.naive_bayes import GaussianNB as Theirs

        return lambda: Theirs().fit(X, y)

    return Sides(
        lambda: GaussianNB().fit(X, y),
        {"scikit-learn": sklearn},
        lambda a, b: relative_each((a.theta_, a.var_), (b.theta_, b.var_)),
        1e-8 if dtype == np.float64 else 1e-3,
    )


@case("naive Bayes, Gaussian, 100k x 50, K=10", ("float64", "float32"))
def gaussian_nb(dtype):
    return gaussian(100_000, 50, 10, dtype)


@case("naive Bayes, Gaussian, 150 x 4, K=3", ("float64",), (1,), "linear")
def gaussian_nb_small(dtype):
    return gaussian(150, 4, 3, dtype)


def words(n, d, sparse=False):
    rng = np.random.default_rng(0)
    X = rng.poisson(0.05, size=(n, d)).astype(np.float64)
    y = rng.integers(10, size=len(X))
    if sparse:
        from scipy.sparse import csr_matrix

        X = csr_matrix(X)

    def sklearn():
        from sklearn.naive_bayes import MultinomialNB as Theirs

        return lambda: Theirs().fit(X, y)

    return Sides(
        lambda: MultinomialNB().fit(X, y),
        {"scikit-learn, CSR matrix" if sparse else "scikit-learn": sklearn},
        lambda a, b: relative(a.feature_log_prob_, b.feature_log_prob_),
        1e-9,
    )


@case("naive Bayes, multinomial, 20k x 1000, K=10")
def multinomial_nb(dtype):
    return words(20_000, 1000)


@case("naive Bayes, multinomial, 500 x 50, K=10", ("float64",), (1,), "linear")
def multinomial_nb_small(dtype):
    return words(500, 50)


@case("naive Bayes, multinomial, the same given as sparse")
def multinomial_nb_sparse(dtype):
    return words(20_000, 1000, sparse=True)


def discriminant(ours, name, n, d, classes):
    X, y = normal_classes(n, d, classes, np.dtype("float64"))

    def sklearn():
        from sklearn import discriminant_analysis

        kind = getattr(discriminant_analysis, name)
        options = {"solver": "lsqr"} if name.startswith("Linear") else {}
        return lambda: kind(**options).fit(X, y)

    return Sides(
        lambda: ours().fit(X, y),
        {"scikit-learn": sklearn},
        lambda a, b: float(np.mean(a.predict(X[:1000]) != b.predict(X[:1000]))),
        0.002,
    )


@case("LDA, 50k x 20, K=5")
def lda(dtype):
    return discriminant(LDA, "LinearDiscriminantAnalysis", 50_000, 20, 5)


@case("LDA, 150 x 4, K=3", ("float64",), (1,))
def lda_small(dtype):
    return discriminant(LDA, "LinearDiscriminantAnalysis", 150, 4, 3)


@case("QDA, 50k x 20, K=5")
def qda(dtype):
    return discriminant(QDA, "QuadraticDiscriminantAnalysis", 50_000, 20, 5)


@case("QDA, 150 x 4, K=3", ("float64",), (1,))
def qda_small(dtype):
    return discriminant(QDA, "QuadraticDiscriminantAnalysis", 150, 4, 3)


def trees_of(n, d, count, part):
    X, y = normal_classes(n, d, 3, np.dtype("float64"), 0.3)
    T, truth = X[n // 2 :], y[n // 2 :]
    X, y = X[: n // 2], y[: n // 2]

    def ours():
        rng = np.random.default_rng(0)
        return RandomForest(count, jobs=thread_count(), rng=rng).fit(X, y)

    def theirs():
        from sklearn.ensemble import RandomForestClassifier

        # Ours estimates its error out of the bag as well; they need not.
        return RandomForestClassifier(count, n_jobs=thread_count(), random_state=0).fit(X, y)

    def accuracy(model):
        return float(np.mean(model.predict(T) == truth))

    if part == "fit":

        def sklearn():
            import sklearn.ensemble  # noqa: F401

            return theirs

        def distance(a, b):
            return abs(accuracy(a) - accuracy(b))

        return Sides(ours, {"scikit-learn": sklearn}, distance, 0.03)
    model = ours()

    def sklearn():
        other = theirs()
        return lambda: other.predict_proba(T)

    return Sides(lambda: model.predict_proba(T), {"scikit-learn": sklearn}, None)


@case("random forest, fit, 10k x 20, 100 trees")
def forest_fit(dtype):
    return trees_of(20_000, 20, 100, "fit")


@case("random forest, predict, 10k x 20, 100 trees")
def forest_predict(dtype):
    return trees_of(20_000, 20, 100, "predict")


@case("random forest, fit, 150 x 4, 100 trees", ("float64",), (1,), "trees")
def forest_small(dtype):
    return trees_of(300, 4, 100, "fit")


def tree_of(n, d, classes):
    X, y = normal_classes(n, d, classes, np.dtype("float64"), 0.3)

    def sklearn():
        from sklearn.tree import DecisionTreeClassifier

        return lambda: DecisionTreeClassifier(random_state=0).fit(X, y)

    return Sides(
        lambda: DecisionTree(rng=np.random.default_rng(0)).fit(X, y),
        {"scikit-learn": sklearn},
        lambda a, b: float(np.mean(a.predict(X) != b.predict(X))),
        0.0,
    )


@case("decision tree, fit, 10k x 20", ("float64",), (1,))
def tree(dtype):
    return tree_of(10_000, 20, 3)


@case("decision tree, fit, 150 x 4", ("float64",), (1,), "trees")
def tree_small(dtype):
    return tree_of(150, 4, 3)


def components(n, d, kept, dtype):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + rng.normal(size=d)
    X = X.astype(dtype)

    def sklearn():
        from sklearn import decomposition

        def fit():
            model = decomposition.PCA(kept, whiten=True, svd_solver="covariance_eigh")
            return model.fit_transform(X)

        return fit

    def distance(a, b):  # they divide by n - 1, and signs are free
        return relative(np.abs(a) * np.sqrt((n - 1) / n), np.abs(b))

    return Sides(
        lambda: PCA(kept, whiten="pca").fit_transform(X),
        {"scikit-learn covariance_eigh": sklearn},
        distance,
        1e-6 if dtype == np.float64 else 1e-2,
    )


@case("PCA, 50k x 64 to 16, whitened", ("float64", "float32"))
def pca(dtype):
    return components(50_000, 64, 16, dtype)


@case("PCA, 150 x 4 to 2, whitened", ("float64",), (1,))
def pca_small(dtype):
    return components(150, 4, 2, dtype)
