"""A class: folders, notebooks, formats for other programs, and the gradebook."""

import json
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from grader.batch import summary
from grader.book import Book, BookError
from grader.cli import main
from grader.formats import write
from grader.grading import Report
from grader.hand_ins import hand_ins
from grader.notebook import read
from grader.outcome import Finding, PartMark
from grader.submission import SubmissionError

EXAMPLES = Path(__file__).resolve().parents[2] / "exercises" / "examples"
HEAD = 'SHEET = "activations"\nSEED = 1\n'


def grade(*arguments):
    return CliRunner().invoke(main, [str(a) for a in arguments])


def report(name="ada.py", points=3.0, message="line 2 does not equal line 1", flagged=False):
    finding = Finding(
        "not-checked" if flagged else "wrong", message, 2, "x = 1", "at t = 1", "a sign", "z = 0"
    )
    marks = (
        PartMark("a.b.one", "one", points, 4, "partial", (finding,)),
        PartMark("a.b.two", "two", 2.0, 2, "right"),
    )
    return Report(name, "week1", "Week one", "7", marks, "", "process")


@pytest.fixture
def folder(tmp_path):
    for name in ("perfect", "submission"):
        (tmp_path / f"{name}.py").write_text((EXAMPLES / f"{name}.py").read_text("utf-8"), "utf-8")
    (tmp_path / "grace").mkdir()
    (tmp_path / "grace" / "work.py").write_text(HEAD + 'tanh_gradient = "1"\n', "utf-8")
    (tmp_path / "broken.py").write_text("x = = 1\n" + HEAD, "utf-8")
    (tmp_path / "notes.txt").write_text("nothing", "utf-8")
    return tmp_path


def test_folder_is_graded_one_line_a_student_and_nothing_is_lost(folder):
    result = grade(folder, "--jobs", 2)
    assert result.exit_code == 0
    for words in ("perfect.py", "14 / 14", "grace/work.py", "3 submissions", "commonest slips"):
        assert words in result.output
    assert "not graded: broken.py: " in result.output


def test_marks_do_not_depend_on_the_number_of_processes(folder):
    alone, together = (
        grade(folder, "--format", "csv", "--no-cache", "--jobs", k).stdout for k in (1, 3)
    )
    assert alone == together


def test_a_folder_without_hand_ins_is_refused_and_two_of_one_student_are_named(tmp_path):
    with pytest.raises(SubmissionError, match="no file to grade"):
        hand_ins([tmp_path])
    (tmp_path / "ada").mkdir()
    for name in ("ada/a.py", "ada/b.py", "grace.py"):
        (tmp_path / name).write_text("x = 1", "utf-8")
    ada, grace = hand_ins([tmp_path])
    assert ada.problem == "ada: holds several submissions (ada/a.py, ada/b.py); keep one"
    assert (grace.student, grace.problem) == ("grace", "")


def test_a_hand_in_that_holds_nothing_to_grade_is_not_nothing_handed_in(tmp_path):
    folder = tmp_path / "class"
    for place in ("ada/scan.pdf", "gh7/work.py", "gh7/figure.png", "em3/sub/answers.docx"):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(HEAD, "utf-8")
    (folder / "Max P_7_assignsubmission_file_").mkdir()
    (folder / "kleinfelix_1_2_scan.pdf").write_bytes(b"%PDF")
    (folder / "students.csv").write_text("student\n", "utf-8")  # the teacher's own
    problems = {item.student: item.problem for item in hand_ins([folder])}
    assert set(problems) == {"ada", "em3", "gh7", "kleinfelix"}
    assert "ada: holds nothing to grade (ada/scan.pdf)" in problems["ada"]
    assert ".ipynb" in problems["em3"]
    assert not problems["gh7"]

    roster = tmp_path / "roster.csv"
    roster.write_text("student\nada\ngh7\nem3\nmi5\n", "utf-8")
    result = grade(folder, "--roster", roster, "--format", "csv", "--no-cache")
    assert "not graded: ada: holds nothing to grade" in result.stderr
    assert "handed in nothing: mi5\n" in result.stderr
    rows = [row.split(",") for row in result.stdout.splitlines()[1:]]
    # Who handed in a scan has no points yet, not 0.
    assert {row[1]: row[4] for row in rows} == {
        "gh7": "0", "mi5": "0", "ada": "", "em3": "", "kleinfelix": "",
    }  # fmt: skip


def test_the_count_of_what_was_graded_leaves_out_what_was_not(folder):
    result = grade(folder, "--jobs", 2, "--no-cache")
    assert "3 graded in" in result.stderr  # the fourth is no Python


def test_an_empty_seed_is_refused(folder):
    result = grade(folder / "perfect.py", "--seed", "")
    assert result.exit_code == 2
    assert "--seed: is empty" in result.output


def test_summary_of_a_class():
    found = summary([report("a.py"), report("b.py", points=1.0)])
    assert found.means == (("one", 2.0, 4), ("two", 2.0, 2))
    assert found.slips == (("one: a sign", 2),)
    assert found.mean == pytest.approx((83.3 + 50) / 2)


def test_notebook_is_graded_by_its_code_cells(tmp_path):
    book = nbformat.v4.new_notebook()
    book.cells = [
        nbformat.v4.new_markdown_cell("# My work\nSEED = 9"),
        nbformat.v4.new_code_cell("%matplotlib inline\n" + HEAD),
        nbformat.v4.new_code_cell('!pip install x\ntanh_gradient = "-3 (1 - tanh(-3x + 1)^2)"'),
        nbformat.v4.new_code_cell("%%time\nboom"),
    ]
    path = tmp_path / "mine.ipynb"
    nbformat.write(book, path)
    found = json.loads(grade(path, "--json").output)
    assert (found["seed"], found["points"]) == ("1", 2)


@pytest.mark.parametrize("text", ["nonsense", "[]", '{"cells": 3}', '{"cells": []}'])
def test_a_notebook_that_is_none_says_so(text):
    with pytest.raises(SubmissionError, match=r"m\.ipynb"):
        read("m.ipynb", text)


def test_page_escapes_what_students_write():
    text = write("html", [report(message="<script>alert(1)</script>"), report("b.py")])
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert text.count("<h2") == 2


def test_output_to_a_file(tmp_path):
    path = tmp_path / "report.html"
    result = grade(EXAMPLES / "perfect.py", "--format", "html", "-o", path)
    assert (result.exit_code, result.output) == (0, "")
    assert "14 of 14 points" in path.read_text("utf-8")
    assert (
        "cannot write" in grade(EXAMPLES / "perfect.py", "--json", "-o", tmp_path / "no/x").output
    )


def test_book_keeps_every_attempt_once(tmp_path):
    book = Book(str(tmp_path / "marks.db"))
    assert book.record("ada", "1", report().as_dict())
    assert not book.record("ada", "1", report().as_dict())
    assert book.record("ada", "2", report(points=1.0).as_dict())
    assert [e.points for e in book.entries("ada")] == [5, 3]
    assert [e.points for e in book.counting("best")] == [5]
    assert [e.points for e in book.counting("latest")] == [3]


def test_book_override_has_a_reason_and_keeps_the_mark(tmp_path):
    book = Book(str(tmp_path / "marks.db"))
    book.record("ada", "1", report(flagged=True).as_dict())
    assert book.entries()[0].flagged == ("one",)
    entry = book.override(1, "one", 4, "the witness is outside the domain")
    assert (entry.points, entry.flagged) == (6, ())
    assert entry.report["points"] == 5
    for arguments, said in (
        ((9, "one", 1, "r"), "no attempt 9"),
        ((1, "three", 1, "r"), "no part three"),
        ((1, "one", 5, "r"), "0 to 4 points"),
        ((1, "one", 1, " "), "reason"),
    ):
        with pytest.raises(BookError, match=said):
            book.override(*arguments)


def test_book_on_the_command_line(folder):
    database = folder / "marks.db"
    for _ in range(2):
        assert grade(folder, "--book", database, "--jobs", 1).exit_code == 0
    listed = grade("book", "--book", database).output
    assert listed.count("\n") == 3
    assert "grace" in listed
    assert "14 / 14" in listed.replace("  ", " ")
    assert "0 parts to look at" in grade("book", "--book", database, "review").output
    changed = grade("book", "--book", database, "override", 1, "softmax", 2, "--reason", "typo")
    assert "*/ 14" in changed.output
    history = grade("book", "--book", database, "history", "grace").output
    assert "activations" in history
    assert "student,sheet,points" in grade("book", "--book", database, "export").output
    assert "nothing was handed in by x" in grade("book", "--book", database, "history", "x").output
