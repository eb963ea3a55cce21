"""What a picture is, and how one becomes an SVG file that says what it shows."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURES = Path(__file__).parent / "figures"
WIDTH = 4.8  # inches: no wider, so that 9 points stay readable on a phone


class GalleryError(ValueError):
    """A picture is badly declared; the message says where and what must hold."""


@dataclass(frozen=True)
class Words:
    """What a picture says: for those who see it, and for those who do not.

    Attributes:
        caption: what to look for, one to three sentences, beside the picture.
        alt: what is drawn, in place of the picture.
    """

    caption: str
    alt: str


def number(value: float, form: str = ".3g") -> str:
    """A number for prose and labels, with a minus sign in place of the hyphen."""
    return format(value, form).replace("-", "−")


@dataclass(frozen=True)
class Picture:
    """One figure of the gallery.

    Attributes:
        title: its heading.
        place: where it stands on the page, the smallest first.
        height: in inches; the width is the same for all.
        draw: fills a Matplotlib figure, and says what it shows.
    """

    title: str
    place: int
    height: float
    draw: Callable[[Figure], Words]

    @property
    def name(self) -> str:
        """The name of its function, its file and its SVG."""
        return self.draw.__name__

    @property
    def models(self) -> tuple[str, ...]:
        """The modules of `impl` that its file uses, sorted."""
        used = (getattr(value, "__module__", None) for value in self.draw.__globals__.values())
        # A family may be one file or a package: readers look for its first name.
        families = {".".join(name.split(".")[:2]) for name in used if isinstance(name, str)}
        # impl.core holds no model, only what operations are made of.
        return tuple(sorted(n for n in families if n.startswith("impl.") and n != "impl.core"))

    def render(self) -> Drawing:
        """The picture drawn, with the same bytes at every run."""
        from matplotlib import style
        from matplotlib.figure import Figure

        from exercises.gallery.palette import STYLE, dark_scheme

        # Both styles, so that what a user has configured changes nothing.
        with style.context(["default", STYLE]):
            figure = Figure(figsize=(WIDTH, self.height), layout="constrained")
            words = self.draw(figure)
            file = StringIO()
            figure.savefig(file, format="svg", metadata={"Date": None, "Title": self.title})
        head, start, body = file.getvalue().partition("<svg ")
        opening, close, rest = body.partition(">")
        extras = f"<title>{escape(self.title)}</title><desc>{escape(words.alt)}</desc>"
        svg = f'{head}{start}role="img" {opening}{close}\n{extras}\n{dark_scheme()}{rest}'
        return Drawing(self, svg, words)


@dataclass(frozen=True)
class Drawing:
    """A picture that was drawn.

    Attributes:
        picture: which one.
        svg: the source of the file; it fits light pages and dark ones.
        words: what it says.
    """

    picture: Picture
    svg: str
    words: Words


def picture(
    title: str, *, place: int, height: float
) -> Callable[[Callable[[Figure], Words]], Picture]:
    """Declare the function below as the picture of its file."""
    return lambda draw: Picture(title, place, height, draw)


def pictures() -> tuple[Picture, ...]:
    """All pictures, found by walking the package, in the order of the page.

    Raises:
        GalleryError: a file does not declare the picture of its name, or two share a place.
    """
    found = [_picture(module.name) for module in pkgutil.iter_modules([str(FIGURES)])]
    ordered = sorted(found, key=lambda item: item.place)
    for one, other in pairwise(ordered):
        if one.place == other.place:
            raise GalleryError(f"{one.name} and {other.name} both stand at place {one.place}")
    return tuple(ordered)


def _picture(name: str) -> Picture:
    found = getattr(import_module(f"exercises.gallery.figures.{name}"), name, None)
    if not isinstance(found, Picture):
        raise GalleryError(f"exercises/gallery/figures/{name}.py must define the picture {name}")
    return found
