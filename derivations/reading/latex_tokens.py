"""LaTeX to tokens: one for each letter, commands by what they mean, without spacing and remarks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from derivations.reading.latex_text import DISPLAYS, Span, formulas, is_latex
from derivations.reading.tokens import GREEK, SAME_SIGNS, Source, Token

_PATTERN = re.compile(
    r"(?P<space>[ \t\r\n\f\u00a0~]+|%[^\n]*)"
    r"|(?P<newline>\\\\\*?(?:[ \t]*\[-?[0-9.]+[ ]?[a-z]{2}\])?)"
    r"|(?P<command>\\(?:[A-Za-z]+\*?|[^A-Za-z]))"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
    r"|(?P<letter>[^\W\d_])"
    r"|(?P<sign><=|>=|==|!=|:=|[-+*/^_()\[\]{},.;!|'&=<>√∞·×⋅∗÷⁄−–≤≥⩽⩾])"
)
_ARGUMENT = re.compile(r"\s*\{(?P<text>(?:[^{}]|\{[^{}]*\}){0,400})\}")
_LETTER = re.compile(r"\s*(?P<text>[A-Za-z])")  # without braces a command takes one
_BRACKET = re.compile(r"\s*(?P<text>\\[{}|]|\\[lr](?:brace|vert|brack)|[()\[\].|])")
_OPTION = re.compile(r"\s*\{[0-9]+\}|\s*\[[tbc]\]")
_WORD = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SKIPPED = _words(
    r""", ; : ! > quad qquad displaystyle textstyle limits nolimits nonumber notag allowbreak big
    Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm mathbf boldsymbol bm mathit
    mathstrut thinspace medspace thickspace hfill noindent centering"""
) | {" ", "\n"}
_SKIPPED_ARGUMENT = _words("label tag tag* hspace hspace* vspace phantom color")
_REMARKS = _words("text textrm textit textbf textsf mbox intertext shortintertext")
_NAMED = _words("operatorname operatorname* mathrm mathsf mathop mathbb")
_SIGNS = {
    **dict.fromkeys(("cdot", "times", "ast"), "*"),
    "div": "/",
    **dict.fromkeys(("le", "leq", "leqslant"), "<="),
    **dict.fromkeys(("ge", "geq", "geqslant"), ">="),
    "lt": "<",
    "gt": ">",
    **dict.fromkeys(("ne", "neq"), "!="),
    "coloneqq": ":=",
    **dict.fromkeys(("implies", "Rightarrow", "Longrightarrow"), "=>"),
    **dict.fromkeys(("iff", "Leftrightarrow", "Longleftrightarrow"), "<=>"),
    **dict.fromkeys(("lbrace", "{"), "\\{"),
    **dict.fromkeys(("rbrace", "}"), "\\}"),
    "lbrack": "[",
    "rbrack": "]",
    "vert": "|",
    "mid": "\\mid",
    "lvert": "|(",
    "rvert": "|)",
    "prime": "'",
}
_GREEK_NAMES = {
    **{name: name for name in GREEK.values()},
    **{f"var{name}": name for name in _words("epsilon theta phi rho sigma pi kappa Gamma")},
    "infty": "oo",
    "ell": "ell",
}
_FUNCTIONS = _words(
    """sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan exp log ln max min"""
)
_STRUCTURES = _words(
    """frac dfrac tfrac cfrac sqrt sum prod int binom dbinom tbinom partial hat bar tilde widehat
    widetilde overline dot"""
)
_MATRICES = _words("pmatrix bmatrix matrix Bmatrix vmatrix smallmatrix")
_SAID = {
    **dict.fromkeys(
        ("dots", "cdots", "ldots", "dotsb", "dotsc"),
        r"dots leave open what is meant; write \sum_{i=1}^{n} or all the terms",
    ),
    **dict.fromkeys(("approx", "simeq", "sim"), "a chain is exact; it has =, not an approximation"),
    **dict.fromkeys(("equiv", "propto"), "this relation is not read; a chain is made of =, <= ..."),
    **dict.fromkeys(("pm", "mp"), "a formula has one value; write + or -"),
    "lg": r"\lg may be the logarithm to base 10 or 2; write \log_{10}(x) or \log_{2}(x)",
    "nabla": r"gradients are not read; write \frac{\partial}{\partial x}",
}


class LatexSource(Source):
    """A text whose formulas are LaTeX; its tokens stand at their places in that text."""

    def __init__(self, text: str, first_line: int, most: int) -> None:
        """The text.

        Args:
            text: formulas, and prose around them.
            first_line: the number of its first line.
            most: how many characters the formulas may have.
        """
        super().__init__(text, first_line)
        self.most = most

    def tokens(self) -> Iterator[Token]:
        """The tokens of all formulas, a newline between two of them, an `end` last.

        Raises:
            ParseError: something that no formula has here, or a formula or a number is too long.
        """
        spans = formulas(self)
        size = sum(span.end - span.start for span in spans)
        if size > self.most:
            said = f"the formulas have {size} characters; at most {self.most} are read"
            raise self.error(said, *self.place(spans[0].start))
        found = [token for span in spans for token in self._of(span)]
        yield from self._without_remarks(found)
        yield Token("end", "", *self.place(len(self.text)))

    def quoted(self, lines: Sequence[str]) -> str:
        """Lines of a formula in one, without comments and alignment; it is LaTeX by itself."""
        text = " ".join(" ".join(re.sub(r"(?<!\\)%.*|&", "", line) for line in lines).split())
        return text if is_latex(text) else f"${text}$"

    def _of(self, span: Span) -> Iterator[Token]:
        place, spaced, matrices = span.start, False, 0
        while place < span.end:
            match = _PATTERN.match(self.text, place, span.end)
            line, column = self.place(place)
            if match is None:
                raise self.unknown(self.text[place], line, column)
            kind, place = match.lastgroup or "", match.end()
            if kind == "space":
                spaced = True
                continue
            token = Token(kind, match.group(), line, column, spaced)
            if kind == "command":
                token, place = self._command(token, place)
            elif kind == "number":
                self.check_digits(token.value, line, column)
            elif kind == "letter" and token.value in GREEK:
                token = replace(token, kind="name", value=GREEK[token.value])
            elif kind == "sign" and token.value != "^":
                token = replace(token, value=SAME_SIGNS.get(token.value, token.value))
            matrices += {"matrix": 1, "end matrix": -1}.get(token.kind, 0)
            spaced = token.kind == "nothing"
            if not spaced and not (token.value == "&" and matrices <= 0):
                yield token
        yield Token("newline", "", *self.place(span.end))

    def _command(self, token: Token, place: int) -> tuple[Token, int]:
        """What a command means, and where the text goes on behind it."""
        name = token.value[1:]
        if name in ("left", "right"):
            return self._bracket(token, place)
        if name in ("begin", "end"):
            return self._environment(token, place)
        if name in _REMARKS | _NAMED | _SKIPPED_ARGUMENT:
            return self._worded(token, place)
        if name in _SKIPPED:
            return replace(token, kind="nothing"), place
        for kind, known in (("sign", _SIGNS), ("name", _GREEK_NAMES)):
            if name in known:
                return replace(token, kind=kind, value=known[name]), place
        for kind, names in (("function", _FUNCTIONS), ("command", _STRUCTURES)):
            if name in names:
                return replace(token, kind=kind, value=name), place
        said = _SAID.get(
            name, f"\\{name} is not read here; write it with the names of the question"
        )
        raise self.at(token, said)

    def _bracket(self, token: Token, place: int) -> tuple[Token, int]:
        match = _BRACKET.match(self.text, place)
        if match is None:
            raise self.at(token, f"a bracket is expected after {token.value}")
        value = match["text"].lstrip("\\")
        if value == ".":
            return replace(token, kind="nothing"), match.end()
        if value in ("|", "vert", "lvert", "rvert"):
            value = "|(" if token.value == "\\left" else "|)"
        return replace(token, kind="sign", value=_SIGNS.get(value, value)), match.end()

    def _environment(self, token: Token, place: int) -> tuple[Token, int]:
        match = _ARGUMENT.match(self.text, place)
        name = match["text"].strip() if match else ""
        if match is not None and name.rstrip("*") in DISPLAYS.split():
            option = _OPTION.match(self.text, match.end())
            end = option.end() if option and token.value == "\\begin" else match.end()
            return replace(token, kind="newline"), end
        if match is not None and name in _MATRICES:
            kind = "matrix" if token.value == "\\begin" else "end matrix"
            return replace(token, kind=kind, value=name), match.end()
        raise self.at(token, f"{token.value}{{{name}}} is not read here")

    def _worded(self, token: Token, place: int) -> tuple[Token, int]:
        r"""A remark, a name in upright letters, or nothing (`\label{...}`)."""
        name = token.value[1:]
        match = _ARGUMENT.match(self.text, place)
        if match is None and name in _NAMED:
            match = _LETTER.match(self.text, place)
        if match is None:
            raise self.at(token, f"{token.value} needs its text in braces")
        end = match.end()
        if name in _SKIPPED_ARGUMENT:
            return replace(token, kind="nothing"), end
        word = _WORD.fullmatch(match["text"].replace("\\_", "_"))
        applied = self.text[end:].lstrip().startswith(("(", "[", "\\left", "_"))
        if word is not None and (name in _NAMED or applied):
            kind = "differential" if word[1] == "d" and name in _NAMED else "name"
            return replace(token, kind=kind, value=word[1]), end
        if name in _NAMED:
            raise self.at(token, f"{token.value} needs one word; it has {match['text']!r}")
        return replace(token, kind="remark"), end

    def _without_remarks(self, tokens: list[Token]) -> Iterator[Token]:
        r"""The tokens without remarks, and without the full stop at the end of a line.

        Raises:
            ParseError: a remark stands within a formula: `a \text{ or } b` is no product.
        """
        after: list[Token | None] = [None] * len(tokens)  # what comes next that is no aside
        for k in range(len(tokens) - 2, -1, -1):
            after[k] = after[k + 1] if _is_aside(tokens[k + 1]) else tokens[k + 1]
        before: Token | None = None
        for token, following in zip(tokens, after, strict=True):
            if not _is_aside(token):
                before = token
                yield token
            elif token.kind == "remark":
                if not (_is_edge(before) or _is_edge(following)):
                    raise self.at(token, "a remark stands within a formula; put it at the end")
            elif following is not None and following.kind != "newline":
                yield token


def _is_aside(token: Token) -> bool:
    return token.kind == "remark" or (token.kind == "sign" and token.value in (".", ",", ";"))


def _is_edge(token: Token | None) -> bool:
    """Whether a formula begins or ends at a token."""
    return (
        token is None
        or token.kind == "newline"
        or (token.kind == "sign" and token.value in ("=", "<=", ">=", "<", ">", "=>", "<=>"))
    )
