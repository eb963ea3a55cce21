"""How the points of a derivation are shared out: a table that a teacher can read and change."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Credit:
    """Shares of a derivation's points. What is not for the answer is for the working.

    A line that does not follow costs a step: the working's points over the number of steps, of
    which there count no more than the model makes.

    Attributes:
        answer: of the points, for reaching the end in the form asked for.
        other_form: of the answer's share, for an end that is equal but written otherwise.
        unfinished: of what its steps earn, for sound working that does not reach the end. A step
            is lost to begin with: to stop costs what a wrong last line would.
        one_way: of a step, what <=> costs where only => holds.
        least_steps: the steps that complete working takes; 0 for half of the model's, and two
            at least where the model has two. Who takes fewer leaves out what was to be shown.
        unit: points are rounded down to a multiple of it.
    """

    answer: float = 0.25
    other_form: float = 0.0
    unfinished: float = 1.0
    one_way: float = 0.5
    least_steps: int = 0
    unit: float = 0.25

    def __post_init__(self) -> None:
        for name in ("answer", "other_form", "unfinished", "one_way"):
            share = getattr(self, name)
            if not 0 <= share <= 1:
                raise ValueError(f"Credit: {name} is a share from 0 to 1; got {share!r}")
        if not (isinstance(self.least_steps, int) and self.least_steps >= 0):
            raise ValueError(f"Credit: least_steps is a whole number; got {self.least_steps!r}")
        if not 0 < self.unit <= 1:
            raise ValueError(f"Credit: unit is more than 0 and at most 1; got {self.unit!r}")

    @property
    def working(self) -> float:
        """Of the points, for the steps."""
        return 1 - self.answer

    def least(self, model: int) -> int:
        """The steps that complete working takes where the model has so many."""
        return min(model, self.least_steps or max(2, -(-model // 2)))

    def rounded(self, points: float) -> float:
        """Points as they are given."""
        return int(points / self.unit + 1e-9) * self.unit

    def rows(self, points: int, model: int) -> tuple[tuple[str, str], ...]:
        """The table for a part: points, and what they are given for.

        Args:
            points: what the part is worth.
            model: the steps of the reference.
        """
        answer, working = points * self.answer, points * self.working
        least = self.least(model)
        several = f", {least} steps or more (the model makes {model})" if least > 1 else ""
        rows = [
            (f"{answer:g}", "the end, in the form asked for"),
            (f"{working:g}", f"the working{several}"),
            (f"-{working / model:.3g}", "each line that does not follow from the line before it"),
            (
                f"-{working * (1 - self.unfinished * (model - 1) / model):.3g}",
                "sound working that stops a step short of the end",
            ),
        ]
        if self.other_form:
            share = f"{answer * self.other_form:.3g}"
            rows.append((share, "an end that is equal, but written otherwise"))
        if least > 1:
            rows.append((f"-{working:g}", "one step from the start to the end: no working"))
        return tuple(rows)
