"""The gallery's colours and type, for light pages and dark ones.

The data colours are those of M. Okabe and K. Ito (Color universal design, 2008), which people with
any common kind of colour blindness tell apart; no figure relies on colour alone.
"""

from __future__ import annotations

from typing import Any

INK, MUTED, FAINT, PAPER = "#1f2328", "#59636e", "#d1d9e0", "#ffffff"
BLUE, VERMILLION, GREEN, PURPLE = "#0072b2", "#d55e00", "#009e73", "#b5609a"

# On a dark page each colour becomes one of the same hue that stands out there.
_DARK = {
    INK: "#e6edf3",
    MUTED: "#9ba4ae",
    FAINT: "#3a424b",
    PAPER: "#0d1117",
    BLUE: "#56b4e9",
    VERMILLION: "#ff8c42",
    GREEN: "#2bc59a",
    PURPLE: "#e09ac6",
}

STYLE: dict[str, Any] = {
    "svg.hashsalt": "workings",  # names inside the file are drawn from it: same bytes each time
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",  # comes with Matplotlib
    "font.size": 9.5,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.labelsize": 9.5,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9,
    "legend.frameon": False,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.edgecolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.grid": False,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
}


def dark_scheme() -> str:
    """An SVG style element that turns the colours where the reader prefers a dark page."""
    rules = "".join(
        f'[style*="{what}: {light}"]{{{what}:{dark}!important}}'
        for light, dark in _DARK.items()
        for what in ("fill", "stroke")
    )
    return f"<style>@media (prefers-color-scheme:dark){{{rules}}}</style>"
