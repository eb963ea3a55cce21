"""Judging many claims: on all cores, and only those that changed since the last time.

The cache holds the kernel's verdicts on a claim's lines, under a key of everything that they depend
on: the source of its topic, the engine and the kernel, the ledger, and the versions of SymPy,
python-flint and z3. The lines themselves are made anew, and a claim that fails is never kept.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from derivations.audit import Outcome
from derivations.claims import Claim, ClaimError
from derivations.kernel import Verdict, decide
from derivations.verify import ClaimResult, verify

HERE = Path(__file__).parent
CHUNK = 12
Progress = Callable[[int], None]


def judged(
    claims: Sequence[Claim],
    *,
    jobs: int | None = None,
    cached: bool = True,
    progress: Progress = lambda _: None,
) -> dict[Claim, Outcome]:
    """What every claim comes to, in their order.

    Args:
        claims: the claims.
        jobs: processes; as many as there are cores when None.
        cached: whether results of unchanged claims may be used, and kept.
        progress: told how many claims were settled since the last call.
    """
    known: dict[Claim, Outcome] = {}
    for claim in claims if cached else ():
        if (found := _load(claim)) is not None:
            known[claim] = found
    progress(len(known))
    rest = [claim for claim in claims if claim not in known]
    jobs = jobs or os.cpu_count() or 1
    if jobs == 1 or len(rest) <= CHUNK:
        fresh = _one_by_one(rest, progress)
    else:
        fresh = _in_parallel(rest, jobs, progress)
    for claim, outcome, verdicts in fresh:
        known[claim] = outcome
        if cached and isinstance(outcome, ClaimResult) and outcome.ok:
            _save(claim, verdicts)
    return {claim: known[claim] for claim in claims}


def _one_by_one(
    claims: Sequence[Claim], progress: Progress
) -> Iterator[tuple[Claim, Outcome, Sequence[Any]]]:
    for claim in claims:
        outcome, verdicts = _recorded(claim)
        progress(1)
        yield claim, outcome, verdicts


def _in_parallel(
    claims: Sequence[Claim], jobs: int, progress: Progress
) -> Iterator[tuple[Claim, Outcome, Sequence[Any]]]:
    chunks = [claims[k : k + CHUNK] for k in range(0, len(claims), CHUNK)]
    named = [[(claim.module, claim.name) for claim in chunk] for chunk in chunks]
    with ProcessPoolExecutor(jobs) as pool:
        for chunk, found in zip(chunks, pool.map(_judge_named, named), strict=True):
            for claim, verdicts in zip(chunk, found, strict=True):
                yield claim, _replayed(claim, verdicts), verdicts
            progress(len(chunk))


def _judge_named(names: Sequence[tuple[str, str]]) -> list[Any]:
    """Judge claims in another process; they are functions, so they travel by name."""
    from derivations import discover

    by_name = {(claim.module, claim.name): claim for claim in discover.claims()}
    return [_verdicts(by_name[name]) for name in names]


def _recorded(claim: Claim) -> tuple[Outcome, list[Any]]:
    """What a claim comes to, and the kernel's verdicts in the order of the questions."""
    given: list[Any] = []

    def judge(*question: Any) -> Verdict:
        verdict = decide(*question)
        given.append(verdict.as_dict())
        return verdict

    try:
        return verify(claim, judge), given
    except ClaimError as error:
        return error, given


def _verdicts(claim: Claim) -> list[Any]:
    return _recorded(claim)[1]


def _replayed(claim: Claim, verdicts: Sequence[Any]) -> Outcome:
    """The claim with its lines made anew, and the verdicts that were given on them."""
    answers = iter(verdicts)

    def judge(*_: Any) -> Verdict:
        return Verdict.from_dict(next(answers))

    try:
        return verify(claim, judge)
    except ClaimError as error:
        return error


def _load(claim: Claim) -> ClaimResult | None:
    try:
        verdicts = json.loads(_path(claim).read_text(encoding="utf-8"))
        outcome = _replayed(claim, verdicts)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, StopIteration):
        return None  # absent, or written by something else: judged anew
    return outcome if isinstance(outcome, ClaimResult) and outcome.ok else None


def _save(claim: Claim, steps: Sequence[Any]) -> None:
    keep(_path(claim), steps)


def keep(path: Path, data: Any) -> None:
    """Write plain data into a cache, whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(data), encoding="utf-8")
        partial.replace(path)
    except OSError:
        return  # a cache that cannot be written costs time only


def _path(claim: Claim) -> Path:
    text = f"{claim.module}.{claim.name} {_topic(claim.topic)} {_engine()}"
    name = hashlib.sha256(text.encode()).hexdigest()
    return cache_folder() / f"{claim.topic}-{name[:40]}.json"


def cache_folder(what: str = "claims") -> Path:
    """Where results are kept: below XDG_CACHE_HOME, or ~/.cache."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "workings" / what


@cache
def _topic(topic: str) -> str:
    """A digest of a topic's sources; other topics' notation counts through the engine's digest."""
    place = HERE / topic
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    return _digest(files)


@cache
def _engine() -> str:
    """A digest of the kernel, the engine, the ledger and the libraries under them."""
    files = [*sorted(HERE.glob("*.py")), *sorted((HERE / "kernel").rglob("*.py"))]
    files += sorted((HERE / "sources").iterdir())
    packages = ("sympy", "python-flint", "z3-solver", "mpmath")
    return _digest(files) + "".join(version(name) for name in packages)


def _digest(files: Sequence[Path]) -> str:
    total = hashlib.sha256()
    for path in files:
        if path.is_file():
            total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()
