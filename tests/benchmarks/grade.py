"""Time and memory of the whole `grade` process on the example submission, and where they go.

Run: python -m tests.benchmarks.grade
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "exercises" / "examples" / "submission.py"
RUNS = 5


def run(arguments: list[str]) -> tuple[float, float]:
    """Wall seconds and peak memory in MiB of one process (its children's peak is its own line)."""
    start = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def median(name: str, arguments: list[str]) -> None:
    runs = [run(arguments) for _ in range(RUNS)]
    seconds = statistics.median(seconds for seconds, _ in runs)
    memory = max(memory for _, memory in runs)
    print(f"{name:<44} {seconds:>7.3f} s {memory:>7.0f} MiB")


def main() -> None:
    grade = str(Path(sys.executable).with_name("grade"))
    print(f"median of {RUNS} runs, whole process; peak memory of the largest")
    median("grade exercises/examples/submission.py", [grade, str(EXAMPLE)])
    median("grade --help", [grade, "--help"])
    print("of which, each in a process of its own:")
    for statement in ("pass", "import numpy", "import flint", "import sympy", "import rich.table"):
        median(f"  python -c '{statement}'", [sys.executable, "-c", statement])


if __name__ == "__main__":
    main()
