"""Write the measured ratios into impl/README.md: no figure is copied by hand."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

README = Path(__file__).parents[2] / "impl" / "README.md"
COLUMNS = 6  # model, import, notes, operations, large, small

# First cell of a row of the table of models: the case of a large problem, and of a small one.
ROWS = {
    "linear regression": ("linear_regression", "linear_regression_small"),
    "ridge": ("ridge", "ridge_small"),
    "lasso": ("lasso", "lasso_small"),
    "logistic regression": ("logistic", "logistic_small"),
    "softmax regression": ("multinomial", "multinomial_small"),
    "naive Bayes, Gaussian": ("gaussian_nb", "gaussian_nb_small"),
    "naive Bayes, multinomial and Bernoulli": ("multinomial_nb", "multinomial_nb_small"),
    "LDA": ("lda", "lda_small"),
    "QDA": ("qda", "qda_small"),
    "perceptron, primal and dual": ("perceptron", "perceptron_small"),
    "support vector machine": ("svm", "svm_small"),
    "k nearest neighbors": ("knn", "knn_small"),
    "Gaussian mixture, EM": ("mixture_full", "mixture_small"),
    "PCA and whitening": ("pca", "pca_small"),
    "HMM, forward-backward": ("hmm_posteriors", "hmm_posteriors_small"),
    "HMM, Viterbi": ("hmm_viterbi", "hmm_viterbi_small"),
    "HMM, Baum-Welch": ("baum_welch", "baum_welch_small"),
    "linear-chain CRF": ("crf", "crf_small"),
    "decision tree": ("tree", "tree_small"),
    "random forest": ("forest_fit", "forest_small"),
    "softmax cross-entropy": ("softmax_loss", "softmax_loss_small"),
    "convolution": ("conv_both", "conv_small"),
    "transposed convolution": ("conv_transposed", "conv_transposed_small"),
    "batch normalisation": ("batchnorm", "batchnorm_small"),
    "max pooling": ("maxpool", "maxpool_small"),
    "average pooling": ("average_pool", "average_pool_small"),
    "bilinear upsampling": ("bilinear", "bilinear_small"),
    "Adam": ("adam", "adam_small"),
    "multilayer perceptron": ("mlp_epoch", "mlp_small"),
}


@dataclass(frozen=True)
class Measured:
    """One comparison: our time over the fastest library's."""

    case: str
    title: str
    dtype: str
    threads: int
    ratio: float
    library: str


def mean_speed_up(rows: Sequence[Measured]) -> float:
    """The geometric mean of library time / our time."""
    return math.exp(-sum(math.log(row.ratio) for row in rows) / len(rows))


def rewrite(text: str, rows: Sequence[Measured]) -> str:
    """The page with these ratios: in the table of models, and in the section of losses.

    Raises:
        ValueError: the page has not exactly one row for a model, or not the section.
    """
    alone = {row.case: row.ratio for row in rows if (row.dtype, row.threads) == ("float64", 1)}

    def cell(case: str) -> str:
        return f"{alone[case]:.3f}" if case in alone else "-"

    for model, cases in ROWS.items():
        line = re.compile(rf"^\| {re.escape(model)} \|.*\|$", re.MULTILINE)
        found = line.findall(text)
        if len(found) != 1:
            raise ValueError(f"the page must have one row for {model!r}; it has {len(found)}")
        cells = found[0].strip("|").split("|")
        if len(cells) != COLUMNS:
            raise ValueError(f"the row for {model!r} must have {COLUMNS} cells; got {len(cells)}")
        cells[4:] = [f" {cell(case)} " for case in cases]
        text = text.replace(found[0], "|" + "|".join(cells) + "|")
    return with_section(text, "Where the libraries are faster", losses(rows))


def with_section(text: str, heading: str, body: str) -> str:
    """The page with another text below a heading.

    Raises:
        ValueError: the page has not exactly one such section.
    """
    section = re.compile(rf"(?<=^## {re.escape(heading)}\n).*?(?=^## )", re.M | re.S)
    if len(section.findall(text)) != 1:
        raise ValueError(f"the page must have one section {heading!r}")
    return section.sub(lambda _: body, text)


def losses(rows: Sequence[Measured]) -> str:
    """The section's text: where we are slower with one thread, then with two."""
    slower = [row for row in rows if row.ratio > 1]
    lines = [
        f"| {row.title} | {_short(row.dtype)} | {row.ratio:.3f} | {row.library} |"
        for row in slower
        if row.threads == 1
    ]
    head = ["| Case | float type | ours / library | Library |", "|---|---|---|---|"]
    parts = [
        f"Over {len(rows)} comparisons the geometric mean of library time / our time is "
        f"{mean_speed_up(rows):.2f}; {len(slower)} of them are losses.",
        "With one thread:\n\n" + "\n".join(head + lines) if lines else "",
    ]
    two = [f"{row.title} ({_short(row.dtype)}: {row.ratio:.2f})" for row in slower
           if row.threads > 1]  # fmt: skip
    if two:
        parts.append("With two threads: " + "; ".join(two) + ".")
    return "\n" + "\n\n".join(part for part in parts if part) + "\n\n"


def _short(dtype: str) -> str:
    return dtype[0] + dtype[-2:]
