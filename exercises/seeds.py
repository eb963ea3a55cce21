"""The seed of a student: a keyed hash, so that no student can tell another's variant.

HMAC-SHA256 over the sheet and the student, under the secret of the course. The construction is
fixed for ever: a seed that changed would change every sheet that was handed out.
"""

from __future__ import annotations

import hmac
import os
import unicodedata
from hashlib import sha256
from pathlib import Path

ENVIRONMENT = "WORKINGS_SECRET"
SHORTEST_SECRET = 16
_DIGITS = 16  # 64 bits: students of a course never share a seed by chance


class SecretError(ValueError):
    """The secret of the course is missing or too short; the message says how to set it."""


def student_seed(secret: bytes, sheet: str, student: str) -> str:
    """The seed of one student on one sheet: 16 hexadecimal digits.

    Args:
        secret: what only the course knows.
        sheet: the sheet's name.
        student: how the course names the student; surrounding space and the Unicode form of
            accents make no difference.

    Raises:
        ValueError: the student's name is empty.
    """
    name = unicodedata.normalize("NFC", student.strip())
    if not name:
        raise ValueError("student_seed: the student's name is empty")
    # The length keeps ("ab", "c") and ("a", "bc") apart.
    message = f"workings\n{len(sheet)}\n{sheet}\n{name}".encode()
    return hmac.new(secret, message, sha256).hexdigest()[:_DIGITS]


def read_secret(path: Path | None) -> bytes:
    """The secret of the course, from a file, or else from the environment.

    Raises:
        SecretError: there is none, or it is short enough to be guessed.
    """
    if path is not None:
        try:
            secret = path.read_bytes().strip()
        except OSError as error:
            raise SecretError(f"cannot read the secret in {path}: {error.strerror}") from error
    else:
        secret = os.environ.get(ENVIRONMENT, "").strip().encode()
    if not secret:
        raise SecretError(
            f"seeds of students need the secret of the course: set {ENVIRONMENT}, or name a file "
            "with --secret; to make one: python -c 'import secrets; print(secrets.token_hex(32))'"
        )
    if len(secret) < SHORTEST_SECRET:
        raise SecretError(
            f"the secret of the course has {len(secret)} bytes and can be guessed; "
            f"it needs {SHORTEST_SECRET} or more"
        )
    return secret
