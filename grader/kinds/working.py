"""What the steps of a derivation earn: which lines count as one, and what the slips cost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from derivations.parse import Line
from exercises.credit import Credit
from grader.kinds.forms import alike, contained, dressed, dressed_end, identical, taken_off


class Working:
    """Counts the steps of one derivation, measured against the model's.

    A line is a step when it is new: no line before it, the end, or one of these dressed up.
    Multiplying out counts as often as the model does it.

    Args:
        lines: the lines of the reference.
        credit: how the points are shared out.

    Attributes:
        made: the steps made until the end was first reached.
        faulty: how many of these, short of the end, are wrong or could not be read.
        lost: the steps lost, which may be a fraction.
        reached: whether the end has been reached.
    """

    def __init__(self, lines: Sequence[Line], credit: Credit) -> None:
        steps = [
            (a.expression, b.expression)
            for a, b in pairwise(lines)
            if a.terms or not identical(a.expression, b.expression)
        ]
        self.model, self.credit = [line.expression for line in lines], credit
        self.steps = max(1, len(steps))
        self.least = credit.least(self.steps)
        self.expansions = sum(alike(a, b) for a, b in steps)
        self.strict_end = bool(steps) and alike(*steps[-1])
        self.made = self.faulty = 0
        self.lost = 0.0
        self.reached = False
        self._collects = any(line.terms for line in lines)
        self._seen = [self.model[0]]
        self._uncollected: list[Any] = []

    def is_end(self, line: Any) -> bool:
        """Whether a line is the end in the form asked for.

        Where the model's last step is to multiply out, that must be done.
        """
        end = self.model[-1]
        return identical(line, end) or (not self.strict_end and alike(line, end))

    def begin_wrong(self, line: Any) -> None:
        """Take a first line that is not the start: it costs a step, and the work goes on there."""
        self._seen.append(line)
        self.lose()

    def take(self, line: Any, cost: float, terms: Sequence[Any] = ()) -> bool:
        """Count a line; whether it is another one dressed up, and so no step.

        Args:
            line: the line, as SymPy.
            cost: what it loses, of a step.
            terms: its terms as typed, where SymPy has put some together.
        """
        self.lost += cost
        if self.reached:  # what comes after the end cannot stand for the working before it
            return False
        if terms and self._takes_uncollected(line, terms):
            self.made += 1
            self.faulty += cost >= 1
            return False
        known = any(alike(line, other) for other in self.model)
        repeated = any(alike(line, other) for other in self._seen)
        if repeated:
            new = self.expansions > 0 and not any(identical(line, s) for s in self._seen)
            self.expansions -= new
        else:
            new = known or cost > 0 or not self._is_dressed(line)
        self._seen.append(line)
        self.made += new or cost > 0
        self.reached = self.is_end(line)
        self.faulty += cost >= 1 and not self.reached  # the end is a step, wherever it comes from
        return not new and not repeated

    def _takes_uncollected(self, line: Any, terms: Sequence[Any]) -> bool:
        """Whether a line is a step whose like terms are yet to be collected.

        A line that only has a term more, and takes it off again, is not. To collect is the next
        step, so the line does not count as seen; another way of splitting it is none.
        """
        others = (*self._seen, *self._uncollected, self.model[-1])
        if any(contained(other, terms) for other in others) or line in self._uncollected:
            return False
        if not self._collects and any(taken_off(other, terms) for other in others):
            return False
        if any(identical(line, s) for s in self._seen):
            return False
        self._uncollected.append(line)
        return True

    def lose(self) -> None:
        """Count a line that could not be read, or that is not the start."""
        self.made += 1
        self.faulty += 1
        self.lost += 1

    def share(self, *, answered: bool) -> float:
        """What the steps earn, of the working's points.

        Args:
            answered: whether the derivation ends in the form asked for.
        """
        if not self.made:
            return 0.0
        share = max(0.0, 1 - self.lost / min(self.made, self.steps))
        share *= self._complete(self.made, answered)
        # A wrong line between the start and the answer is worth no more than none.
        share = min(share, self._complete(self.made - self.faulty, answered or self.reached))
        # Sound steps that lead nowhere are part of a derivation at most.
        return share if answered or self.lost else share * self.credit.unfinished

    def _complete(self, made: int, ended: bool) -> float:
        """How much of the least working so many steps are; one to the end has none between."""
        if made >= self.least:
            return 1.0
        if ended:
            return max(0, made - 1) / (self.least - 1)
        return made / self.least

    def missing(self) -> str:
        """What is said of a derivation that reaches the end in too few steps; empty otherwise."""
        if self.lost or self.made >= self.least:
            return ""
        model = f"the model makes {self.steps}; show at least {self.least}"
        if self.made <= 1:
            said = "the working is missing: this goes from the start to the answer in one step"
            return f"{said} ({model})"
        return f"part of the working is missing: this makes {self.made} steps ({model})"

    def _is_dressed(self, line: Any) -> bool:
        return any(dressed(line, s) for s in self._seen) or dressed_end(
            line, self.model[-1], self.model[0]
        )
