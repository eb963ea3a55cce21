r"""What is drawn around a formula and says nothing: `\boxed{...}`, `\underbrace{...}_{label}`."""

from __future__ import annotations

from collections.abc import Sequence

from derivations.reading.tokens import Token

# Each with what stands before its label; the braces of a box go with it.
FRAMES = {"boxed": "", "underbrace": "_", "overbrace": "^"}


def unframed(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without frames and their labels."""
    kept: list[Token] = []
    depth, place = 0, 0
    frames: list[tuple[int, str]] = []  # the depth of a frame's braces, and its command
    while place < len(tokens):
        token = tokens[place]
        place += 1
        frame = token.value if token.kind == "frame" else ""
        if frame and place < len(tokens) and _sign(tokens[place]) == "{":
            depth += 1
            frames.append((depth, frame))
            if FRAMES[frame]:
                kept.append(tokens[place])
            place += 1
            continue
        sign = _sign(token)
        if sign == "}" and frames and frames[-1][0] == depth:
            _, frame = frames.pop()
            if FRAMES[frame]:
                kept.append(token)
                place = _past_label(tokens, place, FRAMES[frame])
        else:
            kept.append(token)
        depth += (sign == "{") - (sign == "}")
    return kept


def _past_label(tokens: Sequence[Token], place: int, sign: str) -> int:
    if place >= len(tokens) or _sign(tokens[place]) != sign:
        return place
    depth = 0
    for at in range(place + 1, len(tokens)):
        depth += (_sign(tokens[at]) == "{") - (_sign(tokens[at]) == "}")
        if depth <= 0:
            return at + 1
    return place


def _sign(token: Token) -> str:
    return token.value if token.kind == "sign" else ""
