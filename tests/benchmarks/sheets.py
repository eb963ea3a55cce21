"""Sheets a second, for a class of 200: `make bench-sheets`.

Each format is timed from the roster to the written files, as the command does it: a process for
each core. One sheet has no figure, the other has two, drawn for each student. The contract tests of
the bank are timed as pytest runs them.
"""

import os
import platform
import subprocess
import sys
import tempfile
import time
from itertools import product
from pathlib import Path

STUDENTS = 200
SHEETS = ("activations", "margins")  # 14 points without a figure, 47 points with two
FORMATS = ("md", "html", "pdf", "ipynb", "tex", "typst", "moodle")
CONTRACTS = ("-m", "pytest", "-q", "-m", "not slow", "tests/exercises/test_contracts.py")


def main():
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {STUDENTS} students")
    with tempfile.TemporaryDirectory() as folder:
        roster = Path(folder) / "roster.csv"
        rows = [f"s{k},Student {k}" for k in range(STUDENTS)]
        roster.write_text("\n".join(["student,name", *rows]))
        for sheet, form in product(SHEETS, FORMATS):
            out = Path(folder) / sheet / form
            name = ["sheet", sheet, "-o", str(out), "--class", str(roster)]
            wall, cpu = timed("-m", "exercises", *name, "--format", form)
            size = sum(path.stat().st_size for path in out.rglob("*.*")) / STUDENTS / 1024
            print(
                f"{sheet:12} {form:8} {wall:6.2f} s, {cpu:5.2f} s of CPU, "
                f"{STUDENTS / wall:5.0f} a second, {size:6.1f} kB a student"
            )
    try:
        wall, cpu = timed(*CONTRACTS)
    except subprocess.CalledProcessError:
        raise SystemExit("contract tests fail: their time says nothing") from None
    print(f"contract tests {wall:.1f} s, {cpu:.1f} s of CPU")


def timed(*arguments):
    """Seconds by the clock and of CPU of a Python process that must succeed."""
    if arguments[1] == "exercises":
        program = "from exercises.cli import main; main()"
        arguments = ("-c", program, *arguments[2:])
    environment = {**os.environ, "WORKINGS_SECRET": "no secret at all: a benchmark"}
    before, start = os.times(), time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments], check=True, env=environment, stdout=subprocess.DEVNULL
    )
    wall, after = time.perf_counter() - start, os.times()
    used = after.children_user - before.children_user
    return wall, used + after.children_system - before.children_system


if __name__ == "__main__":
    main()
