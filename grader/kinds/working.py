"""What the steps of a derivation earn: which lines count as one, and what the slips cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import sympy as sp

from derivations.parse import Line
from exercises.credit import Credit
from grader.kinds.forms import alike, contained, dressed, dressed_end, identical, taken_off
from grader.kinds.padding import bare, is_idle, plain
from grader.kinds.progress import Progress
from grader.kinds.wrapping import wraps


@dataclass(frozen=True, slots=True)
class Fall:
    """What is wrong with a line.

    Attributes:
        cost: of a step.
        recognised: whether it is a slip that has a name.
        returns: whether the line goes on from before an earlier slip.
    """

    cost: float
    recognised: bool = False
    returns: bool = False


@dataclass(frozen=True, slots=True)
class _Doubt:
    """The last step, which is none if nothing that it brought is used, and the counts before it."""

    number: int
    line: Any
    before: Any
    counts: tuple[int, int, int]


class Working:
    """Counts the steps of one derivation, measured against the model's.

    A line is a step when it is new: no line before it, the end, or one of these dressed up.
    Multiplying out counts as often as the model does it, and where it leads on towards the end.

    Args:
        lines: the lines of the reference.
        credit: how the points are shared out.

    Attributes:
        made: the steps made until the end was first reached, the wrong ones among them.
        faulty: how many of these, short of the end, are wrong or could not be read.
        nearer: the sound ones that brought the derivation nearer to the end.
        stages: all that did short of the end, also those with a slip in them.
        lost: the steps lost, which may be a fraction.
        reached: whether the end has been reached.
        missed: whether what would be the end has been reached, but for a slip.
        idle: the numbers of the lines that are sound and lead nowhere.
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
        self.expansions = sum(_is_rearranged(a, b) for a, b in steps)
        self.strict_end = bool(steps) and alike(*steps[-1])
        self.made = self.faulty = self.nearer = self.stages = 0
        self.lost = 0.0
        self.reached = self.missed = False
        self.idle: list[int] = []
        self._way = Progress(self.model, strict=bool(steps) and _is_rearranged(*steps[-1]))
        self._collects = any(line.terms for line in lines)
        self._off = ""  # "slip" behind a slip that was carried on, "lost" behind nonsense
        self._ended_well = True
        self._expanded = False  # whether the line is a step because the model multiplies out, too
        self._seen = [self.model[0]]
        self._counts = [(0, 0.0)]  # what was made and lost up to each of these
        self._uncollected: list[Any] = []
        self._doubtful: _Doubt | None = None

    def is_end(self, line: Any) -> bool:
        """Whether a line is the end in the form asked for.

        Where the model's last step is to multiply out, that must be done.
        """
        end = self.model[-1]
        return identical(line, end) or (not self.strict_end and alike(line, end))

    def begin_wrong(self, line: Any) -> None:
        """Take a first line that is not the start: it costs a step, and the work goes on there."""
        self._off = "slip"
        self.lose()
        self._note(line)

    def take(self, line: Line, number: int, fall: Fall | None = None) -> None:
        """Count a line.

        Args:
            line: the line.
            number: which one it is.
            fall: what is wrong with it.
        """
        cost = 0.0 if fall is None else fall.cost
        self.lost += cost
        if self.reached:  # what comes after the end cannot stand for the working before it
            return
        self._expanded = False
        before, e = self._seen[-1], line.expression
        self._settle(e)
        if fall is not None and fall.returns:
            self._off, self.missed = "", False
        if self.missed:
            return
        if cost >= 1:
            assert fall is not None
            self._stumble(e, before, fall)
        elif line.terms and self._takes_uncollected(e, line.terms):
            self._step(e)
            return
        elif self._is_new(e):
            counts = (self.made, self.nearer, self.stages)
            self._step(e)
            if fall is None and not any(identical(e, other) for other in self.model):
                self._doubtful = _Doubt(number, e, before, counts)
        elif fall is None and not any(alike(e, other) for other in self._seen):
            self.idle.append(number)
        elif fall is None and self._goes_back(e):
            return  # the line is among those seen
        self._note(e)
        self.reached = self.is_end(e)
        self.missed = self._off == "slip" and self._way.is_like_the_end(e)

    def _note(self, line: Any) -> None:
        self._seen.append(line)
        self._counts.append((self.made, self.lost))

    def _goes_back(self, line: Any) -> bool:
        """Whether a line is an earlier one again; the steps since are then taken back."""
        for k, (seen, (made, lost)) in enumerate(zip(self._seen, self._counts, strict=True)):
            if identical(line, seen) and lost == self.lost:
                self.made = made
                del self._seen[k + 1 :], self._counts[k + 1 :]
                return True
        return False

    def _step(self, line: Any) -> None:
        self.made += 1
        if (self._way.is_nearer(line) or self._expanded) and self._off != "lost":
            self.nearer += 1
            self.stages += not self._way.is_like_the_end(line)
        self._ended_well = True

    def _stumble(self, line: Any, before: Any, fall: Fall) -> None:
        """Take a line that does not follow."""
        self.made += 1
        self._ended_well = False
        if not fall.returns:
            kin = fall.recognised or self._way.is_kin(line, before)
            self._off = "slip" if kin and self._off != "lost" else "lost"
        new = self._way.is_new(line)
        nearer = self._way.is_nearer(line) or new
        self.stages += nearer and self._off == "slip" and not self._way.is_like_the_end(line)
        # The end is a step, wherever it comes from.
        self.faulty += not self.is_end(line)

    def is_slip(self, line: Any, before: Any) -> bool:
        """Whether a wrong line is the line before, or one of the model's, but for numbers."""
        return self._way.is_alike(line, before)

    def finish(self) -> None:
        """Look once more at the last line, which nothing follows."""
        self._settle(None)

    def _settle(self, following: Any) -> None:
        """Decide whether the last step was an idle one, now that the line after it is known."""
        if self._doubtful is None:
            return
        doubt, self._doubtful = self._doubtful, None
        used = self.model if following is None else [following, *self.model]
        if is_idle(doubt.line, doubt.before, used):
            self.made, self.nearer, self.stages = doubt.counts
            self.idle.append(doubt.number)

    def _is_known(self, line: Any) -> bool:
        if any(identical(line, other) for other in self.model):
            return True
        # Before the last step the end may stand there uncollected, but not within something.
        return any(alike(line, other) for other in self.model) and not wraps(
            line, self.model[-1], self.model[0]
        )

    def _says_nothing(self, line: Any) -> bool:
        """Whether a line is true of every number, or solves nothing: an inequality."""
        if not isinstance(line, sp.Equality):
            return all(isinstance(other, sp.Equality) for other in self.model)
        return identical(bare(line.lhs), bare(line.rhs))

    def _is_new(self, line: Any) -> bool:
        """Whether a line that follows is a step."""
        if any(identical(line, other) for other in self._seen):
            return False
        if isinstance(line, sp.Rel) and self._says_nothing(line):
            return False
        same = [other for other in self._seen if _is_rearranged(line, other)]
        if not same:
            return self._is_known(line) or not self._is_dressed(line)
        if self._way.gains(line):
            return True
        if any(_is_padded(line, other) for other in same):
            return False
        self._expanded = self.expansions > 0
        self.expansions -= self._expanded
        return self._expanded

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
        self._ended_well = False

    def share(self, *, answered: bool) -> float:
        """What the steps earn, of the working's points.

        Args:
            answered: whether the derivation ends in the form asked for.
        """
        if not self.made:
            return 0.0
        if not answered:
            return self._share_short_of_the_end()
        share = max(0.0, 1 - self.lost / min(self.made, self.steps))
        share *= self._complete(self.made)
        # A wrong line between the start and the answer is worth no more than none.
        return min(share, self._complete(self.made - self.faulty))

    def _share_short_of_the_end(self) -> float:
        """What the steps earn that came nearer to the end, of those that a whole way takes.

        To stop short of the end costs what a wrong last line would.
        """
        stopped = self._ended_well and not (self.reached or self.missed)
        steps = min(self.steps, max(self.least, self.made + stopped))
        share = max(0.0, min(self.nearer, steps - max(1.0, self.lost)) / steps)
        if self.missed:  # the wrong answer may not stand for the working before it
            share = min(share, self._complete(self.stages + 1))
        if self.reached:
            share = min(share, self._complete(self.made - self.faulty))
        return share * (1.0 if self.lost else self.credit.unfinished)

    def _complete(self, made: int) -> float:
        """How much of the least working so many steps are; one to the end has none between."""
        return 1.0 if made >= self.least else max(0, made - 1) / max(1, self.least - 1)

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
        """Whether it is a line before, or the end, with something put on that changes nothing."""
        if any(dressed(line, s) for s in self._seen):
            return True
        if self._off:  # nothing says that it equals the end
            return False
        start, end = self.model[0], self.model[-1]
        return (
            dressed_end(line, end, start)
            or identical(bare(line), bare(end))
            or wraps(line, end, start)
        )


def _is_rearranged(line: Any, other: Any) -> bool:
    """Whether two lines are the same but for brackets, bound names, and what is 0 or 1."""
    return alike(line, other) or identical(bare(line), bare(other))


def _is_padded(line: Any, other: Any) -> bool:
    """Whether a line is another one with more written, and no bracket multiplied out."""
    grown = sp.count_ops(line) >= sp.count_ops(other)
    return bool(grown) and identical(plain(line), plain(other))
