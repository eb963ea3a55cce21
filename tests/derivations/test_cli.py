"""The commands, as a reader of the notes runs them."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from derivations import audit, cli, discover, ledger
from derivations.claims import Claim
from derivations.errata import SEVERITIES
from derivations.steps import eq, start
from derivations.symbols import real


def said(command, *arguments):
    return CliRunner().invoke(command, arguments)


def false_claim():
    """X is one more than itself."""
    x = real("x")
    yield start(x)
    yield eq(x + 1)


FALSE = Claim(("XU-9.e1",), false_claim, "claim", chain=True)


def test_all_claims_hold():
    result = said(cli.verify)
    assert result.exit_code == 0, result.output
    assert f"{len(discover.claims())} claims, " in result.output
    assert "0 fail" in result.output


@pytest.mark.parametrize("target", ["XU-18", "xu-18", "XU-18.s3", "tanh_derivative"])
def test_one_claim_by_its_row_or_name(target):
    result = said(cli.verify, target)
    assert result.exit_code == 0
    assert "The derivative of tanh is one minus its square." in result.output
    assert "1 claim, 6 lines: 1 hold, 0 fail" in result.output


def test_one_topic():
    result = said(cli.verify, "activations")
    assert result.exit_code == 0
    assert "XU-18" in result.output


def test_failing_claim_names_file_and_line(monkeypatch):
    monkeypatch.setattr(discover, "claims", lambda: (FALSE,))
    result = said(cli.verify, "XU-9.e1")
    line = false_claim.__code__.co_firstlineno + 4
    assert result.exit_code == 1
    assert f"test_cli.py:{line}: XU-9.e1 this printed line is false" in result.output
    assert "0 hold, 1 fail" in result.output


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("activation", "did you mean activations"),
        ("XU-1888", "did you mean XU-1"),
        ("CO-elu-cost", "CO-elu-cost is not checkable: "),
        ("CO-sigmoid-def", "CO-sigmoid-def is a definition"),
        ("XU-S1.p1", "XU-S1.p1 is open"),
        ("zzzzzzzz", "no topic or row is called 'zzzzzzzz'\n"),
    ],
)
def test_what_cannot_be_verified_exits_with_2(target, message):
    result = said(cli.verify, target)
    assert result.exit_code == 2
    assert message in result.output


def test_durations_lists_the_slowest():
    output = said(cli.verify, "XU-18", "--durations").output
    assert " ms  activations.tanh_derivative" in output
    assert " ms  " not in said(cli.verify, "XU-18").output


def test_errata_show_print_witness_and_correction():
    result = said(cli.errata)
    assert result.exit_code == 0
    _, found, rest = result.output.partition("XU-17.s2: Richard Xu, Essential mathematics")
    assert found
    entry = rest.partition("\n\n")[0]
    assert ledger.row("XU-17.s2").latex in entry
    assert "why        e^x cancels" in entry
    assert "witness    at x = " in entry
    assert "(proved)" in entry
    assert "NOT PROVED" not in result.output


def test_errata_exit_with_1_when_a_claim_fails(monkeypatch):
    monkeypatch.setattr(discover, "claims", lambda: (FALSE,))
    result = said(cli.errata)
    assert result.exit_code == 1
    assert "0 errata" in result.output


def test_ledger_json_is_one_object_a_row():
    result = said(cli.ledger, "--json")
    assert result.exit_code == 0
    rows = [json.loads(line) for line in result.output.splitlines()]
    keys = {"id", "source", "verdict", "erratum", "corrected", "claim", "method", "ms"}
    assert len(rows) == len(ledger.rows())
    assert all(set(row) == keys for row in rows)
    by_id = {row["id"]: row for row in rows}
    assert by_id["XU-18.s3"]["verdict"] == "proved"
    assert by_id["XU-18.s3"]["claim"] == "activations.tanh_derivative"


def test_ledger_table_adds_up():
    output = said(cli.ledger).output
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in output.splitlines()]
    table = {cells[0]: [int(n) for n in cells[1:]] for cells in lines if cells and cells[1:]}
    columns = zip(*(table[status] for status in audit.STATUSES), strict=True)
    assert [sum(column) for column in columns] == table["all"]
    assert table["all"][-1] == 1570


def test_import_is_cheap():
    program = "import sys, derivations.cli, derivations.ledger; print('sympy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_show_prints_lines_verdicts_and_times():
    result = said(cli.show, "XU-15")
    assert result.exit_code == 0
    for words in ("activations.sigmoid_derivative_step_by_step", "XU-15.s2", "proved, ", " ms"):
        assert words in result.output


def test_find_by_equation_number_and_by_words():
    assert "XU-14.s4" in said(cli.find, "eq. (14)").output
    assert "one_quarter" in said(cli.find, "largest slope 1/4").output
    nothing = said(cli.find, "zzzz")
    assert (nothing.exit_code, nothing.output) == (1, "0 rows\n")


def test_errata_as_data_and_as_a_page(tmp_path):
    found = json.loads(said(cli.errata, "--format", "json").output)
    assert {e["severity"] for e in found} <= set(SEVERITIES)
    assert all(e["witness"] and e["corrected"] and e["method"] for e in found)
    page = tmp_path / "errata.html"
    assert said(cli.errata, "--format", "html", "-o", str(page)).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert text.count("<article") == len(found)
    assert "<math" in text
    assert "<script" not in text


def test_unchanged_claims_come_from_the_cache_and_changed_ones_do_not(tmp_path, monkeypatch):
    from derivations import judging
    from derivations.discover import claims

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    some = [c for c in claims() if c.topic == "activations"][:5]
    first = judging.judged(some, jobs=1)
    asked = []
    monkeypatch.setattr(judging, "decide", lambda *q: asked.append(q))
    again = judging.judged(some, jobs=1)
    assert asked == []
    for claim in some:
        assert [s.verdict.status for s in again[claim].steps] == [
            s.verdict.status for s in first[claim].steps
        ]
        assert [s.latex for s in again[claim].steps] == [s.latex for s in first[claim].steps]
    monkeypatch.setattr(judging, "_engine", lambda: "another kernel")
    with pytest.raises(AttributeError):  # the stand-in for the kernel gives no verdict
        judging.judged(some, jobs=1)
    assert asked


def test_claims_are_judged_alike_on_one_core_and_on_two():
    from derivations import judging
    from derivations.discover import claims

    some = [c for c in claims() if c.topic in ("activations", "entropy")]
    alone, together = (judging.judged(some, jobs=jobs, cached=False) for jobs in (1, 2))
    for claim in some:
        for a, b in zip(alone[claim].steps, together[claim].steps, strict=True):
            assert (a.verdict.status, a.verdict.method) == (b.verdict.status, b.verdict.method)
            assert (a.lhs, a.rhs, a.row_ids) == (b.lhs, b.rhs, b.row_ids)
