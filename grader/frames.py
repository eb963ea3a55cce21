"""Messages between the grader and the sandboxed child, which can carry values and never code.

A frame is two big-endian u32 lengths, a JSON header and raw bytes. Values are `bool`, `int`,
`float`, `str`, `None`, lists and tuples of these, and plain NumPy arrays of booleans, integers or
floats, which keep their layout in memory.
Whatever else a function returns crosses as its type's name alone.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

LENGTHS = struct.Struct(">II")
MAX_HEADER = 1 << 20
MAX_BODY = 32 << 20
MAX_TEXT = 20_000
MAX_ITEMS = 10_000
MAX_BITS = 1024
MAX_DEPTH = 6
ARRAY_KINDS = "biuf"
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


class FrameError(ValueError):
    """Bytes that are not a frame, or a frame that is not a value."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A value that does not cross: only what it was is known."""

    what: str


def pack(header: dict[str, Any], body: bytes = b"") -> bytes:
    """The bytes of one frame."""
    text = json.dumps(header).encode()
    return LENGTHS.pack(len(text), len(body)) + text + body


def read(receive: Callable[[int], bytes]) -> tuple[dict[str, Any], bytes]:
    """One frame, through a function that returns exactly the number of bytes asked.

    Raises:
        FrameError: the lengths exceed the caps, or the header is not a JSON object.
    """
    header_length, body_length = LENGTHS.unpack(receive(LENGTHS.size))
    if header_length > MAX_HEADER or body_length > MAX_BODY:
        raise FrameError(f"a frame of {header_length} + {body_length} bytes is too large")
    text = receive(header_length)
    body = receive(body_length)
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FrameError("the header is not JSON") from error
    if not isinstance(header, dict):
        raise FrameError("the header is not an object")
    return header, body


def encode(value: Any, body: bytearray, depth: int = 0) -> dict[str, Any]:
    """A value as JSON; the bytes of its arrays are appended to `body`."""
    import numpy as np

    kind = type(value)
    if value is None:
        return {"t": "none"}
    if kind is bool:
        return {"t": "bool", "v": value}
    if kind is int:
        if value.bit_length() > MAX_BITS:
            return {"t": "other", "v": f"an integer of more than {MAX_BITS} bits"}
        return {"t": "int", "v": str(value)}
    if kind is float:
        return {"t": "float", "v": value.hex()}
    if kind is str:
        if len(value) > MAX_TEXT:
            return {"t": "other", "v": f"a string of more than {MAX_TEXT} characters"}
        return {"t": "str", "v": value}
    if kind is list or kind is tuple:
        if depth >= MAX_DEPTH or len(value) > MAX_ITEMS:
            return {"t": "other", "v": f"a {kind.__name__} that is too deep or too long"}
        return {"t": kind.__name__, "v": [encode(item, body, depth + 1) for item in value]}
    if kind is np.ndarray:
        return _encode_array(value, body)
    if isinstance(value, np.generic) and value.dtype.kind in ARRAY_KINDS and value.itemsize <= 8:
        return encode(value.item(), body, depth)
    return {"t": "other", "v": _type_name(kind)}


def decode(header: Any, body: bytes) -> Any:
    """The value that a header and its bytes describe, or `Foreign`.

    Raises:
        FrameError: they do not fit together.
    """
    return decode_all([header], body)[0]


def decode_all(headers: Any, body: bytes) -> list[Any]:
    """Several values whose arrays follow each other in `body`.

    Raises:
        FrameError: they do not fit together.
    """
    if not isinstance(headers, list):
        raise FrameError("a list of values is expected")
    values, used = [], 0
    for header in headers:
        value, used = _decode(header, body, used, 0)
        values.append(value)
    if used != len(body):
        raise FrameError("bytes are left over")
    return values


def encode_all(values: Sequence[Any]) -> tuple[list[dict[str, Any]], bytes]:
    """Several values with the bytes of their arrays."""
    body = bytearray()
    return [encode(value, body) for value in values], bytes(body)


def called(function: Callable[..., Any], headers: Any, body: bytes) -> tuple[dict[str, Any], bytes]:
    """What a function returns for encoded arguments, encoded; and the arguments if it changed them.

    Raises:
        FrameError: the arguments do not fit together.
    """
    args = decode_all(headers, body)
    data = bytearray()
    reply: dict[str, Any] = {"value": encode(function(*args), data)}
    after, changed = encode_all(args)
    if (after, changed) != (headers, body):
        reply["after"] = after
        data += changed
    return reply, bytes(data)


def describe(value: Any) -> str:
    """What a value is, in words: "a list", "an array of shape (3,)"."""
    if isinstance(value, Foreign):
        return value.what
    if value is None:
        return "None"
    if hasattr(value, "shape"):
        return f"an array of shape {value.shape}"
    names = {"bool": "a bool", "int": "an int", "float": "a float", "str": "a string"}
    return names.get(type(value).__name__, f"a {type(value).__name__}")


def _type_name(kind: type) -> str:
    special = {
        "dict": "a dict",
        "function": "a function",
        "complex": "a complex",
    }
    name = str(kind.__qualname__)[:60]
    return special.get(name, f"an object of type {name}")


def _encode_array(value: Any, body: bytearray) -> dict[str, Any]:
    import numpy as np

    if value.dtype.kind == "O":
        return {"t": "other", "v": "an array of Python objects"}
    if value.dtype.kind not in ARRAY_KINDS or value.dtype.itemsize > 8:
        return {"t": "other", "v": f"an array of dtype {value.dtype.name[:60]}"}
    if value.nbytes > MAX_BODY // 2:
        return {"t": "other", "v": f"an array of {value.nbytes >> 20} MB, too large"}
    plain = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("<"))
    body += plain.tobytes()
    header: dict[str, Any] = {"t": "array", "dtype": plain.dtype.str, "shape": list(value.shape)}
    if not value.flags.c_contiguous:
        header["layout"] = "fortran" if value.flags.f_contiguous else "strided"
    if not value.flags.writeable:
        header["readonly"] = True
    return header


def _decode(header: Any, body: bytes, offset: int, depth: int) -> tuple[Any, int]:
    if not isinstance(header, dict) or depth > MAX_DEPTH:
        raise FrameError("a value must be an object, not too deep")
    kind, value = header.get("t"), header.get("v")
    if kind == "none":
        return None, offset
    if kind == "bool" and isinstance(value, bool):
        return value, offset
    if kind == "str" and isinstance(value, str) and len(value) <= MAX_TEXT:
        return _harmless(value), offset
    if kind == "other" and isinstance(value, str):
        return Foreign(_harmless(value[:100])), offset
    if kind in ("int", "float") and isinstance(value, str) and len(value) <= 400:
        try:
            return (int(value) if kind == "int" else float.fromhex(value)), offset
        except (ValueError, OverflowError) as error:
            raise FrameError(f"not a number: {value[:40]!r}") from error
    if kind in ("list", "tuple") and isinstance(value, list) and len(value) <= MAX_ITEMS:
        items = []
        for entry in value:
            item, offset = _decode(entry, body, offset, depth + 1)
            items.append(item)
        return (items if kind == "list" else tuple(items)), offset
    if kind == "array":
        return _decode_array(header, body, offset)
    raise FrameError(f"not a value: {str(kind)[:40]}")


def _harmless(text: str) -> str:
    """Text that can be shown anywhere: terminal codes, bidi marks and lone surrogates are gone."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _decode_array(header: dict[str, Any], body: bytes, offset: int) -> tuple[Any, int]:
    import numpy as np

    text, shape = header.get("dtype"), header.get("shape")
    allowed = {"|b1", "|i1", "|u1"} | {f"<{k}{n}" for k in "iu" for n in (2, 4, 8)}
    allowed |= {f"<f{n}" for n in (2, 4, 8)}
    if not isinstance(text, str) or text not in allowed:
        raise FrameError("not an array")
    if not isinstance(shape, list) or len(shape) > 8:
        raise FrameError("not a shape")
    if not all(type(n) is int and 0 <= n <= MAX_BODY for n in shape):
        raise FrameError("not a shape")
    dtype = np.dtype(text)
    count = math.prod(shape)
    end = offset + count * dtype.itemsize
    if end > len(body):
        raise FrameError("bytes are missing")
    try:
        flat = np.frombuffer(body[offset:end], dtype=dtype, count=count) if count else np.empty(0)
        array = flat.astype(dtype).reshape(shape)
    except ValueError as error:  # sizes whose product is no size
        raise FrameError("not a shape") from error
    if text == "|b1":  # a byte other than 0 and 1 would be a truth of its own kind
        array = array.view("u1") != 0
    array = _laid_out(array, header.get("layout"))
    array.flags.writeable = header.get("readonly") is not True
    return array, end


def _laid_out(array: Any, layout: Any) -> Any:
    """The same numbers in another layout, which takes at most twice the memory."""
    import numpy as np

    if layout is None or (layout == "strided" and not array.ndim):
        return array
    if layout == "fortran":
        return np.asfortranarray(array)
    if layout != "strided":
        raise FrameError("not a layout")
    # What lies between is no neighbour's value: whoever reads it is found out.
    *above, last = array.shape
    roomy = np.full((*above, 2 * last), np.nan if array.dtype.kind == "f" else 1, array.dtype)
    roomy[..., ::2] = array
    return roomy[..., ::2]
