"""A derivation: each line against the line before, and the end in the asked form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from derivations import ParseError, parse_chain, parse_equations
from derivations.parse import Line
from grader.kinds.forms import identical
from grader.kinds.judging import Equalities, Equations, Judge, Judged
from grader.kinds.text import first_line, names_of, unreadable, why_unread, written
from grader.kinds.working import Fall, Working
from grader.outcome import Finding, Judgement, LineOutcome, MarkedLine, Severity, wrong
from grader.student import Student, clean

SECONDS = 5.0
MAX_LINES = 60
LOOK_BACK = 3
SOUND = ("=", "<=>", "=>")
_EXAMPLES = {False: '"""D(x**2, x)\\n= 2*x"""', True: '"""2*x - 4 = 0\\n<=> x = 2"""'}


def mark(part: Any, variant: Mapping[str, Any], student: Student) -> Judgement:
    """Points for the end and for the steps, as the part's `Credit` shares them out."""
    answer, asked = part.answer, part.reference(variant)
    text = written(answer.name, student, _EXAMPLES[asked.equations])
    if isinstance(text, Judgement):
        return text
    names = names_of(answer.symbols)
    read = parse_equations if asked.equations else parse_chain
    unread: ParseError | None = None
    try:
        lines = read(text, names, first_line(text), answer.given)
    except ParseError as error:
        lines, unread = error.before, error
    if not lines and unread is not None:
        return unreadable(answer.name, unread, text, line=unread.line)
    if len(lines) > MAX_LINES:
        return wrong(f"{answer.name} has {len(lines)} lines; at most {MAX_LINES} are read")
    judge: Judge
    if asked.equations:
        judge = Equations(answer.given, SECONDS, answer.credit.one_way)
    else:
        judge = Equalities(answer.given, SECONDS)
    return _Marking(part, asked, read(asked.text, names), judge).judged(
        lines, None if unread is None else why_unread(unread, text)
    )


class _Marking:
    def __init__(self, part: Any, asked: Any, model: Sequence[Line], judge: Judge) -> None:
        self.points, self.credit = part.points, part.answer.credit
        self.start, self.end = model[0], model[-1].expression
        self.asked = asked
        self.judge = judge
        self.working = Working(model, self.credit)
        self.findings: list[Finding] = []
        self.lines: list[MarkedLine] = []
        self.read: Sequence[Line] = ()

    def judged(self, lines: Sequence[Line], unread: tuple[Severity, str] | None) -> Judgement:
        """The points, and what was found line by line."""
        self.read = lines
        if self._begins(lines[0]):
            self.working.take(lines[0], 1)
            worked_on = True
        else:
            # A start that was copied with a slip costs one step; the work from there is marked.
            worked_on = bool(self.findings[-1].diagnosis)
            self.working.begin_wrong(lines[0].expression)
        self._keep(lines[0], 1)
        for number, (before, line) in enumerate(pairwise(lines), start=2):
            self.working.take(line, number, self._fall(before, line, number))
            self._keep(line, number)
        answered = unread is None and self._ends(lines[-1], len(lines))
        self.working.finish()
        if self.working.made < self.working.least:  # else nothing was lost by it
            self._say_idle()
        points = self.points * self.credit.answer * answered
        if unread is not None:
            self.working.lose()
            severity, reason = unread
            said = f"line {len(lines) + 1} cannot be read, nor what follows: {reason}"
            self._say(severity, said, line=len(lines) + 1)
        if worked_on:
            points += self.points * self.credit.working * self.working.share(answered=answered == 1)
        if worked_on and answered == 1 and (said := self.working.missing()):
            self._say("wrong", said)
        return Judgement(
            *self._outcome(self.credit.rounded(points)), tuple(self.findings), tuple(self.lines)
        )

    def _say_idle(self) -> None:
        """Name the lines that lead nowhere, each in its place among the findings."""
        for number in self.working.idle:
            said = (
                f"line {number} leads no further: it is another line with something put on that "
                "changes nothing or is never used, such as a term that is 0, a factor that is 1 or "
                "another name; it is not counted as a step"
            )
            text = clean(self.read[number - 1].text)
            self.findings.append(Finding("note", said, line=number, text=text))
        self.findings.sort(key=lambda finding: finding.line or 0)

    def _fall(self, before: Line, line: Line, number: int) -> Fall | None:
        """What is wrong with a line, if anything is."""
        same = identical(before.expression, line.expression)
        ask = self.judge.unchanged if same and line.relation in SOUND else self.judge.follows
        judged = ask(before, line, number)
        if any(finding.severity == "wrong" and finding.witness for finding in judged.findings):
            return self._wrong(line, judged)
        self.findings += judged.findings
        return Fall(judged.cost) if judged.cost else None

    def _wrong(self, line: Line, judged: Judged) -> Fall:
        """What a line costs that does not follow from the line before.

        One that goes on from an earlier line, past a slip that was recognised, costs nothing: the
        slip was copied into one line only, and has cost its step there. It gets no diagnosis, for
        that would be how to spoil it.
        """
        number = self._goes_on_from(line)
        if not number:
            self.findings += judged.findings
            return Fall(judged.cost, any(f.diagnosis for f in judged.findings))
        between = [f for f in self.findings if f.severity == "wrong" and (f.line or 0) > number]
        forgiven = bool(between) and all(self._is_slip(f) for f in between)
        end = f"so only line {between[0].line} is to be mended" if forgiven else "look between"
        self.findings += [
            replace(
                f, message=f"{f.message}; it says the same as line {number}: {end}", diagnosis=""
            )
            for f in judged.findings
        ]
        return Fall(0.0 if forgiven else judged.cost, returns=True)

    def _is_slip(self, found: Finding) -> bool:
        """Whether what was found wrong is a slip that can be told apart from nonsense."""
        if found.diagnosis or not found.line or found.line < 2:
            return bool(found.diagnosis)
        before, line = self.read[found.line - 2 : found.line]
        return self.working.is_slip(line.expression, before.expression)

    def _goes_on_from(self, line: Line) -> int:
        """The number of the earlier line that a line equals, not the one before it; or 0."""
        last = len(self.lines) - 1
        for number in range(last, max(0, last - LOOK_BACK), -1):
            if self.judge.same(self.read[number - 1].expression, line.expression).proved:
                return number
        return 0

    def _keep(self, line: Line, number: int) -> None:
        """Keep the line for the report, with the worst that was found on it."""
        found = {finding.severity for finding in self.findings if finding.line == number}
        outcome: LineOutcome = "wrong" if "wrong" in found else "right"
        if outcome == "right" and "not-checked" in found:
            outcome = "not-checked"
        self.lines.append(MarkedLine(number, line.relation, clean(line.text), outcome))

    def _say(self, severity: Severity, message: str, **details: Any) -> None:
        self.findings.append(Finding(severity, message, **details))

    def _outcome(self, points: float) -> tuple[float, Any]:
        if points >= self.points and not any(f.severity == "wrong" for f in self.findings):
            return points, "right"
        if points > 0:
            return points, "partial"
        undecided = all(f.severity != "wrong" for f in self.findings)
        return 0.0, "not-checked" if undecided else "wrong"

    def _begins(self, line: Line) -> bool:
        if identical(self.start.expression, line.expression):
            return True
        verdict = self.judge.same(self.start.expression, line.expression)
        if verdict.proved or verdict.supported:
            return True
        details: dict[str, Any] = {
            "line": 1,
            "text": clean(line.text),
            "verdict": verdict.as_dict(),
        }
        if verdict.unknown:
            said = f"line 1 was not checked against the start: {verdict.sentence()}"
            self._say("not-checked", said, **details)
            return False
        slip = self.judge.slip(line.expression, self.start.expression)
        marked = "the work is marked from there" if slip else "the work was not marked"
        said = (
            f"line 1 is not where the derivation must start, {self.asked.start.strip()}; {marked}"
        )
        witness = self.judge.apart(verdict, "the start", "line 1")
        self._say("wrong", said, witness=witness, diagnosis=slip, **details)
        return False

    def _ends(self, line: Line, number: int) -> float:
        """The share of the answer's points that the end earns."""
        details: dict[str, Any] = {"line": number, "text": clean(line.text)}
        if self.working.is_end(line.expression):
            return 1.0
        verdict = self.judge.same(self.end, line.expression)
        asked = self.asked.end.strip()
        if verdict.proved or verdict.supported:
            said = f"the end equals what was asked, but is not written as {asked}"
            self._say("wrong", said, **details)
            return float(self.credit.other_form)
        if verdict.unknown:
            said = f"the end was not checked against {asked}: {verdict.sentence()}"
            self._say("not-checked", said, **details)
        elif all(f.severity != "wrong" for f in self.findings):
            said = f"the derivation must end at {asked}"
            witness = self.judge.apart(verdict, "that", f"line {number}")
            self._say("wrong", said, witness=witness, **details)
        else:
            self._say("note", f"so the end is not {asked} either", **details)
        return 0.0
