"""LaTeX formulas as MathML that browsers space as TeX would.

latex2mathml does the reading. What it leaves out is put right around it: aligned lines, names of
functions, the thin space beside them, and the minus that is a sign.
"""

from __future__ import annotations

import re
from functools import lru_cache
from xml.etree import ElementTree

from exercises.formats.render import FormatError

_FUNCTION = r"<mi>(?:arccos|arcsin|arctan|cos|cosh|cot|det|exp|ln|log|sin|sinh|tan|tanh|tr)</mi>"
_CHILDREN = {
    **dict.fromkeys(("mfrac", "msub", "msup", "munder", "mover", "mroot"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}
_THIN = '<mspace width="0.167em"/>'
_OPENS = "&#x00028;"
_CLOSING = "&#x00029;|&#x0005D;|&#x0007D;|&#x0007C;|&#x02016;|&#x02225;|&#x022A4;|&#x02032;|!"


@lru_cache(maxsize=8192)
def mathml(latex: str, display: bool) -> str:
    """A formula as MathML.

    Raises:
        FormatError: it cannot be read, or holds a command that would be printed as its name.
    """
    from latex2mathml.converter import convert

    try:
        found = str(convert(_readable(latex), display="block" if display else "inline"))
    except Exception as error:
        said = f"the formula {latex!r} cannot be read ({type(error).__name__})"
        raise FormatError(said) from error
    if unknown := re.search(r"\\[A-Za-z]+|<mi>&(?:amp;)?</mi>|<mo ?/>", found):
        raise FormatError(f"{unknown[0]} is not known in the formula {latex!r}")
    _check(latex, found)
    return _spaced(found)


def _check(latex: str, found: str) -> None:
    """Refuse what a browser would show as an error: a fraction with one side, say."""
    try:
        elements = ElementTree.fromstring(found).iter()
    except ElementTree.ParseError as error:
        raise FormatError(f"the formula {latex!r} cannot be read ({error})") from error
    for element in elements:
        name = element.tag.partition("}")[2]
        if len(element) != _CHILDREN.get(name, len(element)):
            raise FormatError(f"{name} lacks an argument in the formula {latex!r}")


def _readable(latex: str) -> str:
    """The formula in the words that latex2mathml knows."""
    latex = re.sub(r"\\(begin|end)\{(?:aligned|gathered)\}", r"\\\1{align*}", latex)
    return re.sub(r"\\(?:operatorname\*?|mathrm)\{([A-Za-z]{2,}(?:\\,[A-Za-z]+)*)\}", _name, latex)


def _name(match: re.Match[str]) -> str:
    name = match[1].replace("\\,", " ")
    return rf"\text{{{name}}}"


def _spaced(text: str) -> str:
    """Thin spaces beside the names of functions, and none behind the minus of a sign."""
    scripts = r"(?<!<msub>)(?<!<msup>)(?<!<msubsup>)(?<!<munder>)(?<!<munderover>)"
    behind = rf"(?!<mo[^>]*>{_OPENS}|<mo>|</)"
    text = re.sub(rf"{scripts}({_FUNCTION}){behind}", rf"\1{_THIN}", text)
    before = r"(</m(?:i|n|sub|sup|subsup|frac|row|sqrt)>)"
    text = re.sub(rf"{before}(?={_FUNCTION})", rf"\1{_THIN}", text)
    return re.sub(
        rf"(<mo[^>]*>(?!{_CLOSING})[^<]*</mo>)<mo>(&#x02212;|&#x0002B;)</mo>",
        r'\1<mo form="prefix">\2</mo>',
        text,
    )
