"""A class of hand-ins: whose they are, what is kept, and what an interrupt leaves."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from grader import batch
from grader.cache import Cache
from grader.cli import main
from grader.grading import Report
from grader.hand_in import HandIn
from grader.live import LiveSummary
from grader.outcome import Finding, PartMark
from grader.roster import Person, by_pattern, by_roster, read_roster, strangers
from grader.run import run
from grader.submission import SubmissionError

EXAMPLES = Path(__file__).resolve().parents[2] / "exercises" / "examples"
HEAD = 'SHEET = "activations"\nSEED = 1\n'


def grade(*arguments, **options):
    return CliRunner().invoke(main, [str(a) for a in arguments], **options)


def hand_in(name, student=None, data=b"x = 1\n"):
    file = name.rpartition("/")[2]
    return HandIn(name, student or name.partition(".")[0], file, data=data)


def report(name="ada.py", outcome="partial", **changes):
    finding = Finding("wrong", "line 2 does not equal line 1", 2, diagnosis="a sign")
    marks = (
        PartMark("a.b.one", "one", 3.0, 4, outcome, (finding,)),
        PartMark("a.b.two", "two", 2.0, 2, "right"),
    )
    return replace(Report(name, "week1", "Week one", "7", marks, "", "strong"), **changes)


def always(item):
    return report(item.name, student=item.student)


def _roster(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "class.csv"
    path.write_text(text, encoding)
    return path


# Who


def test_a_pattern_finds_the_student_in_the_name():
    found = by_pattern(
        [hand_in("hw1_ada_v2.py"), hand_in("readme.py")], re.compile(r"hw1_(?P<student>[a-z]+)_")
    )
    assert found[0].student == "ada"
    assert not found[0].problem
    assert "finds no student in this name" in found[1].problem


def test_two_hand_ins_of_one_student_are_named_and_not_graded():
    pattern = re.compile(r"(?P<student>[a-z]+)\d")
    found = by_pattern([hand_in("ada1.py"), hand_in("ada2.py"), hand_in("bo1.py")], pattern)
    assert found[0].problem == found[1].problem
    assert "ada: holds several submissions (ada1.py, ada2.py)" in found[0].problem
    assert not found[2].problem


@pytest.mark.parametrize("bad", ["(", "[a-z]+", "(?P<name>x)"])
def test_a_pattern_that_cannot_work_is_refused(bad):
    result = grade(EXAMPLES, "--student-pattern", bad)
    assert result.exit_code == 2
    assert "regular expression" in result.output or "(?P<student>...)" in result.output


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("ada@x.edu.py", "ada@x.edu"),  # by the identity
        ("AdaLovelace.py", "ada@x.edu"),  # by the name, run together
        ("lovelaceada.py", "ada@x.edu"),  # as Canvas does
        ("Hopper, Grace/work.py", "gh1"),
        ("Grace  hopper.py", "gh1"),
        ("submission_9/a.py", "kg"),  # by the file that the roster names
        ("stranger.py", "stranger"),
    ],
)
def test_a_roster_tells_whose_it_is(name, student):
    people = (
        Person("ada@x.edu", "Ada Lovelace"),
        Person("gh1", "Grace Hopper"),
        Person("kg", "Kurt Go\u0308del", "submission_9"),
    )
    item = hand_in(name, name.partition("/")[0].removesuffix(".py"))
    (found,), absent = by_roster([item], people)
    assert (found.student, found.problem) == (student, "")
    assert {p.student for p in absent} == {p.student for p in people} - {student}
    assert bool(strangers([found], people)) == (student == "stranger")


def test_two_people_of_one_name_are_not_guessed_between():
    people = (Person("a1", "Ada Lovelace"), Person("a2", "Ada Lovelace", "second.py"))
    (found,), absent = by_roster([hand_in("ada lovelace.py")], people)
    assert "could be of a1 or a2" in found.problem
    assert absent == ()  # one of them did hand in
    (found,), absent = by_roster([hand_in("second.py")], people)
    assert (found.student, [p.student for p in absent]) == ("a2", ["a1"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,file\nAda,a.py\n", "line 1: needs a column called student"),
        ("", "line 1: needs a column called student"),
        ("student,name\n", "lists nobody"),
        ("student,name\nada,Ada\n,Grace\n", "line 3: the column student is empty"),
        ("student,name\nada,Ada\nbo,Bo\nADA,Ada\n", "line 4: ADA is on line 2 already"),
        ("student,name\nada,Ada,3\n", "line 2: has more cells"),
        ('student,name\n"ada,Ada\n', "line 3: "),
    ],
)
def test_a_roster_that_is_none_names_the_line(text, said, tmp_path):
    with pytest.raises(SubmissionError, match=r"^class\.csv: ") as error:
        read_roster(_roster(tmp_path, text))
    if said != "line 3: ":
        assert said in str(error.value)


def test_rosters_as_spreadsheets_save_them(tmp_path):
    text = "\ufeffStudent;Name;Group\r\nada;L\u00f6velace, Ada;1\r\n\r\nbo;;2\r\n"
    expected = (Person("ada", "L\u00f6velace, Ada"), Person("bo"))
    assert read_roster(_roster(tmp_path, text)) == expected
    with pytest.raises(SubmissionError, match="not UTF-8"):
        read_roster(_roster(tmp_path, text[1:], "latin-1"))
    with pytest.raises(SubmissionError, match="no such file"):
        read_roster(tmp_path / "none.csv")


# What is kept


def counting(calls, result=always):
    def graded(item):
        calls.append(item.name)
        return result(item)

    return graded


def test_the_cache_is_keyed_by_content_and_options(tmp_path):
    items = [hand_in("a.py", data=b"one"), hand_in("b.py", data=b"two")]
    calls = []
    cache = Cache({"seed": None}, tmp_path)
    first = run(items, counting(calls), 1, cache=cache)
    again = run([replace(items[0], name="c.py", student="c"), items[1]], always, 1, cache=cache)
    assert (first.recalled, again.recalled) == (0, 2)
    assert [r.submission for r in again.reports] == ["c.py", "b.py"]
    assert [r.student for r in again.reports] == ["c", "b"]
    assert all(r.cached for r in again.reports)
    assert [r.marks for r in again.reports] == [r.marks for r in first.reports]
    changed = [replace(items[0], data=b"one."), replace(items[1], file="b.ipynb")]
    assert run(changed, always, 1, cache=cache).recalled == 0
    assert run(items, always, 1, cache=Cache({"seed": "2"}, tmp_path)).recalled == 0


def test_the_cache_is_keyed_by_the_grader_itself(tmp_path, monkeypatch):
    cache = Cache({}, tmp_path)
    run([hand_in("a.py")], always, 1, cache=cache)
    monkeypatch.setattr("grader.cache.fingerprint", lambda: {"the files of grader": "other"})
    assert run([hand_in("a.py")], always, 1, cache=cache).recalled == 0


def flagged(item):
    finding = Finding("not-checked", "took too long")
    return replace(always(item), marks=(PartMark("a.b", "one", 1, 4, "partial", (finding,)),))


@pytest.mark.parametrize(
    "result",
    [
        lambda item: report(outcome="failed"),
        lambda item: report(outcome="not-checked"),
        lambda item: report(steady=False),
        lambda item: report(isolation="weak"),
        flagged,
    ],
)
def test_what_another_run_might_not_say_is_not_kept(result, tmp_path):
    cache = Cache({}, tmp_path)
    run([hand_in("a.py")], result, 1, cache=cache)
    assert run([hand_in("a.py")], always, 1, cache=cache).recalled == 0


@pytest.mark.parametrize("junk", ["", "[]", "{}", "null", '{"submission": "x"}', '{"marks": 3}'])
def test_a_cache_that_was_written_by_something_else_is_left_alone(junk, tmp_path):
    cache = Cache({}, tmp_path)
    run([hand_in("a.py")], always, 1, cache=cache)
    (kept,) = tmp_path.iterdir()
    kept.write_text(junk, "utf-8")
    assert run([hand_in("a.py")], always, 1, cache=cache).recalled == 0


def test_a_second_run_takes_the_marks_from_the_cache_and_says_so(tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    for name in ("perfect", "submission"):
        (folder / f"{name}.py").write_bytes((EXAMPLES / f"{name}.py").read_bytes())
    looping = HEAD + "tanh_gradient = '1'\ndef softmax(z):\n    while True: pass\n"
    (folder / "looping.py").write_text(looping, "utf-8")
    options = [folder, "--cache", tmp_path / "kept", "--jobs", 1]
    first = grade(*options, "--json")
    again = grade(*options, "--json")
    new, old = ([json.loads(x) for x in r.stdout.splitlines()] for r in (first, again))
    assert [r["cached"] for r in new] == [False] * 3
    assert {r["submission"]: r["cached"] for r in old} == {
        "perfect.py": True,
        "submission.py": True,
        "looping.py": False,  # a time limit had a hand in it
    }
    kept = {r["submission"]: r for r in old if r["cached"]}
    assert kept == {r["submission"]: {**r, "cached": True} for r in new if r["submission"] in kept}
    assert "2 from the cache" in grade(*options).stderr
    assert "from the cache" not in grade(*options, "--no-cache").stderr


# Interrupts


def test_an_interrupt_keeps_what_is_done(tmp_path):
    def graded(item):
        if item.name == "c.py":
            raise KeyboardInterrupt
        return always(item)

    kept = []
    items = [hand_in(f"{name}.py", data=name.encode()) for name in "abcd"]
    ran = run(items, graded, 1, cache=Cache({}, tmp_path), done=kept.append)
    assert ran.interrupted
    assert [r.submission for r in ran.reports] == ["a.py", "b.py"]
    assert [u.name for u in ran.ungraded] == ["c.py", "d.py"]
    calls = []
    ran = run(items, counting(calls), 1, cache=Cache({}, tmp_path))
    assert not ran.interrupted
    assert calls == ["c.py", "d.py"]
    assert [r.submission for r in ran.reports] == ["a.py", "b.py", "c.py", "d.py"]


def test_ctrl_c_on_the_command_line_and_the_run_after_it(tmp_path, monkeypatch):
    folder = tmp_path / "class"
    folder.mkdir()
    slow = HEAD + "import time\ntime.sleep(0.4)\ntanh_gradient = '%d'\n"
    for k in range(12):
        (folder / f"s{k:02d}.py").write_text(slow % k, "utf-8")
    kept, book = tmp_path / "kept", tmp_path / "marks.db"
    # The grader is the same in both runs, even if somebody edits it meanwhile.
    monkeypatch.setattr("grader.cache.fingerprint", lambda: {"grader": "this one"})
    code = (
        "import grader.cache; grader.cache.fingerprint = lambda: {'grader': 'this one'}\n"
        "from grader.cli import main; main()"
    )
    options = [str(folder), "--cache", str(kept), "--book", str(book), "--jobs", "2"]
    command = [sys.executable, "-c", code, *options]
    # A group of its own: as on a terminal, all of its processes get the signal.
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        end = time.monotonic() + 30
        while len(list(kept.glob("*.json"))) < 2 and time.monotonic() < end:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        out, errors = (said.decode() for said in process.communicate(timeout=30))
    done = len(list(kept.glob("*.json")))
    assert process.returncode == 130
    assert 2 <= done < 12
    assert f"interrupted: {12 - done} of 12 not graded" in errors
    assert f"{done} submissions" in out
    assert "Traceback" not in errors
    again = grade(*options)
    assert again.exit_code == 0
    assert f"{12 - done} graded in" in again.stderr
    assert f"{done} from the cache" in again.stderr
    listed = grade("book", "--book", book).stdout
    assert sum(f"s{k:02d}" in listed for k in range(12)) == 12


def test_an_interrupt_while_a_result_is_kept_waits_for_it(tmp_path):
    kept = []

    def done(result):
        os.kill(os.getpid(), signal.SIGINT)
        kept.append(result.submission)

    ran = run([hand_in(f"{n}.py") for n in "abc"], always, 1, done=done)
    assert kept == ["a.py"] == [r.submission for r in ran.reports]
    assert ran.interrupted


def test_an_interrupt_while_reports_are_recalled_keeps_what_was(tmp_path, monkeypatch):
    items = [hand_in(f"{name}.py", data=name.encode()) for name in "abc"]
    run(items, always, 1, cache=Cache({}, tmp_path))
    find = Cache.find

    def found(self, item):
        if item.name == "b.py":
            raise KeyboardInterrupt
        return find(self, item)

    monkeypatch.setattr(Cache, "find", found)
    calls = []
    ran = run(items, counting(calls), 1, cache=Cache({}, tmp_path))
    assert ran.interrupted
    assert calls == []
    assert [r.submission for r in ran.reports] == ["a.py"]
    assert [u.name for u in ran.ungraded] == ["b.py", "c.py"]
    folder = tmp_path / "class"
    folder.mkdir()
    for name in "ab":
        (folder / f"{name}.py").write_text(HEAD, "utf-8")
    result = grade(folder, "--jobs", 1, "--cache", tmp_path)
    assert result.exit_code == 130
    assert "interrupted: 2 of 2 not graded; what was graded is kept" in result.stderr


def test_an_interrupt_before_anything_is_marked_exits_with_130(tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("grader.run.gathered", interrupted)
    result = grade(tmp_path)
    assert result.exit_code == 130
    assert "interrupted before anything was marked" in result.stderr
    assert "Abort" not in result.output


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_mark_that_cannot_be_kept_is_no_silent_matter(jobs):
    def done(result):
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk is full"):
        run([hand_in(f"{n}.py") for n in "abc"], always, jobs, done=done)


def test_a_lost_process_costs_only_what_it_was_grading():
    items = [hand_in(f"{name}.py") for name in "abcde"]
    ran = run(items, ends_its_process_on_c, 2)
    assert [r.submission for r in ran.reports] == ["a.py", "b.py", "d.py", "e.py"]
    assert [(u.name, u.ours) for u in ran.ungraded] == [("c.py", True)]
    assert "was lost" in ran.ungraded[0].reason
    assert not ran.interrupted


def ends_its_process_on_c(item):
    if item.name == "c.py":
        os._exit(3)
    return always(item)


def test_a_crash_of_ours_costs_one_submission():
    def graded(item):
        if item.name == "b":
            raise RuntimeError("boom")
        return always(item)

    found = batch.graded([hand_in(n) for n in "abc"], graded, 1)
    assert [getattr(f, "submission", None) for f in found] == ["a", None, "c"]
    assert (found[1].ours, found[1].reason) == (True, "RuntimeError: boom")


# What is shown


def shown(width=100, **options):
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=width, **options)
    with LiveSummary(3, console) as live:
        live.done(report())
        live.done(batch.Ungraded("b.py", "is empty"))
        console.print(live.render())
    return stream.getvalue()


def test_the_live_summary_says_it_in_words():
    said = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown())
    for words in ("2/3", "mean 83.3 %", "1 not graded", "3.00 / 4", "1  one: a sign"):
        assert words in said


def test_the_live_summary_fits_and_needs_no_colour(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    said = shown(width=40)
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", said)
    lines = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", said).replace("\r", "\n").splitlines()
    assert max(map(len, lines)) <= 40


def test_nothing_is_drawn_where_there_is_no_terminal():
    stream = io.StringIO()
    with LiveSummary(1, Console(file=stream)) as live:
        live.done(report())
    assert stream.getvalue() == ""


def test_the_roster_on_the_command_line(tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    for name in ("ada", "zoe"):
        (folder / f"{name}.py").write_text(HEAD + "tanh_gradient = '1'\n", "utf-8")
    (folder / "kurt.py").write_text("x = = 1\n" + HEAD, "utf-8")
    roster = _roster(tmp_path, "student,name\nada,Ada L\ngrace,Grace H\nkurt,Kurt G\n")
    result = grade(folder, "--roster", roster, "--format", "moodle", "--no-cache", "--jobs", 1)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert "grace,0,nothing handed in" in lines
    assert not any(line.startswith("kurt") for line in lines)  # unreadable is not nothing
    assert "handed in nothing: grace" in result.stderr
    assert "not on the roster: zoe (zoe.py)" in result.stderr
    assert "not graded: kurt.py: line 1 is not Python" in result.stderr
