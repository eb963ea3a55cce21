"""`grade`: mark a submission or a class. Heavy imports wait until needed: `--help` is instant."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from grader.batch import Ungraded
    from grader.grading import Report

GRADED, BELOW, UNUSABLE, OUR_FAILURE = 0, 1, 2, 3
FORMATS = ("text", "json", "junit", "csv", "gradescope", "moodle", "canvas", "html")
# The first word of `grade WORD ...`, and the command that it is; a file of that name wins.
WORDS = {"book": "grader.book_cli", "doctor": "grader.isolation.doctor"}


class Unusable(click.ClickException):
    """The input cannot be graded; the message says what to do."""

    exit_code = UNUSABLE


class Front(click.Command):
    """`grade FILE`, and next to it `grade book` and its like."""

    def main(self, args: Sequence[str] | None = None, **options: Any) -> Any:  # type: ignore[override]
        """Run the command that the first word names, or mark files."""
        words = list(sys.argv[1:] if args is None else args)
        if words and words[0] in WORDS and not Path(words[0]).exists():
            command = import_module(WORDS[words[0]]).main
            return command.main(words[1:], **{**options, "prog_name": f"grade {words[0]}"})
        return super().main(words, **options)


@click.command(
    cls=Front,
    epilog=(
        "`grade book` reads a gradebook that --book keeps; `grade doctor` says how well code is "
        "kept apart on this machine. Exit status: 0 graded, 1 below --fail-under, 2 unusable "
        "input, 3 the grader failed."
    ),
)
@click.argument("submissions", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit with 1 when a total is below PERCENT.",
)
@click.option(
    "--jobs", type=click.IntRange(1), help="Processes for a class; one a core by default."
)
@click.option("--book", metavar="FILE|URL", help="Keep the marks in this gradebook.")
@click.option(
    "--svg",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    metavar="FILE",
    help="Also save the printed report of one submission as a picture.",
)
@click.option("--seed", metavar="SEED", help="The variant, instead of the submission's SEED.")
@click.option("--sheet", metavar="NAME", help="The sheet, instead of the submission's SHEET.")
@click.option(
    "--allow-weak-isolation",
    "allow_weak",
    is_flag=True,
    help="Run code even where it cannot be kept apart; for files of people you trust.",
)
@click.version_option(package_name="workings")
def main(
    submissions: tuple[Path, ...],
    as_json: bool,
    form: str,
    output: Path | None,
    fail_under: float | None,
    jobs: int | None,
    book: str | None,
    svg: Path | None,
    seed: str | None,
    sheet: str | None,
    allow_weak: bool,
) -> None:
    """Mark SUBMISSIONS: Python files, notebooks, or folders with one for each student.

    The code runs in a process of its own with limits on time and memory. A part that loops,
    crashes or is missing costs its own points only.
    """
    try:
        work = partial(grade_file, sheet=sheet, seed=seed, allow_weak=allow_weak)
        found = _graded_all(submissions, work, jobs or os.cpu_count() or 1, book)
        reports = [item for item in found if not hasattr(item, "reason")]
        _print(reports, [i for i in found if hasattr(i, "reason")], as_json, form, output)
        if svg is not None and len(reports) == 1:
            _save_picture(reports[0], svg)
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
    marks = [mark for report in reports for mark in report.marks]
    if any(mark.outcome == "failed" for mark in marks) or any(
        getattr(item, "ours", False) for item in found
    ):
        sys.exit(OUR_FAILURE)
    if not reports:
        sys.exit(UNUSABLE)
    if fail_under is not None and any(report.percent < fail_under for report in reports):
        sys.exit(BELOW)


def _graded_all(
    paths: Sequence[Path], work: Callable[[Path, str], Report], jobs: int, book: str | None
) -> list[Any]:
    """The reports, in order; of one submission its problem is raised, of many it is listed."""
    from grader.submission import SubmissionError

    named = _named(paths)
    if len(named) == 1 and not paths[0].is_dir():
        try:
            reports: list[Any] = [work(*named[0])]
        except SubmissionError as error:
            raise Unusable(str(error)) from error
    else:
        reports = _class(named, work, jobs)
    if book is not None:
        _keep(book, named, reports)
    return reports


def _named(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    from grader.batch import name_of, submissions
    from grader.submission import SubmissionError

    named: list[tuple[Path, str]] = []
    try:
        for path in paths:
            if path.is_dir():
                named += [(found, name_of(found, path)) for found in submissions(path)]
            else:
                named.append((path, path.name))
    except SubmissionError as error:
        raise Unusable(str(error)) from error
    return named


def _class(
    named: Sequence[tuple[Path, str]], work: Callable[[Path, str], Report], jobs: int
) -> list[Any]:
    from rich.console import Console
    from rich.progress import Progress

    from grader.batch import graded

    paths, names = zip(*named, strict=True)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("grading", total=len(names))
        return list(graded(paths, names, work, jobs, lambda _: bar.advance(task)))


def grade_file(
    path: Path, name: str, sheet: str | None, seed: str | None, allow_weak: bool = False
) -> Report:
    """The report on one file.

    Raises:
        SubmissionError: it cannot be graded.
    """
    from grader.submission import read_submission

    source = read_submission(path)
    if path.suffix == ".ipynb":
        from grader.notebook import code_of

        source = code_of(name, source)
    from grader.grading import grade, sheet_and_seed
    from grader.sandbox import Sandbox

    sheet, seed = sheet_and_seed(name, source, sheet, seed)
    # The child starts before the marking is imported: both take about as long.
    with Sandbox(source, allow_weak=allow_weak or None) as sandbox:
        return grade(name, sheet, seed, sandbox)


def _keep(book: str, named: Sequence[tuple[Path, str]], reports: Sequence[Any]) -> None:
    import hashlib

    from grader.book import Book

    kept = Book(book)
    for (path, name), report in zip(named, reports, strict=True):
        if hasattr(report, "reason"):
            continue
        digest = hashlib.sha256(path.read_bytes() + report.seed.encode()).hexdigest()
        student = name.partition("/")[0] if "/" in name else path.stem
        kept.record(student, digest, report.as_dict())


def _print(
    reports: Sequence[Report],
    ungraded: Sequence[Ungraded],
    as_json: bool,
    form: str,
    output: Path | None,
) -> None:
    form = "json" if as_json else form
    if form != "text" and reports:
        from grader.formats import write
        from grader.submission import SubmissionError

        try:
            text = write(form, reports)
        except SubmissionError as error:
            raise Unusable(str(error)) from error
        if output is None:
            click.echo(text)
        else:
            _write(output, text)
    elif reports:
        _print_text(reports, output)
    for item in ungraded:
        whose = "our failure" if item.ours else "not graded"
        click.echo(f"{whose}: {item.name}: {item.reason}", err=True)


def _print_text(reports: Sequence[Report], output: Path | None) -> None:
    from rich.console import Console

    from grader.report import print_class, print_report

    # Into a file or a pipe there is no width to ask for; rich would take 80.
    options: dict[str, Any] = {} if sys.stdout.isatty() and output is None else {"width": 100}
    if output is not None:
        options["file"] = output.open("w", encoding="utf-8")
    console = Console(highlight=False, **options)
    if len(reports) == 1:
        print_report(console, reports[0])
    else:
        print_class(console, reports)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror}") from error


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
