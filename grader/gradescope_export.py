"""Gradescope's own files on who handed in, and when: of an export, and on an autograder.

An export (Export Submissions) holds a folder for each submission and `submission_metadata.yml`,
which says whose they are. An autograder finds `submission_metadata.json` beside the folder with the
one submission. Only names, numbers, addresses and times are taken from either; the rest of them,
which holds what students' programs printed, is left alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.hand_in import HandIn
from grader.student import clean
from grader.submission import SubmissionError, read_bytes

NAME = "submission_metadata.yml"
AUTOGRADER = Path("/autograder")
METADATA, SUBMISSION, RESULTS = "submission_metadata.json", "submission", "results/results.json"
_AWAY = "or take that file away to grade under the folders' names"
_AGAIN = f"export the submissions again, {_AWAY}"
MAX_DEPTH = 100
MAX_BYTES = 64 << 20  # it repeats the results of each earlier submission


def named(found: Iterable[HandIn], metadata: bytes) -> list[HandIn]:
    """The hand-ins of an export under the students' own names; of a group, one for each of them.

    Args:
        found: the hand-ins, whose students are so far the folders.
        metadata: the file `submission_metadata.yml`.

    Raises:
        SubmissionError: it cannot be read.
    """
    told = _yaml(metadata)
    return [one for item in found for one in _people(item, told.get(item.student))]


def on_autograder(item: HandIn, folder: Path) -> tuple[HandIn, ...]:
    """The hand-in of an autograder under the students' names, with its time.

    Args:
        item: the hand-in.
        folder: where Gradescope puts everything.

    Raises:
        SubmissionError: the file `submission_metadata.json` is there and cannot be read.
    """
    place = folder / METADATA
    if not place.is_file():
        return (item,)
    try:
        told = json.loads(read_bytes(place, MAX_BYTES))
    except (ValueError, RecursionError) as error:
        raise SubmissionError(f"{METADATA}: is not JSON: {error}") from error
    return tuple(_people(item, told))


def _people(item: HandIn, told: Any) -> list[HandIn]:
    """The hand-in for each of those who handed it in together."""
    if not isinstance(told, Mapping):
        return [item]
    people = _field(told, "submitters", "users")
    labels = [
        tuple(filter(None, (_text(_field(person, key)) for key in ("sid", "email", "name"))))
        for person in (people if isinstance(people, Sequence) else ())
        if isinstance(person, Mapping)
    ]
    labels = [names for names in labels if names]
    received = _moment(_field(told, "created_at"))
    if not labels:
        return [replace(item, received=received)]
    group = item.student if len(labels) > 1 else ""
    return [
        replace(item, student=names[0], labels=names, received=received, group=group)
        for names in labels
    ]


def _field(data: Mapping[Any, Any], *names: str) -> Any:
    """A value of a mapping, whose keys an export writes with a colon before them."""
    return next((data[key] for n in names for key in (n, f":{n}") if key in data), None)


def _text(value: Any) -> str:
    return clean(str(value).strip(), 200) if isinstance(value, str | int) else ""


def _moment(value: Any) -> str:
    """A time as it is kept with a hand-in; nothing when it is none."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return ""
    if not isinstance(value, datetime):
        return ""
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()


def _yaml(data: bytes) -> Mapping[Any, Any]:
    try:
        import yaml
    except ImportError as error:
        raise SubmissionError(
            f"{NAME}: says who handed in, and reading it needs PyYAML; get it with: "
            f"python -m pip install 'workings[gradescope]', {_AWAY}"
        ) from error

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Plain(loader):  # type: ignore[valid-type,misc]
        """YAML as plain data, whatever a tag says that it should be: Gradescope writes Ruby's."""

    def plain(loader: Any, _: str, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return loader.construct_scalar(node)

    Plain.add_multi_constructor("", plain)
    try:
        # The parser in C has no limit of its own when it builds values, and would end us.
        depth = 0
        for event in yaml.parse(data, loader):
            starts = isinstance(event, yaml.CollectionStartEvent)
            depth += starts - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise SubmissionError(f"{NAME}: is nested too deeply; {_AGAIN}")
        told = yaml.load(data, Plain)
    except SubmissionError:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        line = "" if where is None else f"line {where.line + 1}: "
        raise SubmissionError(f"{NAME}: {line}is not YAML; {_AGAIN}") from error
    if not isinstance(told, Mapping):
        raise SubmissionError(f"{NAME}: lists no submissions; {_AGAIN}")
    return told
