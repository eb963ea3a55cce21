"""`grade`: mark a submission. Heavy imports wait until they are needed: `--help` is instant."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from grader.grading import Report

GRADED, BELOW, UNUSABLE, OUR_FAILURE = 0, 1, 2, 3


class Unusable(click.ClickException):
    """The input cannot be graded; the message says what to do."""

    exit_code = UNUSABLE


@click.command(
    epilog="Exit status: 0 graded, 1 below --fail-under, 2 unusable input, 3 the grader failed."
)
@click.argument("submission", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit with 1 when the total is below PERCENT.",
)
@click.option(
    "--svg",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    metavar="FILE",
    help="Also save the printed report as a picture.",
)
@click.option("--seed", metavar="SEED", help="The variant, instead of the submission's SEED.")
@click.option("--sheet", metavar="NAME", help="The sheet, instead of the submission's SHEET.")
@click.option(
    "--allow-weak-isolation",
    "allow_weak",
    is_flag=True,
    envvar="WORKINGS_ALLOW_WEAK_ISOLATION",
    help="Run the file even where it cannot be kept apart; for files you trust.",
)
@click.version_option(package_name="workings")
def main(
    submission: Path,
    as_json: bool,
    fail_under: float | None,
    svg: Path | None,
    seed: str | None,
    sheet: str | None,
    allow_weak: bool,
) -> None:
    """Mark the answers in SUBMISSION, a Python file, part by part.

    The code runs in a process of its own with limits on time and memory. A part that loops,
    crashes or is missing costs its own points only. `grade doctor` says how well a file is kept
    apart on this machine.
    """
    if submission == Path("doctor") and not submission.exists():
        _doctor()
    try:
        report = _graded(submission, sheet, seed, allow_weak)
        _print(report, as_json)
        if svg is not None:
            _save_picture(report, svg)
    except click.ClickException:
        raise
    except Exception as error:
        if os.environ.get("WORKINGS_DEBUG"):
            raise
        click.echo(
            f"grade: our failure, not the submission's: {type(error).__name__}: {error}\n"
            "nothing was marked; set WORKINGS_DEBUG=1 for the details and report it",
            err=True,
        )
        sys.exit(OUR_FAILURE)
    if any(mark.outcome == "failed" for mark in report.marks):
        sys.exit(OUR_FAILURE)
    if fail_under is not None and report.percent < fail_under:
        sys.exit(BELOW)


def _doctor() -> NoReturn:
    from grader.isolation import doctor

    text, usable = doctor.report()
    click.echo(text)
    sys.exit(GRADED if usable else BELOW)


def _graded(submission: Path, sheet: str | None, seed: str | None, allow_weak: bool) -> Report:
    from grader.submission import SubmissionError, read_submission

    try:
        source = read_submission(submission)
        from grader.grading import grade, sheet_and_seed
        from grader.sandbox import Sandbox, WeakIsolationError

        sheet, seed = sheet_and_seed(submission.name, source, sheet, seed)
        # The child starts before the marking is imported: both take about as long.
        try:
            with Sandbox(source, allow_weak=allow_weak) as sandbox:
                return grade(submission.name, sheet, seed, sandbox)
        except WeakIsolationError as error:
            raise Unusable(str(error)) from error
    except SubmissionError as error:
        raise Unusable(str(error)) from error


def _print(report: Report, as_json: bool) -> None:
    if as_json:
        import json

        click.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    from grader.report import print_report

    # Into a file or a pipe there is no width to ask for; rich would take 80.
    options: dict[str, Any] = {} if sys.stdout.isatty() else {"width": 100}
    print_report(Console(highlight=False, **options), report)


def _save_picture(report: Report, path: Path) -> None:
    from io import StringIO

    from rich.console import Console

    from grader.report import print_report

    console = Console(file=StringIO(), record=True, width=96, highlight=False)
    print_report(console, report)
    try:
        console.save_svg(str(path), title=f"grade {report.submission}")
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror}") from error
