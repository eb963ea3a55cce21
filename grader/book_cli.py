"""`grade book`: list, export, review and override what a gradebook holds."""

from __future__ import annotations

import click

from grader.book import Book, BookError, Entry
from grader.formats.spreadsheet import rows


@click.group(invoke_without_command=True)
@click.option("--book", "url", default="marks.db", show_default=True, metavar="FILE|URL")
@click.option("--policy", type=click.Choice(["best", "latest"]), default="best", show_default=True)
@click.option("--sheet", help="Only this sheet.")
@click.pass_context
def main(context: click.Context, url: str, policy: str, sheet: str | None) -> None:
    """Read a gradebook; without a command, list the marks that count."""
    context.obj = (_opened(url), policy, sheet)
    if context.invoked_subcommand is None:
        book, policy, sheet = context.obj
        for entry in book.counting(policy, sheet):
            click.echo(_line(entry))


@main.command()
@click.argument("student")
@click.pass_obj
def history(obj: tuple[Book, str, str | None], student: str) -> None:
    """All attempts of a STUDENT, with the overrides and their reasons."""
    found = obj[0].entries(student=student, sheet=obj[2])
    if not found:
        raise click.ClickException(f"{student} has handed nothing in")
    for entry in found:
        click.echo(_line(entry))
        for part, points, reason in entry.overrides:
            click.echo(f"      {part} set to {points:g}: {reason}")


@main.command()
@click.pass_obj
def review(obj: tuple[Book, str, str | None]) -> None:
    """The parts that a person should look at."""
    count = 0
    for entry in obj[0].entries(sheet=obj[2]):
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
def override(
    obj: tuple[Book, str, str | None], attempt: int, part: str, points: float, reason: str
) -> None:
    """Set the POINTS of a PART of an ATTEMPT."""
    try:
        click.echo(_line(obj[0].override(attempt, part, points, reason)))
    except BookError as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.pass_obj
def export(obj: tuple[Book, str, str | None]) -> None:
    """The marks that count, as CSV."""
    book, policy, sheet = obj
    head = ["student", "sheet", "points", "out_of", "attempt", "graded"]
    found = book.counting(policy, sheet)  # type: ignore[arg-type]
    lines = [
        [e.student, e.sheet, f"{e.points:g}", e.out_of, e.attempt, e.graded.isoformat()]
        for e in found
    ]
    click.echo(rows([head, *lines]))


def _opened(url: str) -> Book:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return Book(url)
    except SQLAlchemyError as error:
        said = str(error).partition("\n")[0]
        raise click.ClickException(f"cannot open the gradebook {url}: {said}") from error


def _line(entry: Entry) -> str:
    mark = "*" if entry.overrides else " "
    flags = f"  to look at: {', '.join(entry.flagged)}" if entry.flagged else ""
    return (
        f"{entry.attempt:>5}  {entry.student:<24} {entry.sheet:<20} "
        f"{entry.points:>6g}{mark}/ {entry.out_of}{flags}"
    )
