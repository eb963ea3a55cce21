"""A written submission as marking sees it: its passages, and beside them the code that it has."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from grader.outcome import Finding, Judgement
from grader.student import Failure, Reply
from grader.written.document import Document, close_to

if TYPE_CHECKING:
    from grader.sandbox import Sandbox


class Written:
    """A document, and the sandbox that runs its code, if it has any. Use as a context.

    Attributes:
        document: the submission.
        passages: its answers in words.
        code: the sandbox, started; or nothing.
    """

    def __init__(
        self, document: Document, names: Collection[str], code: Sandbox | None = None
    ) -> None:
        """Find the answers.

        Args:
            document: the submission.
            names: what the sheet asks for.
            code: the sandbox, started; or nothing.

        Raises:
            SubmissionError: something is answered twice.
        """
        self.document, self.code = document, code
        self.passages = document.passages(names)

    def __enter__(self) -> Written:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the sandbox."""
        if self.code is not None:
            self.code.close()

    def load(self) -> Written:
        """Wait until the code has run."""
        if self.code is not None:
            self.code.load()
        return self

    @property
    def names(self) -> Mapping[str, str]:
        """What is answered: the names of passages, and what the code defines."""
        defined = self.code.names if self.code is not None else {}
        written = {name: "text" for name in self.passages if not self._runs(name)}
        return {**defined, **written}

    @property
    def stopped(self) -> Failure | None:
        """Why the code stopped while it was loaded, if it did."""
        return self.code.stopped if self.code is not None else None

    @property
    def isolation(self) -> str:
        """How the code is kept apart; nothing when there is none."""
        return self.code.isolation if self.code is not None else ""

    @property
    def steady(self) -> bool:
        """Whether another run would say the same."""
        return self.code is None or self.code.steady

    def text(self, name: str) -> Reply:
        """A passage, or the value of a variable of the code."""
        passage = self.passages.get(name)
        if self.code is not None and (passage is None or self._runs(name)):
            return self.code.text(name)
        return Reply("" if passage is None or not passage.strip() else passage)

    def call(self, name: str, args: Sequence[Any]) -> Reply:
        """What a function of the code returns."""
        if self.code is None:
            return Reply(failure=Failure("gone", "was not run: there is no code"))
        return self.code.call(name, args)

    def unanswered(self, answer: Any) -> Judgement | None:
        """What is said of an answer that this kind of file lacks, or cannot hold."""
        name, codes = answer.name, self.document.codes
        kind = self.names.get(name)
        if not hasattr(answer, "signature"):  # no function
            by_heading = kind is None and self.document.tells
            return _missing(self._absent(name)) if by_heading else None
        if kind not in (None, "text") or (kind is None and codes and self.code is not None):
            return None
        how = f"write it in {codes}" if codes else "hand in a .py, .ipynb or .md file for it"
        asked = f"{name} is a function, which is not answered in words: {how}"
        if kind is None or not self.passages[name].strip():
            return _missing(asked)
        return Judgement(0.0, "not-checked", (Finding("not-checked", asked),))

    def _runs(self, name: str) -> bool:
        """Whether the code answers: with a function, or where nothing is written."""
        if self.code is None or name not in self.code.names:
            return False
        blank = not self.passages.get(name, "").strip()
        return blank or self.code.names[name] == "function"

    def _absent(self, name: str) -> str:
        if close := close_to(name, self.names):
            return f"there is no heading {name}; did you mean {name} where you wrote {close}?"
        return f"there is no answer under a heading {name}"


def _missing(said: str) -> Judgement:
    return Judgement(0.0, "missing", (Finding("note", said),))
