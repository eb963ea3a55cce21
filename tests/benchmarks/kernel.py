"""Time `decide` on every printed line of a topic, beside `simplify(lhs - rhs) == 0`, in one run.

Run: python -m tests.benchmarks.kernel [TOPIC]
"""

import statistics
import sys
import time

import sympy as sp

from derivations import decide
from derivations.discover import claims
from derivations.kernel.ladder import RELATIONS
from derivations.verify import verify

LIMIT = 20.0  # seconds for one question; simplify has no budget of its own


def lines(topic: str) -> list[tuple[sp.Expr, sp.Expr, str]]:
    """Both sides and the relation of every line that the claims of a topic decide."""
    found = []
    for claim in claims():
        if claim.topic == topic:
            steps = [s for s in verify(claim).steps if s.relation in RELATIONS and s.kind != "via"]
            found += [(s.lhs, s.rhs, s.relation) for s in steps if s.kind != "implies"]
    return found


def timed(function, *arguments):
    start = time.perf_counter()
    result = function(*arguments)
    return result, (time.perf_counter() - start) * 1000


def by_simplify(lhs, rhs) -> bool:
    difference = sp.sympify(lhs).doit() - sp.sympify(rhs).doit()
    return sp.simplify(difference) == 0


def row(name: str, times: list[float], decided: int) -> str:
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return (
        f"{name:<22} {decided:>4} of {len(times):<4} {statistics.median(times):>9.2f} "
        f"{p95:>9.2f} {sum(times):>10.1f}"
    )


def main() -> None:
    topic = sys.argv[1] if len(sys.argv) > 1 else "activations"
    questions = lines(topic)
    equalities = [(lhs, rhs) for lhs, rhs, relation in questions if relation == "="]
    decide(sp.Symbol("x"), sp.Symbol("y"))  # imports and contexts are not what is measured
    sp.core.cache.clear_cache()
    ours = [timed(decide, *question) for question in questions]
    same = [timed(decide, lhs, rhs) for lhs, rhs in equalities]
    sp.core.cache.clear_cache()
    theirs = [timed(by_simplify, lhs, rhs) for lhs, rhs in equalities]
    print(f"{topic}: {len(questions)} printed lines, {len(equalities)} of them equalities")
    print(f"{'':<22} {'decided':>12} {'median ms':>9} {'p95 ms':>9} {'total ms':>10}")
    settled = sum(v.proved or v.refuted for v, _ in ours)
    print(row("decide, all", [ms for _, ms in ours], settled))
    settled = sum(v.proved or v.refuted for v, _ in same)
    print(row("decide, equalities", [ms for _, ms in same], settled))
    # simplify can only say yes: a difference that it does not reduce to 0 says nothing.
    print(row("simplify, equalities", [ms for _, ms in theirs], sum(yes for yes, _ in theirs)))
    ratio = sum(ms for _, ms in theirs) / sum(ms for _, ms in same)
    print(f"simplify / decide, total time on the same lines: {ratio:.1f}")


if __name__ == "__main__":
    main()
