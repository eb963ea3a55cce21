"""Time, processor time and memory of `grade`: one submission, and a class beside other tools.

Run: python -m tests.benchmarks.grade [--peers PYTHON] [--count 200]

`--peers` is a Python that has otter-grader and nbgrader (or WORKINGS_PEERS); what it lacks is said.
Processor seconds are the figure to compare: they hold on a busy machine, too.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.benchmarks import classroom

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "exercises" / "examples" / "submission.py"
GRADE = str(Path(sys.executable).with_name("grade"))
RUNS = 5
# In a process of its own: what is started from a large process counts that as its own peak.
WARM = f"""
import statistics, sys, time
from pathlib import Path
from grader.hand_in import hand_in
from grader.marking import grade_file

wall, cpu = [], []
for _ in range({RUNS} + 1):
    start = time.perf_counter(), time.process_time()
    grade_file(hand_in(Path(sys.argv[1])), None, None, allow_weak=True)
    wall.append(time.perf_counter() - start[0])
    cpu.append(time.process_time() - start[1])
wall, cpu = statistics.median(wall[1:]), statistics.median(cpu[1:])
print(f"{{'the same, warm':<44}} {{wall:>7.3f}} s {{cpu:>7.3f}} cpu s (the grader's own)")

from grader.sandbox import Sandbox

nothing = []
for _ in range(10 * {RUNS}):
    start = time.perf_counter()
    with Sandbox("def f(x): return x", allow_weak=True).load() as sandbox:
        assert sandbox.call("f", [1]).value == 1
    nothing.append(time.perf_counter() - start)
nothing = statistics.median(nothing)
print(f"{{'of which the sandbox, run for one call':<44}} {{nothing:>7.3f}} s")
"""
PEER_SAMPLE = 2  # of the tools that take seconds for each submission


@dataclass(frozen=True)
class Cost:
    """What some processes took together: seconds, processor seconds, the largest peak in MiB."""

    wall: float
    cpu: float
    peak: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.wall + other.wall, self.cpu + other.cpu, max(self.peak, other.peak))


def run(arguments: Sequence[str], folder: Path | None = None, ok: tuple[int, ...] = (0,)) -> Cost:
    """One process with all that it started and waited for.

    Raises:
        RuntimeError: it ended with another status.
    """
    start = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        # The other tools call programs of their own environment by name.
        beside = f"{Path(arguments[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        environment = {**os.environ, "WORKINGS_ALLOW_WEAK_ISOLATION": "1", "PATH": beside}
        process = subprocess.Popen(
            arguments, cwd=folder, stdout=said, stderr=subprocess.STDOUT, env=environment
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in ok:
            said.seek(0)
            tail = said.read().decode(errors="replace")[-800:]
            raise RuntimeError(f"{arguments[0]} ended with {process.returncode}: {tail}")
    wall = time.perf_counter() - start
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def one_process(name: str, arguments: Sequence[str]) -> None:
    """Print the median of some runs."""
    runs = [run(arguments) for _ in range(RUNS)]
    wall = statistics.median(r.wall for r in runs)
    cpu = statistics.median(r.cpu for r in runs)
    peak = max(r.peak for r in runs)
    print(f"{name:<44} {wall:>7.3f} s {cpu:>7.3f} cpu s {peak:>5.0f} MiB")


def by_grade(paths: Sequence[Path]) -> Cost:
    """`grade` on a folder, without what it kept."""
    return run([GRADE, str(paths[0].parent), "--no-cache", "--format", "csv"])


def by_pytest(paths: Sequence[Path]) -> Cost:
    """pytest in a process of its own for each submission."""
    tests = classroom.checks(paths[0].parents[1] / "checks")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir"]
    return _sum(
        run([*command, str(tests.parent), str(tests), str(path)], tests.parent, ok=(0, 1))
        for path in paths
    )


def by_otter(python: str, paths: Sequence[Path]) -> Cost:
    """`otter run` on each submission as a notebook."""
    folder = paths[0].parents[1] / "otter"
    folder.mkdir()
    bundle = folder / "autograder.zip"
    with zipfile.ZipFile(bundle, "w") as made:
        made.writestr("otter_config.json", json.dumps({"lang": "python"}))
        for name, code in classroom.questions():
            made.writestr(f"tests/{name}.py", _ok_test(name, code))
    tool = [python, "-m", "otter", "run", "-a", str(bundle), "--no-logo", "-o", str(folder)]
    costs = []
    for path in paths:
        book = folder / f"{path.stem}.ipynb"
        book.write_text(classroom.notebook(path.read_text("utf-8"), []), "utf-8")
        costs.append(run([*tool, str(book)], folder))
    return _sum(costs)


def by_nbgrader(python: str, paths: Sequence[Path]) -> Cost:
    """`nbgrader autograde` on all submissions; making the assignment is not counted."""
    course = paths[0].parents[1] / "nbgrader"
    cells = [(code, {"nbgrader": _graded(name)}) for name, code in classroom.questions()]
    for place, path in [("source", paths[0]), *((f"submitted/{p.stem}", p) for p in paths)]:
        book = course / place / "hw" / "hw.ipynb"
        book.parent.mkdir(parents=True)
        book.write_text(classroom.notebook(path.read_text("utf-8"), cells), "utf-8")
    tool = [python, "-m", "nbgrader"]
    run([*tool, "generate_assignment", "hw", "--create", "--force"], course)
    return run([*tool, "autograde", "hw"], course, ok=(0, 1))


def _ok_test(name: str, code: str) -> str:
    lines = code.splitlines()
    shown = "\n".join(f"{'...' if line[:1] == ' ' else '>>>'} {line}" for line in lines)
    case = {"code": shown, "hidden": False, "locked": False}
    suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    test = {"name": name, "points": 1, "suites": [suite]}
    return f"OK_FORMAT = True\ntest = {test!r}\n"


def _graded(name: str) -> dict[str, object]:
    return {
        "grade": True,
        "grade_id": name,
        "points": 1,
        "locked": True,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }


def _sum(costs: Iterable[Cost]) -> Cost:
    return sum(costs, start=Cost(0.0, 0.0, 0.0))


def classes(count: int, peers: str) -> None:
    """Print what a class costs, and each tool as a multiple of `grade`."""
    print(f"\na class: sheet {classroom.SHEET}, every student's own variant, some with slips")
    print("(the others run four checks of the code, `grade` marks all five parts)")
    print(f"{'':<26} {'n':>4} {'wall s':>8} {'a second':>9} {'cpu s each':>11} {'MiB':>5}  ratio")
    ours = [row("grade", n, by_grade, None) for n in sorted({min(20, count), count})][-1]
    row("pytest, a process each", min(20, count), by_pytest, ours)
    for name, module, tool in (
        ("otter-grader run", "otter", by_otter),
        ("nbgrader autograde", "nbgrader", by_nbgrader),
    ):
        if _has(peers, module):
            row(name, PEER_SAMPLE, partial(tool, peers), ours)
        else:
            print(f"{name:<26} absent: give a Python that has {module} with --peers")


def row(name: str, count: int, tool: Callable[[Sequence[Path]], Cost], ours: float | None) -> float:
    """Print one line; the processor seconds of one submission."""
    folder = Path(tempfile.mkdtemp(prefix="bench-grade-"))
    try:
        make = [sys.executable, "-m", "tests.benchmarks.classroom", str(folder / "class")]
        run([*make, str(count)], ROOT)
        cost = tool(sorted((folder / "class").iterdir()))
    finally:
        shutil.rmtree(folder)
    each = cost.cpu / count
    ratio = "" if ours is None else f"{each / ours:.1f} x"
    print(
        f"{name:<26} {count:>4} {cost.wall:>8.2f} {count / cost.wall:>9.1f} "
        f"{each:>11.3f} {cost.peak:>5.0f} {ratio:>6}"
    )
    return each


def _has(python: str, module: str) -> bool:
    if not python or shutil.which(python) is None:
        return False
    return subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--peers", default=os.environ.get("WORKINGS_PEERS", ""), metavar="PYTHON")
    parser.add_argument("--count", type=int, default=200, help="the size of the large class")
    options = parser.parse_args()
    print(f"median of {RUNS} runs, whole process; load now {os.getloadavg()[0]:.1f}")
    one_process("grade exercises/examples/submission.py, cold", [GRADE, str(EXAMPLE)])
    print(subprocess.check_output([sys.executable, "-c", WARM, str(EXAMPLE)], text=True), end="")
    one_process("grade --help", [GRADE, "--help"])
    print("of which, each in a process of its own:")
    for statement in ("pass", "import numpy", "import flint", "import sympy", "import rich.table"):
        one_process(f"  python -c '{statement}'", [sys.executable, "-c", statement])
    classes(options.count, options.peers)


if __name__ == "__main__":
    main()
