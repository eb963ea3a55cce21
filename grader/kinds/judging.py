"""Whether one line of a derivation follows from the line before it.

Lines are expressions joined by =, or equations joined by <=> and =>. Each sort has one class with
the same two questions: are two lines the same claim, and does a line follow from another.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from derivations import Verdict, compare, decide, diagnose, follows
from derivations.kernel.rungs import carried_out
from derivations.parse import Line
from derivations.typed import typed
from grader.kinds.domains import lost_point
from grader.kinds.forms import alike, in_time
from grader.kinds.text import in_words
from grader.outcome import Finding
from grader.student import clean

LINE_SECONDS = 1.0
DIAGNOSIS_SECONDS = 0.05
ASIDE_SECONDS = 0.1  # for what is said besides the verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """What one line costs, and what is said about it.

    Attributes:
        cost: of a step: 0 for a line that follows, 1 for one that does not.
        findings: why, and what else is to be said.
    """

    cost: float
    findings: tuple[Finding, ...] = ()


class Judge(Protocol):
    """Judges the lines of one derivation."""

    def same(self, a: Any, b: Any) -> Verdict:
        """Whether two lines say the same: equal expressions, equivalent equations."""

    def apart(self, verdict: Verdict, a: str, b: str) -> str:
        """The witness of two lines that are not the same, in words."""

    def slip(self, wrong: Any, right: Any) -> str:
        """The slip that turned the right line into the wrong one, or nothing."""

    def follows(self, before: Line, line: Line, number: int) -> Judged:
        """Whether a line follows from the line before it."""

    def unchanged(self, before: Line, line: Line, number: int) -> Judged:
        """A line that says what the line before says, and may yet have lost a point."""


class _Timed:
    """What both judges have in common: relations that hold throughout, and a clock."""

    def __init__(self, given: Sequence[Any], seconds: float) -> None:
        self.given = tuple(given)
        self._until = time.thread_time() + seconds
        self._said: set[str] = set()  # the conditions that were named

    @property
    def budget(self) -> float:
        """The seconds for the next question."""
        return max(0.01, min(LINE_SECONDS, self._until - time.thread_time()))

    def diagnosis(self, wrong: Any, right: Any) -> str:
        """The slip that turned one expression into another, or nothing."""
        budget = min(DIAGNOSIS_SECONDS, self.budget)
        return str(diagnose(wrong, right, self.given, budget=budget))

    def unchanged(self, before: Line, line: Line, number: int) -> Judged:
        """A line that says what the line before says, and may yet have lost a point."""
        details: dict[str, Any] = {"line": number, "text": clean(line.text)}
        return self.sound(before, line, number, Verdict("proved", "the same form"), details)

    def sound(
        self, before: Line, line: Line, number: int, verdict: Verdict, details: dict[str, Any]
    ) -> Judged:
        """A line that was proved, with a note on where it holds."""
        point = in_time(ASIDE_SECONDS, lost_point, before, line, self.given) or ""
        if point:
            said = f"line {number} is not defined at {point}; line {number - 1} is"
        elif new := [c for c in verdict.conditions if c not in self._said]:
            self._said.update(new)
            said = f"line {number} holds where {' and '.join(new)}"
        else:
            return Judged(0.0)
        return Judged(0.0, (Finding("note", said, **details),))


class Equalities(_Timed):
    """Expressions, each equal to the one before."""

    def same(self, a: Any, b: Any) -> Verdict:
        """Whether two expressions are equal."""
        return decide(a, b, given=self.given, budget=self.budget)

    def apart(self, verdict: Verdict, a: str, b: str) -> str:
        """A point, and both values there."""
        return in_words(verdict, a, b)

    def slip(self, wrong: Any, right: Any) -> str:
        """The slip in words, or nothing."""
        return self.diagnosis(wrong, right)

    def follows(self, before: Line, line: Line, number: int) -> Judged:
        """Whether it is equal to the line before, and written so."""
        details: dict[str, Any] = {"line": number, "text": clean(line.text)}
        if line.relation != "=":
            said = f"line {number} must follow with =; it is written with {line.relation}"
            return Judged(1.0, (Finding("wrong", said, **details),))
        verdict = self.same(before.expression, line.expression)
        details["verdict"] = verdict.as_dict()
        if verdict.proved:
            return self.sound(before, line, number, verdict, details)
        if verdict.supported:
            said = (
                f"line {number} is accepted, and flagged for a person to look at: "
                f"{verdict.sentence()}"
            )
            return Judged(0.0, (Finding("note", said, **details),))
        if verdict.unknown:
            return Judged(1.0, (_unchecked(number, verdict, details),))
        said = f"line {number} does not equal line {number - 1}"
        details["diagnosis"] = self.slip(line.expression, before.expression)
        details["witness"] = self.apart(verdict, f"line {number - 1}", f"line {number}")
        return Judged(1.0, (Finding("wrong", said, **details),))


class Equations(_Timed):
    """Equations, each equivalent to the one before or following from it.

    Args:
        one_way: what <=> costs, of a step, where only => holds.
    """

    def __init__(self, given: Sequence[Any], seconds: float, one_way: float) -> None:
        super().__init__(given, seconds)
        self.one_way = one_way

    def same(self, a: Any, b: Any) -> Verdict:
        """Whether two equations have the same solutions."""
        forward, backward = self._both_ways(a, b)
        if forward.proved and backward.proved:
            return replace(forward, conditions=_joined(forward, backward))
        return next((v for v in (forward, backward) if v.refuted), _open(forward, backward))

    def apart(self, verdict: Verdict, a: str, b: str) -> str:
        """A solution of one of the two that is none of the other."""
        return f"{a} and {b} do not have the same solutions: {_place(verdict)} solves one only"

    def slip(self, wrong: Any, right: Any) -> str:
        """The slip on one side while the other stays, or in the difference of the sides."""
        if wrong.lhs == right.lhs:
            return self.diagnosis(wrong.rhs, right.rhs)
        if wrong.rhs == right.rhs:
            return self.diagnosis(wrong.lhs, right.lhs)
        return self.diagnosis(wrong.lhs - wrong.rhs, right.lhs - right.rhs)

    def follows(self, before: Line, line: Line, number: int) -> Judged:
        """Whether the arrow before the line is right."""
        details: dict[str, Any] = {"line": number, "text": clean(line.text)}
        if line.relation == "=>":
            return self._one_way(before, line, number, details)
        forward, backward = self._both_ways(before.expression, line.expression)
        if forward.proved and backward.proved:
            details["verdict"] = forward.as_dict()
            conditions = replace(forward, conditions=_joined(forward, backward))
            return self.sound(before, line, number, conditions, details)
        if forward.refuted:
            return self._lost(before, line, number, forward, details)
        details["verdict"] = backward.as_dict()
        if backward.refuted:
            where = _place(backward)
            details["witness"] = f"at {where} line {number} holds, line {number - 1} does not"
            if forward.proved:
                said = f"line {number} follows from line {number - 1}, but not the other way round"
                said += f": {where} is gained as a solution; write => and sort it out at the end"
                return Judged(self.one_way, (Finding("wrong", said, **details),))
            said = f"line {number} is not equivalent to line {number - 1}"
            details["diagnosis"] = self.slip(line.expression, before.expression)
            return Judged(1.0, (Finding("wrong", said, **details),))
        verdict = _open(forward, backward)
        details["verdict"] = verdict.as_dict()
        return Judged(1.0, (_unchecked(number, verdict, details),))

    def _one_way(self, before: Line, line: Line, number: int, details: dict[str, Any]) -> Judged:
        sides = (_worked(before.expression), _worked(line.expression))
        verdict = follows(*sides, self.given, budget=self.budget)
        details["verdict"] = verdict.as_dict()
        if verdict.proved:
            return self.sound(before, line, number, verdict, details)
        if verdict.refuted:
            return self._lost(before, line, number, verdict, details)
        return Judged(1.0, (_unchecked(number, verdict, details),))

    def _lost(
        self, before: Line, line: Line, number: int, verdict: Verdict, details: dict[str, Any]
    ) -> Judged:
        where = _place(verdict)
        details["verdict"] = verdict.as_dict()
        details["witness"] = f"at {where} line {number - 1} holds, line {number} does not"
        details["diagnosis"] = self.slip(line.expression, before.expression)
        said = f"line {number} does not follow from line {number - 1}"
        if divided := in_time(ASIDE_SECONDS, _divisor, before.expression, line.expression):
            said += f": dividing by {divided} loses the solution {where}"
        return Judged(1.0, (Finding("wrong", said, **details),))

    def _both_ways(self, a: Any, b: Any) -> tuple[Verdict, Verdict]:
        if alike(a, b):
            verdict = Verdict("proved", "the same equation")
            return verdict, verdict
        step = compare(_worked(a), _worked(b), self.given, budget=self.budget)
        return step.forward, step.backward


def _worked(equation: Any) -> Any:
    """The equation with its derivatives taken."""
    return equation.func(*(carried_out(side) for side in equation.args), evaluate=False)


def _joined(*verdicts: Verdict) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c for verdict in verdicts for c in verdict.conditions))


def _open(*verdicts: Verdict) -> Verdict:
    return next((v for v in verdicts if not (v.proved or v.refuted)), verdicts[0])


def _place(verdict: Verdict) -> str:
    witness = verdict.witness
    return ", ".join(f"{name} = {value}" for name, value in witness.point) if witness else ""


def _divisor(before: Any, line: Any) -> str:
    """By what one equation was divided to give the other, when that is a polynomial."""
    import sympy as sp

    first, second = (sp.together(e.lhs - e.rhs) for e in (before, line))
    if second == 0 or first.has(sp.Derivative, sp.Sum, sp.Integral):
        return ""
    quotient = sp.cancel(first / second)
    whole = quotient.is_polynomial(*quotient.free_symbols) and quotient.free_symbols
    return typed(quotient) if whole else ""


def _unchecked(number: int, verdict: Verdict, details: dict[str, Any]) -> Finding:
    said = f"line {number} was not checked: {verdict.sentence()}"
    return Finding("not-checked", said, **details)
