"""The report that a student reads in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.text import Text

from grader.outcome import Finding, PartMark

if TYPE_CHECKING:
    from rich.console import Console

    from grader.grading import Report

_LOOKS = {
    "right": ("right", "green"),
    "partial": ("partly right", "yellow"),
    "wrong": ("wrong", "red"),
    "missing": ("missing", "red"),
    "not-checked": ("not checked", "magenta"),
    "failed": ("our failure", "magenta"),
}
_MARKS = {"wrong": "red", "note": "cyan", "not-checked": "magenta", "failed": "magenta"}


def print_report(console: Console, report: Report) -> None:
    """Print the marks part by part, with what was found, and the total."""
    heading = f"[bold]{escape(report.title)}[/]  [dim]{escape(report.submission)}"
    console.print(f"{heading}, seed {escape(report.seed)}[/]", highlight=False)
    if report.stopped:
        console.print(Text(f"{report.stopped}; what came before it was marked", style="red"))
    for remark in report.remarks:
        console.print(Text(f"look at: {remark}", style="magenta"))
    console.print()
    width = max((len(mark.name) for mark in report.marks), default=0)
    for mark in report.marks:
        _print_part(console, mark, width)
    if report.marks and not report.marks[-1].findings:
        console.print()
    _print_total(console, report)


def print_class(console: Console, reports: Sequence[Report]) -> None:
    """Print a line a submission, the mean of every part, and the commonest slips."""
    from rich.table import Table

    from grader.batch import summary

    table = Table("submission", "points", "%", "to look at", box=None, pad_edge=False)
    for report in reports:
        flagged = ", ".join(report.to_look_at)
        total = f"{points(report.points)} / {report.out_of}"
        table.add_row(escape(report.submission), total, f"{report.percent:g}", flagged)
    console.print(table)
    found = summary(reports)
    console.print(f"\n[bold]{len(reports)} submissions, mean {found.mean:.1f} %[/]")
    for name, mean, out_of in found.means:
        console.print(Text(f"  {name:<32} {mean:5.2f} / {out_of}"))
    if found.slips:
        console.print("\n[bold]commonest slips[/]")
        for slip, count in found.slips:
            _print_indented(console, Text(f"{count:>3}  {slip}"), 2)


def _print_indented(console: Console, text: Text, indent: int) -> None:
    """Print a text some columns in, wrapped, without the blanks that padding leaves behind it."""
    for line in text.wrap(console, console.width - indent):
        line.rstrip()
        console.print(Text(" " * indent).append_text(line), soft_wrap=True)


def points(value: float) -> str:
    """Points without needless zeros: 2, 0.75."""
    return f"{value:g}"


def _print_part(console: Console, mark: PartMark, width: int) -> None:
    said, style = _LOOKS[mark.outcome]
    line = Text(mark.name.ljust(width), style="bold")
    line.append(f"  {points(mark.points):>5} / {mark.out_of:<3}", style="default not bold")
    line.append(f"  {said}", style=f"{style} not bold")
    if mark.flagged:
        line.append("  (for a person to look at)", style="magenta not bold")
    console.print(line)
    texts = [text for finding in mark.findings for text in _lines(finding)]
    texts += [*_hints(mark), *_notes(mark)]
    for text in texts:
        _print_indented(console, text, 4)
    if texts:
        console.print()


def _hints(mark: PartMark) -> list[Text]:
    """The hints that were asked for, and what they cost."""
    if not mark.hints:
        return []
    lines = [_labelled("hint", " ".join(hint.split()), style="cyan") for hint in mark.hints]
    return [*lines, Text(hints_cost(mark), style="dim")]


def hints_cost(mark: PartMark) -> str:
    """What the hints of a part cost, as a sentence."""
    many = f"{len(mark.hints)} hint{'s' * (len(mark.hints) > 1)}"
    if not mark.hint_cost:
        return f"{many}: nothing was taken off"
    return f"{many}: {points(mark.hint_cost)} taken off the points"


def _notes(mark: PartMark) -> list[Text]:
    """What only a teacher sees, or a student whose sheet shows the answers."""
    if mark.notes is None:
        return []
    lines = [Text("the reference", style="dim")]
    lines += [Text(f"    {line}") for line in mark.notes.reference.splitlines()]
    for finding in mark.findings:
        if finding.verdict and finding.verdict.get("method"):
            where = f"line {finding.line}: " if finding.line is not None else ""
            found = f"{where}{finding.verdict['status']}, {finding.verdict['method']}"
            lines.append(_labelled("verdict", found))
    lines += [_labelled("known", mistake) for mistake in mark.notes.mistakes]
    if mark.notes.seconds is not None:
        lines.append(_labelled("marked in", f"{mark.notes.seconds * 1000:.0f} ms"))
    return lines


def _lines(finding: Finding) -> list[Text]:
    """One finding as indented lines: what, where, the witness, the likely slip."""
    first = Text(finding.message, style=_MARKS[finding.severity])
    lines = [first]
    if finding.text and finding.text not in finding.message:
        lines.append(Text(f"    {finding.text}", style="bold"))
    if finding.input:
        lines.append(_labelled("input", finding.input))
    if finding.expected:
        lines.append(_labelled("expected", finding.expected))
    if finding.given:
        lines.append(_labelled("given", finding.given))
    if finding.witness:
        lines.append(Text(finding.witness))
    if finding.diagnosis:
        lines.append(_labelled("look at", finding.diagnosis, style="yellow"))
    return lines


def _labelled(label: str, text: str, style: str = "default") -> Text:
    line = Text(f"{label:<8} ", style="dim")
    line.append(text, style=f"{style} not dim")
    return line


def _print_total(console: Console, report: Report) -> None:
    total = Text("total  ", style="bold")
    total.append(f"{points(report.points)} / {report.out_of}  ({report.percent:g} %)", style="bold")
    console.print(total)
    if report.lateness.days:
        console.print(Text(f"counts {points(report.counted)}: {report.lateness}", style="yellow"))
    flagged = [mark.name for mark in report.marks if mark.flagged]
    if flagged:
        said = f"{', '.join(flagged)}: no final mark; a person should look at it"
        console.print(Text(said, style="magenta"))
