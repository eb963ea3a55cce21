"""`grade watch`: one marking for one save, however the editor writes the file."""

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

from grader import watch
from grader.cli import main
from grader.grading import Report
from grader.outcome import PartMark
from grader.watch import change, saves

EXAMPLE = Path(__file__).resolve().parents[2] / "exercises" / "examples" / "submission.py"


def in_place(path):
    path.write_text("new", "utf-8")


def by_another_file(path):
    other = path.with_suffix(".swp")
    other.write_text("new", "utf-8")
    other.replace(path)


def away_and_back(path):
    path.unlink()
    path.write_text("new", "utf-8")


@pytest.fixture
def changes(monkeypatch):
    """What is done to the file, one thing at each look at it while nothing has changed."""
    waiting = []

    def sleep(seconds):
        if seconds == 1.0:  # between two looks; the other pauses are for the file to settle
            if not waiting:
                raise KeyboardInterrupt
            waiting.pop(0)()

    monkeypatch.setattr(watch.time, "sleep", sleep)
    return waiting


@pytest.mark.parametrize("save", [in_place, by_another_file, away_and_back])
def test_a_save_is_noticed_once(save, tmp_path, changes):
    path = tmp_path / "mine.py"
    path.write_text("old text", "utf-8")
    changes += [lambda: None, lambda: save(path), lambda: None, lambda: None]
    seen = []
    with pytest.raises(KeyboardInterrupt):
        follow(path, seen)
    assert seen == [True, True]


def follow(path, seen):
    for saved in saves(path, between=1.0, still=0.0):
        seen.append(saved)


def test_a_file_that_goes_and_comes_back(tmp_path, changes):
    path = tmp_path / "mine.py"
    seen = []
    changes += [lambda: in_place(path), lambda: path.unlink(), lambda: in_place(path)]
    with pytest.raises(KeyboardInterrupt):
        follow(path, seen)
    assert seen == [False, True, False, True]


def test_it_waits_until_the_file_has_settled(tmp_path, monkeypatch):
    path = tmp_path / "mine.py"
    pieces = ["a", "ab", "abc"]

    def sleep(seconds):
        if pieces:
            path.write_text(pieces.pop(0), "utf-8")

    monkeypatch.setattr(watch.time, "sleep", sleep)
    assert next(saves(path)) is True
    assert path.read_text("utf-8") == "abc"


def report(**points):
    marks = tuple(PartMark(f"x.{n}", n, p, 4, "partial") for n, p in points.items())
    return Report("m.py", "week1", "Week one", "7", marks, "", "strong")


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (report(a=1, b=2), report(a=3, b=2), "since the last time: +2 (a +2)"),
        (report(a=1, b=2.5), report(a=3, b=1), "since the last time: +0.5 (a +2, b -1.5)"),
        (report(a=1, b=2), report(a=2, b=1), "since the last time: +0 (a +1, b -1)"),
        (report(a=1), report(a=1), "no change since the last time"),
        (report(a=1), replace(report(a=1), seed="8"), "another sheet or variant than before"),
    ],
)
def test_the_change_in_points(before, now, said):
    assert change(before, now) == said


def test_a_folder_is_refused(tmp_path):
    result = CliRunner().invoke(main, ["watch", str(tmp_path)])
    assert result.exit_code == 1
    assert "is a folder" in result.output


def test_a_file_that_is_not_there_is_not_watched_for(tmp_path):
    result = CliRunner().invoke(main, ["watch", str(tmp_path / "typo.py")])
    assert result.exit_code == 1
    assert "there is no such file" in result.output


def test_hints_are_given_while_watching(tmp_path, monkeypatch):
    path = tmp_path / "mine.py"
    path.write_text('SHEET = "activations"\nSEED = 1\ntanh_gradient = "1"\n', "utf-8")
    monkeypatch.setattr(watch, "saves", lambda path: iter([True]))
    without = CliRunner().invoke(main, ["watch", str(path)])
    helped = CliRunner().invoke(main, ["watch", str(path), "--hints", "1"])
    assert "hint " not in without.output
    assert "hint " in helped.output


def test_it_marks_again_and_ends_politely(tmp_path):
    path = tmp_path / "mine.py"
    text = EXAMPLE.read_text("utf-8")
    path.write_text(re.sub("tanh_gradient = .*", "", text), "utf-8")
    command = [sys.executable, "-c", "from grader.cli import main; main()", "watch", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        os.set_blocking(process.stderr.fileno(), False)
        _wait_for(process.stderr, b"Ctrl-C ends it")
        path.write_text("x = = 1\n" + text, "utf-8")
        _wait_for(process.stderr, b"Ctrl-C ends it")
        path.write_text(text, "utf-8")
        _wait_for(process.stderr, b"Ctrl-C ends it")
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=20)
    said = out.decode()
    assert process.returncode == 0
    assert "not graded: mine.py: line 1 is not Python" in said
    assert "since the last time: +2 (tanh_gradient +2)" in said
    assert b"no longer watching" in errors
    assert b"Traceback" not in errors


def _wait_for(stream, text):
    said = b""
    end = time.monotonic() + 30
    while text not in said and time.monotonic() < end:
        said += stream.read() or b""
        time.sleep(0.02)
    assert text in said
