"""What the kernel says of one question: never a bool, always with its evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["proved", "refuted", "supported", "unknown"]


@dataclass(frozen=True, slots=True)
class Witness:
    """An exact point at which rigorous ball arithmetic separates the two sides.

    `lhs` and `rhs` are decimals of which every printed digit is certain, or "undefined".
    """

    point: tuple[tuple[str, str], ...]
    lhs: str
    rhs: str

    def sentence(self) -> str:
        """The witness in words: at t = 1/2 the left is 0.2350, the right 0.3775."""
        where = ", ".join(f"{name} = {value}" for name, value in self.point)
        place = f"at {where} " if where else ""
        return f"{place}the left is {self.lhs}, the right {self.rhs}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one question, how it was reached, and what it rests on.

    Attributes:
        status: `proved` (an exact argument), `refuted` (a witness), `supported` (agrees to 50
            digits at 12 points, no proof found) or `unknown` (neither; see `reason`).
        method: the rung that decided.
        witness: the point that refutes, when refuted.
        conditions: what the verdict needs besides the assumptions, as text: `x != 0`.
        evidence: further lines of evidence: the normal form, the cases, the points tried.
        reason: why there is no proof, when supported or unknown.
        ms: the time taken, in milliseconds.
        certificates: what can be checked again by itself: antiderivatives, telescopers.
        replay: checks the evidence again, when there is some.
    """

    status: Status
    method: str
    witness: Witness | None = None
    conditions: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    reason: str = ""
    ms: float = 0.0
    certificates: tuple[Any, ...] = ()
    replay: Callable[[], bool] | None = field(default=None, repr=False, compare=False)

    @property
    def proved(self) -> bool:
        """An exact argument was found."""
        return self.status == "proved"

    @property
    def refuted(self) -> bool:
        """A witness was found."""
        return self.status == "refuted"

    @property
    def supported(self) -> bool:
        """Both sides agree wherever they were tried, and no proof was found."""
        return self.status == "supported"

    @property
    def unknown(self) -> bool:
        """Nothing is known; `reason` says why."""
        return self.status == "unknown"

    def __bool__(self) -> bool:
        raise TypeError("a verdict is not a bool: ask .proved or .refuted; `unknown` is neither")

    def recheck(self) -> bool:
        """Whether the evidence holds when it is checked again, from the evidence alone.

        A witness is evaluated anew at higher precision, an antiderivative differentiated, a
        telescoper subtracted; a proof by normal forms is tried at points that it has not seen.
        A verdict without evidence (`unknown`) has nothing to check and gives False.
        """
        if self.unknown:
            return False
        if not all(certificate.recheck() for certificate in self.certificates):
            return False
        return self.replay is None or self.replay()

    def sentence(self) -> str:
        """The verdict as one sentence that a student understands."""
        where = f", where {' and '.join(self.conditions)}" if self.conditions else ""
        if self.proved:
            return f"proved by {self.method}{where}"
        if self.witness is not None:
            return self.witness.sentence()
        if self.refuted:
            return f"refuted: {self.reason}"
        if self.supported:
            return f"not proved, but both sides agree to 50 digits at {self.method}"
        return f"not decided: {self.reason}"

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Verdict:
        """The verdict that `as_dict` wrote, without what would recheck it."""
        found = data["witness"]
        witness = found and Witness(tuple(found["point"].items()), found["lhs"], found["rhs"])
        return cls(
            data["status"],
            data["method"],
            witness,
            tuple(data["conditions"]),
            tuple(data["evidence"]),
            data["reason"],
            data["ms"],
        )

    def as_dict(self) -> dict[str, Any]:
        """The verdict as plain data for JSON."""
        witness = None
        if self.witness is not None:
            witness = {
                "point": dict(self.witness.point),
                "lhs": self.witness.lhs,
                "rhs": self.witness.rhs,
            }
        return {
            "status": self.status,
            "method": self.method,
            "witness": witness,
            "conditions": list(self.conditions),
            "evidence": list(self.evidence),
            "reason": self.reason,
            "ms": round(self.ms, 3),
        }
