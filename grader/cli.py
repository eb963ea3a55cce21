"""`grade`: mark a submission or a class. Heavy imports wait until needed: `--help` is instant."""

from __future__ import annotations

import os
import re
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exercises.commands.own import graded_sheet_options
from grader.front import Front, Pattern, hints_option

if TYPE_CHECKING:
    from grader.batch import Grade
    from grader.cache import Cache
    from grader.hand_in import HandIn
    from grader.run import Class, Run
    from grader.view import View

GRADED, BELOW, UNUSABLE, OUR_FAILURE, INTERRUPTED = 0, 1, 2, 3, 130
FORMATS = ("text", "json", "junit", "csv", "gradescope", "moodle", "canvas", "html")


class Unusable(click.ClickException):
    """The input cannot be graded; the message says what to do."""

    exit_code = UNUSABLE


@click.command(
    cls=Front,
    epilog=(
        "Exit status: 0 graded, 1 below --fail-under, 2 unusable input, 3 the grader failed, "
        "130 interrupted (what was graded is kept)."
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
@click.option(
    "--roster",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The class as CSV (columns student, name, file, seed): whose each file is, and who is "
    "missing.",
)
@click.option(
    "--secret",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The secret of the course: with a roster, all are marked on their own variants. "
    "WORKINGS_SECRET by default.",
)
@click.option(
    "--student-pattern",
    type=Pattern(),
    metavar="REGEX",
    help="Finds the student in a file's name, as (?P<student>...).",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Where a class's reports are kept for the next run; ~/.cache/workings by default.",
)
@click.option("--no-cache", is_flag=True, help="Grade a class anew, whatever was graded before.")
@click.option("--book", metavar="FILE|URL", help="Keep the marks in this gradebook.")
@click.option(
    "--received",
    metavar="TIME",
    default="",
    help="When all of it was handed in, for --book; each file's own time by default.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Grade on the workers of this dask scheduler, such as tcp://10.0.0.1:8786.",
)
@click.option(
    "--svg",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    metavar="FILE",
    help="Also save the printed report of one submission as a picture.",
)
@click.option("--seed", metavar="SEED", help="The variant, instead of the submission's SEED.")
@graded_sheet_options
@hints_option
@click.option(
    "--view",
    type=click.Choice(("student", "teacher")),
    default="student",
    show_default=True,
    help="Teachers also see the reference answers, the evidence and the times.",
)
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
    roster: Path | None,
    secret: Path | None,
    student_pattern: re.Pattern[str] | None,
    cache: Path | None,
    no_cache: bool,
    book: str | None,
    received: str,
    scheduler: str | None,
    svg: Path | None,
    seed: str | None,
    sheet: str | None,
    hints: int,
    view: View,
    allow_weak: bool,
) -> None:
    """Mark SUBMISSIONS: files, folders or zip archives with one hand-in for each student.

    The code runs in a process of its own with limits on time and memory. A part that loops,
    crashes or is missing costs its own points only.
    """
    from grader.marking import grade_file
    from grader.output import save_picture, say_of_all, say_rest, say_times, write_reports
    from grader.refusal import RefusalError
    from grader.run import course_secret, gathered
    from grader.submission import SubmissionError
    from grader.view import seen

    if seed is not None and not seed.strip():
        raise click.BadParameter(
            "is empty; leave it out for the submission's own", param_hint="--seed"
        )
    form = "json" if as_json else form
    try:
        key = course_secret(secret, roster)
        options: dict[str, Any] = {"sheet": sheet, "seed": seed, "hints": hints, "secret": key}
        work = partial(grade_file, **options, allow_weak=allow_weak)
        people = gathered(submissions, student_pattern, roster, received)
        if len(people.found) == 1 and not submissions[0].is_dir() and scheduler is None:
            ran = _one(people.found[0], work, book)
        else:
            kept = None if no_cache else _cache(cache, options)
            ran = _class(people, work, jobs or os.cpu_count() or 1, kept, book, scheduler)
        if ran.reports:
            shown = [seen(report, view) for report in ran.reports]
            write_reports(shown, form, output, people.absent, ran.missed(people.found))
        say_rest(people, ran.ungraded)
        if form != "text" or len(ran.reports) > 1:
            say_of_all(ran.reports, late=book is None)
        if ran.wall and (form == "text" or sys.stderr.isatty()):
            say_times(ran)
        if book is not None:
            _say_late(book, people, ran)
        if svg is not None and len(ran.reports) == 1:
            save_picture(shown[0], svg)
    except (SubmissionError, RefusalError) as error:
        raise Unusable(str(error)) from error
    except click.ClickException:
        raise
    except KeyboardInterrupt:
        click.echo(
            "interrupted before anything was marked; the same command starts again", err=True
        )
        sys.exit(INTERRUPTED)
    except Exception as error:
        if os.environ.get("WORKINGS_DEBUG"):
            raise
        click.echo(
            f"grade: our failure, not the submission's: {type(error).__name__}: {error}\n"
            "nothing was marked; set WORKINGS_DEBUG=1 for the details and report it",
            err=True,
        )
        sys.exit(OUR_FAILURE)
    sys.exit(_status(ran, fail_under))


def _status(ran: Run, fail_under: float | None) -> int:
    """The exit status that says what came of it; the worst counts."""
    marks = [mark for report in ran.reports for mark in report.marks]
    if ran.interrupted:
        return INTERRUPTED
    if any(mark.outcome == "failed" for mark in marks) or any(i.ours for i in ran.ungraded):
        return OUR_FAILURE
    if not ran.reports:
        return UNUSABLE
    if fail_under is not None and any(report.percent < fail_under for report in ran.reports):
        return BELOW
    return GRADED


def _one(item: HandIn, work: Grade, book: str | None) -> Run:
    """Grade one hand-in; a problem with it is raised."""
    from grader.run import Run, settled

    report = work(item)
    if book is None:
        return Run([settled(item, report)])
    from grader.book import Book

    with Book(book) as kept_in:
        return Run([settled(item, report, kept_in)])


def _say_late(url: str, people: Class, ran: Run) -> None:
    from grader.book import Book
    from grader.book_cli import say_late

    with Book(url) as book:
        say_late(book, {(i.student, r.sheet) for i, r in ran.kept(people.found)})


def _class(
    people: Class,
    work: Grade,
    jobs: int,
    cache: Cache | None,
    book: str | None,
    scheduler: str | None = None,
) -> Run:
    """Grade many hand-ins; a problem with one is listed."""
    from grader.live import LiveSummary
    from grader.run import run

    kept_in = None
    if book is not None:
        from grader.book import Book

        kept_in = Book(book)
    grade_all = None
    if scheduler is not None:
        from grader.cluster import graded_on

        grade_all = partial(graded_on, scheduler)
    with LiveSummary(len(people.found)) as live:
        ran = run(
            people.found,
            work,
            jobs,
            grade_all=grade_all,
            cache=cache,
            book=kept_in,
            done=live.done,
        )
    if kept_in is not None:
        kept_in.close()
    return ran


def _cache(folder: Path | None, options: dict[str, Any]) -> Cache:
    from hashlib import sha256

    from exercises.course import digest
    from grader.cache import Cache

    own = {"course": course} if (course := digest()) else {}
    hidden = {"secret": sha256(options["secret"]).hexdigest()}
    return Cache({**options, **own, **hidden}, folder)
