"""The verdict on every row of the ledger, from the judged claims."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import permutations
from typing import Any, Literal

import sympy as sp

from derivations import discover, ledger
from derivations.claims import Claim, ClaimError, Definition
from derivations.kernel import decide
from derivations.verify import ClaimResult, verify

RowStatus = Literal[
    "proved",
    "refuted",
    "supported",
    "unknown",
    "definition",
    "run",
    "not-checkable",
    "open",
]
STATUSES: tuple[RowStatus, ...] = RowStatus.__args__  # type: ignore[attr-defined]
_WORST_FIRST = ("refuted", "unknown", "supported", "proved")
_SMALL = 4

Outcome = ClaimResult | ClaimError


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What is known of one row of the ledger.

    Attributes:
        id: the row.
        source: the key of its document.
        verdict: what the kernel says, or why it was not asked; `open` if nobody has encoded it.
        erratum: the row is refuted, and its correction is proved.
        corrected: the proved correction in LaTeX, for an erratum.
        claim: the claim or definition that settles it, as `topic.name`.
        method: how it was decided, or the reason why it cannot be.
        ms: the time that its verdicts took, in milliseconds.
    """

    id: str
    source: str
    verdict: RowStatus
    erratum: bool = False
    corrected: str = ""
    claim: str = ""
    method: str = ""
    ms: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """The verdict as plain data for JSON."""
        return {**asdict(self), "corrected": self.corrected or None, "claim": self.claim or None}


def verify_all(
    claims: Iterable[Claim], done: Callable[[Claim, Outcome], None] | None = None
) -> dict[Claim, Outcome]:
    """Judges the claims; one that is put wrongly yields its error in place of a result.

    Args:
        claims: the claims.
        done: called after each with the claim and its outcome.
    """
    outcomes: dict[Claim, Outcome] = {}
    for claim in claims:
        try:
            outcome: Outcome = verify(claim)
        except ClaimError as error:
            outcome = error
        outcomes[claim] = outcome
        if done is not None:
            done(claim, outcome)
    return outcomes


def audit(outcomes: Mapping[Claim, Outcome]) -> tuple[RowVerdict, ...]:
    """The verdict on each of the ledger's rows, in its order."""
    settled: dict[str, RowVerdict] = {}
    for claim, outcome in outcomes.items():
        for row_id in discover.covered(claim):
            settled[row_id] = _of_claim(row_id, claim, outcome)
    parts = parts_of(o for o in outcomes.values() if isinstance(o, ClaimResult))
    for item in discover.definitions():
        problem = definition_problem(item, parts)
        status: RowStatus = "unknown" if problem else "definition"
        name = f"{item.body.__module__.removeprefix('derivations.')}.{item.name}"
        for row_id in item.ids:
            settled[row_id] = RowVerdict(row_id, "", status, claim=name, method=problem)
    for row_id, reason in discover.not_checkable().items():
        settled[row_id] = RowVerdict(row_id, "", "not-checkable", method=reason)
    return tuple(_placed(row, settled.get(row.id)) for row in ledger.rows())


def _placed(row: ledger.Row, verdict: RowVerdict | None) -> RowVerdict:
    if verdict is None:
        return RowVerdict(row.id, row.source, "open")
    return RowVerdict(**{**asdict(verdict), "source": row.source})


def _of_claim(row_id: str, claim: Claim, outcome: Outcome) -> RowVerdict:
    name = f"{claim.topic}.{claim.name}"
    if isinstance(outcome, ClaimError):
        return RowVerdict(row_id, "", "unknown", claim=name, method=outcome.message)
    steps = [step for step in outcome.steps if row_id in step.row_ids] or list(outcome.steps)
    judged = [step for step in steps if step.kind != "correction"]
    worst = min(judged, key=lambda step: _WORST_FIRST.index(step.verdict.status))
    status: RowStatus = worst.verdict.status
    corrections = [step for step in steps if step.kind == "correction"]
    misprinted = any(step.kind == "misprint" for step in steps)
    if status == "proved" and claim.kind == "run":
        status = "run"
    return RowVerdict(
        row_id,
        "",
        status,
        erratum=misprinted and all(step.ok for step in steps),
        corrected="; ".join(step.latex for step in corrections if step.ok),
        claim=name,
        method="; ".join(dict.fromkeys(s.verdict.method for s in judged if s.verdict.method)),
        ms=round(sum(step.verdict.ms for step in steps), 3),
    )


Parts = Mapping[Any, set[Any]]


def parts_of(results: Iterable[ClaimResult]) -> Parts:
    """Every expression that stands somewhere in the judged lines, by its outermost function."""
    found: dict[Any, set[Any]] = {}
    seen: set[Any] = set()
    for result in results:
        queue = [side for step in result.steps for side in (step.lhs, step.rhs)]
        while queue:
            part = queue.pop()
            if part not in seen:
                seen.add(part)
                found.setdefault(part.func, set()).add(part)
                queue.extend(part.args)
    return found


def definition_problem(item: Definition, parts: Parts) -> str:
    """What is wrong with a definition; empty if its formula is proved and a claim uses it."""
    stated = item()
    notation, formula = stated if isinstance(stated, tuple) else (stated, stated)
    verdict = decide(notation, formula)
    if not verdict.proved:
        return f"the notation is not its formula: {verdict.sentence()}"
    if not any(_used(pattern, parts) for pattern in (notation, formula)):
        return "no claim uses this definition"
    return ""


def _used(pattern: Any, parts: Parts) -> bool:
    return any(_fits(pattern, part, {}) for part in parts.get(pattern.func, ()))


def _fits(pattern: Any, part: Any, bound: dict[Any, Any]) -> bool:
    """Whether an expression is the pattern with expressions in place of the pattern's symbols."""
    if pattern.is_Symbol:
        return bool(bound.setdefault(pattern, part) == part)
    if pattern.func != part.func or len(pattern.args) != len(part.args):
        return False
    if not pattern.args:
        return bool(pattern == part)
    commutes = isinstance(pattern, sp.Add | sp.Mul | sp.Max | sp.Min) and len(part.args) <= _SMALL
    for order in permutations(part.args) if commutes else (part.args,):
        trial = dict(bound)
        if all(_fits(a, b, trial) for a, b in zip(pattern.args, order, strict=True)):
            bound.update(trial)
            return True
    return False
