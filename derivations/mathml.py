"""LaTeX to MathML, which browsers and screen readers read without a script."""

from __future__ import annotations

import html
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=4096)
def mathml(latex: str) -> Any:
    """The formula as MathML; where it cannot be read, its source as code."""
    from latex2mathml.converter import convert
    from markupsafe import Markup

    try:
        return Markup(convert(latex, display="block"))
    except Exception:
        return Markup(f"<code>{html.escape(latex)}</code>")
