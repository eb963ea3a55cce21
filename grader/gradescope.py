"""`grade gradescope`: what the script `run_autograder` of a Gradescope assignment calls.

Gradescope puts a submission's files into `/autograder/submission`, says whose they are in
`/autograder/submission_metadata.json`, and reads `/autograder/results/results.json`. When that file
is missing it says that the autograder failed, which is what a failure of ours is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from exercises.commands.own import graded_sheet_options
from grader.front import hints_option
from grader.gradescope_export import AUTOGRADER, RESULTS, SUBMISSION


@click.command()
@click.option("--seed", metavar="SEED", help="The variant, instead of the submission's SEED.")
@graded_sheet_options
@click.option(
    "--roster",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The class as CSV (columns student, name, seed): which variant is whose. The student may "
    "be Gradescope's student id or the address.",
)
@click.option(
    "--secret",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The secret of the course: with a roster, all are marked on their own variants.",
)
@hints_option
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=AUTOGRADER,
    show_default=True,
    help="Where Gradescope keeps its files.",
)
@click.option(
    "--allow-weak-isolation",
    "allow_weak",
    is_flag=True,
    help="Run code even where it cannot be kept apart: in a container without other secrets.",
)
def main(
    seed: str | None,
    sheet: str | None,
    roster: Path | None,
    secret: Path | None,
    hints: int,
    folder: Path,
    allow_weak: bool,
) -> None:
    """Mark the submission on a Gradescope autograder, and write the results where it reads them.

    In run_autograder: grade gradescope --sheet week1.toml
    """
    from exercises.sheet import SheetError, load_sheet
    from grader.formats import write
    from grader.marking import grade_file
    from grader.refusal import RefusalError
    from grader.roster import read_roster
    from grader.run import course_secret, gathered, settled
    from grader.sandbox import WeakIsolationError
    from grader.submission import SubmissionError
    from grader.view import seen

    place, files = folder / RESULTS, [folder / SUBMISSION]
    # What an earlier run left must not stand in for what this one fails to say.
    place.unlink(missing_ok=True)
    try:
        key = course_secret(secret, roster)
        if roster is not None:
            read_roster(roster)
        if sheet is not None:
            load_sheet(sheet)
    except (SubmissionError, RefusalError, SheetError) as error:  # of the course's own files
        raise click.ClickException(str(error)) from error
    try:
        item = gathered(files, None, roster, alone=folder).found[0]
        marked = grade_file(item, sheet, seed, hints, allow_weak, key)
        report = seen(settled(item, marked), "student")
    except WeakIsolationError as error:
        raise click.ClickException(str(error)) from error
    except SubmissionError as error:
        _keep(place, _not_graded(str(error)))
        return
    except Exception as error:
        said = f"our failure, not the submission's: {type(error).__name__}: {error}"
        raise click.ClickException(said) from error
    _keep(place, write("gradescope", [report]))
    click.echo(f"{report.points:g} of {report.out_of} points; wrote {place}")


def _not_graded(reason: str) -> str:
    """The results of a submission that cannot be graded: no points, and why."""
    results: dict[str, Any] = {
        "score": 0,
        "output": f"not graded: {reason}",
        "output_format": "text",
        "visibility": "visible",
    }
    click.echo(results["output"], err=True)
    return json.dumps(results, ensure_ascii=False, indent=2)


def _keep(place: Path, text: str) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"cannot write {place}: {error.strerror}") from error
