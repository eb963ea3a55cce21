"""The gallery on disk: one SVG file a picture, and a page that holds them all."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import click

from exercises.gallery.core import Drawing, pictures

HERE = Path(__file__).parent
MISSING = "the gallery is drawn by Matplotlib; run: pip install 'workings[figures]'"


def render_page(drawings: Sequence[Drawing]) -> str:
    """The page as HTML that needs no other file and runs no script."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["base64"] = lambda text: b64encode(text.encode()).decode()
    return environment.get_template("page.html.j2").render(drawings=drawings)


def write_gallery(folder: Path) -> tuple[Path, ...]:
    """Draw everything into a folder, which is made when missing; the files written.

    Raises:
        OSError: the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)  # first: drawing takes seconds
    drawings = [picture.render() for picture in pictures()]
    contents = {f"{drawing.picture.name}.svg": drawing.svg for drawing in drawings}
    contents["index.html"] = render_page(drawings)
    for name, text in contents.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return tuple(folder / name for name in contents)


@click.command()
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for index.html and the SVG files; made when missing.",
)
def gallery(output: Path) -> None:
    """Draw the models at work: a page of figures, and each as an SVG file."""
    if find_spec("matplotlib") is None:
        raise click.ClickException(MISSING)
    try:
        written = write_gallery(output)
    except OSError as error:
        raise click.ClickException(f"cannot write to {output}: {error.strerror}") from error
    click.echo(f"wrote {len(written) - 1} figures and {written[-1]}")
