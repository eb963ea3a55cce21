"""The gradebook on SQLite and on a real PostgreSQL server, with several programs at once."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from grader.book import Book, BookError
from grader.cli import main

HEAD = 'SHEET = "activations"\nSEED = 1\n'


def programs():
    """Where PostgreSQL's programs are, or None."""
    found = [shutil.which("initdb"), *sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))]
    places = [Path(p).resolve().parent for p in found if p]
    return next((p for p in reversed(places) if (p / "postgres").exists()), None)


def unprivileged():
    """Whom a server that refuses to run as root runs as; None when this is not root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)


@pytest.fixture(scope="session")
def server():
    """The URL of a PostgreSQL server that lives as long as the tests, without its database."""
    pytest.importorskip("psycopg", reason="needs psycopg: pip install 'workings[postgres]'")
    place = programs()
    if place is None:
        pytest.skip("needs a PostgreSQL server's programs (initdb, postgres)")
    user = unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="book-"))
    if user is not None:
        shutil.chown(folder, user)
    data, who = folder / "data", {"user": user, "cwd": folder, "stdin": subprocess.DEVNULL}
    made = [place / "initdb", "-D", data, "-U", "grader", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(made, check=True, capture_output=True, **who)
    with (folder / "log").open("wb") as log:
        options = ["-D", data, "-k", folder, "-F", "-c", "listen_addresses="]
        process = subprocess.Popen([place / "postgres", *options], stdout=log, stderr=log, **who)
    try:
        await_server(f"postgresql+psycopg://grader@/postgres?host={folder}", process)
        yield f"postgresql+psycopg://grader@/%s?host={folder}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        shutil.rmtree(folder)


def await_server(url, process):
    deadline = time.monotonic() + 30
    while True:
        try:
            execute(url, "SELECT 1")
            return
        except Exception:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def execute(url, statement):
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """An empty database of each kind."""
    if request.param == "sqlite":
        return str(tmp_path / "marks.db")
    template = request.getfixturevalue("server")
    name = f"book_{uuid.uuid4().hex}"
    execute(template % "postgres", f"CREATE DATABASE {name}")
    return template % name


def report(one=3.0, outcome="partial", sheet="week1"):
    parts = [
        {"name": "one", "points": one, "out_of": 4, "outcome": outcome, "flagged": False},
        {"name": "two", "points": 2.0, "out_of": 2, "outcome": "right", "flagged": False},
    ]
    for part in parts:
        part["findings"] = []
    return {"sheet": sheet, "points": one + 2.0, "out_of": 6, "parts": parts}


# Each process records the same attempts in an order of its own, some of them twice.
RECORDER = """
import json, random, sys, time
from grader.book import Book
url, seed, begin, attempts = json.loads(sys.argv[1])
order = attempts + attempts[:10]
random.Random(seed).shuffle(order)
time.sleep(max(0, begin - time.time()))
with Book(url) as book:
    print(sum(book.record(s, d, r) for s, d, r in order))
"""


def test_processes_that_record_the_same_attempts_lose_none_and_double_none(url):
    attempts = [[f"s{k % 7}", f"{k}", report(k % 5)] for k in range(40)]
    begin = time.time() + 1.5  # all of them make the tables at the same moment
    running = [
        subprocess.Popen(
            [sys.executable, "-c", RECORDER, json.dumps([url, seed, begin, attempts])],
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(3)
    ]
    printed = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert sum(map(int, printed)) == 40  # each was new to exactly one of them
    with Book(url) as book:
        kept = [(e.student, e.points) for e in book.entries()]
    assert sorted(kept) == sorted((s, r["points"]) for s, _, r in attempts)


def test_two_graders_keep_one_class_once(url, tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    for k in range(4):
        (folder / f"s{k}.py").write_text(f"{HEAD}tanh_gradient = {k}\n", "utf-8")
    command = [sys.executable, "-c", "from grader.cli import main; main()", str(folder)]
    command += ["--book", url, "--no-cache", "--jobs", "1", "--allow-weak-isolation"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    for process in running:
        process.communicate(timeout=120)
        assert process.returncode == 0
    with Book(url) as book:
        assert sorted(e.student for e in book.entries()) == ["s0", "s1", "s2", "s3"]


def test_everything_is_kept_and_given_back(url):
    with Book(url) as book:
        strange = {**report(), "note": "π \x00 \udcff"}
        assert book.record("grüße\udcff", "1", strange)
        assert not book.record("grüße\udcff", "1", strange)
        book.override(1, "one", 4, "ein Grund: é")
    with Book(url) as book:
        entry = book.entry(1)
        assert (entry.student, entry.points) == ("grüße\\udcff", 6)
        assert entry.report == strange
        assert entry.graded.tzinfo is not None
        assert entry.overrides[0].reason == "ein Grund: é"
        assert book.students() == ("grüße\\udcff",)
    listed = CliRunner().invoke(main, ["book", "--book", url, "export"])
    assert listed.exit_code == 0, listed.output
    assert "6.0,6" in listed.output


def test_a_name_too_long_is_refused_in_words(url):
    with Book(url) as book, pytest.raises(BookError, match="name of 1 to 200 characters"):
        book.record("x" * 201, "1", report())


action = st.one_of(
    st.tuples(st.just("record"), st.sampled_from("ab"), st.integers(0, 2), st.integers(0, 4)),
    st.tuples(st.just("fail"), st.sampled_from("ab"), st.integers(0, 2), st.integers(0, 4)),
    st.tuples(st.just("override"), st.integers(1, 6), st.integers(-1, 5), st.just(0)),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(action, max_size=25))
def test_no_order_of_records_and_overrides_loses_or_doubles_a_mark(url, actions):
    """The book against a model: a dictionary of what was first recorded, and of overrides."""
    run = uuid.uuid4().hex[:8]  # a sheet of its own for each example, in one database
    marks, changed, numbers = {}, {}, []
    with Book(url) as book:
        for kind, first, second, points in actions:
            if kind == "override":
                number = numbers[first - 1] if first <= len(numbers) else 10**6
                allowed = first <= len(numbers) and 0 <= second <= 4
                if allowed:
                    book.override(number, "one", second, "looked at")
                    changed[number] = second
                else:
                    with pytest.raises(BookError):
                        book.override(number, "one", second, "looked at")
                continue
            key = (first, str(second))
            failed = kind == "fail"
            made = report(0.0 if failed else points, "failed" if failed else "partial", run)
            assert book.record(first, f"{run}{second}", made) == (key not in marks)
            if key not in marks:
                numbers.append(max(e.attempt for e in book.entries(sheet=run)))
                marks[key] = [numbers[-1], failed, made["points"]]
            elif marks[key][1] and not failed:
                marks[key][1:] = [False, made["points"]]
        kept = {e.attempt: e.points for e in book.entries(sheet=run)}
    assert kept == {n: changed.get(n, p - 2.0) + 2.0 for n, _, p in marks.values()}
