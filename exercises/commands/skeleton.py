"""`workings exercises new`: the file of an exercise, ready to be filled in and already sound."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

import click

from exercises.formats.render import filled

HERE = Path(__file__).parent.parent
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@click.command()
@click.argument("place", metavar="TOPIC/NAME")
@click.option("--title", help="What it is about; made from NAME when not given.")
@click.option("--claim", "claims", multiple=True, help="A row of the ledger that it rests on.")
@click.option("--level", type=click.IntRange(1, 3), default=1, show_default=True)
def new(place: str, title: str | None, claims: tuple[str, ...], level: int) -> None:
    """Write the skeleton of an exercise to exercises/TOPIC/NAME.py."""
    topic, name = split(place)
    path = HERE / topic / f"{name}.py"
    title = title or name.replace("_", " ").capitalize()
    source = filled("exercise.py.j2", {}, name=name, title=title, claims=list(claims), level=level)
    write(path, source)
    click.echo(f"wrote {shown(path)}; check it: pytest tests/exercises -k {name}")


def split(place: str) -> tuple[str, str]:
    """The topic and the name of a place such as softmax/temperature.

    Raises:
        click.BadParameter: it is not two names of modules.
    """
    parts = place.removesuffix(".py").replace(".", "/").split("/")
    sound = [p for p in parts if _NAME.fullmatch(p) and not keyword.iskeyword(p)]
    if len(parts) != 2 or sound != parts:
        raise click.BadParameter(
            f"must be a topic and a name in small letters, such as softmax/temperature; "
            f"got {place!r}",
            param_hint="TOPIC/NAME",
        )
    return parts[0], parts[1]


def write(path: Path, source: str) -> None:
    """Write the file of an exercise, and its topic's package if that is new.

    Raises:
        click.ClickException: there is such a file, the topic is not a place for exercises, or the
            folder cannot be written to.
    """
    topic = path.parent
    if path.exists():
        raise click.ClickException(f"{shown(path)} exists; choose another name")
    if topic.with_suffix(".py").exists() or (topic.exists() and not _holds_exercises(topic)):
        raise click.ClickException(f"{shown(topic)} is part of the engine; choose another topic")
    try:
        if not topic.exists():
            topic.mkdir()
            words = topic.name.replace("_", " ")
            (topic / "__init__.py").write_text(f'"""Exercises on {words}."""\n', encoding="utf-8")
        path.write_text(source, encoding="utf-8", newline="\n")
    except OSError as error:
        raise click.ClickException(f"cannot write {shown(path)}: {error.strerror}") from error


def shown(path: Path) -> str:
    """A path as a reader of the project would write it."""
    return f"exercises/{path.relative_to(HERE).as_posix()}"


def _holds_exercises(folder: Path) -> bool:
    from exercises.discover import NO_TOPICS

    return (folder / "__init__.py").exists() and folder.name not in NO_TOPICS
