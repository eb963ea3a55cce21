"""What marking sees of a submission: names, values and calls, however they are run."""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: str, limit: int = 300) -> str:
    """Text of a student's process, safe to print: no control characters, capped."""
    printable = _UNPRINTABLE.sub("?", text.encode("utf-8", "replace").decode())
    return printable if len(printable) <= limit else f"{printable[:limit]}..."


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request to a submission gave no value.

    Attributes:
        kind: raised, exit, syntax, timeout, crash, output, protocol or gone.
        message: what happened, as the end of a sentence: "raised ValueError: ...".
        line: the line of the submission, when known.
        text: that line.
    """

    kind: str
    message: str
    line: int | None = None
    text: str = ""

    def sentence(self) -> str:
        """What happened and where."""
        place = f" at line {self.line}: {self.text}" if self.line is not None else ""
        return f"{self.message}{place}"


@dataclass(frozen=True, slots=True)
class Reply:
    """A value, or the failure that came instead.

    Attributes:
        value: what was returned.
        failure: why there is no value.
        after: the arguments after the call, if it changed any of them.
        seconds: the processor's time for the call, transport included.
    """

    value: Any = None
    failure: Failure | None = None
    after: Sequence[Any] | None = None
    seconds: float = 0.0


class Student(Protocol):
    """A submission that can be asked for its values."""

    @property
    def names(self) -> Mapping[str, str]:
        """What the submission defines: name to "function" or the type's name."""

    @property
    def stopped(self) -> Failure | None:
        """Why loading ended early, if it did."""

    def text(self, name: str) -> Reply:
        """The value of a variable."""

    def call(self, name: str, args: Sequence[Any]) -> Reply:
        """What a function returns for copies of the arguments."""


@dataclass
class InProcess:
    """Trusted answers in this very process, for tests of exercises and of marking."""

    answers: Mapping[str, Any]
    stopped: Failure | None = field(default=None)

    @property
    def names(self) -> Mapping[str, str]:
        """What the answers define."""
        return {
            name: "function" if callable(value) else type(value).__name__
            for name, value in self.answers.items()
        }

    def text(self, name: str) -> Reply:
        """The value of a variable."""
        return Reply(self.answers[name])

    def call(self, name: str, args: Sequence[Any]) -> Reply:
        """What a function returns for copies of the arguments."""
        from grader import frames

        function: Callable[..., Any] = self.answers[name]
        start = time.thread_time()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                reply, body = frames.called(function, *frames.encode_all(args))
        except Exception as error:
            said = clean(f"raised {type(error).__name__}: {error}")
            return Reply(failure=Failure("raised", said))
        value, *after = frames.decode_all([reply["value"], *reply.get("after", [])], body)
        return Reply(value, after=after or None, seconds=time.thread_time() - start)
