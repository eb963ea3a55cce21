"""What the figures of questions are made of: labelled points, and nodes with arrows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, product
from typing import Any, TypeAlias

from exercises.gallery.palette import BLUE, FAINT, INK, PAPER, VERMILLION

Place: TypeAlias = tuple[float, float]

# A class is told by its shape as well as by its colour: paper may be grey.
_LOOKS: tuple[dict[str, Any], ...] = (
    {"marker": "o", "color": BLUE},
    {"marker": "s", "color": VERMILLION},
    {"marker": "*", "color": INK, "s": 130},
)
_NODE = 17  # the radius of a node, in points
_ROOM = 0.7


def points(axes: Any, groups: Mapping[str, Iterable[Place]], names: Sequence[str] = ()) -> None:
    """Draw classes of points on a grid of whole numbers.

    Args:
        axes: where.
        groups: the points of each class, by the words for the legend.
        names: what stands beside the points, in the order of the classes.
    """
    every = [place for group in groups.values() for place in group]
    for look, (label, group) in zip(_LOOKS, groups.items(), strict=False):
        x, y = zip(*group, strict=True)
        axes.scatter(x, y, label=label, zorder=3, **{"s": 55, **look})
    for name, place in zip(names, every, strict=False):
        axes.annotate(name, place, xytext=(6, 5), textcoords="offset points")
    (left, right), (bottom, top) = ((min(*v, 0), max(*v, 0)) for v in zip(*every, strict=True))
    axes.set(xlim=(left - 1, right + 1), ylim=(bottom - 1, top + 1), aspect="equal")
    # Every line of the grid, and a number at each second one: ticks are what takes longest to draw.
    grid = {"color": FAINT, "lw": 0.6, "zorder": 0.5}
    axes.vlines(range(left, right + 1), bottom - 1, top + 1, **grid)
    axes.hlines(range(bottom, top + 1), left - 1, right + 1, **grid)
    axes.xaxis.set_ticks(range(left + left % 2, right + 1, 2))
    axes.yaxis.set_ticks(range(bottom + bottom % 2, top + 1, 2))
    axes.set_xlabel("x₁")
    axes.set_ylabel("x₂", rotation=0, labelpad=9)
    axes.figure.legend(loc="upper center", ncols=len(groups))


def graph(axes: Any, nodes: Mapping[str, Place], arrows: Iterable[tuple[str, str, str]]) -> None:
    """Draw nodes and labelled arrows between them.

    Args:
        axes: where.
        nodes: the place of each node, by its name, which stands in it.
        arrows: from which node, to which one, and what stands on the way.
    """
    for start, end, label in arrows:
        (x0, y0), (x1, y1) = nodes[start], nodes[end]
        ends = {"shrinkA": _NODE, "shrinkB": _NODE}
        style = {"arrowstyle": "-|>", "color": INK, "lw": 1.0, **ends}
        axes.annotate("", (x1, y1), xytext=(x0, y0), arrowprops=style)
        # A third of the way, so that the labels of arrows that cross keep apart.
        at = (x0 + (x1 - x0) * 0.36, y0 + (y1 - y0) * 0.36)
        box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.2}
        axes.text(*at, label, ha="center", va="center", bbox=box, zorder=5)
    for name, place in nodes.items():
        axes.plot(*place, "o", ms=2 * _NODE - 4, mfc=PAPER, mec=BLUE, mew=1.4, zorder=3)
        axes.text(*place, name, ha="center", va="center", zorder=4)
    xs, ys = zip(*nodes.values(), strict=True)
    axes.set_xlim(min(xs) - _ROOM, max(xs) + _ROOM)
    axes.set_ylim(min(ys) - _ROOM, max(ys) + _ROOM)
    axes.set_axis_off()


def layers(axes: Any, sizes: Mapping[str, int]) -> None:
    """Draw a dense network: a column of units for each layer, named below with its size."""
    most = max(sizes.values())
    columns = [
        [(1.6 * place, (size - 1) / 2 - k) for k in range(size)]
        for place, size in enumerate(sizes.values())
    ]
    for before, after in pairwise(columns):
        for start, end in product(before, after):
            axes.plot(*zip(start, end, strict=True), color=FAINT, lw=0.8, zorder=1)
    for column, (name, size) in zip(columns, sizes.items(), strict=True):
        axes.plot(*zip(*column, strict=True), "o", ms=12, mfc=PAPER, mec=BLUE, mew=1.4, zorder=3)
        axes.text(column[0][0], -most / 2 - 0.6, f"{size} {name}", ha="center", va="center")
    axes.set_xlim(-0.7, columns[-1][0][0] + 0.7)
    axes.set_ylim(-most / 2 - 1, most / 2)
    axes.set_axis_off()


def zero_lines(axes: Any) -> None:
    """Draw the two axes of coordinates faintly through the origin."""
    axes.axhline(0, color=FAINT, lw=1, zorder=1)
    axes.axvline(0, color=FAINT, lw=1, zorder=1)
