"""The ratios in impl/README.md are written by a command: its page for invented times."""

import dataclasses

import pytest

from tests.benchmarks import impl as benchmark
from tests.benchmarks import table
from tests.benchmarks.cases.case import CASES
from tests.benchmarks.table import ROWS, Measured, losses, mean_speed_up, rewrite

FAST = Measured("lda", "LDA, 50k x 20, K=5", "float64", 1, 0.25, "scikit-learn")
SLOW = Measured("pca", "PCA, 50k x 64", "float32", 1, 2.0, "scikit-learn covariance_eigh")
TWO = dataclasses.replace(SLOW, threads=2, ratio=1.5)


def test_every_case_of_the_table_is_timed():
    benchmark.load()
    assert {case for cases in ROWS.values() for case in cases if case} <= set(CASES)


def test_the_geometric_mean():
    # 4 times as fast, and half as fast: the root of 2.
    assert mean_speed_up([FAST, SLOW]) == pytest.approx(2**0.5)


def test_the_page_gets_the_figures_and_keeps_the_rest():
    page = table.README.read_text(encoding="utf-8")
    new = rewrite(page, [FAST, SLOW, TWO])
    old_lines, lines = page.splitlines(), new.splitlines()
    (row,) = (line for line in lines if line.startswith("| LDA |"))
    assert row.endswith("| n d^2 + d^3 | 0.250 | - |")
    # Another float type or two threads are no figures of this table.
    (row,) = (line for line in lines if line.startswith("| PCA and whitening |"))
    assert row.endswith("| - | - |")
    assert losses([FAST, SLOW, TWO]) in new
    heading = "## Where the libraries are faster"
    assert old_lines[: old_lines.index("## Models")] == lines[: lines.index("## Models")]
    assert page[page.index("## Accuracy") :] == new[new.index("## Accuracy") :]
    assert new.count(heading) == 1
    assert rewrite(new, [FAST, SLOW, TWO]) == new


def test_the_losses_are_named():
    text = losses([FAST, SLOW, TWO])
    assert "| PCA, 50k x 64 | f32 | 2.000 | scikit-learn covariance_eigh |" in text
    assert "With two threads: PCA, 50k x 64 (f32: 1.50)." in text
    assert "LDA" not in text
    assert "With two threads" not in losses([FAST])


def test_a_page_without_a_row_is_refused():
    page = table.README.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="one row for 'LDA'"):
        rewrite(page.replace("| LDA |", "| LDA2 |"), [FAST])
    with pytest.raises(ValueError, match="section"):
        rewrite(page.replace("## Where the libraries", "## Where libraries"), [FAST])


def test_a_section_is_replaced_and_nothing_else():
    page = table.README.read_text(encoding="utf-8")
    new = table.with_section(page, "Accuracy on real data", "\nthe tables\n\n")
    assert "## Accuracy on real data\n\nthe tables\n\n## Printed algorithms\n" in new
    before, _, rest = page.partition("## Accuracy on real data\n")
    assert new.startswith(before)
    assert new.endswith(rest[rest.index("## ") :])
