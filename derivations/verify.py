"""Judging a claim: each line against the line before it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from derivations import ledger
from derivations.claims import Claim, ClaimError
from derivations.kernel import Verdict, decide
from derivations.steps import Step, unit_of

_STEP_ID = re.compile(r"(.+)\.s\d+")
_RELATIONS = {"==": "=", "!=": "!=", "<=": "<=", ">=": ">=", "<": "<", ">": ">"}


@dataclass(frozen=True, slots=True, eq=False)
class StepResult:
    """One judged line.

    Attributes:
        kind: the kind of line; `correction` for the line after a misprint.
        lhs: the line before it.
        rhs: the line itself.
        relation: how the line is claimed to stand to the one before.
        verdict: what the kernel says of it.
        note: the reason printed beside it; for a misprint what went wrong.
        file: the file of the claim.
        line: the line of its `yield`.
        row_ids: the rows of the ledger that rest on it; its own row first.
        problem: what is wrong with the claim here; empty if nothing is.
        printed: for a rounded value, the decimal as printed.
        given: the relations that hold along its chain.
    """

    kind: str
    lhs: Any
    rhs: Any
    relation: str
    verdict: Verdict
    note: str
    file: str
    line: int
    row_ids: tuple[str, ...] = ()
    problem: str = ""
    printed: str = ""
    given: tuple[Any, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the line is as the claim states it."""
        return not self.problem

    @property
    def row_id(self) -> str:
        """The row that prints the line; empty for a line of our own."""
        return self.row_ids[0] if self.row_ids and self.kind != "via" else ""

    @property
    def latex(self) -> str:
        """The judged statement in LaTeX: left side, relation, right side."""
        if self.kind == "implies":
            return str(sp.latex(self.rhs))
        relation = {"<=": r"\le", ">=": r"\ge", "≈": r"\approx"}.get(self.relation, self.relation)
        return f"{sp.latex(self.lhs)} {relation} {self.printed or sp.latex(self.rhs)}"


@dataclass(frozen=True, slots=True, eq=False)
class ClaimResult:
    """A claim with all its lines judged; `ms` is the time taken in milliseconds."""

    claim: Claim
    steps: tuple[StepResult, ...]
    ok: bool
    ms: float

    @property
    def failures(self) -> tuple[StepResult, ...]:
        """The lines that are not as the claim states them."""
        return tuple(step for step in self.steps if not step.ok)


Judge = Callable[..., Verdict]


def verify(claim: Claim, judge: Judge = decide) -> ClaimResult:
    """Judges every line of the claim.

    Args:
        claim: the claim.
        judge: what answers the questions, in their order: the kernel, or the verdicts that it
            gave when it was asked before.

    Raises:
        ClaimError: the claim is put wrongly, so that there is nothing to judge: an unknown id,
            lines that do not match the printed ones, a misprint without its correction.
    """
    started = time.perf_counter()
    for row_id in claim.ids:
        if not ledger.known(row_id):
            raise ClaimError(f"the ledger has no row {row_id}", claim.file, claim.line)
    chain = _Chain(claim, judge)
    for step, line in _lines(claim):
        chain.take(step, line)
    steps = _with_rows(claim, chain.finished())
    milliseconds = (time.perf_counter() - started) * 1000
    return ClaimResult(claim, steps, all(step.ok for step in steps), milliseconds)


def _lines(claim: Claim) -> Iterator[tuple[Step, int]]:
    """The yielded steps, each with the line of its `yield`."""
    body: Any = claim.body()
    if not hasattr(body, "gi_frame"):
        raise ClaimError(f"{claim.name} yields no lines", claim.file, claim.line)
    line = claim.line
    while True:
        try:
            step = next(body)
        except StopIteration:
            return
        except Exception as error:
            last = error.__traceback__
            while last is not None and last.tb_frame.f_code is not claim.body.__code__:
                last = last.tb_next
            raised_at = last.tb_lineno if last is not None else line
            raise ClaimError(f"{type(error).__name__}: {error}", claim.file, raised_at) from error
        line = body.gi_frame.f_lineno
        if not isinstance(step, Step):
            raise ClaimError(f"yield a line: start, eq, ...; got {step!r}", claim.file, line)
        yield step, line


class _Chain:
    """The lines judged so far, and the line that the next one is judged against."""

    def __init__(self, claim: Claim, judge: Judge) -> None:
        self.claim = claim
        self.judge = judge
        self.results: list[StepResult] = []
        self.before: Any = None
        self.premise: Any = None
        self.given: tuple[Any, ...] = ()
        self.misprint: Step | None = None
        self.started_at, self.judged_at_start = claim.line, 0
        self.line = claim.line

    def take(self, step: Step, line: int) -> None:
        self.line = line
        if step.kind == "start":
            self._end()
            self.before, self.given, self.started_at = step.expression, step.given, line
            self.premise = step.expression if step.expression.is_Relational else None
            self.judged_at_start = len(self.results)
            return
        if self.before is None:
            raise self._error(f"a chain begins with start(...), not with {step.kind}")
        if step.kind == "misprint" and self.misprint is not None:
            raise self._error("a misprint must be followed by its correction, not by another one")
        self._judge(step)

    def finished(self) -> tuple[StepResult, ...]:
        self._end()
        if not self.results:
            raise self._error("the claim has no printed line")
        return tuple(self.results)

    def _end(self) -> None:
        if self.misprint is not None:
            raise self._error("a misprint must be followed by its correction, which must be proved")
        if self.before is not None and len(self.results) == self.judged_at_start:
            self.line = self.started_at
            raise self._error("nothing follows this start")

    def _judge(self, step: Step) -> None:
        line = step.misprinted or step
        lhs, rhs, relation, verdict = self._decided(line)
        correction = self.misprint is not None and step.kind != "via"
        kind = "correction" if correction else step.kind
        self.results.append(
            StepResult(
                kind,
                lhs,
                rhs,
                relation,
                verdict,
                step.note,
                self.claim.file,
                self.line,
                problem=_problem(kind, step, verdict),
                printed=line.printed,
                given=self.given,
            )
        )
        if step.kind == "misprint":
            self.misprint = step
            return
        follows = line
        if correction and self.misprint is not None:
            if self.misprint.then == "printed" and self.misprint.misprinted is not None:
                follows = self.misprint.misprinted
            self.misprint = None
        self._move(follows)

    def _move(self, line: Step) -> None:
        if line.kind == "rounds":
            return
        if line.kind == "implies":
            self.before = self.premise = line.expression
            return
        self.premise = _relational(self.before, line.relation, line.expression)
        self.before = line.expression

    def _decided(self, line: Step) -> tuple[Any, Any, str, Verdict]:
        if line.kind == "implies":
            return self._implied(line)
        if self.before.is_Relational:
            raise self._error("the line before is a relation: go on with implies(...)")
        if not isinstance(line.expression, sp.Expr):
            raise self._error(f"{line.kind} takes an expression; got {line.expression}")
        if line.kind == "rounds":
            half = unit_of(line.printed) / 2
            verdict = _both(
                self.judge(self.before, line.expression - half, ">=", self.given),
                self.judge(self.before, line.expression + half, "<=", self.given),
            )
        else:
            verdict = self.judge(self.before, line.expression, line.relation, self.given)
        return self.before, line.expression, line.relation, verdict

    def _implied(self, line: Step) -> tuple[Any, Any, str, Verdict]:
        conclusion, premise = line.expression, self.premise
        if not getattr(conclusion, "is_Relational", False):
            raise self._error("implies takes a relation that SymPy leaves unevaluated")
        if premise is None:
            raise self._error("there is no relation before this line for it to follow from")
        relation = _RELATIONS[conclusion.rel_op]
        if line.by is None:
            verdict = self.judge(conclusion.lhs, conclusion.rhs, relation, (*self.given, premise))
            return premise, conclusion, "⇒", verdict
        if relation != _RELATIONS[premise.rel_op]:
            raise self._error("with by=, premise and conclusion must be relations of one kind")
        scaled = line.by * (premise.lhs - premise.rhs)
        verdict = self.judge(conclusion.lhs - conclusion.rhs, scaled, "=", self.given)
        if relation != "=":
            sign = {"<": ">", ">": ">", "!=": "!="}.get(relation, ">=")
            verdict = _both(verdict, self.judge(line.by, sp.S.Zero, sign, self.given))
        return premise, conclusion, "⇒", verdict

    def _error(self, message: str) -> ClaimError:
        return ClaimError(message, self.claim.file, self.line)


def _relational(lhs: Any, relation: str, rhs: Any) -> Any:
    return sp.Rel(lhs, rhs, {"=": "=="}.get(relation, relation), evaluate=False)


def _both(first: Verdict, second: Verdict) -> Verdict:
    """The verdict of a statement that holds when both parts do."""
    order = ("refuted", "unknown", "supported", "proved")
    worse = min((first, second), key=lambda verdict: order.index(verdict.status))
    conditions = tuple(dict.fromkeys((*first.conditions, *second.conditions)))
    return replace(worse, conditions=conditions, ms=first.ms + second.ms)


def _problem(kind: str, step: Step, verdict: Verdict) -> str:
    """What is wrong with the claim at this line, in words."""
    if kind == "misprint":
        if verdict.refuted:
            return ""
        return (
            "this misprint is true: " if verdict.proved else "this misprint is not refuted: "
        ) + verdict.sentence()
    if step.supported and verdict.supported:
        return ""
    if step.supported and verdict.proved:
        return f"this line is {verdict.sentence()}: supported= is no longer needed"
    if verdict.proved:
        return ""
    name = {"via": "line of our own", "correction": "correction"}.get(kind, "printed line")
    said = f"this {name} is false: " if verdict.refuted else f"this {name} has no proof: "
    return said + verdict.sentence()


def _with_rows(claim: Claim, results: tuple[StepResult, ...]) -> tuple[StepResult, ...]:
    """Each result with the rows that rest on it: printed lines to `.s` rows, one to one."""
    printed = [r for r in results if r.kind not in ("via", "correction")]
    chains = {i: [s.id for s in ledger.steps_of(i)] for i in claim.ids if claim.chain}
    chains = {parent: rows for parent, rows in chains.items() if rows}
    listed: dict[str, list[str]] = {}
    for row_id in claim.ids:
        if match := _STEP_ID.fullmatch(row_id):
            listed.setdefault(match[1], []).append(row_id)
    chains |= {parent: rows for parent, rows in listed.items() if len(rows) > 1}
    for parent, rows in chains.items():
        if len(rows) != len(printed):
            raise ClaimError(
                f"{parent} has {len(rows)} printed lines ({rows[0]} to {rows[-1]}), "
                f"this claim has {len(printed)}",
                claim.file,
                claim.line,
            )
    single = {row_id for rows in chains.values() for row_id in rows}
    whole = tuple(row_id for row_id in claim.ids if row_id not in single)
    found, number = [], -1
    for result in results:
        number += result in printed
        own = [] if result.kind == "via" else [rows[number] for rows in chains.values()]
        found.append(replace(result, row_ids=(*own, *whole)))
    return tuple(found)
