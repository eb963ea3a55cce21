"""What the commands share about a course's own folders, and about exercises that fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from exercises.course import using

Command = TypeVar("Command", bound=Callable[..., Any])


def exercises_option(*, exists: bool = True) -> Callable[[Command], Command]:
    """The option that names the folder of a course's own exercises; the command sees them.

    Args:
        exists: whether the folder must be there already.
    """
    return click.option(
        "--exercises",
        metavar="FOLDER",
        type=click.Path(path_type=Path, file_okay=False, exists=exists),
        callback=_use_exercises,
        expose_value=False,
        is_eager=True,
        help="The folder of the course's own exercises, TOPIC/NAME.py in it. They are Python and "
        "run with your rights: name none that a student wrote.",
    )


def sheet_given(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The name of a sheet: as given, or that of a file, whose folder is used from here on."""
    if value is None or not value.endswith(".toml"):
        return value
    path = Path(value)
    if not path.is_file():
        raise click.BadParameter(f"there is no file {path}", ctx, param)
    ctx.with_resource(using(sheets=path.parent))
    return path.stem


def graded_sheet_options(command: Command) -> Command:
    """The options that say by which sheet to grade, a course's own among them."""
    sheet = click.option(
        "--sheet",
        metavar="NAME|FILE",
        callback=sheet_given,
        help="The sheet, instead of the submission's SHEET; a course's own by its file, such as "
        "week1.toml.",
    )
    return sheet(exercises_option()(command))


@contextmanager
def exercises_blamed() -> Iterator[None]:
    """Say in one line what failed in an exercise's own file, and where.

    Raises:
        click.ClickException: an exercise failed.
    """
    from exercises.core import ExerciseError
    from exercises.declaration import place
    from exercises.discover import is_exercise, told

    try:
        yield
    except click.ClickException:
        raise
    except Exception as error:
        if not isinstance(error, ExerciseError) and place(error, is_exercise) is None:
            raise
        raise click.ClickException(told(error)) from error


def _use_exercises(ctx: click.Context, _: click.Parameter, folder: Path | None) -> Path | None:
    if folder is not None:
        ctx.with_resource(using(exercises=folder))
    return folder
