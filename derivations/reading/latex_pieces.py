r"""Values between limits, `\left[ F \right]_a^b` and `F \Big|_{t=0}`, and pieces, `cases`."""

from __future__ import annotations

from derivations.reading.conditions import MAKES
from derivations.reading.grammar import Node
from derivations.reading.latex_binders import BindingReader
from derivations.reading.latex_remarks import ENDS
from derivations.reading.latex_symbols import whole
from derivations.reading.tokens import Token

_TERM = 20  # a bar belongs to the whole product before it
_OTHERWISE = ("otherwise", "else", "sonst", "elsewhere")
_IF = ("if", "for", "when", "where", "falls")


class PieceReader(BindingReader):
    """Reads evaluation between limits, and formulas in pieces."""

    # Between limits

    def _at_bar(self, token: Token) -> bool:
        """Whether a bar with something below it comes next: `F |_{t=0}`."""
        bar = token.value == "|" and not self.bars
        if token.kind != "sign" or not (bar or (token.value == "|)" and not self.rounds)):
            return False
        return self._limits_at(self.place + 1)

    def _limits_at(self, place: int) -> bool:
        r"""Whether limits stand at a place: `_a^b`, `^b_a` or `_{t=0}`."""
        token = self.tokens[min(place, len(self.tokens) - 1)]
        if token.kind == "sign" and token.value == "^":
            token = self.tokens[min(self._past_group(place + 1), len(self.tokens) - 1)]
        return token.kind == "sign" and token.value == "_"

    def _past_group(self, place: int) -> int:
        depth = 0
        for at in range(place, len(self.tokens)):
            token = self.tokens[at]
            depth += {"{": 1, "}": -1}.get(token.value, 0) if token.kind == "sign" else 0
            if depth <= 0 and not (token.kind == "sign" and token.value == "-"):
                return at + 1
        return len(self.tokens)

    def _followed(self, left: Node, token: Token, binds: int) -> Node | None:
        """What a bar with limits makes of the term before it."""
        if binds or not self._at_bar(token):
            return None
        if left.kind in ("+", "-") and not left.value:
            said = (
                "this bar may belong to the whole sum before it or to its last term; write "
                r"\left[ ... \right]_{a}^{b} around what it belongs to"
            )
            raise self.error(token, said)
        self.take()
        return self._between(token, left)

    def _between(self, token: Token, body: Node) -> Node:
        """A formula with the limits that come next."""
        limits: dict[str, tuple[str, Node]] = {}
        while self.is_next("_", "^") and len(limits) < 2:
            sign = self.take().value
            if sign in limits:
                raise self.error(token, "there are two limits below, or two above")
            limits[sign] = self._limit()
        if "_" not in limits:
            raise self.error(token, "the lower limit is missing; write _{a}^{b}")
        names = {name for name, _ in limits.values() if name}
        if len(names) > 1:
            said = f"the limits are those of different variables, {' and '.join(sorted(names))}"
            raise self.error(token, said)
        parts = (body, *(limits[sign][1] for sign in ("_", "^") if sign in limits))
        name = next(iter(names), "")
        if "^" not in limits and not name:
            said = (
                "this may be an index, or a value at one point; write the variable, as in _{x=0}, "
                "or both limits, _{a}^{b}"
            )
            raise self.error(token, said)
        return self._made("between", token, *parts, value=name)

    def _limit(self) -> tuple[str, Node]:
        """One limit with the variable that it names, or nothing."""
        if not self.is_next("{"):
            return "", self._exponent()
        opening = self.take()
        self.brackets += 1
        name, node = "", self.formula()
        if self.is_next("="):
            if node.kind != "name":
                raise self.error(opening, "before = in a limit stands one variable, as in _{x=0}")
            self.take()
            name, node = node.value, self.formula()
        self.brackets -= 1
        self._closing("}")
        return name, whole(node)

    def _bracketed(self, token: Token) -> Node:
        r"""`[F]_a^b`, or brackets alone; `\left. F \right|` has limits always."""
        inner = self._single(token)
        if self._limits_at(self.place):
            return self._between(token, inner)
        if token.value == ".(":
            said = r"the bar needs its limits, \right|_{a}^{b}; for |x| write \left| x \right|"
            raise self.error(token, said)
        return inner

    # Pieces

    def _cases(self, token: Token) -> Node:
        r"""`\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}`."""
        outer = self.brackets, self.continues
        self.brackets, self.continues = 0, ""
        parts: list[Node] = []
        while True:
            self.skip_newlines()
            if self.peek().kind in ENDS:
                break
            self._check_goes_on(token)
            parts.append(whole(self.formula()))
            self._skip(",", ";", ".")
            self._skip("&")
            parts.append(self._condition())
            self._skip(",", ";", ".")
            after = self.peek()
            if after.kind not in ("newline", *ENDS):
                said = f"expected the next case, behind \\\\; {self.found(after)}"
                raise self.error(after, said)
        self.take()
        self.brackets, self.continues = outer
        if not parts:
            raise self.error(token, "there is no case between \\begin{cases} and \\end{cases}")
        return self._made("cases", token, *parts)

    def _check_goes_on(self, opening: Token) -> None:
        if self.peek().kind == "end":
            raise self.error(opening, f"\\begin{{{opening.value}}} is never closed")

    def _skip(self, *signs: str) -> None:
        while self.is_next(*signs):
            self.take()

    def _condition(self) -> Node:
        """When a case holds: relations joined by "and", or otherwise."""
        token = self.peek()
        word = _word(token)
        if token.kind in ("newline", *ENDS):
            raise self.error(token, r"say when this case holds: & x > 0, or & \text{otherwise}")
        if word in _OTHERWISE:
            self.take()
            return self._made("otherwise", token)
        if word in _IF:
            self.take()
            self._skip("&")
        found = [self._related()]
        while _word(self.peek()) == "and":
            self.take()
            found.append(self._related())
        return found[0] if len(found) == 1 else self._made("and", token, *found)

    def _related(self) -> Node:
        """`x > 0` or `0 < x < 1`."""
        token = self.peek()
        if token.kind == "remark":
            said = (
                f"{token.value.strip()!r} is not read here; a case holds if x > 0, or is "
                r"\text{otherwise}"
            )
            raise self.error(token, said)
        sides, signs = [self.formula()], []
        while self.is_next(*MAKES):
            signs.append(self.take())
            sides.append(self.formula())
        if not signs:
            said = f"expected when the case holds, as in & x > 0; {self.found(self.peek())}"
            raise self.error(self.peek(), said)
        made = [
            self._made("relation", sign, *sides[k : k + 2], value=sign.value)
            for k, sign in enumerate(signs)
        ]
        return made[0] if len(made) == 1 else self._made("and", token, *made)


def _word(token: Token) -> str:
    return token.value.strip(" ~,.;:").lower() if token.kind == "remark" else ""
