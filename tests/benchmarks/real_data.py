"""The accuracy of each classifier on data that come with scikit-learn, beside the library's.

Run: python -m tests.benchmarks.real_data [--markdown]

Five folds, the same for both, columns brought to mean 0 and variance 1 by the training rows. The
diabetes data hold a number to predict; as classes, it is above or below its median.
"""

import argparse
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from impl.ensembles import Bagging, OneVersusOne
from impl.forest import DecisionTree, RandomForest
from impl.gaussian_classifier import LDA, QDA
from impl.knn import KNearestNeighbors
from impl.linear import Lasso, LinearRegression, Ridge
from impl.logistic import LogisticRegression
from impl.multinomial import MultinomialRegression
from impl.naive_bayes import BernoulliNB, CategoricalNB, GaussianNB, MultinomialNB
from impl.nets.mlp import MLPClassifier
from impl.perceptron import Perceptron
from impl.svm import SVM
from impl.validation import kfold
from tests.benchmarks import table

CLASSIFICATION = ("digits", "iris", "wine", "breast_cancer", "diabetes")
FOLDS = 5


@dataclass(frozen=True)
class Pair:
    """A model of ours and the library's with the same settings.

    Attributes:
        ours: makes our model.
        theirs: makes the library's; it imports what it needs.
        scaling: "standard", "positive" (from 0 to 1 over the training rows), "halves" (that,
            rounded), or "quarters" (by the quartiles of the training rows).
        exact: whether both compute the same thing and break ties alike.
    """

    ours: Callable[[], Any]
    theirs: Callable[[], Any]
    scaling: str = "standard"
    exact: bool = False


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def library(module: str, name: str, **options: Any) -> Callable[[], Any]:
    def make():
        return getattr(import_module(f"sklearn.{module}"), name)(**options)

    return make


def one_versus_one(make: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: library("multiclass", "OneVsOneClassifier", estimator=make())()


perceptron = library("linear_model", "Perceptron", shuffle=False, max_iter=100, tol=None)
lda = library("discriminant_analysis", "LinearDiscriminantAnalysis", solver="lsqr", shrinkage=1e-3)
bagging = library("ensemble", "BaggingClassifier", n_estimators=25, random_state=0)
mlp = library(
    "neural_network",
    "MLPClassifier",
    hidden_layer_sizes=(32,),
    batch_size=32,
    max_iter=100,
    random_state=0,
    alpha=0.0,
)

CLASSIFIERS = {
    "softmax regression": Pair(
        lambda: MultinomialRegression(l2=1.0),
        library("linear_model", "LogisticRegression", max_iter=1000, tol=1e-8),
        exact=True,
    ),
    "logistic, one against one": Pair(
        lambda: OneVersusOne(LogisticRegression(l2=1.0)),
        one_versus_one(library("linear_model", "LogisticRegression", max_iter=1000, tol=1e-8)),
    ),
    "LDA": Pair(lambda: LDA(regularization=1e-3), lda),
    "QDA": Pair(
        lambda: QDA(regularization=1e-3),
        library("discriminant_analysis", "QuadraticDiscriminantAnalysis", reg_param=1e-3),
    ),
    "naive Bayes, Gaussian": Pair(GaussianNB, library("naive_bayes", "GaussianNB"), exact=True),
    "naive Bayes, Bernoulli": Pair(
        BernoulliNB, library("naive_bayes", "BernoulliNB", binarize=None), "halves", True
    ),
    "naive Bayes, multinomial": Pair(
        MultinomialNB, library("naive_bayes", "MultinomialNB"), "positive", True
    ),
    "naive Bayes, categorical": Pair(
        CategoricalNB, library("naive_bayes", "CategoricalNB", min_categories=4), "quarters"
    ),
    "perceptron, one against one": Pair(
        lambda: OneVersusOne(Perceptron(max_epochs=100)), one_versus_one(perceptron)
    ),
    "SVM, linear": Pair(
        lambda: OneVersusOne(SVM(1.0)), library("svm", "SVC", kernel="linear", tol=1e-6)
    ),
    "SVM, Gaussian kernel": Pair(
        lambda: OneVersusOne(SVM(1.0, kernel="gaussian", sigma=5.0)),
        library("svm", "SVC", gamma=1 / 50, tol=1e-6),
    ),
    "5 nearest neighbors": Pair(
        lambda: KNearestNeighbors(5), library("neighbors", "KNeighborsClassifier")
    ),
    "decision tree": Pair(
        lambda: DecisionTree(rng=rng()), library("tree", "DecisionTreeClassifier", random_state=0)
    ),
    "25 bagged trees": Pair(lambda: Bagging(DecisionTree(), 25, rng=rng()), bagging),
    "random forest": Pair(
        lambda: RandomForest(100, rng=rng()),
        library("ensemble", "RandomForestClassifier", random_state=0),
    ),
    "MLP, 32 hidden units": Pair(lambda: MLPClassifier((32,), epochs=100, rng=rng()), mlp),
}
REGRESSIONS = {
    "linear regression": Pair(
        LinearRegression, library("linear_model", "LinearRegression"), exact=True
    ),
    "ridge": Pair(lambda: Ridge(1.0), library("linear_model", "Ridge"), exact=True),
    "lasso": Pair(lambda: Lasso(1.0), library("linear_model", "Lasso", tol=1e-8), exact=True),
}


def load(name: str, regression: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """The rows and the labels of one data set; none is downloaded."""
    from sklearn import datasets

    found = getattr(datasets, f"load_{name}")()
    if name == "diabetes" and not regression:
        return found.data, (found.target > np.median(found.target)).astype(int)
    return found.data, found.target


def scaled(kind: str, train: np.ndarray, rest: np.ndarray) -> list[np.ndarray]:
    if kind == "standard":
        deviation = train.std(axis=0)
        deviation[deviation == 0] = 1.0
        return [(X - train.mean(axis=0)) / deviation for X in (train, rest)]
    if kind == "quarters":
        edges = np.quantile(train, [0.25, 0.5, 0.75], axis=0)
        rows, held = ((edges[:, None] < X).sum(axis=0) for X in (train, rest))
        for old, new in zip(rows.T, held.T, strict=True):  # a value not seen becomes one that was
            seen = np.unique(old)
            new[:] = seen[np.abs(new[:, None] - seen).argmin(axis=1)]
        return [rows, held]
    low, high = train.min(axis=0), train.max(axis=0)
    parts = np.where(high > low, high - low, 1.0)
    unit = [((X - low) / parts).clip(0, 1) for X in (train, rest)]
    if kind == "positive":
        return unit
    return [(X > 0.5).astype(int) for X in unit]


def predictions(pair: Pair, name: str, regression: bool = False) -> tuple[np.ndarray, ...]:
    """The truth, our predictions and the library's, of all rows, each when held out."""
    X, y = load(name, regression)
    splits = kfold(len(X), FOLDS, rng=rng(), labels=None if regression else y)
    ours, theirs = np.empty_like(y), np.empty_like(y)
    for train, held in splits:
        rows, rest = scaled(pair.scaling, X[train], X[held])
        ours[held] = pair.ours().fit(rows, y[train]).predict(rest)
        theirs[held] = pair.theirs().fit(rows, y[train]).predict(rest)
    return y, ours, theirs


def r_squared(y: np.ndarray, predicted: np.ndarray) -> float:
    return float(1 - ((y - predicted) ** 2).sum() / ((y - y.mean()) ** 2).sum())


def report() -> Iterator[str]:
    """The tables, line by line as they are worked out."""
    yield "accuracy of held-out rows, %: ours / scikit-learn"
    yield f"{'':<28}" + "".join(f"{name:>17}" for name in CLASSIFICATION)
    sums = np.zeros(2)
    for title, pair in CLASSIFIERS.items():
        cells = []
        for name in CLASSIFICATION:
            y, ours, theirs = predictions(pair, name)
            shares = 100 * np.array([np.mean(ours == y), np.mean(theirs == y)])
            sums += shares
            cells.append(f"{shares[0]:>9.1f} /{shares[1]:>6.1f}")
        yield f"{title:<28}" + "".join(cells)
    means = sums / len(CLASSIFIERS) / len(CLASSIFICATION)
    yield f"mean: {means[0]:.2f} / {means[1]:.2f}"
    yield "\nR^2 of held-out rows of diabetes: ours / scikit-learn"
    for title, pair in REGRESSIONS.items():
        y, ours, theirs = predictions(pair, "diabetes", regression=True)
        yield f"{title:<28}{r_squared(y, ours):>9.4f} /{r_squared(y, theirs):>7.4f}"


def section(lines: Iterable[str]) -> str:
    """The tables as the text of the page's section."""
    said = "Held-out rows of five folds, %, ours / scikit-learn with the same settings:"
    return f"\n{said}\n\n```\n" + "\n".join(lines) + "\n```\n\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--markdown", action="store_true", help=f"write the tables into {table.README.name}"
    )
    options = parser.parse_args()
    if find_spec("sklearn") is None:
        print("The data come with scikit-learn, which is not installed: make peers")
        return
    warnings.simplefilter("ignore")  # iterations that end before they converge
    lines = []
    for line in report():
        print(line, flush=True)
        lines.append(line)
    if options.markdown:
        page = table.README.read_text(encoding="utf-8")
        new = table.with_section(page, "Accuracy on real data", section(lines))
        table.README.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
