"""`workings sheet`: one sheet for a reader, a student or a whole class."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exercises.commands.own import exercises_blamed, exercises_option, sheet_given

if TYPE_CHECKING:
    from exercises.commands.roster import Student
    from exercises.formats.page import Page
    from exercises.sheet import Sheet

LARGE = 16  # students from which on starting a process for each core pays off
SEED = re.compile(r"[+-]?\d{1,18}|[0-9a-f]{16}", re.ASCII)
STUDENTS_SEED = re.compile(r"[0-9a-f]{16}", re.ASCII)
FORMATS = ("md", "html", "pdf", "ipynb", "tex", "typst", "moodle")


@click.command()
@click.argument("name", callback=sheet_given)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for the sheet and the blank submission; made when missing.",
)
@click.option(
    "--seed",
    metavar="SEED",
    help="Which variant to draw, as a sheet names it; 1 when nothing else says. With --student, in "
    "place of the student's own: to issue a variant anew.",
)
@click.option("--student", metavar="ID", help="Draw this student's variant, and name the student.")
@click.option(
    "--class",
    "roster",
    metavar="ROSTER.CSV",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A sheet for everybody in a table with the column student, and name if you like.",
)
@click.option(
    "--secret",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The secret of the course, from which students' seeds are made; else WORKINGS_SECRET.",
)
@click.option(
    "--format",
    "forms",
    type=click.Choice(FORMATS),
    multiple=True,
    help="How to write the questions; may be repeated.  [default: md]",
)
@click.option(
    "--starter",
    type=click.Choice(("py", "md", "tex")),
    default="py",
    show_default=True,
    help="The blank submission: a script, or Markdown or LaTeX to write answers in.",
)
@click.option("--solutions", is_flag=True, help="Write the solution sheet too, for teachers.")
@click.option("--force", is_flag=True, help="Overwrite a submission that is already there.")
@exercises_option()
def sheet(
    name: str,
    output: Path,
    seed: str | None,
    student: str | None,
    roster: Path | None,
    secret: Path | None,
    forms: tuple[str, ...],
    starter: str,
    solutions: bool,
    force: bool,
) -> None:
    """Write the questions of the sheet NAME, and a blank submission to fill in.

    A course's own sheet is given by its file, such as week1.toml; its own exercises stand in the
    folder `exercises` beside it, or in that of --exercises.
    """
    from exercises.sheet import SheetError, load_sheet

    if roster is not None and (seed is not None or student is not None):
        raise click.UsageError("--class stands alone: it draws a variant for everybody listed")
    try:
        loaded = load_sheet(name)
    except SheetError as error:
        raise click.BadParameter(str(error), param_hint="NAME") from error
    forms = forms or ("md",)
    if roster is None:
        page = replace(_page(loaded, seed, student, secret), starter=starter)
        written = _written(page, output, forms, solutions, force)
        click.echo(f"wrote {' and '.join(map(str, written))}")
    else:
        _for_class(loaded, _students(roster), output, secret, forms, starter, solutions, force)
    _warn(forms, solutions)


def _page(loaded: Sheet, seed: str | None, student: str | None, secret: Path | None) -> Page:
    from exercises.formats.page import Page
    from exercises.seeds import SecretError, read_secret, student_seed

    if student is not None and not student.strip():
        raise click.BadParameter("must not be empty", param_hint="--student")
    if seed is not None or student is None:
        return Page(loaded, _read_seed("1" if seed is None else seed), (student or "").strip())
    try:
        return Page(loaded, student_seed(read_secret(secret), loaded.name, student), student)
    except SecretError as error:
        raise click.ClickException(str(error)) from error


def _read_seed(text: str) -> str | int:
    """A seed as it stands on a sheet: a number, or the digits of a student's own."""
    if SEED.fullmatch(text) is None:
        raise click.BadParameter(
            f"{text!r} is no seed: give a whole number such as 7, or the 16 digits from 0 to f "
            "that stand on a student's sheet",
            param_hint="--seed",
        )
    return text if STUDENTS_SEED.fullmatch(text) else int(text)


def _for_class(
    loaded: Sheet,
    students: Sequence[Student],
    output: Path,
    secret: Path | None,
    forms: Sequence[str],
    starter: str,
    solutions: bool,
    force: bool,
) -> None:
    """A folder for each student; nothing is written when one of them holds work."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from exercises.seeds import SecretError, read_secret, student_seed

    try:
        key = read_secret(secret)
    except SecretError as error:
        raise click.ClickException(str(error)) from error
    for student in students:
        _check_free(output / student.id / f"submission.{starter}", force)
    write = partial(_for_student, loaded.name, output, tuple(forms), starter, solutions, force)
    work = [(s.id, s.shown, student_seed(key, loaded.name, s.id)) for s in students]
    with ExitStack() as stack:
        done: Iterable[None] = map(write, work)
        if len(work) >= LARGE and (os.cpu_count() or 1) > 1:
            # Processes that start anew: threads of the libraries do not survive a fork.
            pool = ProcessPoolExecutor(mp_context=get_context("spawn"))
            stack.callback(pool.shutdown, cancel_futures=True)
            done = pool.map(write, work, chunksize=4)
        bar = stack.enter_context(click.progressbar(done, length=len(work), label=loaded.name))
        for _ in bar:
            pass
    click.echo(f"wrote {len(students)} sheets below {output}")


def _for_student(
    sheet_name: str,
    output: Path,
    forms: Sequence[str],
    starter: str,
    solutions: bool,
    force: bool,
    student: tuple[str, str, str],
) -> None:
    """Write one student's folder; takes names and not exercises, so that a process can be sent it.

    Raises:
        click.ClickException: a file cannot be made or written.
    """
    from exercises.formats.page import Page
    from exercises.sheet import load_sheet

    folder, shown, seed = student
    page = Page(load_sheet(sheet_name), seed, shown, starter=starter)
    _written(page, output / folder, forms, solutions, force)


def _students(roster: Path) -> Sequence[Student]:
    from exercises.commands.roster import RosterError, read_roster

    try:
        return read_roster(roster)
    except RosterError as error:
        raise click.BadParameter(str(error), param_hint="--class") from error


def _written(
    page: Page, output: Path, forms: Sequence[str], solutions: bool, force: bool
) -> list[Path]:
    """The files of one page, written only when all of them could be made."""
    from exercises.formats.render import FormatError
    from exercises.formats.source_tree import SourceError
    from exercises.sheet import render_starter

    submission = output / page.submission
    _check_free(submission, force)
    try:
        with exercises_blamed():
            contents = dict(_files(page, forms, solutions))
            contents[submission.name] = render_starter(page.sheet, page.seed, page.starter).encode()
    except (FormatError, SourceError) as error:
        raise click.ClickException(str(error)) from error
    try:
        output.mkdir(parents=True, exist_ok=True)
        for name, data in contents.items():
            (output / name).write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"cannot write to {output}: {error.strerror}") from error
    return [output / name for name in contents]


def _files(page: Page, forms: Sequence[str], solutions: bool) -> Iterator[tuple[str, bytes]]:
    from exercises.formats.render import beside, file_name, holds_answers, render
    from exercises.sheet import render_answers

    for form in forms:
        yield file_name(form), render(page, form)
        yield from beside(page, form).items()
        if solutions and not holds_answers(form):
            yield file_name(form, solutions=True), render(replace(page, solutions=True), form)
    if solutions:
        yield "solutions.py", render_answers(page.sheet, page.seed).encode()


def _check_free(submission: Path, force: bool) -> None:
    if submission.exists() and not force:
        # Nothing is written at all: new questions beside old answers would mislead.
        raise click.ClickException(
            f"{submission} exists and may hold your work; choose another folder, or use --force"
        )


def _warn(forms: Sequence[str], solutions: bool) -> None:
    from exercises.formats.render import file_name, holds_answers

    holding = [file_name(form) for form in forms if holds_answers(form)]
    holding += ["the solutions"] if solutions else []
    if holding:
        verb = "hold" if len(holding) > 1 or solutions else "holds"
        click.echo(f"{' and '.join(holding)} {verb} the answers: for teachers only", err=True)
