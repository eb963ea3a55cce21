"""Grading on a cluster: a real scheduler and real worker processes, on this machine."""

import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from grader import cluster
from grader.batch import Ungraded, graded
from grader.cli import main
from grader.cluster import ClusterError, graded_on
from grader.cluster_worker import fingerprint, grade_there
from grader.hand_in import HandIn
from grader.marking import grade_file

distributed = pytest.importorskip(
    "distributed", reason="needs distributed: pip install 'workings[cluster]'"
)

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "exercises" / "examples"
GRADE = partial(grade_file, sheet=None, seed=None, allow_weak=True)
KINDS = 5
HEAD = 'SHEET = "activations"\nSEED = 1\n'
# Graders that end the processes around them; workers and the test import it from a folder.
DEADLY = """
import os, signal
from grader.batch import Ungraded

def grade(item):
    if b"end the clerk" in item.data:
        os.kill(os.getpid(), signal.SIGKILL)
    if b"end the worker" in item.data:
        os.kill(os.getppid(), signal.SIGKILL)
    return Ungraded(item.name, "graded")
"""


class Cluster:
    """A scheduler and its workers, all processes of their own."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        file = folder / "scheduler.json"
        options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
        self.scheduler = self.start("scheduler", *options, "--scheduler-file", str(file))
        deadline = time.monotonic() + 30
        while not (file.exists() and file.stat().st_size):
            assert time.monotonic() < deadline, "the scheduler did not start"
            time.sleep(0.05)
        self.address = json.loads(file.read_text())["address"]

    def start(self, *arguments, path="", **settings):
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, (path, os.environ.get("PYTHONPATH")))),
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
            "WORKINGS_ALLOW_WEAK_ISOLATION": "1",
            **settings,
        }
        with (self.folder / f"{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments],
                env=environment,
                cwd=path or None,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def worker(self, *options, path=""):
        place = ["--local-directory", str(self.folder), "--nthreads", "1", "--no-dashboard"]
        return self.start("worker", self.address, *place, *options, path=path)

    def close(self):
        for process in reversed(self.processes):
            # A nanny's worker is in its session.
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def running(folder):
    found = Cluster(folder)
    try:
        yield found
    finally:
        found.close()


@pytest.fixture
def started(tmp_path):
    with running(tmp_path) as found:
        yield found


def class_of(count):
    """Right, wrong, crashing and unusable files, in turn."""
    texts = [
        (EXAMPLES / "perfect.py").read_text("utf-8"),
        (EXAMPLES / "submission.py").read_text("utf-8"),
        HEAD + 'tanh_gradient = "1"\nraise SystemExit',
        "x = = 1\n" + HEAD,
        HEAD + "def softmax(z):\n    return z",
    ]
    return [
        HandIn(f"s{k}.py", f"s{k}", f"s{k}.py", data=texts[k % KINDS].encode())
        for k in range(count)
    ]


def names(hand_ins):
    return [item.name for item in hand_ins]


def marks(results):
    """What a result comes to, without how long it took or where it was."""
    return [
        (r.name, "", r.reason, r.ours)
        if isinstance(r, Ungraded)
        else (r.submission, r.student, [(m.part_id, m.points, m.outcome) for m in r.marks])
        for r in results
    ]


def grade_while_one_is_killed(found, count):
    first, _ = found.worker("--no-nanny"), found.worker("--no-nanny")
    hand_ins = class_of(count)
    told = []

    def done(k, result, seconds):
        told.append(k)
        if len(told) == count // 3:
            first.send_signal(signal.SIGKILL)

    await_workers(found, 2)
    results = graded_on(found.address, hand_ins, GRADE, done)
    assert first.wait(10) == -signal.SIGKILL
    assert sorted(told) == list(range(count))
    assert [getattr(r, "submission", None) or r.name for r in results] == names(hand_ins)
    return results, hand_ins


def await_workers(found, count):
    with distributed.Client(found.address, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=30)


def test_a_worker_is_killed_in_the_middle_and_every_mark_is_as_on_one_machine(started):
    found, hand_ins = grade_while_one_is_killed(started, 24)
    expected = [said[2:] for said in marks(graded(hand_ins[:KINDS], GRADE, 1))]
    assert [said[2:] for said in marks(found)] == [expected[k % KINDS] for k in range(24)]


@pytest.mark.slow
def test_a_worker_is_killed_in_the_middle_of_200(started):
    found, hand_ins = grade_while_one_is_killed(started, 200)
    assert marks(found) == marks(graded(hand_ins, GRADE, 1))


def test_what_ends_its_processes_costs_itself_only(started, tmp_path, monkeypatch):
    (tmp_path / "deadly.py").write_text(DEADLY)
    monkeypatch.syspath_prepend(str(tmp_path))
    grade = import_module("deadly").grade
    started.worker(path=str(tmp_path))
    texts = ["fine", "end the clerk", "fine", "end the worker", "fine", "fine"]
    hand_ins = [HandIn(f"{k}.py", f"{k}", f"{k}.py", data=t.encode()) for k, t in enumerate(texts)]
    found = graded_on(started.address, hand_ins, grade)
    assert [r.name for r in found] == names(hand_ins)
    assert [k for k, r in enumerate(found) if r.ours] == [1, 3]
    assert found[1].reason == "the grading process ended (signal 9)"
    assert "every worker that graded it was lost" in found[3].reason
    assert {found[k].reason for k in (0, 2, 4, 5)} == {"graded"}


def test_class_on_the_command_line_and_a_worker_with_other_exercises(started, tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    for item in class_of(4):
        (folder / item.file).write_bytes(item.data)
    started.worker("--no-nanny")
    arguments = [str(folder), "--no-cache", "--format", "csv"]
    local = CliRunner().invoke(main, [*arguments, "--jobs", "1"])
    remote = CliRunner().invoke(main, [*arguments, "--scheduler", started.address])
    assert (remote.exit_code, remote.stdout) == (local.exit_code, local.stdout)
    assert "s0.py" in remote.stdout
    assert "not graded: s3.py: " in remote.stderr

    other = tmp_path / "other"
    for room in ("derivations", "impl", "exercises", "grader"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / room, other / room, ignore=ignored)
    sheet = other / "exercises" / "sheets" / "activations.toml"
    sheet.write_text(sheet.read_text("utf-8").replace("Activations", "Activation"), "utf-8")
    started.worker("--no-nanny", path=str(other))
    await_workers(started, 2)
    refused = CliRunner().invoke(main, [*arguments, "--scheduler", started.address])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "would mark by another version of workings: the files of exercises: " in refused.stderr


def test_a_worker_with_another_version_that_comes_later_grades_nothing():
    theirs = {**fingerprint(), "sympy": "0.7"}
    answer, _ = grade_there(b"never read", "ada.py", theirs)
    found = pickle.loads(answer)
    assert (found.name, found.ours) == ("ada.py", True)
    assert f"sympy: 0.7 there, {version('sympy')} here" in found.reason


class LostAndFound:
    """A future whose worker is lost with the report, which another one then makes again."""

    status = "lost"
    looks = 0

    def add_done_callback(self, call):
        call(self)

    def scheduler_info(self, n_workers):
        self.looks += 1
        self.status = "finished" if self.looks > 1 else "lost"
        return {"workers": {"one": {}}}


def test_a_report_that_is_lost_before_it_is_fetched_is_waited_for():
    future = LostAndFound()
    client = SimpleNamespace(status="running", scheduler_info=future.scheduler_info)
    (found,) = cluster._finished(client, {future: 0}, 5)
    assert (found, found.status) == (future, "finished")
    future = LostAndFound()  # with the scheduler gone nobody makes it again
    (found,) = cluster._finished(SimpleNamespace(status="closed"), {future: 0}, 5)
    assert found.status == "lost"
    assert "scheduler was lost" in cluster._result(found, class_of(1)[0], 5)[0].reason


def test_the_scheduler_is_lost(started):
    started.worker("--no-nanny")
    await_workers(started, 1)
    hand_ins = class_of(12)

    def done(k, result, seconds):
        if started.scheduler.poll() is None:
            started.scheduler.kill()
            started.scheduler.wait()

    found = graded_on(started.address, hand_ins, GRADE, done, patience=2)
    assert [getattr(r, "submission", None) or r.name for r in found] == names(hand_ins)
    lost = [r for r in found if isinstance(r, Ungraded) and r.ours]
    assert lost
    for result in lost:
        assert "scheduler was lost" in result.reason or "no worker" in result.reason


def test_no_worker(started):
    with pytest.raises(ClusterError, match=r"no worker for 0.2 s; start one .* `dask worker"):
        graded_on(started.address, class_of(1), GRADE, patience=0.2)


def test_the_last_worker_is_lost(started):
    only = started.worker("--no-nanny")
    await_workers(started, 1)
    hand_ins = class_of(4)
    found = graded_on(started.address, hand_ins, GRADE, lambda *_: only.kill(), patience=1)
    assert not isinstance(found[0], Ungraded) or not isinstance(found[1], Ungraded)
    reasons = {r.reason for r in found if isinstance(r, Ungraded) and r.ours}
    assert reasons == {"the cluster has had no worker for 1 s"}


def test_no_scheduler(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    for address in ("tcp://127.0.0.1:1", "nonsense://x", "127.0.0.1", ""):
        with pytest.raises(ClusterError, match=r"no scheduler answers at .* start one with"):
            graded_on(address, class_of(1), GRADE)


def test_distributed_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'workings\[cluster\]'"):
        graded_on("tcp://127.0.0.1:1", class_of(1), GRADE)
