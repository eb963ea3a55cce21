r"""Vectors and matrices in LaTeX: `\lVert x \rVert`, `\nabla_{x}`, `pmatrix` within a formula."""

from __future__ import annotations

from derivations.reading.grammar import Node
from derivations.reading.latex_pieces import PieceReader
from derivations.reading.latex_symbols import whole
from derivations.reading.tokens import Token

MAX_ENTRIES = 100
_TERM = 10  # binds as tightly as a term of a sum


class VectorReader(PieceReader):
    """Reads norms, gradients and matrices."""

    def _norm(self, token: Token) -> Node:
        inner = self._single(token)
        below = ""
        if self.is_next("_"):
            self.take()
            below, self.place = self._raw()
            if below not in ("2", "F"):
                said = "only the norms _2 and _F are read; write the sum, such as \\sum_{i=1}^{n}"
                raise self.error(token, said)
        return self._made("norm", token, inner, value=below)

    def _gradient(self, token: Token) -> Node:
        if not self.is_next("_"):
            said = r"say which variable the gradient is by, \nabla_{x}, or write \frac{d}{dx}"
            raise self.error(token, said)
        self.take()
        braced = self.is_next("{")
        if braced:
            self.take()
        variable = self._variable()
        if braced:
            self._closing("}")
        term = self.formula(_TERM)
        return self._up_to_last(
            token,
            term,
            [variable.value],
            r"\nabla_{x}",
            lambda body: self._made("gradient", token, body, variable),
        )

    def _grid(self, token: Token) -> Node:
        """A matrix with its entries, row by row."""
        outer = self.brackets, self.continues
        self.brackets, self.continues = 0, ""
        rows: list[list[Node]] = [[]]
        while True:
            if self.peek().kind == "newline":
                self.take()
                rows.append([])
                continue
            if self.peek().kind == "end matrix":
                break
            self._check_goes_on(token)
            rows[-1].append(whole(self.formula()))
            after = self.peek()
            if after.kind not in ("newline", "end matrix") and not self.is_next("&"):
                raise self.error(after, f"expected & or \\\\; {self.found(after)}")
            self._skip("&")
        self.take()
        self.brackets, self.continues = outer
        rows = [row for row in rows if row]
        if not rows or len({len(row) for row in rows}) != 1:
            raise self.error(token, "the rows of the matrix are not equally long")
        entries = [entry for row in rows for entry in row]
        if len(entries) > MAX_ENTRIES:
            raise self.error(token, f"a matrix in a formula may have {MAX_ENTRIES} entries")
        kind = "determinant" if token.value == "vmatrix" else "grid"
        return self._made(kind, token, *entries, value=str(len(rows)))
