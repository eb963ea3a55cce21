"""A derivation: each line against the line before, and the end in the asked form."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sympy as sp

from derivations import ParseError, decide, diagnose, parse_chain, parse_expression
from grader.kinds.text import credit, in_words, names_of, written
from grader.outcome import Finding, Judgement, wrong
from grader.student import Student, clean

ANSWER_SHARE = 0.25
SECONDS = 5.0
MAX_LINES = 60


def mark(part: Any, variant: Mapping[str, Any], student: Student) -> Judgement:
    """A quarter of the points for the end; the rest for the steps, less one share a slip."""
    name = part.answer.name
    text = written(name, student, '"""D(x**2, x)\\n= 2*x"""')
    if isinstance(text, Judgement):
        return text
    names = names_of(part.answer.symbols)
    unread: ParseError | None = None
    try:
        lines = parse_chain(text, names)
    except ParseError as error:
        lines, unread = error.before, error
    if not lines and unread is not None:
        return wrong(f"{name} cannot be read: {unread.pointed()}", line=unread.line)
    if len(lines) > MAX_LINES:
        return wrong(f"{name} has {len(lines)} lines; at most {MAX_LINES} are read")
    asked = part.reference(variant).lines
    start, end = (parse_expression(asked[i].lstrip("= "), names) for i in (0, -1))
    return _Marking(part.points, start, end, len(asked) - 1, asked).judged(lines, unread)


class _Marking:
    def __init__(
        self, points: float, start: Any, end: Any, steps: int, asked: Sequence[str]
    ) -> None:
        self.points, self.start, self.end, self.steps = points, start, end, steps
        self.asked = asked
        self.findings: list[Finding] = []
        self.until = time.perf_counter() + SECONDS

    def judged(self, lines: Sequence[Any], unread: ParseError | None) -> Judgement:
        begins = self._begins(lines[0])
        copied = begins or bool(self.findings and self.findings[-1].diagnosis)
        # A start that was copied with a slip costs one step; the work from there is marked.
        counted = lost = int(copied and not begins)
        jumped = False
        for number, (before, line) in enumerate(self._steps(lines, begins), start=1):
            if line.relation in ("", "=") and _same(before, line.expression):
                continue
            counted += 1
            lost += number > 1 and not self._follows(before, line, number)
            if _same(line.expression, self.end):
                # What comes after the end was reached cannot stand for the working before it.
                jumped = jumped or (counted == 1 and self.steps > 1)
        answer = unread is None and self._ends(lines[-1], len(lines))
        if unread is not None:
            counted, lost = counted + 1, lost + 1
            said = f"line {len(lines) + 1} cannot be read, nor what follows: {unread.pointed()}"
            self.findings.append(Finding("wrong", said, line=len(lines) + 1))
        points = self.points * ANSWER_SHARE if answer else 0.0
        if begins and jumped and not lost:
            said = "the working is missing: this goes from the start to the answer in one step"
            self.findings.append(Finding("wrong", said))
        elif copied and counted:
            share = max(0.0, 1 - lost / min(counted, max(1, self.steps)))
            # Sound steps that lead nowhere are half of a derivation at most.
            share = share if answer or lost else share / 2
            points += self.points * (1 - ANSWER_SHARE) * share
        return Judgement(*self._outcome(credit(points)), tuple(self.findings))

    def _steps(self, lines: Sequence[Any], begins: bool) -> Iterator[tuple[Any, Any]]:
        """Each line with the expression before it; the given start stands before the first."""
        before = self.start if begins else lines[0].expression
        for line in lines:
            yield before, line
            before = line.expression

    def _outcome(self, points: float) -> tuple[float, Any]:
        if points >= self.points and not any(f.severity == "wrong" for f in self.findings):
            return points, "right"
        if points > 0:
            return points, "partial"
        undecided = all(f.severity != "wrong" for f in self.findings)
        return 0.0, "not-checked" if undecided else "wrong"

    def _begins(self, line: Any) -> bool:
        verdict = self._decide(self.start, line.expression)
        if verdict.proved or verdict.supported:
            return True
        details: dict[str, Any] = {
            "line": 1,
            "text": clean(line.text),
            "verdict": verdict.as_dict(),
        }
        if verdict.unknown:
            said = f"line 1 was not checked against the start: {verdict.sentence()}"
            self.findings.append(Finding("not-checked", said, **details))
        else:
            slip = diagnose(line.expression, self.start)
            marked = "the work is marked from there" if slip else "the work was not marked"
            said = (
                f"line 1 is not where the derivation must start, {self.asked[0].strip()}; {marked}"
            )
            witness = in_words(verdict, "the start", "line 1")
            finding = Finding("wrong", said, witness=witness, diagnosis=slip, **details)
            self.findings.append(finding)
        return False

    def _follows(self, before: Any, line: Any, number: int) -> bool:
        details: dict[str, Any] = {"line": number, "text": clean(line.text)}
        if line.relation != "=":
            said = f"line {number} must follow with =; it is written with {line.relation}"
            self.findings.append(Finding("wrong", said, **details))
            return False
        verdict = self._decide(before, line.expression)
        details["verdict"] = verdict.as_dict()
        if verdict.proved:
            if verdict.conditions:
                said = f"line {number} holds where {' and '.join(verdict.conditions)}"
                self.findings.append(Finding("note", said, **details))
            return True
        if verdict.supported:
            said = (
                f"line {number} is accepted, and flagged for a person to look at: "
                f"{verdict.sentence()}"
            )
            self.findings.append(Finding("note", said, **details))
            return True
        if verdict.unknown:
            said = f"line {number} was not checked: {verdict.sentence()}"
            self.findings.append(Finding("not-checked", said, **details))
            return False
        first = all(f.severity != "wrong" for f in self.findings)
        said = f"line {number} does not equal line {number - 1}"
        slip = diagnose(line.expression, before) if first else ""
        witness = in_words(verdict, f"line {number - 1}", f"line {number}")
        finding = Finding("wrong", said, witness=witness, diagnosis=slip, **details)
        self.findings.append(finding)
        return False

    def _ends(self, line: Any, number: int) -> bool:
        details: dict[str, Any] = {"line": number, "text": clean(line.text)}
        if _same(line.expression, self.end):
            return True
        verdict = self._decide(self.end, line.expression)
        asked = self.asked[-1].lstrip("= ").strip()
        if verdict.proved or verdict.supported:
            said = f"the end equals what was asked, but is not written as {asked}"
            self.findings.append(Finding("wrong", said, **details))
        elif verdict.unknown:
            said = f"the end was not checked against {asked}: {verdict.sentence()}"
            self.findings.append(Finding("not-checked", said, **details))
        elif all(f.severity != "wrong" for f in self.findings):
            said = f"the derivation must end at {asked}"
            witness = in_words(verdict, "that", f"line {number}")
            self.findings.append(Finding("wrong", said, witness=witness, **details))
        else:
            said = f"so the end is not {asked} either"
            self.findings.append(Finding("note", said, **details))
        return False

    def _decide(self, lhs: Any, rhs: Any) -> Any:
        left = self.until - time.perf_counter()
        return decide(lhs, rhs, budget=max(0.01, min(1.0, left)))


def _same(a: Any, b: Any) -> bool:
    """The same form up to the order of terms and products multiplied out."""
    if a == b:
        return True
    if a.has(sp.Derivative) or b.has(sp.Derivative):
        return False
    shallow = all(sp.count_ops(side) <= 40 for side in (a, b))
    powers = [p.exp for side in (a, b) for p in side.atoms(sp.Pow)]
    if not shallow or any(e.is_Integer and abs(e) > 8 for e in powers):
        return False
    return bool(_multiplied_out(a) == _multiplied_out(b))


def _multiplied_out(expression: Any) -> Any:
    return sp.expand(
        expression, power_exp=False, power_base=False, log=False, complex=False, func=False
    )
