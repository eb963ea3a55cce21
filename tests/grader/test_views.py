"""Two renderings of one result, and hints with a price."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner
from sympy import Rational, Symbol

from exercises import sheet as sheets
from exercises.answers import Chain, Derivation, Expression, Number
from exercises.core import Exercise, ExerciseError
from exercises.discover import exercise as find
from exercises.sheet import Sheet, SheetError, load_sheet
from grader import view
from grader.cli import main
from grader.formats import write
from grader.grading import Report
from grader.hints import with_hints
from grader.mark import mark_part
from grader.outcome import PartMark
from grader.student import InProcess
from grader.view import reveals, seen

x, t = Symbol("x", real=True), Symbol("t", real=True)
SECRET = "13/17"
ANSWERS = {
    "constant": "x/2",
    "chain": "D(x^2, x)\n= 3*x\n= 2*x",
    "number": "2",
}


def exercise():
    ex = Exercise("Seen")
    ex.variant(lambda v: {})

    @ex.part(points=2, answer=Expression("constant", (x,)))
    def constant():
        """Q"""
        return Rational(SECRET)

    @constant.mistake(credit=1, help="Not this one.")
    def slip():
        return Rational(1, 3)

    @constant.hint
    def first():
        "The first hint."

    @constant.hint(price=0.5)
    def second():
        "The second hint."

    @ex.part(points=4, answer=Derivation("chain", (x,)))
    def chain():
        """Q"""
        return Chain(("D(x^2, x)", "x*D(x, x) + x", "2*x"))

    @chain.hint
    def product():
        "A hint for the chain."

    @ex.part(points=1, answer=Number("number"))
    def number():
        """Q"""
        return 2

    @number.hint
    def never():
        "A hint that nobody needs."

    return ex


@pytest.fixture
def sheet(monkeypatch):
    made = Sheet("seen", "Seen", (exercise(),), hints="on request")
    holder = {"sheet": made}
    monkeypatch.setattr(sheets, "load_sheet", lambda _: holder["sheet"])
    return holder


def report(sheet):
    parts = sheet["sheet"].parts
    marks = tuple(mark_part(part, {}, InProcess(ANSWERS)) for part in parts)
    return Report("a.py", "seen", "Seen", "1", marks, "", "strong")


def text_of(shown):
    return "".join(write(form, [shown]) for form in ("json", "html", "gradescope", "junit"))


def test_a_student_sees_no_reference_in_any_format(sheet):
    marked = report(sheet)
    assert [mark.outcome for mark in marked.marks] == ["wrong", "partial", "right"]
    text = text_of(seen(marked, "student"))
    value = f"{13 / 17:.4f}"  # the value of a constant answer at any point is the answer
    for hidden in (SECRET, value, "x*D(x, x) + x", "normal form", "Not this one"):
        assert hidden not in text
    assert value in text_of(marked)  # it was there to be taken out
    assert ", yours is" in text


def test_a_teacher_sees_the_reference_the_method_the_slips_and_the_time(sheet):
    marked = report(sheet)
    timed = replace(marked, marks=tuple(replace(m, seconds=0.25) for m in marked.marks))
    found = json.loads(write("json", [seen(timed, "teacher")]))
    constant, chain, _ = found["parts"]
    assert SECRET in constant["reference"]
    assert "x*D(x, x) + x" in chain["reference"]
    assert constant["mistakes"] == ["slip (1): Not this one."]
    assert constant["seconds"] == 0.25
    assert constant["findings"][0]["verdict"]["method"]
    page = write("html", [seen(timed, "teacher")])
    assert SECRET in page
    assert "250 ms" in page


def test_both_views_are_of_one_result(sheet):
    marked = report(sheet)
    shown = [seen(marked, who) for who in view.VIEWS]
    assert [[(m.points, m.outcome, m.lines) for m in one.marks] for one in shown] == [
        [(m.points, m.outcome, m.lines) for m in marked.marks]
    ] * 2


@pytest.mark.parametrize(
    ("reveal", "now", "shown"),
    [
        ("never", datetime(2100, 1, 1, tzinfo=UTC), False),
        ("always", datetime(2000, 1, 1, tzinfo=UTC), True),
        ("after due", datetime(2027, 5, 10, 12, tzinfo=UTC), False),
        ("after due", datetime(2027, 5, 11, 12, tzinfo=UTC), True),
    ],
)
def test_a_sheet_says_when_its_answers_are_shown(sheet, reveal, now, shown):
    due = date(2027, 5, 10)
    sheet["sheet"] = replace(sheet["sheet"], reveal=reveal, due=due, timezone="Europe/Berlin")
    assert reveals(sheet["sheet"], now) is shown
    text = write("json", [seen(report(sheet), "student", now)])
    assert (SECRET in text) is shown
    assert "Not this one" not in text


def test_reveal_is_checked(sheet, tmp_path, monkeypatch):
    with pytest.raises(SheetError, match="needs a due date"):
        replace(sheet["sheet"], reveal="after due")
    (tmp_path / "sheets").mkdir()
    source = 'title = "T"\nreveal = "sometimes"\nexercises = ["entropy.in_bits"]\n'
    (tmp_path / "sheets" / "odd_reveal.toml").write_text(source, encoding="utf-8")
    monkeypatch.undo()
    monkeypatch.setattr(sheets, "HERE", tmp_path)
    with pytest.raises(SheetError, match="never, always or after due"):
        load_sheet("odd_reveal")


def test_hints_are_given_for_what_is_not_right_and_cost_their_price(sheet):
    marked = report(sheet)
    constant, chain, number = with_hints(marked, 2).marks
    assert constant.hints == ("The first hint.", "The second hint.")
    assert (constant.points, constant.hint_cost) == (0, 0)  # there was nothing to pay with
    assert chain.hints == ("A hint for the chain.",)
    assert (chain.points, chain.hint_cost) == (marked.marks[1].points - 0.4, 0.4)
    assert number == marked.marks[2]
    text = text_of(with_hints(marked, 1))
    assert "1 hint: 0.4 taken off the points" in text
    assert "The second hint" not in text


def test_hints_that_the_sheet_lists_are_free(sheet):
    sheet["sheet"] = replace(sheet["sheet"], hints="listed")
    marked = report(sheet)
    helped = with_hints(marked, 2)
    assert helped.marks[1].hints == ("A hint for the chain.",)
    assert [mark.points for mark in helped.marks] == [mark.points for mark in marked.marks]
    assert "1 hint: nothing was taken off" in text_of(helped)


def test_the_price_of_a_hint_is_the_exercises_own(sheet):
    part = sheet["sheet"].parts[0]
    assert part.hint_prices == (0.1, 0.5)
    full = PartMark(part.id, part.name, 1.5, 2, "partial")
    paid = with_hints(Report("a", "seen", "Seen", "1", (full,), "", "strong"), 2).marks[0]
    assert (paid.points, paid.hint_cost) == (0.3, 1.2)
    with pytest.raises(ExerciseError, match="from 0 to 1"):
        part.hint(price=2)(test_reveal_is_checked)


def test_what_was_not_checked_or_failed_costs_no_hint(sheet):
    part = sheet["sheet"].parts[0]
    for outcome in ("not-checked", "failed", "right"):
        mark = PartMark(part.id, part.name, 1.0, 2, outcome)
        marked = Report("a", "seen", "Seen", "1", (mark,), "", "strong")
        assert with_hints(marked, 2) == marked


def test_a_mark_survives_being_taken_apart(sheet):
    from dataclasses import asdict

    for mark in with_hints(report(sheet), 1).marks:
        assert PartMark.from_fields(json.loads(json.dumps(asdict(mark)))) == mark


def test_the_page_highlights_the_wrong_line_within_its_derivation():
    part = find("activations.sigmoid_derivative").parts[0]
    lines = "D(1/(1 + exp(-t)), t)\n= exp(t)/(1 + exp(-t))^2\n= exp(2t)*exp(-t)/(1 + exp(-t))^2"
    mark = mark_part(part, {"a": 1}, InProcess({part.name: lines}))
    page = write("html", [Report("a", "activations", "A", "1", (mark,), "", "strong")])
    items = page.split('<ol class="lines"')[1].split("</ol>")[0].split("<li ")[1:]
    assert [item.split('"')[1] for item in items] == [
        "marked-right",
        "marked-wrong",
        "marked-right",
    ]
    assert "✗ does not follow" in items[1]
    assert "line 2 does not equal line 1" in items[1]
    assert "✓ follows" in items[2]
    assert all("<math" in item for item in items)
    assert "<script" not in page


def test_the_page_escapes_what_a_student_wrote(sheet, monkeypatch):
    monkeypatch.setitem(ANSWERS, "chain", "D(x^2, x)\n= <b>x</b>")
    page = write("html", [seen(report(sheet), "student")])
    assert "<b>x" not in page


def test_the_command_has_both_options(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKINGS_ALLOW_WEAK_ISOLATION", "1")
    path = tmp_path / "a.py"
    path.write_text('SHEET = "activations"\nSEED = 1\ntanh_gradient = "2*x"\n', encoding="utf-8")
    run = CliRunner()
    student = run.invoke(main, [str(path)]).output
    teacher = run.invoke(main, [str(path), "--view", "teacher"]).output
    helped = run.invoke(main, [str(path), "--hints", "1"]).output
    assert "the reference" not in student
    assert "tanh(3*x - 1)**2" in teacher
    assert "hint" not in student
    assert "What does the inside add?" in helped
