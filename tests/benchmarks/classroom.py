"""A class to grade, as hand-ins of `grade` and as what other tools take.

Run: python -m tests.benchmarks.classroom FOLDER COUNT
"""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

SHEET = "activations"
# The functions are asked of every tool; the derivation and the expression, which the others cannot
# mark, of `grade` alone.
SLIPS = (
    (3, r"tanh_gradient = '", "tanh_gradient = '1 + "),
    (4, r"\n = [^\n]*sigma\([^\n]*\n", "\n = exp(-t)\n"),
    (5, r"np.asarray\(block - top\)", "block"),
)
CHECKS = """
import numpy as np


def test_softmax(answers):
    for z in (np.array([0.0, 1.0, 2.0]), np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([7.0])):
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        assert np.allclose(answers["softmax"](z), e / e.sum(axis=-1, keepdims=True))


def test_cross_entropy(answers):
    z, y = np.array([[0.0, 1.0, 2.0], [2.0, 0.0, 1.0]]), np.array([2, 0])
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    assert np.allclose(answers["cross_entropy"](z, y), -log_p[np.arange(2), y])


def test_gradient(answers):
    z, y, g = np.array([[0.0, 1.0, 2.0]]), np.array([2]), np.array([1.0])
    p = np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
    assert np.allclose(answers["cross_entropy_gradient"](z, y, g), p - np.eye(3)[y])


def test_text(answers):
    assert answers["tanh_gradient"].strip()
"""
LOAD = """
import runpy
import sys

import pytest


@pytest.fixture(scope="session")
def answers():
    return runpy.run_path(sys.argv[-1])
"""


def hand_ins(folder: Path, count: int) -> list[Path]:
    """Write so many hand-ins: every student's own variant, some with slips."""
    from exercises.sheet import load_sheet, render_answers

    sheet = load_sheet(SHEET)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for k in range(count):
        text = render_answers(sheet, k)
        for every, found, made in SLIPS:
            if k % every == every - 1:
                text, slips = re.subn(found, made, text)
                if not slips:
                    raise RuntimeError(f"the model answers no longer hold {found}")
        paths.append(folder / f"s{k:03d}.py")
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def checks(folder: Path) -> Path:
    """Write the checks of the functions, as a file of tests."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "test_checks.py"
    path.write_text(LOAD + CHECKS, encoding="utf-8")
    return path


def notebook(source: str, cells: Sequence[tuple[str, Mapping[str, object]]]) -> str:
    """A notebook of a submission's code and further cells, each with its metadata."""
    made = [
        {
            "cell_type": "code",
            "id": f"cell{k}",
            "metadata": metadata,
            "source": code,
            "outputs": [],
            "execution_count": None,
        }
        for k, (code, metadata) in enumerate([(source, {}), *cells])
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps(
        {"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    )


def questions() -> list[tuple[str, str]]:
    """Each check as a name and code that runs in the submission's own namespace."""
    parts = re.split(r"\n\n\ndef test_(\w+)\(answers\):\n", CHECKS)
    found = []
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        code = re.sub(r'answers\["(\w+)"\]', r"\1", textwrap.dedent(body)).strip()
        found.append((name, f"import numpy as np\n{code}"))
    return found


if __name__ == "__main__":
    hand_ins(Path(sys.argv[1]), int(sys.argv[2]))
