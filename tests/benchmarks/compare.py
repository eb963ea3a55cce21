"""Ask the kernel and its peers the same textbook pairs, each engine in a process of its own.

Run: python -m tests.benchmarks.compare [--kind K] [--engine E] [--limit 5]

A pair that takes longer than the limit is a timeout: its worker is killed and another one started.
Every question starts with SymPy's cache empty and its random numbers seeded, so that neither the
order nor a restart changes an answer. What an engine cannot be asked (an inequality) is unknown.
All engines get the symbols' assumptions, except that LaTeX cannot carry them; relations in `given`
(j <= n) are told to the kernel only, and the others answer without them.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Literal

import sympy as sp
from sympy.core.cache import clear_cache
from sympy.core.random import seed

from derivations import decide
from tests.benchmarks.pairs import Pair, kinds, load

Answer = Literal["yes", "no", "unknown", "timeout"]
Engine = Callable[[Pair], tuple[Answer, str]]
OURS = "workings"
START_LIMIT = 120.0  # seconds in which a worker must be ready


class NotInstalled(Exception):
    """An engine's package is missing; the message says how to install it."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one engine said of one pair, and how long it took; `reason` says why it is unknown."""

    pair: Pair
    answer: Answer
    reason: str
    ms: float

    @property
    def outcome(self) -> str:
        """One of right, wrong, unknown and timeout."""
        if self.answer in ("unknown", "timeout"):
            return self.answer
        return "right" if (self.answer == "yes") == self.pair.truth else "wrong"

    @property
    def accepts_a_falsehood(self) -> bool:
        """The worse of the two ways to be wrong."""
        return self.outcome == "wrong" and self.answer == "yes"


def workings() -> Engine:
    """`derivations.decide`: the only engine here that is also asked inequalities."""

    def ask(pair: Pair) -> tuple[Answer, str]:
        verdict = decide(pair.lhs, pair.rhs, pair.relation, pair.given)
        if verdict.proved or verdict.refuted:
            return ("yes" if verdict.proved else "no"), ""
        return "unknown", f"{verdict.status}: {verdict.reason}"

    return ask


def simplify() -> Engine:
    """`simplify(difference) == 0`: it can only say yes, for what is not reduced may yet be 0."""

    def ask(pair: Pair) -> tuple[Answer, str]:
        if sp.simplify(pair.lhs.doit() - pair.rhs.doit()) == 0:
            return "yes", ""
        return "unknown", "the difference does not simplify to 0"

    return _equations_only(ask)


def equals() -> Engine:
    """`lhs.equals(rhs)`, which says yes, no or nothing."""

    def ask(pair: Pair) -> tuple[Answer, str]:
        said = pair.lhs.equals(pair.rhs)
        if said is None:
            return "unknown", "equals gives None"
        return ("yes" if said else "no"), ""

    return _equations_only(ask)


def math_verify() -> Engine:
    """math-verify's `verify` on the LaTeX of both sides; its False marks an answer as wrong.

    It is asked in the spelling it reads best. Where what it read has other symbols than what was
    written (a sum read as 1, i as a variable), the question never reached it: unknown, not wrong.
    """
    try:
        library = importlib.import_module("math_verify")
    except ImportError as error:
        raise NotInstalled(
            "math-verify is not installed; to compare with it: pip install math-verify"
        ) from error
    logging.disable(logging.CRITICAL)
    # Its second way of reading takes the last number out of any text.
    ways = [library.LatexExtractionConfig()]
    spelling = {"mode": "inline", "ln_notation": True, "inv_trig_style": "full"}

    def read(side: Any) -> list[Any]:
        text = sp.latex(side, fold_short_frac=False, **spelling)
        found = library.parse(text, ways, parsing_timeout=None)
        names = _names(side)
        return [item for item in found if not isinstance(item, str) and _names(item) == names]

    def ask(pair: Pair) -> tuple[Answer, str]:
        if pair.lhs.has(sp.Indexed) or pair.rhs.has(sp.Indexed):
            return "unknown", "entries of families are read as constants"
        gold, answer = read(pair.lhs), read(pair.rhs)
        if not gold or not answer:
            return "unknown", "the LaTeX of a side is not read, or not as written"
        # No limits of its own: the runner's limit is the same for every engine.
        said = library.verify(gold, answer, timeout_seconds=None)
        return ("yes" if said else "no"), ""

    return _equations_only(ask)


def _names(expression: Any) -> set[str]:
    """The symbols that are written, bound ones too."""
    return {symbol.name for symbol in expression.atoms(sp.Symbol)}


def _equations_only(ask: Engine) -> Engine:
    def guarded(pair: Pair) -> tuple[Answer, str]:
        if pair.relation != "=":
            return "unknown", "an inequality cannot be asked"
        return ask(pair)

    return guarded


ENGINES: dict[str, Callable[[], Engine]] = {
    OURS: workings,
    "simplify": simplify,
    "equals": equals,
    "math-verify": math_verify,
}


def serve(engine: str, kind: str, connection: Connection) -> None:
    """A worker: answer the questions whose numbers come through the connection, until it closes."""
    pairs = load(kind)
    try:
        ask = ENGINES[engine]()
    except NotInstalled as error:
        connection.send(str(error))
        return
    x = sp.Symbol("x", real=True)
    ask(Pair("warm-up", "", sp.sin(x) ** 2 + sp.cos(x) ** 2, sp.S.One, "=", (), True, "", {}))
    connection.send("")
    while True:
        try:
            number = connection.recv()
        except EOFError:
            return
        clear_cache()
        seed(0)
        start = time.perf_counter()
        try:
            answer, reason = ask(pairs[number])
        except Exception as error:
            answer, reason = "unknown", f"{type(error).__name__}: {error}"
        connection.send((answer, reason, (time.perf_counter() - start) * 1000))


class Worker:
    """One engine in its own process, started again after each timeout."""

    def __init__(self, engine: str, kind: str, limit: float) -> None:
        self.engine, self.kind, self.limit = engine, kind, limit
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(
            target=serve, args=(self.engine, self.kind, theirs), daemon=True
        )
        self.process.start()
        theirs.close()
        if not self.connection.poll(START_LIMIT):
            raise RuntimeError(f"{self.engine}: the worker was not ready in {START_LIMIT:.0f} s")
        if trouble := self.connection.recv():
            raise NotInstalled(trouble)

    def ask(self, number: int) -> tuple[Answer, str, float]:
        self.connection.send(number)
        try:
            if self.connection.poll(self.limit):
                answer, reason, ms = self.connection.recv()
                return answer, reason, ms
            outcome: tuple[Answer, str] = ("timeout", f"over {self.limit:g} s")
        except EOFError:
            outcome = ("unknown", "the worker died")
        self.stop()
        self._start()
        return *outcome, self.limit * 1000

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


def run(engine: str, kind: str, limit: float) -> list[Result]:
    """Every pair of a kind (or of all) asked of one engine, in the pairs' order."""
    pairs = load(kind)
    worker = Worker(engine, kind, limit)
    results = []
    try:
        for number, pair in enumerate(pairs):
            results.append(Result(pair, *worker.ask(number)))
            if sys.stderr.isatty():
                print(f"\r{engine}: {number + 1} of {len(pairs)}", end="", file=sys.stderr)
    finally:
        worker.stop()
    return results


HEADINGS = ("right", "wrong", "accepted", "unknown", "timeouts", "total s", "median ms", "p95 ms")


def row(name: str, results: Sequence[Result]) -> str:
    """One line of a table: `accepted` counts the wrong answers that accept a falsehood."""
    count = [result.outcome for result in results].count
    accepted = sum(result.accepts_a_falsehood for result in results)
    times = sorted(result.ms for result in results)
    p95 = times[min(len(times) - 1, int(0.95 * len(times)))]
    share = 100 * count("right") / len(results)
    numbers = (count("right"), count("wrong"), accepted, count("unknown"), count("timeout"))
    cells = "".join(f"{number:>10}" for number in numbers)
    figures = f"{sum(times) / 1000:>10.1f}{statistics.median(times):>10.1f}{p95:>10.1f}"
    return f"{name:<20}{len(results):>5}{share:>6.0f}%{cells}{figures}"


def heading(first: str) -> str:
    return f"{first:<20}{'pairs':>5}{'share':>7}" + "".join(f"{name:>10}" for name in HEADINGS)


def report(found: dict[str, list[Result]], limit: float) -> str:
    """The tables, what our kernel left undecided, and every wrong answer that matters."""
    every = next(iter(found.values()))
    false = sum(not result.pair.truth for result in every)
    lines = [f"{len(every)} pairs, {false} of them false; a limit of {limit:g} s for each", ""]
    lines += [heading("engine"), *(row(name, results) for name, results in found.items())]
    equations = {
        name: [result for result in results if result.pair.relation == "="]
        for name, results in found.items()
    }
    if len(equations[next(iter(found))]) not in (0, len(every)):
        lines += ["", heading("equations only")]
        lines += [row(name, results) for name, results in equations.items()]
    if OURS in found:
        lines += ["", heading(f"{OURS}, by kind")]
        for kind in dict.fromkeys(result.pair.kind for result in every):
            lines.append(row(kind, [r for r in found[OURS] if r.pair.kind == kind]))
        ours = sum(result.ms for result in equations[OURS])
        lines += [""] if ours and len(found) > 1 else []
        for name, results in equations.items():
            if name != OURS and ours:
                ratio = sum(result.ms for result in results) / ours
                lines.append(f"total time on the equations, {name} / {OURS}: {ratio:.1f}")
        lines += undecided(found[OURS])
    lines += [line for name, results in found.items() for line in wrongs(name, results)]
    return "\n".join(lines)


def undecided(results: Sequence[Result]) -> list[str]:
    """What was neither proved nor refuted, true pairs and false ones, with the reason."""
    left = [result for result in results if result.outcome in ("unknown", "timeout")]
    if not left:
        return []
    lines = ["", f"undecided by {OURS}: {len(left)}"]
    for r in left:
        label = "true " if r.pair.truth else "false"
        lines.append(f"  {r.pair.kind:<18} {label} {r.pair.name}: {r.reason}")
    return lines


def wrongs(name: str, results: Sequence[Result]) -> list[str]:
    """Our wrong answers, all of them; of a peer's, those that accept a falsehood."""
    lines = []
    for result in results:
        if result.outcome == "wrong" and (name == OURS or result.accepts_a_falsehood):
            pair = result.pair
            truth = "TRUE" if pair.truth else f"FALSE ({pair.why})"
            lines.append(
                f"WRONG: {name.upper()} says {result.answer.upper()} to {pair.name}, "
                f"which is {truth}: {pair.text}"
            )
    return ["", *lines] if lines else []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--kind", choices=kinds(), default="", help="one kind only")
    parser.add_argument("--engine", choices=list(ENGINES), action="append", help="may be repeated")
    parser.add_argument("--limit", type=float, default=5.0, help="seconds for one pair (5)")
    options = parser.parse_args()
    os.environ["PYTHONHASHSEED"] = "0"  # SymPy's set orders decide what .equals finds
    found = {}
    for engine in options.engine or ENGINES:
        try:
            found[engine] = run(engine, options.kind, options.limit)
        except NotInstalled as error:
            print(error)
    if not found:
        return 1
    print(report(found, options.limit))
    return int(any(result.outcome == "wrong" for result in found.get(OURS, [])))


if __name__ == "__main__":
    sys.exit(main())
