"""`grade watch FILE`: mark a file again whenever it is saved."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exercises.commands.own import graded_sheet_options
from grader.front import hints_option

if TYPE_CHECKING:
    from grader.grading import Report

SECONDS_BETWEEN = 0.1
SECONDS_STILL = 0.15  # editors write in several steps: wait until nothing moves

Stamp = tuple[int, int, int]


@click.command()
@click.argument("submission", type=click.Path(path_type=Path))
@click.option("--seed", metavar="SEED", help="The variant, instead of the submission's SEED.")
@graded_sheet_options
@hints_option
@click.option(
    "--allow-weak-isolation",
    "allow_weak",
    is_flag=True,
    help="Run code even where it cannot be kept apart; for files of people you trust.",
)
def main(
    submission: Path, seed: str | None, sheet: str | None, hints: int, allow_weak: bool
) -> None:
    """Mark SUBMISSION, and again whenever it is saved, until Ctrl-C."""
    if submission.is_dir():
        said = f"{submission}: is a folder; name the file that you are working on"
        raise click.ClickException(said)
    if not submission.exists():  # a typing error would be watched for ever
        raise click.ClickException(f"{submission}: there is no such file")
    before: Report | None = None
    options = {"sheet": sheet, "seed": seed, "hints": hints, "allow_weak": allow_weak}
    try:
        for present in saves(submission):
            click.clear()
            if present:
                before = _show(submission, before, **options)
            else:
                click.echo(f"{submission}: there is no such file now")
            click.echo(f"\nwatching {submission.name}; Ctrl-C ends it", err=True)
    except KeyboardInterrupt:
        click.echo("\nno longer watching", err=True)


def saves(
    path: Path, between: float = SECONDS_BETWEEN, still: float = SECONDS_STILL
) -> Iterator[bool]:
    """Whether the file is there: at once, and again after each change, once it has settled.

    An editor may write the file in place, delete it and write it anew, or put another file in its
    place; all three are one change.

    Args:
        path: the file.
        between: the seconds between two looks at it.
        still: for how many seconds it must not change.
    """
    seen = _settled(path, still)
    yield seen is not None
    while True:
        time.sleep(between)
        if _stamp(path) != seen and (now := _settled(path, still)) != seen:
            seen = now
            yield seen is not None


def change(before: Report, now: Report) -> str:
    """What became of the points since the last time, in words."""
    if (before.sheet, before.seed) != (now.sheet, now.seed):
        return "another sheet or variant than before"
    earned = {mark.name: mark.points for mark in before.marks}
    moved = [
        f"{mark.name} {mark.points - earned[mark.name]:+g}"
        for mark in now.marks
        if mark.name in earned and mark.points != earned[mark.name]
    ]
    if not moved:
        return "no change since the last time"
    return f"since the last time: {now.points - before.points:+g} ({', '.join(moved)})"


def _show(path: Path, before: Report | None, **options: Any) -> Report | None:
    """Print the report; the one to compare the next with, which a broken file does not replace."""
    from rich.console import Console

    from grader.batch import Ungraded, graded_here
    from grader.hand_in import hand_in
    from grader.marking import grade_file
    from grader.report import print_report
    from grader.view import seen

    result = graded_here(lambda item: grade_file(item, **options), hand_in(path))
    if isinstance(result, Ungraded):
        whose = "our failure, not yours" if result.ours else "not graded"
        click.echo(f"{whose}: {result.name}: {result.reason}")
        return before
    print_report(Console(highlight=False), seen(result, "student"))
    if before is not None:
        click.echo(change(before, result))
    return result


def _settled(path: Path, still: float) -> Stamp | None:
    """What the file looks like once it has not changed for a while."""
    seen = _stamp(path)
    while True:
        time.sleep(still)
        now = _stamp(path)
        if now == seen:
            return seen
        seen = now


def _stamp(path: Path) -> Stamp | None:
    """What changes when the file is saved: which file it is, its time and its size."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
