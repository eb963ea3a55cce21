"""Float types that the compiled loops do not know, where any work is worth the loops.

Every operation of a module that asks for them is found by walking, so that none is left out here.
"""

import pkgutil
from importlib import import_module

import numpy as np
import pytest

import impl
from impl._kernels import loading
from impl.core import ops

RNG = np.random.default_rng(5)
# For each operation whose module asks for compiled loops: its arguments.
LAYERS = {
    "batch_norm": (RNG.normal(2.0, 3.0, size=(4, 3, 5, 6)), np.array([1.0, 2, 3]), np.ones(3)),
    "batch_norm_inference": (RNG.normal(size=(4, 2, 5, 6)), *RNG.uniform(1, 2, size=(4, 2))),
    "max_pool2d": (RNG.normal(size=(2, 3, 6, 7)),),
    "average_pool2d": (RNG.normal(size=(2, 3, 6, 7)),),
    "bilinear_upsample": (RNG.normal(size=(2, 3, 5, 4)),),
    "conv2d": (RNG.normal(size=(4, 2, 9, 8)), RNG.normal(size=(3, 2, 3, 2)), np.ones(3)),
    "transposed_conv2d": (RNG.normal(size=(4, 3, 7, 6)), RNG.normal(size=(3, 2, 3, 2)), np.ones(2)),
}
TYPES = [np.float16, np.longdouble, ">f4", ">f8"]


def users():
    """The modules that ask for compiled loops, directly or through a module of their package."""
    names = [m.name for m in pkgutil.walk_packages(impl.__path__, "impl.") if "._" not in m.name]
    found = {name for name in names if loading.kernels in vars(import_module(name)).values()}
    loading_taps = {"impl.layers.convolution", "impl.layers.transposed"}
    return found | loading_taps


def as_tuple(value):
    return value if isinstance(value, tuple) else (value,)


@pytest.fixture
def always(monkeypatch):
    """Any work is worth the compiled loops."""
    pytest.importorskip("numba", reason="the compiled loops need Numba")
    monkeypatch.setattr(loading, "compiled", lambda work: True)


def layers():
    return sorted(op.name for op in ops() if op.module in users())


def test_every_operation_with_compiled_loops_is_here():
    assert set(layers()) == set(LAYERS)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", sorted(LAYERS))
def test_layers_take_every_float_type(always, name, dtype):
    (op,) = (op for op in ops() if op.name == name)
    narrow = [a.astype(dtype) for a in LAYERS[name]]
    wide = [a.astype(np.float64) for a in narrow]
    value = op(*narrow)
    upstream = np.linspace(-1, 1, value.size).reshape(value.shape).astype(dtype)
    found = value, *as_tuple(op.backward(*narrow, gradient=upstream))
    exact = op(*wide), *as_tuple(op.backward(*wide, gradient=upstream.astype(np.float64)))
    within = max(50 * float(np.finfo(dtype).eps), 1e-12)
    for got, expected in zip(found, exact, strict=True):
        assert got.dtype == np.dtype(dtype).newbyteorder("=")
        np.testing.assert_allclose(
            got.astype(np.float64), expected, rtol=within, atol=within * np.abs(expected).max()
        )
