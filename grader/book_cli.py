"""`grade book`: list, export, review, override and extend what a gradebook holds."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from grader.book import Book
from grader.book_entry import EVERYBODY, Entry
from grader.book_schema import BookError
from grader.policies import Policy, read_moment
from grader.refusal import RefusalError
from grader.statistics import part_statistics


class Desk:
    """The gradebook that the options name, opened when a command asks for it."""

    def __init__(self, url: str, policy: Policy | None, sheet: str | None) -> None:
        self.url, self.policy, self.sheet = url, policy, sheet

    def book(self) -> Book:
        """The gradebook; it is closed with the command."""
        book = Book(self.url, create=False)
        click.get_current_context().call_on_close(book.close)
        return book

    def counting(self) -> tuple[Entry, ...]:
        """The attempts that count."""
        return self.book().counting(self.policy, self.sheet)


class _Group(click.Group):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """`grade book marks.db ...` is `grade book --book marks.db ...`."""
        if args and args[0] not in self.commands and _is_book(args[0]):
            args = ["--book", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except RefusalError as error:
            raise click.ClickException(str(error)) from error


def _is_book(word: str) -> bool:
    """Whether a word that is no command is the place of a gradebook."""
    return "://" in word or word.endswith((".db", ".sqlite")) or Path(word).is_file()


@click.group(cls=_Group, invoke_without_command=True)
@click.option("--book", "url", default="marks.db", show_default=True, metavar="FILE|URL")
@click.option(
    "--policy",
    type=click.Choice(["best", "latest"]),
    help="Which attempt counts; the sheet says so by default.",
)
@click.option("--sheet", help="Only this sheet.")
@click.pass_context
def main(context: click.Context, url: str, policy: Policy | None, sheet: str | None) -> None:
    """Read a gradebook; without a command, list the marks that count.

    The gradebook is marks.db in this folder unless another one is named: `grade book other.db`.
    The points are as earned, with overrides (*); what lateness costs stands behind them.
    """
    context.obj = Desk(url, policy, sheet)
    if context.invoked_subcommand is None:
        found = context.obj.counting()
        for entry in found:
            click.echo(_line(entry))
        if not found:
            click.echo("nothing has been handed in", err=True)


@main.command()
@click.argument("student")
@click.pass_obj
def history(desk: Desk, student: str) -> None:
    """All attempts of a STUDENT, with overrides, extensions and their reasons."""
    book = desk.book()
    found = book.entries(student=student, sheet=desk.sheet)
    if not found:
        close = difflib.get_close_matches(student, book.students(), 1)
        meant = f"; did you mean {close[0]}?" if close else ""
        raise BookError(f"nothing was handed in by {student}{meant}")
    for entry in found:
        click.echo(_line(entry))
        _print_times(entry)
        for remark in entry.remarks:
            click.echo(f"      {remark}")
        for change in entry.overrides:
            marked = next(p["points"] for p in entry.report["parts"] if p["name"] == change.part)
            click.echo(
                f"      {change.part} set to {change.points:g} (marked {marked:g}) on "
                f"{_shown(change.made)}: {change.reason}"
            )
    for extension in book.extensions():
        if extension.student in (student, EVERYBODY) and desk.sheet in (None, extension.sheet):
            click.echo(
                f"      {extension.sheet} extended to {_shown(extension.until)}: {extension.reason}"
            )


@main.command()
@click.pass_obj
def review(desk: Desk) -> None:
    """The parts that a person should look at, and what was said of hand-ins as a whole."""
    count = 0
    for entry in desk.book().entries(sheet=desk.sheet):
        for remark in entry.remarks:
            click.echo(f"{entry.attempt:>5}  {entry.student}  {remark}")
        for part in entry.flagged:
            count += 1
            messages = next(p for p in entry.report["parts"] if p["name"] == part)["findings"]
            click.echo(f"{entry.attempt:>5}  {entry.student}  {part}")
            for finding in messages:
                click.echo(f"         {finding['message']}")
    click.echo(f"{count} part{'' if count == 1 else 's'} to look at")


@main.command()
@click.argument("attempt", type=int)
@click.argument("part")
@click.argument("points", type=float)
@click.option("--reason", required=True, help="Why; it is kept with the override.")
@click.pass_obj
def override(desk: Desk, attempt: int, part: str, points: float, reason: str) -> None:
    """Set the POINTS of a PART of an ATTEMPT; a second override takes the place of the first.

    The mark itself stays in the book, and `grade book history` shows both.
    """
    click.echo(_line(desk.book().override(attempt, part, points, reason)))


@main.command()
@click.argument("student")
@click.argument("sheet")
@click.argument("date")
@click.option("--reason", required=True, help="Why; it is kept with the extension.")
@click.pass_obj
def extend(desk: Desk, student: str, sheet: str, date: str, reason: str) -> None:
    """Give a STUDENT until DATE for a SHEET; the student '*' is everybody.

    A DATE such as 2027-05-12 ends with that day; 2027-05-12T18:00 is that minute. Both are in the
    sheet's time zone, or in this machine's when the sheet names none. The latest extension holds.
    """
    book = desk.book()
    until = read_moment(date, _zone(sheet))
    book.extend(student, sheet, until, reason)
    click.echo(f"{sheet}: {'everybody' if student == EVERYBODY else student} until {_shown(until)}")
    found = book.entries(student=None if student == EVERYBODY else student, sheet=sheet)
    for entry in found:
        click.echo(_line(entry))
        if entry.terms.due is not None and entry.terms.due > until:
            click.echo(f"      was due {_shown(entry.terms.due)}, so this changes nothing")
    if not found:
        click.echo(f"nothing has been handed in for {sheet} yet; it holds when something is")


@main.command()
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv")
@click.pass_obj
def export(desk: Desk, form: str) -> None:
    """The marks that count, as CSV or JSON; times are in UTC."""
    from grader.formats.spreadsheet import rows

    found = [_record(entry) for entry in desk.counting()]
    if form == "json":
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    head = [name for name in _record_fields() if name not in ("parts", "overrides")]
    click.echo(rows([head, *([_cell(record[name]) for name in head] for record in found)]))


@main.command()
@click.pass_obj
def stats(desk: Desk) -> None:
    """Each part's mean, how many had it right, and the commonest slips."""
    found = part_statistics(desk.counting())
    if not found:
        click.echo("nothing has been handed in", err=True)
        return
    width = max(len(part.name) for part in found)
    sheet = ""
    for part in found:
        if part.sheet != sheet:
            sheet = part.sheet
            click.echo(f"{sheet}, {part.count} student{'' if part.count == 1 else 's'}")
        flags = f", {part.flagged} to look at" if part.flagged else ""
        click.echo(
            f"  {part.name:<{width}}  mean {part.mean:.2f} / {part.out_of:g}, "
            f"{100 * part.full / part.count:.0f} % with all points{flags}"
        )
        for slip, count in part.slips:
            click.echo(f"      {count:>3}  {slip}")


def say_late(book: Book, pairs: Collection[tuple[str, str]]) -> None:
    """Say on standard error what lateness costs: nobody loses points without a word.

    Args:
        book: the gradebook.
        pairs: the students and sheets to look at.
    """
    for entry in book.counting():
        if entry.lateness.days and (entry.student, entry.sheet) in pairs:
            click.echo(f"late: {_line(entry).strip()}", err=True)
            _print_times(entry, err=True)


def _zone(sheet: str) -> str:
    from exercises.sheet import SheetError, load_sheet

    try:
        return load_sheet(sheet).timezone
    except SheetError as error:
        raise BookError(str(error)) from error


def _record_fields() -> tuple[str, ...]:
    return (
        "student", "sheet", "points", "out_of", "counted", "days_late", "attempt", "received",
        "graded", "flagged", "parts", "overrides",
    )  # fmt: skip


def _record(entry: Entry) -> dict[str, Any]:
    changes = [
        {"part": o.part, "points": o.points, "reason": o.reason, "made": o.made.isoformat()}
        for o in entry.overrides
    ]
    values = (
        entry.student,
        entry.sheet,
        entry.points,
        entry.out_of,
        entry.counted,
        entry.lateness.days,
        entry.attempt,
        entry.received and entry.received.isoformat(),
        entry.graded.isoformat(),
        list(entry.flagged),
        entry.parts,
        changes,
    )
    return dict(zip(_record_fields(), values, strict=True))


def _cell(value: Any) -> Any:
    return " ".join(value) if isinstance(value, list) else "" if value is None else value


def _line(entry: Entry) -> str:
    mark = "*" if entry.overrides else " "
    late = f"  counts {entry.counted:g} ({entry.lateness})" if entry.lateness.days else ""
    flags = f"  to look at: {', '.join(entry.flagged)}" if entry.flagged else ""
    return (
        f"{entry.attempt:>5}  {entry.student:<24} {entry.sheet:<20} "
        f"{entry.points:>6g}{mark}/ {entry.out_of}{late}{flags}"
    )


def _print_times(entry: Entry, err: bool = False) -> None:
    said = []
    if entry.received is not None:
        said.append(f"handed in {_shown(entry.received)}")
    if entry.terms.due is not None:
        said.append(f"due {_shown(entry.terms.due)}")
    if said:
        click.echo(f"      {', '.join(said)}", err=err)


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M %Z}"
