"""LaTeX to tokens: one for each letter, commands by what they mean, without spacing and remarks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from derivations.reading.latex_frames import FRAMES, unframed
from derivations.reading.latex_remarks import ENDS, GRIDS, explains, without_remarks
from derivations.reading.latex_text import DISPLAYS, Span, formulas, is_latex
from derivations.reading.tokens import GREEK, SAME_SIGNS, ParseError, Source, Token
from derivations.reading.vectors import TRANSPOSE

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
_BRACKET = re.compile(
    r"\s*(?P<text>\\[{}]|\\[lr](?:brace|vert|Vert|brack)|\\[vV]ert|[()\[\].|]|(?P<norm>\\\|))"
)
_SIDES = re.compile(r"\\(?P<side>left|right)(?![A-Za-z])")
_BAR = re.compile(r"\s*(?:\||\\r?vert\b)")
_FAR = 2_000  # characters between a \left. and its \right|
_RELATION = re.compile(r"\s*\{\s*(?P<text>[=<>]|\\(?:leq?|geq?|implies|iff|Rightarrow))\s*\}")
_OPTION = re.compile(r"\s*\{[0-9]+\}|\s*\[[tbc]\]")
_COLUMNS = re.compile(r"\s*(?:\[[tbc]\])?\s*\{[lcr|@{}\s]{0,40}\}")
_ONE_LETTER = re.compile(r"\s*\{\s*(?P<text>[A-Za-z])\s*\}")
_WORD = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SKIPPED = _words(
    r""", ; : ! > quad qquad displaystyle textstyle limits nolimits nonumber notag allowbreak big
    Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm mathstrut
    blacksquare square Box qed qedhere checkmark thinspace medspace thickspace hfill
    noindent centering"""
) | {" ", "\n"}
_FONTS = _words("mathbf boldsymbol bm mathit mathcal mathscr vec")
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
    "in": "\\in",
    "therefore": "=>",
    "vert": "|",
    "mid": "\\mid",
    "lvert": "|(",
    "rvert": "|)",
    "prime": "'",
    **dict.fromkeys(("|", "Vert"), "‖"),
    "lVert": "‖(",
    "rVert": "‖)",
}
_WORDS = {"forall": "for all", "because": "because"}
_GREEK_NAMES = {
    **{name: name for name in GREEK.values()},
    **{f"var{name}": name for name in _words("epsilon theta phi rho sigma pi kappa Gamma")},
    "infty": "oo",
    "ell": "ell",
    **dict.fromkeys(("top", "intercal"), TRANSPOSE),
}
_FUNCTIONS = _words(
    """sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan exp log ln max min"""
)
_STRUCTURES = _words(
    """frac dfrac tfrac cfrac sqrt sum prod int binom dbinom tbinom partial hat bar tilde widehat
    widetilde overline dot nabla"""
)
_MATRICES = _words("pmatrix bmatrix matrix Bmatrix vmatrix smallmatrix array")
_CASES = _words("cases dcases rcases")
_GRID = re.compile(rf"(\\begin\{{(?:{'|'.join((*_MATRICES, *_CASES))})\}}.*?(?:\\end\{{\w+\}}|$))")
_SAID = {
    **dict.fromkeys(
        ("dots", "cdots", "ldots", "dotsb", "dotsc"),
        r"dots leave open what is meant; write \sum_{i=1}^{n} or all the terms",
    ),
    **dict.fromkeys(("approx", "simeq", "sim"), "a chain is exact; it has =, not an approximation"),
    **dict.fromkeys(("equiv", "propto"), "this relation is not read; a chain is made of =, <= ..."),
    **dict.fromkeys(("pm", "mp"), "a formula has one value; write + or -"),
    "lg": r"\lg may be the logarithm to base 10 or 2; write \log_{10}(x) or \log_{2}(x)",
    "lim": r"limits are not read; write the value, or \left[ ... \right]_{a}^{b} of an integral",
    "Pr": r"probabilities are not read; write them with the names of the question",
    "cancel": r"leave out what \cancel strikes through",
}
_OPERANDS = ("number", "letter", "name")
_WIDE = ("\\quad", "\\qquad")
_SIDE_BY_SIDE = "two formulas stand side by side in this row; put each on a line of its own"


def _begins(token: Token) -> bool:
    """Whether a formula may begin with a token."""
    return token.kind in (*_OPERANDS, "function", "command") or token.value in ("(", "[", "{")


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
        yield from without_remarks(self, unframed(found))
        yield Token("end", "", *self.place(len(self.text)))

    def quoted(self, lines: Sequence[str]) -> str:
        """Lines of a formula in one, without comments and alignment; it is LaTeX by itself."""
        text = " ".join(" ".join(re.sub(r"(?<!\\)%.*", "", line) for line in lines).split())
        # The alignment goes; the & of a matrix and of cases stay.
        text = "".join(
            piece if k % 2 else piece.replace("&", "") for k, piece in enumerate(_GRID.split(text))
        )
        return text if is_latex(text) else f"${text}$"

    def _of(self, span: Span) -> Iterator[Token]:
        place, spaced, grids = span.start, False, 0
        apart, ends = "", False  # what sets formulas apart in a row; whether one may have ended
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
                try:
                    token, place = self._command(token, place)
                except ParseError as error:  # it may stand in a reason, which nobody reads
                    token = replace(token, kind="unread", value=error.message)
            elif kind == "number":
                self.check_digits(token.value, line, column)
            elif kind == "letter" and token.value in GREEK:
                token = replace(token, kind="name", value=GREEK[token.value])
            elif kind == "sign" and token.value != "^":
                token = replace(token, value=SAME_SIGNS.get(token.value, token.value))
            grids += (token.kind in GRIDS) - (token.kind in ENDS)
            spaced = token.kind == "nothing"
            if token.value == "&" and grids <= 0:
                apart = "&"
            elif token.value in _WIDE and spaced:
                apart = apart or token.value
            elif not spaced:
                if apart and ends and _begins(token) and self._is_apart(apart, place, span.end):
                    token = replace(token, kind="unread", value=_SIDE_BY_SIDE)
                apart, ends = "", token.kind in _OPERANDS or token.value in (")", "]", "}", "!")
                yield token
        yield Token("newline", "", *self.place(span.end))

    def _is_apart(self, apart: str, place: int, end: int) -> bool:
        """Whether a formula of its own begins here: in a column, or with a relation to come."""
        return apart == "&" or "=" in self.text[place:end].partition("\\\\")[0]

    def _command(self, token: Token, place: int) -> tuple[Token, int]:
        """What a command means, and where the text goes on behind it."""
        name = token.value[1:]
        if name in ("left", "right"):
            return self._bracket(token, place)
        if name in ("overset", "stackrel"):
            return self._over_relation(token, place)
        if name in ("begin", "end"):
            return self._environment(token, place)
        if name in _REMARKS | _NAMED | _SKIPPED_ARGUMENT:
            return self._worded(token, place)
        letter = _ONE_LETTER.match(self.text, place) if name in _FONTS else None
        if letter is not None:
            return replace(token, kind="letter", value=letter["text"]), letter.end()
        if name in _SKIPPED | _FONTS:
            return replace(token, kind="nothing"), place
        if name in FRAMES:
            return replace(token, kind="frame", value=name), place
        if name in _WORDS:
            return replace(token, kind="remark", value=_WORDS[name]), place
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
        value = "‖" if match["norm"] else match["text"].lstrip("\\")
        if value == ".":
            bar = token.value == "\\left" and self._closes_with_bar(match.end())
            return replace(token, kind="sign" if bar else "nothing", value=".("), match.end()
        if value in ("‖", "Vert", "lVert", "rVert"):
            value = "‖(" if token.value == "\\left" else "‖)"
        if value in ("|", "vert", "lvert", "rvert"):
            value = "|(" if token.value == "\\left" else "|)"
        return replace(token, kind="sign", value=_SIGNS.get(value, value)), match.end()

    def _closes_with_bar(self, place: int) -> bool:
        r"""Whether the \right that belongs to the \left before this place is a bar."""
        depth = 1
        for match in _SIDES.finditer(self.text, place, place + _FAR):
            depth += 1 if match["side"] == "left" else -1
            if not depth:
                return _BAR.match(self.text, match.end()) is not None
        return False

    def _over_relation(self, token: Token, place: int) -> tuple[Token, int]:
        r"""The relation in \overset{(1)}{=}; what stands over it is a remark."""
        match = _ARGUMENT.match(self.text, place)
        below = _RELATION.match(self.text, match.end()) if match else None
        if below is None:
            raise self.at(token, f"{token.value} is read over a relation only, as over =")
        sign = below["text"].lstrip("\\")
        return replace(token, kind="sign", value=_SIGNS.get(sign, sign)), below.end()

    def _environment(self, token: Token, place: int) -> tuple[Token, int]:
        match = _ARGUMENT.match(self.text, place)
        name = match["text"].strip() if match else ""
        if match is not None and name.rstrip("*") in DISPLAYS.split():
            option = _OPTION.match(self.text, match.end())
            end = option.end() if option and token.value == "\\begin" else match.end()
            return replace(token, kind="newline"), end
        for kind, names in (("matrix", _MATRICES), ("cases", _CASES)):
            if match is not None and name in names:
                if token.value == "\\end":
                    return replace(token, kind=f"end {kind}", value=name), match.end()
                columns = _COLUMNS.match(self.text, match.end()) if name == "array" else None
                end = columns.end() if columns else match.end()
                return replace(token, kind=kind, value=name), end
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
        if word is not None and (name in _NAMED or (applied and not explains(word[1]))):
            kind = "differential" if word[1] == "d" and name in _NAMED else "name"
            return replace(token, kind=kind, value=word[1]), end
        if name in _NAMED:
            raise self.at(token, f"{token.value} needs one word; it has {match['text']!r}")
        return replace(token, kind="remark", value=match["text"]), end
