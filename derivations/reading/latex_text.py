"""Where the formulas stand in a text with LaTeX: within dollar signs, in displays, or all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from derivations.reading.tokens import Source

DISPLAYS = (
    "equation align aligned alignat alignedat gather gathered split eqnarray multline flalign"
)
_ENVIRONMENT = (
    rf"\\begin\{{(?P<name>(?:{'|'.join((*DISPLAYS.split(), 'displaymath', 'math'))})\*?)\}}"
)
_OPENING = re.compile(rf"\\\\|\\\$|(?P<display>\$\$|\\\[|{_ENVIRONMENT})|(?P<inline>\$|\\\()")
_CLOSING = {"$$": r"\$\$", "$": r"\$|\n[ \t]*\n", "\\[": r"\\\]", "\\(": r"\\\)"}
_LATEX = re.compile(r"\$|\\(?:[A-Za-z]|[\\\[(,;:!{|])")
# What may stand beside a formula on a line of its own: a bullet, a number, a full stop.
_WIDEST = 60
_BESIDE = re.compile(r"[ \t]*(?:[-*+>]|[0-9]+[.)])?[ \t]*[.,;]?[ \t]*\\?")


@dataclass(frozen=True, slots=True)
class Span:
    """A formula's place in the text, without what encloses it.

    Attributes:
        start: where it begins.
        end: where it ends.
        outer: where it begins and ends with what encloses it.
        display: whether it is set on lines of its own.
    """

    start: int
    end: int
    outer: tuple[int, int]
    display: bool


def is_latex(text: str) -> bool:
    r"""Whether a text is LaTeX: it has a dollar sign or a command such as `\frac`."""
    return _LATEX.search(text) is not None


def formulas(source: Source) -> Sequence[Span]:
    """The formulas that are the answer, in order.

    Displays are; without any, formulas on lines of their own; without these, the only formula
    within a sentence. A text that encloses nothing is one formula. The rest is prose.

    Raises:
        ParseError: a formula is not closed, or it is not clear which one is the answer.
    """
    found = _enclosed(source)
    if not found:
        return [Span(0, len(source.text), (0, len(source.text)), display=True)]
    if displays := [span for span in found if span.display]:
        return displays
    if alone := [span for span in found if _stands_alone(source.text, span)]:
        return alone
    if len(found) > 1:
        said = (
            "several formulas stand in the sentences; put those that are the answer on lines of "
            "their own"
        )
        raise source.error(said, *source.place(found[1].outer[0]))
    return found


def _enclosed(source: Source) -> list[Span]:
    text, place, spans = source.text, 0, []
    while (match := _OPENING.search(text, place)) is not None:
        place = match.end()
        kind = match.lastgroup and (match["display"] or match["inline"])
        if not kind:
            continue
        name = match["name"]
        closing = re.compile(rf"\\\\|\\\$|({_CLOSING.get(kind) or _end(name)})")
        while (end := closing.search(text, place)) is not None and not end[1]:
            place = end.end()
        if end is None or not end[1].strip():
            said = f"this {kind} is never closed"
            raise source.error(said, *source.place(match.start()))
        spans.append(
            Span(match.end(), end.start(), (match.start(), end.end()), bool(match["display"]))
        )
        place = end.end()
    return spans


def _end(name: str) -> str:
    return rf"\\end\{{{re.escape(name)}\}}"


def _stands_alone(text: str, span: Span) -> bool:
    start, end = span.outer
    before = text[max(0, start - _WIDEST) : start].rpartition("\n")
    after = text[end : end + _WIDEST].partition("\n")
    # Without a line's end so near, more stands beside the formula than a bullet.
    bounded = (before[1] or start <= _WIDEST) and (after[1] or len(text) <= end + _WIDEST)
    return bool(bounded and _BESIDE.fullmatch(before[2]) and _BESIDE.fullmatch(after[0]))
