"""`workings exercises new`: the file of an exercise, ready to be filled in and already sound."""

from __future__ import annotations

from pathlib import Path

import click

from exercises.commands.own import exercises_option
from exercises.course import EXERCISES, exercises_folder
from exercises.discover import is_engine, is_name
from exercises.formats.render import filled

HERE = Path(__file__).parent.parent


@click.command()
@click.argument("place", metavar="TOPIC/NAME")
@click.option("--title", help="What it is about; made from NAME when not given.")
@click.option("--claim", "claims", multiple=True, help="A row of the ledger that it rests on.")
@click.option("--level", type=click.IntRange(1, 3), default=1, show_default=True)
@exercises_option(exists=False)
def new(place: str, title: str | None, claims: tuple[str, ...], level: int) -> None:
    """Write the skeleton of an exercise to TOPIC/NAME.py in the folder of the exercises."""
    topic, name = split(place)
    title = title or name.replace("_", " ").capitalize()
    source = filled("exercise.py.j2", {}, name=name, title=title, claims=list(claims), level=level)
    click.echo(write(topic, name, source))


def split(place: str) -> tuple[str, str]:
    """The topic and the name of a place such as softmax/temperature.

    Raises:
        click.BadParameter: it is not two names of modules.
    """
    parts = place.removesuffix(".py").replace(".", "/").split("/")
    if len(parts) != 2 or not all(map(is_name, parts)):
        raise click.BadParameter(
            f"must be a topic and a name in small letters, such as softmax/temperature; "
            f"got {place!r}",
            param_hint="TOPIC/NAME",
        )
    return parts[0], parts[1]


def write(topic: str, name: str, source: str) -> str:
    """Write the file of an exercise, for a course of its own or for the bank.

    Returns:
        What was written, and what to do next.

    Raises:
        click.ClickException: there is such a file or such an exercise, the topic is not a place for
            exercises, no folder was named, or it cannot be written to.
    """
    own = exercises_folder()
    if own is None and not (HERE.parent / "pyproject.toml").exists():
        raise click.ClickException(
            "name the folder of your course's exercises: --exercises FOLDER, or set "
            f"{EXERCISES}; nothing is written into the installed package"
        )
    path = (own or HERE) / topic / f"{name}.py"
    if path.exists():
        raise click.ClickException(f"{_shown(path)} exists; choose another name")
    if own and (HERE / topic / f"{name}.py").exists():
        raise click.ClickException(f"the bank has an exercise {topic}.{name}; choose another name")
    if is_engine(topic):
        raise click.ClickException(f"{topic} is part of the engine; choose another topic")
    try:
        if not path.parent.exists():
            path.parent.mkdir(parents=own is not None)
            if own is None:
                words = topic.replace("_", " ")
                init = f'"""Exercises on {words}."""\n'
                (path.parent / "__init__.py").write_text(init, encoding="utf-8")
        path.write_text(source, encoding="utf-8", newline="\n")
    except OSError as error:
        raise click.ClickException(f"cannot write {_shown(path)}: {error.strerror}") from error
    if own is None:
        return f"wrote {_shown(path)}; check it: pytest tests/exercises -k {name}"
    return f"wrote {path}; try it: workings exercises try {topic}.{name} --exercises {own}"


def _shown(path: Path) -> str:
    """A path as a reader of the project, or of the course's folder, would write it."""
    inside = path.is_relative_to(HERE)
    return f"exercises/{path.relative_to(HERE).as_posix()}" if inside else str(path)
