"""What every format sets: the questions of one sheet, drawn for one seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from exercises.core import Exercise, Part
from exercises.figure import Figure, Form
from exercises.sheet import Sheet


@dataclass(frozen=True)
class Question:
    """One part with the variant that was drawn."""

    part: Part
    variant: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The variable or function that answers it."""
        return self.part.name

    @property
    def worth(self) -> str:
        """Its points in words."""
        return worth(self.part.points)

    @cached_property
    def text(self) -> str:
        """What is asked, as Markdown."""
        return self.part.text(self.variant)

    @cached_property
    def instruction(self) -> str:
        """How to write the answer down, as Markdown."""
        return self.part.instruction(self.variant)

    @property
    def solution(self) -> str:
        """The worked answer, as Markdown."""
        from exercises.formats.solution import worked

        return worked(self.part, self.variant)

    @property
    def answer(self) -> str:
        """The right answer as it stands in a submission."""
        from exercises.formats.solution import answer_source

        return answer_source(self.part, self.variant)

    @property
    def scheme(self) -> tuple[tuple[str, str], ...]:
        """What is worth how many points: the answer first, then the slips that are known."""
        from exercises.formats.solution import scheme

        return scheme(self.part, self.variant)


@dataclass(frozen=True)
class Section:
    """One exercise of the sheet."""

    number: int
    exercise: Exercise
    variant: Mapping[str, Any]
    questions: tuple[Question, ...]

    @property
    def title(self) -> str:
        """What it is about."""
        return self.exercise.title

    @property
    def picture(self) -> Figure | None:
        """What is drawn for it, if anything."""
        return self.exercise.picture

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        return self.picture.words(self.variant) if self.picture else ""

    def drawn(self, form: Form) -> bytes:
        """The picture as a file.

        Raises:
            FormatError: there is nothing to draw it with.
        """
        from exercises.formats.render import FormatError

        assert self.picture is not None
        try:
            return self.picture.draw(self.variant, form)
        except ImportError as error:
            raise FormatError(
                f"the figure of {self.exercise.id} needs the package matplotlib; "
                "run: pip install 'workings[figures]'"
            ) from error

    def file(self, form: Form) -> str:
        """The name of the picture's file, beside the sheet."""
        return f"{self.exercise.id.replace('.', '-')}.{form}"

    @property
    def about(self) -> str:
        """Level, time and prerequisites in words, for teachers."""
        item = self.exercise
        before = f"; builds on {', '.join(item.prerequisites)}" if item.prerequisites else ""
        return f"{item.id}: level {item.level}, about {item.minutes} minutes{before}"


@dataclass(frozen=True)
class Page:
    """One sheet for one seed.

    Attributes:
        sheet: the sheet.
        seed: which variant is drawn.
        student: for whom; empty for nobody in particular.
        solutions: whether it is the teachers' copy, with answers and marking scheme.
        starter: the form of the blank submission that comes with it: py, md or tex.
    """

    sheet: Sheet
    seed: str | int
    student: str = ""
    solutions: bool = False
    starter: str = "py"

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The exercises in order, drawn."""
        made = []
        for number, item in enumerate(self.sheet.exercises, start=1):
            variant = item.draw(self.seed)
            questions = tuple(Question(part, variant) for part in item.parts)
            made.append(Section(number, item, variant, questions))
        return tuple(made)

    @property
    def submission(self) -> str:
        """The name of the blank submission."""
        return f"submission.{self.starter}"

    @property
    def questions(self) -> tuple[Question, ...]:
        """The parts of all exercises, in order."""
        return tuple(question for section in self.sections for question in section.questions)

    def pictures(self, form: Form) -> dict[str, bytes]:
        """The pictures of all exercises, by the names of their files."""
        return {s.file(form): s.drawn(form) for s in self.sections if s.picture}

    @property
    def title(self) -> str:
        """The heading."""
        return f"{self.sheet.title}: solutions" if self.solutions else self.sheet.title

    @property
    def facts(self) -> tuple[str, ...]:
        """What stands below the heading: for whom, worth what, until when."""
        sheet = self.sheet
        dates = [(word, getattr(sheet, word)) for word in ("opens", "due")]
        return (
            *([self.student] if self.student else []),
            *([sheet.course] if sheet.course else []),
            worth(sheet.points),
            f"about {sheet.minutes} minutes",
            *(f"{word} {spoken(day)}" for word, day in dates if day is not None),
            f"seed {self.seed}",
        )

    @property
    def hints(self) -> tuple[tuple[str, str], ...]:
        """The hints that the page prints, each with the name of its part, in order."""
        return () if self.sheet.hints == "on request" else self._hints

    @property
    def hints_asked(self) -> str:
        """How to ask for hints that are given on request, and their price, as Markdown."""
        if self.hints or not self._hints:
            return ""
        prices = sorted({price for q in self.questions for price in q.part.hint_prices})
        price = " to ".join(f"{100 * share:g}%" for share in dict.fromkeys((prices[0], prices[-1])))
        return (
            f"Stuck? `grade {self.submission} --hints 1` gives the first hint of each part that "
            f"is not right yet, `--hints 2` the second too. Each takes {price} of its part's "
            "points off."
        )

    @property
    def _hints(self) -> tuple[tuple[str, str], ...]:
        if self.solutions:
            return ()
        return tuple((q.name, " ".join(h.split())) for q in self.questions for h in q.part.hints)


def worth(points: float) -> str:
    """Points in words: "1 point", "2 points"."""
    return f"{points:g} point{'' if points == 1 else 's'}"


def spoken(day: date) -> str:
    """A day, or a moment, without doubt about which number is the month: 3 May 2027, 23:59."""
    text = f"{day.day} {day:%B %Y}"
    return f"{text}, {day:%H:%M}" if isinstance(day, datetime) else text


def template(name: str) -> Path:
    """The place of a template."""
    return Path(__file__).parent.parent / "templates" / name
