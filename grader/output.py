"""Where reports go: the terminal, a file in some format, a picture."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from grader.batch import Ungraded
    from grader.grading import Report
    from grader.roster import Person
    from grader.run import Class, Run


def write_reports(
    reports: Sequence[Report],
    form: str,
    output: Path | None,
    absent: Sequence[Person] = (),
    missed: Sequence[tuple[str, str]] = (),
) -> None:
    """Write reports in a format, to a file or to standard output.

    Args:
        reports: the marks.
        form: the format.
        output: the file.
        absent: who handed in nothing.
        missed: who handed in what could not be graded, and why.

    Raises:
        SubmissionError: the format cannot hold them.
        ClickException: the file cannot be written.
    """
    if form == "text":
        _write_text(reports, output)
        return
    from grader.formats import write

    text = write(form, reports, absent, missed)
    if output is None:
        click.echo(text)
        return
    with _opened(output) as file:
        file.write(text + "\n")


def say_rest(people: Class, ungraded: Sequence[Ungraded]) -> None:
    """Say on standard error what has no report, and who is missing."""
    for item in ungraded:
        if item.reached:
            whose = "our failure" if item.ours else "not graded"
            click.echo(f"{whose}: {item.name}: {item.reason}", err=True)
    left = sum(not item.reached for item in ungraded)
    if left:
        click.echo(
            f"interrupted: {left} of {len(people.found)} not graded; what was graded is kept, "
            "and the same command goes on from here",
            err=True,
        )
    for stranger in people.strangers:
        click.echo(f"not on the roster: {stranger.student} ({stranger.name})", err=True)
    if people.absent:
        who = ", ".join(person.student for person in people.absent)
        click.echo(f"handed in nothing: {who}", err=True)


def say_of_all(reports: Sequence[Report], *, late: bool) -> None:
    """Say on standard error what a person should know of hand-ins as a whole.

    Args:
        reports: the marks.
        late: also what lateness costs: nobody loses points without a word.
    """
    for report in reports:
        for remark in report.remarks:
            click.echo(f"look at {report.submission}: {remark}", err=True)
        if late and report.lateness.days:
            click.echo(
                f"late: {report.submission}: {report.points:g} points count "
                f"{report.counted:g} ({report.lateness})",
                err=True,
            )


def say_times(run: Run) -> None:
    """Say on standard error how fast a class was graded, and what took longest."""
    count = len(run.reports) - run.recalled
    said = f"{count} graded in {run.wall:.1f} s"
    if count and run.wall > 0:
        said += f", {count / run.wall:.0f} a second"
    if run.recalled:
        said += f"; {run.recalled} from the cache"
    if slow := run.slowest():
        said += "; slowest: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in slow)
    click.echo(said, err=True)


def save_picture(report: Report, path: Path) -> None:
    """Save the printed report as an SVG picture.

    Raises:
        ClickException: the file cannot be written.
    """
    from io import StringIO

    from rich.console import Console

    from grader.report import print_report

    console = Console(file=StringIO(), record=True, width=96, highlight=False)
    print_report(console, report)
    with _opened(path) as file:
        file.write(console.export_svg(title=f"grade {report.submission}"))


def _write_text(reports: Sequence[Report], output: Path | None) -> None:
    from rich.console import Console

    # Into a file or a pipe there is no width to ask for; rich would take 80.
    if output is not None:
        with _opened(output) as file:
            _print(Console(highlight=False, width=100, file=file), reports)
    elif sys.stdout.isatty():
        _print(Console(highlight=False), reports)
    else:
        _print(Console(highlight=False, width=100), reports)


def _print(console: Console, reports: Sequence[Report]) -> None:
    from grader.report import print_class, print_report

    if len(reports) == 1:
        print_report(console, reports[0])
    else:
        print_class(console, reports)


def _opened(path: Path) -> IO[str]:
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror}") from error
