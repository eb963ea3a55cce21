"""Time the numeric models beside the libraries that a user would pick, in one run.

Run: python -m tests.benchmarks.impl [PART OF A CASE'S NAME ...]
     python -m tests.benchmarks.impl --markdown    (all cases, and their ratios into impl/README.md)

Each case, float type and number of threads has a process of its own. In it, all sides are called in
turn on the same data, with their results allocated, and the best of their times counts. With one
thread that is processor time, which other processes on the machine do not lengthen; with two it is
the time on the clock, and a library may use either one thread or two, whichever is faster.
"""

import argparse
import gc
import importlib
import json
import math
import os
import pkgutil
import subprocess
import sys
import time
import warnings

import numpy as np

from tests.benchmarks import cases, table
from tests.benchmarks.cases.case import CASES

SECONDS = 0.5  # spent on each side of a case
ROUNDS = (3, 20)
CALL = 0.02  # quicker calls are repeated to last this long
LIMIT = 1200.0  # seconds for one process
START = 0.25  # seconds that an import may take
MODULES = [
    *("impl", "impl.core", "impl.activations", "impl.softmax", "impl.linear", "impl.logistic"),
    *("impl.gmm", "impl.hmm", "impl.svm", "impl.knn", "impl.forest", "impl.distributions"),
    *("impl.layers.convolution", "impl.nets.mlp"),
]
POOLS = ("OMP", "OPENBLAS", "MKL", "NUMBA", "NUMEXPR")


def load() -> None:
    for module in pkgutil.iter_modules(cases.__path__):
        importlib.import_module(f"{cases.__name__}.{module.name}")


def clocks(call, times: int) -> tuple[float, float]:
    """Milliseconds of one call: of the processor, and on the clock."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(times):
        call()
    return (
        (time.process_time() - cpu) * 1e3 / times,
        (time.perf_counter() - wall) * 1e3 / times,
    )


def measure(name: str, dtype: str) -> dict:
    """Run one case in this process."""
    if CASES[name].kernels:
        importlib.import_module(f"impl._kernels.{CASES[name].kernels}")
    sides = CASES[name].sides(np.dtype(dtype))
    calls, missing = {"ours": sides.ours}, []
    for label, prepare in sides.libraries.items():
        try:
            calls[label] = prepare()
        except ImportError:
            missing.append(label)
    results = {label: call() for label, call in calls.items()}
    apart = {}
    if sides.distance is not None:
        apart = {
            label: float(sides.distance(results["ours"], result))
            for label, result in results.items()
            if label != "ours"
        }
    del results
    times, rounds = {}, {}
    for label, call in calls.items():
        once = clocks(call, 1)[1] / 1e3
        if once < CALL:  # the first of quick calls is slow, and would keep them from being repeated
            once = min(clocks(call, 3)[1] / 1e3 for _ in range(3))
        times[label] = max(1, math.ceil(CALL / once))
        rounds[label] = int(np.clip(SECONDS / (once * times[label]), *ROUNDS))
    best = {label: [math.inf, math.inf] for label in calls}
    for turn in range(max(rounds.values())):
        for label, call in calls.items():
            if turn < rounds[label]:
                gc.collect()
                best[label] = list(map(min, best[label], clocks(call, times[label])))
    differ = [label for label, distance in apart.items() if not distance <= sides.within]
    return {"best": best, "missing": missing, "apart": apart, "differ": differ}


def environment(threads: int) -> dict[str, str]:
    return dict(os.environ, **{f"{pool}_NUM_THREADS": str(threads) for pool in POOLS})


def in_a_process(name: str, dtype: str, threads: int) -> dict:
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.impl", "--one", name, dtype],
        env=environment(threads), capture_output=True, text=True, timeout=LIMIT,
    )  # fmt: skip
    if run.returncode:
        return {"error": run.stderr.strip().splitlines()[-1]}
    return json.loads(run.stdout.splitlines()[-1])


def number(ms: float) -> str:
    return f"{ms:.4f}" if ms < 0.1 else f"{ms:.3f}" if ms < 10 else f"{ms:.0f}"


def row(
    name: str, dtype: str, threads: int, found: dict, alone: dict | None
) -> table.Measured | None:
    """Print one line; the comparison with the fastest library, if there is one."""
    title = CASES[name].title
    head = f"{title:<68} {dtype[0] + dtype[-2:]:<4} {threads}"
    if "error" in found:
        print(f"{head}  failed: {found['error']}")
        return None
    clock = 0 if threads == 1 else 1
    best = {label: pair[clock] for label, pair in found["best"].items()}
    ours = best.pop("ours")
    if threads > 1 and alone is not None and "best" in alone:
        best = {label: min(ms, alone["best"][label][1]) for label, ms in best.items()}
    if not best:
        names = ", ".join(found["missing"]) or "-"
        print(f"{head} {number(ours):>10} {'-':>10} {'-':>7}  {names} not installed")
        return None
    label = min(best, key=best.__getitem__)
    ratio = ours / best[label]
    note = "  RESULTS DIFFER" if found["differ"] else ""
    if found["differ"]:
        note += f" by {max(found['apart'].values()):.1e}"
    lost = "  slower" if ratio > 1 else ""
    print(f"{head} {number(ours):>10} {number(best[label]):>10} {ratio:>7.3f}  {label}{lost}{note}")
    return table.Measured(name, title, dtype, threads, ratio, label)


def start_up() -> None:
    """Print what imports cost, each in a fresh process, and whether they stay light."""
    print(f"\n{'import':<30} {'s':>6}   whole process; at most {START} s, without numba or scipy")
    for module in MODULES:
        code = (
            f"import sys, time, {module}; print(time.process_time(), "
            "*sorted({'numba', 'scipy', 'sklearn', 'torch'} & set(sys.modules)))"
        )
        answers = [
            subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
            for _ in range(7)
        ]
        parts = [answer.stdout.split() for answer in answers]
        seconds = min(float(part[0]) for part in parts)
        heavy = parts[0][1:]
        fine = seconds <= START and not heavy
        print(f"{module:<30} {seconds:>6.3f}   {'yes' if fine else 'NO'} {' '.join(heavy)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="parts of names of cases; all by default")
    parser.add_argument(
        "--markdown", action="store_true", help=f"write the ratios into {table.README.name}"
    )
    parser.add_argument("--one", nargs=2, metavar=("NAME", "DTYPE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    load()
    if options.one:
        warnings.simplefilter("ignore")
        print(json.dumps(measure(*options.one)))
        return
    if options.markdown and options.names:
        parser.error("--markdown needs all cases: leave out the names")
    wanted = {
        name: it
        for name, it in CASES.items()
        if not options.names or any(part in name or part in it.title for part in options.names)
    }
    print("ms: the best call; ratio: ours / the fastest library; below 1 we are faster")
    print(f"{'case':<68} {'type':<4} t {'ours':>10} {'library':>10} {'ratio':>7}  fastest library")
    measured, incomplete = [], set()
    for name, it in wanted.items():
        for dtype in it.dtypes:
            alone = None
            for threads in it.threads:
                found = in_a_process(name, dtype, threads)
                comparison = row(name, dtype, threads, found, alone)
                alone = found if threads == 1 else alone
                if comparison is not None:
                    measured.append(comparison)
                if "error" in found or found["missing"]:
                    incomplete.add(name)
                sys.stdout.flush()
    if not options.names:
        start_up()
    losses = sum(it.ratio > 1 for it in measured)
    print(f"\n{len(measured)} comparisons, slower in {losses}; load {os.getloadavg()[1]:.1f}")
    if measured:
        print(f"geometric mean speed-up: {table.mean_speed_up(measured):.2f}")
    if options.markdown and incomplete:
        sys.exit(
            f"not written: {', '.join(sorted(incomplete))} failed or missed a library; "
            "make peers installs them"
        )
    if options.markdown:
        page = table.README.read_text(encoding="utf-8")
        table.README.write_text(table.rewrite(page, measured), encoding="utf-8")
        print(f"written into impl/{table.README.name}")


if __name__ == "__main__":
    main()
