"""An erratum: a third of the points for finding the wrong line, the rest for mending it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from derivations import ParseError, decide, parse_expression
from grader.kinds.text import credit, first_line, in_words, shown, unreadable, why_unread, written
from grader.outcome import Finding, Judgement, wrong
from grader.student import Student

FOUND_SHARE = 1 / 3
_ANSWER = re.compile(
    r"[\s*]*(?P<around>\$*)(?:line\s+)?[\s*]*(?P<line>[0-9]{1,3})[\s*]*(?P<closed>\$*)[\s*]*[:.)]"
    r"[\s*]*(?P<opens>\$*|\\\[|\\\()\s*=?"
    r"(?P<right>.*)",
    re.I | re.S,
)


def mark(part: Any, variant: Mapping[str, Any], student: Student) -> Judgement:
    """Points for the number of the line, and for what it should be."""
    name = part.answer.name
    text = written(name, student, '"2: x + 1"')
    if isinstance(text, Judgement):
        return text
    match = _ANSWER.fullmatch(text)
    if match is None:
        said = f'{name} must be the line\'s number, a colon and what it should be, as in "2: x + 1"'
        return unreadable(name, ParseError(said, first_line(text)), text)
    fault = part.reference(variant)
    if int(match["line"]) != fault.wrong:
        return wrong(_sound(int(match["line"]), fault), text=shown(text))
    found = credit(part.points * FOUND_SHARE)
    try:
        given = parse_expression(_mended(match), part.answer.names, first_line(text))
    except ParseError as error:
        severity, reason = why_unread(error, text)
        said = f"the right line, but the mended one cannot be read: {reason}"
        return Judgement(found, "partial", (Finding(severity, said, text=shown(text)),))
    right = parse_expression(fault.right, part.answer.names)
    before = [parse_expression(text, part.answer.names) for text in fault.lines[: fault.wrong - 1]]
    if given in before and given != right:
        copied = "the line before it" if given == before[-1] else f"line {before.index(given) + 1}"
        said = f"the right line, but what you wrote is {copied}: make the step it makes"
        return Judgement(found, "partial", (Finding("wrong", said, text=shown(text)),))
    verdict = decide(right, given)
    details: dict[str, Any] = {"text": shown(text), "verdict": verdict.as_dict()}
    if verdict.proved:
        return Judgement(part.points, "right")
    if verdict.supported:
        said = "accepted, and flagged for a person to look at"
        return Judgement(part.points, "right", (Finding("note", said, **details),))
    if verdict.unknown:
        said = f"the right line; the mended one was not checked: {verdict.sentence()}"
        return Judgement(found, "partial", (Finding("not-checked", said, **details),))
    said = "the right line, but it is not mended yet"
    witness = in_words(verdict, "it should be", "yours")
    return Judgement(found, "partial", (Finding("wrong", said, witness=witness, **details),))


def _mended(match: re.Match[str]) -> str:
    """What stands behind the number, at its place in the text; `$2: x$` loses no dollar sign."""
    before = match.string[: match.start("right")]
    opens = match["opens"] or ("" if match["closed"] else match["around"])
    return re.sub(r"[^\n]", " ", before)[: len(before) - len(opens)] + opens + match["right"]


def _sound(line: int, fault: Any) -> str:
    if not 2 <= line <= len(fault.lines):
        return f"there is no line {line}; the lines to choose from are 2 to {len(fault.lines)}"
    return f"line {line} follows from the line before it; another one does not"
