"""The gradebook: lateness, policies, old and broken files, and its command."""

import csv
import io
import json
import os
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from exercises import sheet as sheets
from exercises.deadline import Late
from grader.book import Book, BookError
from grader.book_schema import LAYOUT
from grader.cli import main
from grader.policies import Terms
from grader.statistics import part_statistics

DUE = datetime(2027, 5, 10, 22, tzinfo=UTC)
LATE = Terms(DUE, Late(percent_per_day=10, days=3))
DAY = timedelta(days=1)


def report(one=3.0, sheet="week1", slips=(), flagged=False, outcome="partial"):
    findings = [{"message": f"slip: {slip}", "diagnosis": slip} for slip in slips]
    parts = [
        {"name": "one", "points": one, "out_of": 4, "outcome": outcome, "flagged": flagged},
        {"name": "two", "points": 2.0, "out_of": 2, "outcome": "right", "flagged": False},
    ]
    for part, found in zip(parts, (findings, []), strict=True):
        part["findings"] = found
    return {"sheet": sheet, "points": one + 2.0, "out_of": 6, "parts": parts}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "marks.db"


@pytest.fixture
def book(path):
    with Book(str(path)) as found:
        yield found


def ask(path, *words):
    return CliRunner().invoke(main, ["book", "--book", str(path), *map(str, words)])


def test_lateness_stands_beside_the_points(book):
    book.record("ada", "1", report(), DUE + DAY + timedelta(hours=1), LATE)
    (entry,) = book.entries()
    assert (entry.points, entry.counted, entry.lateness.days) == (5, 4, 2)
    book.override(1, "one", 4, "the witness is outside the domain")
    assert (book.entry(1).points, book.entry(1).counted) == (6, pytest.approx(4.8))
    assert book.entry(1).report["points"] == 5


def test_an_extension_is_the_students_or_everybodys_and_the_latest_holds(book):
    for student in ("ada", "bob"):
        book.record(student, "1", report(), DUE + 2 * DAY, LATE)
    book.record("ada", "1", report(sheet="week2"), DUE + 2 * DAY, LATE)

    def late(student, sheet="week1"):
        return book.entries(student, sheet)[0].lateness.days

    book.extend("ada", "week1", DUE + DAY, "ill")
    assert (late("ada"), late("bob"), late("ada", "week2")) == (1, 2, 2)
    book.extend("*", "week1", DUE + 2 * DAY, "the server was down")
    assert (late("ada"), late("bob"), late("ada", "week2")) == (0, 0, 2)
    book.extend("*", "week1", DUE, "a slip of mine")
    assert (late("ada"), late("bob")) == (1, 2)
    assert [e.reason for e in book.extensions()] == ["ill", "the server was down", "a slip of mine"]
    with pytest.raises(BookError, match="an extension needs a reason"):
        book.extend("ada", "week1", DUE, " ")


def test_the_best_attempt_is_the_best_of_what_counts(book):
    book.record("ada", "1", report(2.0), DUE, LATE)  # 4 of 6
    book.record("ada", "2", report(2.9), DUE + 2 * DAY, LATE)  # 4.9, less 20 %
    assert [e.attempt for e in book.counting("best")] == [1]
    assert [e.attempt for e in book.counting("latest")] == [2]
    book.extend("ada", "week1", DUE + 2 * DAY, "ill")
    assert [e.attempt for e in book.counting()] == [2]


def test_the_latest_attempt_is_the_latest_to_be_handed_in(book):
    terms = Terms(DUE, None, "latest")
    book.record("ada", "new", report(1.0), DUE, terms)
    book.record("ada", "old", report(4.0), DUE - DAY, terms)  # graded later, handed in earlier
    assert [e.attempt for e in book.counting()] == [1]  # the sheet says latest
    assert [e.attempt for e in book.counting("best")] == [2]


def test_a_mark_in_which_the_grader_failed_is_replaced_and_kept(book, path):
    failed = report(0.0, outcome="failed", flagged=True)
    assert book.record("ada", "1", failed)
    assert not book.record("ada", "1", report(3.0))
    assert not book.record("ada", "1", report(4.0))  # sound marks stay
    assert not book.record("ada", "1", failed)
    assert [(e.attempt, e.points) for e in book.entries()] == [(1, 5)]
    with sqlite3.connect(path) as connection:
        kept = connection.execute("SELECT attempt, report FROM replaced").fetchall()
    connection.close()
    assert [(number, json.loads(text)) for number, text in kept] == [(1, failed)]


# The tables as version 0.1.0 made them, before they had a layout's number.
FIRST_LAYOUT = """
CREATE TABLE attempts (
    id INTEGER NOT NULL, student VARCHAR(200) NOT NULL, sheet VARCHAR(200) NOT NULL,
    digest VARCHAR(64) NOT NULL, points FLOAT NOT NULL, out_of INTEGER NOT NULL,
    report TEXT NOT NULL, graded DATETIME NOT NULL,
    PRIMARY KEY (id), UNIQUE (student, sheet, digest)
);
CREATE TABLE overrides (
    id INTEGER NOT NULL, attempt INTEGER NOT NULL, part VARCHAR(200) NOT NULL,
    points FLOAT NOT NULL, reason TEXT NOT NULL, made DATETIME NOT NULL,
    PRIMARY KEY (id), FOREIGN KEY(attempt) REFERENCES attempts (id)
);
CREATE INDEX ix_attempts_student ON attempts (student);
INSERT INTO overrides VALUES (1, 1, 'one', 4.0, 'typo', '2026-11-21 10:34:10.788478');
"""


@pytest.fixture
def first(path):
    connection = sqlite3.connect(path)
    connection.executescript(FIRST_LAYOUT)
    row = (1, "ada", "week1", "d", 5.0, 6, json.dumps(report()), "2026-11-21 10:34:10.451573")
    connection.execute(f"INSERT INTO attempts VALUES ({', '.join('?' * len(row))})", row)
    connection.commit()
    connection.close()
    return path


def test_a_book_of_the_first_layout_is_brought_up_with_nothing_lost(first):
    for _ in range(2):
        with Book(str(first)) as book:
            (entry,) = book.entries()
            assert (entry.student, entry.points, entry.counted) == ("ada", 6, 6)
            assert entry.graded == datetime(2026, 11, 21, 10, 34, 10, 451573, UTC)
            assert entry.overrides[0].reason == "typo"
            assert (entry.received, entry.terms) == (None, Terms())
            assert not book.record("ada", "d", report())
    with Book(str(first)) as book:
        assert book.record("ada", "late", report(), DUE + DAY, LATE)
        assert book.entry(2).lateness.days == 1


def test_bringing_a_book_up_goes_on_where_it_was_interrupted(first):
    connection = sqlite3.connect(first)
    connection.execute("ALTER TABLE attempts ADD COLUMN received DATETIME")
    connection.execute("CREATE TABLE layout (version INTEGER NOT NULL, PRIMARY KEY (version))")
    connection.commit()
    connection.close()
    with Book(str(first)) as book:
        assert book.entry(1).points == 6


def changed(path, *statements):
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_book_of_the_second_layout_learns_to_keep_hints(book, path):
    book.record("ada", "1", report())
    changed(path, "DROP TABLE hints", "UPDATE layout SET version = 2")
    with Book(str(path)) as again:
        assert again.entry(1).points == 5
        again.note_hints("ada", "week1", {"one": 1})
        assert again.hints_read("ada", "week1") == {"one": 1}
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version FROM layout").fetchall() == [(LAYOUT,)]
    connection.close()


def test_the_most_hints_that_were_read_are_kept_by_student_and_sheet(book):
    for given in ({"one": 2}, {"one": 1, "two": 1}, {}):
        book.note_hints("ada", "week1", given)
    assert book.hints_read("ada", "week1") == {"one": 2, "two": 1}
    assert book.hints_read("bob", "week1") == book.hints_read("ada", "week2") == {}


@pytest.fixture
def on_request(tmp_path):
    """A sheet whose hints are not listed, so that they cost their price."""
    path = tmp_path / "asked1.toml"
    path.write_text(
        'title = "A"\nexercises = ["activations.tanh_at"]\nhints = "on request"\n', "utf-8"
    )
    return path


RIGHT = 'SEED = 1\ntanh_gradient = "-3 (1 - tanh(-3x + 1)^2)"\n'


def test_hints_of_an_earlier_run_are_charged_to_what_is_handed_in_after_them(
    on_request, tmp_path, path
):
    work = tmp_path / "ada.py"

    def points(text, *more):
        work.write_text(text, "utf-8")
        words = [str(work), "--sheet", str(on_request), "--json", *map(str, more)]
        (part,) = json.loads(CliRunner().invoke(main, words).stdout)["parts"]
        return part["points"], [finding["message"] for finding in part["findings"]]

    wrong = RIGHT.replace("-3 (", "3 (")
    assert points(RIGHT, "--book", path)[0] == 2
    assert points(wrong, "--book", path, "--hints", 1)[0] == 0
    # What was handed in before the hint was read keeps its points; what comes after it pays.
    assert points(RIGHT, "--book", path)[0] == 2
    earned, said = points(RIGHT + "# better\n", "--book", path)
    assert earned == 1.8  # a tenth of 2 points
    assert "1 hint was read before this was handed in: 0.2 taken off the points" in said
    assert points(RIGHT + "# better\n")[0] == 2  # without the book nobody knows
    # The price is taken once, however often the hint is asked for.
    assert points(wrong + "# again\n", "--book", path, "--hints", 1)[0] == 0
    assert points(RIGHT + "# best\n", "--book", path)[0] == 1.8
    listed = ask(path).stdout
    assert "2 / 2" in listed
    with Book(str(path)) as kept:
        assert [entry.points for entry in kept.entries()] == [2, 0, 1.8, 0, 1.8]


def test_reports_show_what_the_book_has(weekly, path):
    rows = csv.DictReader(io.StringIO(keep(weekly, path, "--format", "csv").stdout))
    assert {row["student"]: row["counted"] for row in rows} == {"ada": "0", "bob": "0", "eve": "0"}
    (number,) = (entry.attempt for entry in _entries(path) if entry.student == "bob")
    ask(path, "override", number, "tanh_gradient", 2, "--reason", "read by hand")
    ask(path, "extend", "eve", "weekly", "2027-06-01", "--reason", "ill")
    again = keep(weekly, path, "--format", "csv").stdout
    found = {row["student"]: row for row in csv.DictReader(io.StringIO(again))}
    exported = csv.DictReader(io.StringIO(ask(path, "export").stdout))
    for row in exported:
        mine = found[row["student"]]
        assert float(mine["points"]) == float(row["points"])
        assert float(mine["counted"]) == float(row["counted"])
        assert mine["days_late"] == row["days_late"]
    assert (found["bob"]["points"], found["bob"]["counted"]) == ("2", "1.8")
    assert found["eve"]["days_late"] == "0"
    feedback = keep(weekly, path, "--format", "moodle").stdout
    assert "set to 2 points by a person: read by hand" in feedback


def _entries(path):
    with Book(str(path)) as book:
        return book.entries()


def test_what_was_said_of_a_hand_in_as_a_whole_is_kept(book, path):
    book.record("ada", "1", report() | {"remarks": ["names the seed 1"]})
    assert "1  ada  names the seed 1\n0 parts to look at" in ask(path, "review").stdout
    assert "names the seed 1" in ask(path, "history", "ada").stdout


def test_the_book_may_be_the_first_word(book, path, tmp_path):
    book.record("ada", "1", report())
    for words in (("book", str(path)), ("book", str(path), "history", "ada")):
        assert "ada" in CliRunner().invoke(main, words).stdout
    missing = CliRunner().invoke(main, ["book", str(tmp_path / "none.db")])
    assert missing.exit_code == 1
    assert "there is no gradebook" in missing.output
    assert "No such command 'revue'" in CliRunner().invoke(main, ["book", "revue"]).output


def test_a_book_of_a_newer_version_is_left_alone(book, path):
    changed(path, f"UPDATE layout SET version = {LAYOUT + 1}")
    before = path.read_bytes()
    result = ask(path)
    assert result.exit_code == 1
    assert f"layout {LAYOUT + 1}" in result.stderr
    assert "update workings" in result.stderr
    assert path.read_bytes() == before


def test_a_file_that_is_no_book_is_left_alone(tmp_path):
    other = tmp_path / "songs.db"
    changed(other, "CREATE TABLE songs (name TEXT)")
    mine = tmp_path / "mine.db"
    changed(mine, "CREATE TABLE attempts (name TEXT)")
    text = tmp_path / "notes.txt"
    text.write_text("Dear diary, " * 100, "utf-8")
    for file, said in (
        (other, "belongs to another program"),
        (mine, "belongs to another program"),
        (text, "is not a gradebook; it is a file of another kind"),
    ):
        before = file.read_bytes()
        result = ask(file)
        assert (result.exit_code, result.stdout) == (1, "")
        assert said in result.stderr
        assert file.read_bytes() == before


def test_places_that_are_none(tmp_path):
    assert "there is no gradebook" in ask(tmp_path / "none.db").stderr
    assert not (tmp_path / "none.db").exists()
    assert "is a folder" in ask(tmp_path).stderr
    with pytest.raises(BookError, match=r"there is no folder .* for the gradebook x\.db"):
        Book(str(tmp_path / "no" / "x.db"))
    with pytest.raises(BookError, match="needs a driver that is not installed"):
        Book("nonsense://x")
    with pytest.raises(BookError, match="is no address of a database"):
        Book("://")


def test_a_password_is_never_shown():
    pytest.importorskip("psycopg", reason="needs psycopg: pip install 'workings[postgres]'")
    with pytest.raises(BookError, match="cannot be used") as caught:
        Book("postgresql://ada:secret@127.0.0.1:1/book")
    assert "secret" not in str(caught.value)


def test_psycopg_is_not_installed(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(BookError, match=r"pip install 'workings\[postgres\]'"):
        Book("postgresql://ada@127.0.0.1:1/book")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_book_that_cannot_be_written(book, path):
    book.record("ada", "1", report())
    book.close()
    path.chmod(0o400)
    assert "ada" in ask(path).stdout
    assert "cannot be written" in ask(path, "override", 1, "one", 1, "--reason", "r").stderr


def test_a_book_that_refuses_writing(path):
    Book(str(path)).close()
    with Book(f"sqlite:///file:{path}?mode=ro&uri=true") as book:
        assert book.entries() == ()
        with pytest.raises(BookError, match="cannot be written; check the file's and the folder's"):
            book.record("ada", "1", report())


def test_a_book_that_another_program_holds(path):
    Book(str(path)).close()
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(BookError, match="in use by another program; try again"):
            Book(str(path), wait=0.05)
    finally:
        other.close()


def test_override_by_a_misspelt_name(book):
    book.record("ada", "1", report())
    with pytest.raises(BookError, match=r"no part tow; it has one, two; did you mean two\?"):
        book.override(1, "tow", 1, "r")
    for points in (-1, 2.5, float("nan"), float("inf")):
        with pytest.raises(BookError, match="two is worth 0 to 2 points"):
            book.override(1, "two", points, "r")
    for number in (0, -1, 10**30):
        with pytest.raises(BookError, match=f"no attempt {number}"):
            book.override(number, "two", 1, "r")


def test_an_override_is_undone_by_another_and_both_are_told(book, path):
    book.record("ada", "1", report(), DUE + DAY, LATE)
    assert "6*/ 6" in ask(path, "override", 1, "one", 4, "--reason", "too strict").stdout
    assert "5*/ 6" in ask(path, "override", 1, "one", 3, "--reason", "it was not").stdout
    told = ask(path, "history", "ada").stdout
    assert "one set to 4 (marked 3)" in told
    assert told.index("too strict") < told.index("it was not")
    assert "did you mean ada?" in ask(path, "history", "adda").stderr


def test_extend_on_the_command_line(book, path):
    book.record("ada", "1", report(sheet="activations"), DUE + 2 * DAY, LATE)
    assert "5 / 6  counts 4 (2 days late, less 20 %)" in ask(path).stdout
    words = ("extend", "ada", "activations")
    done = ask(path, *words, "2027-05-13", "--reason", "ill")
    assert done.exit_code == 0
    assert "late" not in ask(path).stdout
    early = ask(path, *words, "2027-05-01", "--reason", "a slip")
    assert "so this changes nothing" in early.stdout
    assert "2 days late" in early.stdout
    assert "is no date; write" in ask(path, *words, "soon", "--reason", "r").stderr
    unknown = ask(path, "extend", "ada", "activation", "2027-05-13", "--reason", "r")
    assert "did you mean activations" in unknown.stderr
    nobody = ask(path, "extend", "*", "softmax", "2027-05-13", "--reason", "r")
    assert "it holds when something is" in nobody.stdout


def test_export(book, path):
    book.record("=cmd()", "1", report(flagged=True), DUE + DAY, LATE)
    (row,) = csv.DictReader(io.StringIO(ask(path, "export").stdout))
    assert row["student"] == "'=cmd()"
    assert (row["points"], row["counted"], row["days_late"]) == ("5.0", "4.5", "1")
    assert row["received"] == "2027-05-11T22:00:00+00:00"
    assert row["flagged"] == "one"
    book.override(1, "two", 1, "r")
    (found,) = json.loads(ask(path, "export", "--format", "json").stdout)
    assert (found["student"], found["parts"]) == ("=cmd()", {"one": 3, "two": 1})
    assert (found["overrides"][0]["part"], found["flagged"]) == ("two", ["one"])


def test_statistics(book, path):
    book.record("ada", "1", report(4.0))
    book.record("bob", "1", report(1.0, slips=["a sign", "a sign"], flagged=True))
    book.record("eve", "1", report(1.0, slips=["a sign", "a factor"]))
    one, two = part_statistics(book.counting())
    assert (one.count, one.mean, one.full, one.flagged) == (3, 2, 1, 1)
    assert one.slips == (("a sign", 2), ("a factor", 1))
    assert (two.name, two.mean, two.full, two.slips) == ("two", 2, 3, ())
    said = ask(path, "stats").stdout
    assert "week1, 3 students" in said
    assert "mean 2.00 / 4, 33 % with all points, 1 to look at" in said


def test_an_empty_book(book, path):
    for words in ((), ("stats",), ("review",), ("export",)):
        result = ask(path, *words)
        assert result.exit_code == 0
        assert "Traceback" not in result.output


@pytest.fixture
def weekly(tmp_path, monkeypatch):
    """A sheet with a deadline, and a class of three that handed in at different times."""
    (tmp_path / "sheets").mkdir()
    (tmp_path / "sheets" / "weekly.toml").write_text(
        'title = "W"\nexercises = ["activations.tanh_at"]\ndue = 2027-05-11T00:00:00\n'
        'timezone = "Europe/Berlin"\nlate = { percent_per_day = 10, days = 3 }\n',
        "utf-8",
    )
    monkeypatch.setattr(sheets, "HERE", tmp_path)
    sheets._loaded.cache_clear()
    folder = tmp_path / "class"
    folder.mkdir()
    for name, days in (("ada", -1), ("bob", 1), ("eve", 9)):
        file = folder / f"{name}.py"
        file.write_text('SHEET = "weekly"\nSEED = 1\ntanh_gradient = "0"\n', "utf-8")
        os.utime(file, 2 * ((DUE + days * DAY).timestamp(),))
    yield folder
    sheets._loaded.cache_clear()


def keep(folder, path, *options):
    words = [str(folder), "--book", str(path), "--jobs", "1", "--no-cache", *options]
    return CliRunner().invoke(main, words)


def lateness_of(path):
    with Book(str(path)) as book:
        return {entry.student: entry.lateness.days for entry in book.entries()}


def test_a_class_is_late_by_the_files_own_times_and_it_is_said(weekly, path):
    result = keep(weekly, path)
    assert result.exit_code == 0
    assert lateness_of(path) == {"ada": 0, "bob": 1, "eve": 9}
    assert "1 day late, less 10 %" in result.stderr
    assert "9 days late, too late to count" in result.stderr
    assert "ada" not in result.stderr.partition("late:")[2]
    os.utime(weekly / "ada.py", 2 * ((DUE + 5 * DAY).timestamp(),))
    keep(weekly, path)  # copied later; it is the same attempt
    assert lateness_of(path)["ada"] == 0


def test_times_that_are_given_outrank_those_of_the_files(weekly, path):
    roster = weekly.parent / "class.csv"
    roster.write_text("student,received\nada,\nbob,2027-05-10T20:00\neve,\n", "utf-8")
    given = ("--received", "2027-05-12", "--roster", str(roster))
    assert keep(weekly, path, *given).exit_code == 0
    assert lateness_of(path) == {"ada": 2, "bob": 0, "eve": 2}


def test_times_that_are_none_are_refused_before_anything_is_graded(weekly, path):
    result = keep(weekly, path, "--received", "yesterday")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'yesterday' is no date; write 2027-05-10" in result.stderr
    roster = weekly.parent / "class.csv"
    roster.write_text("student,received\nada,\nbob,noon\n", "utf-8")
    result = keep(weekly, path, "--roster", str(roster))
    assert result.exit_code == 2
    assert "class.csv: line 3: 'noon' is no date" in result.stderr
    assert not path.exists()


def test_a_book_that_cannot_be_opened_is_told_before_anything_is_graded(weekly):
    result = keep(weekly, weekly)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is a folder; give a file in it" in result.stderr
