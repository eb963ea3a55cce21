"""The ledger is whole, and the claims fit it."""

import ast
import inspect
import textwrap
from collections import Counter

import pytest

from derivations import discover, ledger
from derivations.audit import STATUSES, audit, definition_problem, parts_of, verify_all
from derivations.claims import Claim, ClaimError, Definition
from derivations.steps import eq, start
from derivations.symbols import real
from derivations.verify import verify

CLAIMS = discover.claims()
SIZES = {"chau": 60, "course": 412, "su2019-apr": 18, "su2019-sep": 583, "xu2022": 497}
LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
LONGEST_BODY = 25


@pytest.fixture(scope="module")
def outcomes():
    return verify_all(CLAIMS)


def claim_id(claim):
    return f"{claim.topic}.{claim.name}"


def parsed(claim):
    return ast.parse(textwrap.dedent(inspect.getsource(claim.body))).body[0]


def test_every_document_is_whole():
    assert Counter(row.source for row in ledger.rows()) == SIZES
    assert len(ledger.rows()) == 1570
    assert set(ledger.documents()) == set(SIZES)


def test_ids_are_unique_and_found():
    assert len({row.id for row in ledger.rows()}) == len(ledger.rows())
    assert all(ledger.row(row.id) is row for row in ledger.rows())
    with pytest.raises(KeyError):
        ledger.row("XU-9999")


def test_places_are_what_a_reader_can_look_up():
    row = ledger.row("CO-sigmoid-def")
    assert (row.source, row.where) == ("course", "ACTIVATION FUNCTIONS / SIGMOID, line 494")
    for row in ledger.rows():
        assert row.where, row.id
        assert "seeds" not in row.where
        assert row.latex, row.id


def test_steps_are_numbered_from_one_in_order():
    parents = {row.id.rpartition(".s")[0] for row in ledger.rows() if row.kind == "chain-step"}
    numbered = [parent for parent in parents if ledger.steps_of(parent)]
    assert len(numbered) > 100
    for parent in numbered:
        steps = ledger.steps_of(parent)
        assert [row.id for row in steps] == [f"{parent}.s{n + 1}" for n in range(len(steps))]


def test_long_chains_are_in_the_order_of_numbers_not_of_letters():
    longest = max((ledger.steps_of(row.id) for row in ledger.rows()), key=len)
    assert len(longest) > 9
    assert longest[1].id.endswith(".s2")


@pytest.mark.parametrize("claim", CLAIMS, ids=claim_id)
def test_claim_names_rows_of_the_ledger(claim):
    assert all(ledger.known(row_id) for row_id in claim.ids)
    assert claim.summary


@pytest.mark.parametrize("claim", CLAIMS, ids=claim_id)
def test_printed_lines_match_the_rows_one_to_one(claim, outcomes):
    printed = [s for s in outcomes[claim].steps if s.kind not in ("via", "correction")]
    for parent in claim.ids if claim.chain else ():
        rows = [row.id for row in ledger.steps_of(parent)]
        if rows:
            assert [next(i for i in s.row_ids if i in rows) for s in printed] == rows


@pytest.mark.parametrize("claim", CLAIMS, ids=claim_id)
def test_claim_reads_as_a_statement(claim):
    function = parsed(claim)
    nodes = list(ast.walk(function))
    assert not any(isinstance(node, ast.If | ast.IfExp) for node in nodes)
    assert sum(isinstance(node, LOOPS) for node in nodes) <= 1
    first, last = function.body[0].lineno, function.body[-1].end_lineno
    assert last - first + 1 < LONGEST_BODY


def test_other_statements_name_rows_of_the_ledger():
    named = [row_id for item in discover.definitions() for row_id in item.ids]
    named += discover.not_checkable()
    assert [row_id for row_id in named if not ledger.known(row_id)] == []


@pytest.fixture(scope="module")
def parts(outcomes):
    return parts_of(outcomes.values())


@pytest.mark.parametrize("item", discover.definitions(), ids=lambda item: item.name)
def test_definition_is_its_formula_and_is_used(item, parts):
    assert definition_problem(item, parts) == ""


def test_definition_that_no_claim_uses_is_found():
    x = real("x")

    def body():
        yield start(x**2)
        yield eq(x * x)

    parts = parts_of([verify(Claim(("XU-13",), body, "claim", chain=True))])
    assert definition_problem(Definition(("XU-9",), lambda: real("y") ** 2), parts) == ""
    unused = definition_problem(Definition(("XU-9",), lambda: real("y") ** 3), parts)
    assert unused == "no claim uses this definition"
    wrong = definition_problem(Definition(("XU-9",), lambda: (x**2, x**3)), parts)
    assert wrong.startswith("the notation is not its formula")


def test_every_row_has_one_verdict(outcomes):
    verdicts = audit(outcomes)
    assert [v.id for v in verdicts] == [row.id for row in ledger.rows()]
    assert {v.verdict for v in verdicts} <= set(STATUSES)
    settled = {row_id for claim in CLAIMS for row_id in discover.covered(claim)}
    for v in verdicts:
        if v.id in settled:
            assert v.verdict != "open", v.id
            assert v.claim, v.id
        assert v.erratum == bool(v.corrected), v.id


def test_erratum_is_told_from_its_sound_neighbours(outcomes):
    verdicts = {v.id: v for v in audit(outcomes)}
    assert verdicts["XU-18.s3"].verdict == "proved"
    assert verdicts["XU-17.s1"].verdict == "proved"
    wrong = verdicts["XU-17.s2"]
    assert (wrong.verdict, wrong.erratum, wrong.source) == ("refuted", True, "xu2022")
    assert r"\frac{e^{2 x} - 1}{e^{2 x} + 1}" in wrong.corrected
    assert (verdicts["XU-17"].verdict, verdicts["XU-17"].erratum) == ("refuted", True)


def test_failing_and_misput_claims_settle_nothing():
    x = real("x")

    def false_line():
        yield start(x)
        yield eq(x + 1)

    def no_line():
        yield start(x)

    false = Claim(("XU-13",), false_line, "claim", chain=True)
    misput = Claim(("XU-10.e1",), no_line, "claim", chain=True)
    outcomes = verify_all([false, misput])
    assert isinstance(outcomes[misput], ClaimError)
    verdicts = {v.id: v for v in audit(outcomes)}
    assert (verdicts["XU-13"].verdict, verdicts["XU-13"].erratum) == ("refuted", False)
    assert verdicts["XU-10.e1"].verdict == "unknown"
    assert verdicts["XU-10.e1"].method == "nothing follows this start"
    assert verdicts["XU-18"].verdict == "open"
