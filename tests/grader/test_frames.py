"""Values cross the wall between grader and submission whole, and only within the caps."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import frames
from grader.frames import Foreign, FrameError

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**1024) + 1, 2**1024 - 1)
    | st.floats(allow_nan=False)
    | st.text("abc äπ\n", max_size=8)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner), max_leaves=6
)
DTYPES = ["|b1", "|i1", "|u1", "<i2", "<i4", "<i8", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8"]


def crossed(value):
    """The value on the other side, by way of JSON as on the wire."""
    body = bytearray()
    header = json.loads(json.dumps(frames.encode(value, body)))
    return frames.decode(header, bytes(body))


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def exactly(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(exactly, a, b))
    return a == b


@given(VALUES)
def test_a_value_crosses_with_its_types(value):
    assert exactly(crossed(value), value)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("order", ["C", "F", "strided", "readonly"])
def test_an_array_crosses_with_its_type_layout_and_flag(dtype, order):
    array = np.arange(12).reshape(3, 4).astype(dtype)
    if order == "F":
        array = np.asfortranarray(array)
    elif order == "strided":
        array = np.repeat(array, 2, axis=1)[:, ::2]
    elif order == "readonly":
        array.flags.writeable = False
    here = crossed(array)
    assert here.dtype == array.dtype
    assert np.array_equal(here, array)
    for flag in ("c_contiguous", "f_contiguous", "writeable"):
        assert getattr(here.flags, flag) == getattr(array.flags, flag), flag


def test_other_byte_orders_cross_as_numbers():
    assert crossed(np.array([1.5, -2.0], dtype=">f8")).tolist() == [1.5, -2.0]


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (2, 0, 2)])
def test_empty_arrays_and_points_cross(shape):
    for array in (np.zeros(shape), np.zeros((*shape, 4))[..., ::2]):
        assert crossed(array).shape == array.shape


@pytest.mark.parametrize(
    ("fits", "too_large"),
    [
        (2**frames.MAX_BITS - 1, 2**frames.MAX_BITS),
        ("x" * frames.MAX_TEXT, "x" * (frames.MAX_TEXT + 1)),
        ([0] * frames.MAX_ITEMS, [0] * (frames.MAX_ITEMS + 1)),
        (nested(frames.MAX_DEPTH - 1), nested(frames.MAX_DEPTH)),
        (
            np.zeros(frames.MAX_BODY // 2, dtype=np.uint8),
            np.zeros(frames.MAX_BODY // 2 + 1, dtype=np.uint8),
        ),
    ],
    ids=["bits", "text", "items", "depth", "bytes"],
)
def test_each_cap_is_where_it_is_said_to_be(fits, too_large):
    def holds_foreign(value):
        if isinstance(value, list):
            return any(map(holds_foreign, value))
        return isinstance(value, Foreign)

    assert not holds_foreign(crossed(fits))
    assert holds_foreign(crossed(too_large))


@pytest.mark.parametrize(
    "forged",
    [
        {"t": "str", "v": "x" * (frames.MAX_TEXT + 1)},
        {"t": "list", "v": [{"t": "none"}] * (frames.MAX_ITEMS + 1)},
        {"t": "array", "dtype": "<f16", "shape": [0]},
        {"t": "array", "dtype": ["<f8"], "shape": [0]},
        {"t": "array", "dtype": "<f8", "shape": [0] * 9},
        {"t": "array", "dtype": "<f8", "shape": (0,)},
        {"t": "array", "dtype": "<f8", "shape": [True, 0]},
        {"t": "array", "dtype": "<f8", "shape": [0], "layout": "diagonal"},
    ],
)
def test_what_a_child_could_not_have_packed_is_refused(forged):
    with pytest.raises(FrameError):
        frames.decode(forged, b"")


def test_a_value_nested_beyond_the_cap_is_refused():
    header = {"t": "none"}
    for _ in range(frames.MAX_DEPTH + 1):
        header = {"t": "list", "v": [header]}
    with pytest.raises(FrameError, match="too deep"):
        frames.decode(header, b"")


def test_bytes_that_no_value_claims_are_refused():
    with pytest.raises(FrameError, match="left over"):
        frames.decode({"t": "none"}, b"\x00")


def test_what_a_function_did_to_its_arguments_comes_back():
    headers, body = frames.encode_all([np.array([1.0, 2.0])])

    def spoils(x):
        x *= 2
        return x.sum()

    reply, data = frames.called(spoils, headers, body)
    value, after = frames.decode_all([reply["value"], *reply["after"]], data)
    assert value == 6.0
    assert after.tolist() == [2.0, 4.0]
    assert "after" not in frames.called(np.sum, headers, body)[0]
