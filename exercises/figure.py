"""A picture in a question, drawn for the variant: the same bytes at every run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any, Literal, TypeAlias

from exercises.declaration import called, rendered

Form: TypeAlias = Literal["svg", "pdf", "png"]

SIZE = (4.2, 2.6)  # inches: fits a phone and half a page of paper
_PLACE = (0.1, 0.16, 0.86, 0.72)  # of the axes in the figure: room below, and for a legend above
_KEPT = 64  # pictures kept: a class draws the same few variants again and again
# When a file was made is no part of what it shows.
_NO_DATE = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {"Software": None}}


@dataclass(frozen=True)
class Figure:
    """What is drawn beside a question.

    Attributes:
        function: draws on the Matplotlib `axes` it is given, with names of the variant.
        alt: what is drawn, in words; a template over the variant.
    """

    function: Callable[..., Any]
    alt: str

    def words(self, variant: Mapping[str, Any]) -> str:
        """What stands in the picture's place for those who do not see it."""
        return " ".join(rendered(self.alt, variant).split())

    def draw(self, variant: Mapping[str, Any], form: Form) -> bytes:
        """The picture of a variant as a file.

        Raises:
            ImportError: Matplotlib is not installed.
        """
        return _drawn(self.function, _Variant(variant), form)


class _Variant:
    """A variant that can be a key: equal when it is written alike."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self._key = repr(sorted(values.items(), key=lambda item: item[0]))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Variant) and self._key == other._key


@lru_cache(_KEPT)
def _drawn(function: Callable[..., Any], variant: _Variant, form: Form) -> bytes:
    from matplotlib import figure as matplotlib_figure
    from matplotlib import style

    from exercises.gallery.palette import STYLE

    # Both styles, so that what a user has configured changes nothing.
    with style.context(["default", STYLE]):
        # A layout found by trial would draw everything twice: a class has many of these.
        made = matplotlib_figure.Figure(figsize=SIZE)
        called(function, {**variant.values, "axes": made.add_axes(_PLACE)})
        file = BytesIO()
        made.savefig(file, format=form, metadata=_NO_DATE[form], dpi=160)
    return file.getvalue()
