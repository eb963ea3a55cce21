"""What every operation promises, checked from its declaration alone."""

from inspect import signature

import numpy as np
import pytest

from impl.core import ShapeError, ops

ALL = {op.name: op for op in ops()}
ELEMENTWISE = {name: op for name, op in ALL.items() if op.elementwise}
EXTREMES = [0.0, -0.0, 1e4, -1e4, 700.0, -700.0, 1e308, -1e308, 5e-324, -5e-324]


def names(table):
    return pytest.mark.parametrize("name", sorted(table))


def inputs(op):
    rng = np.random.default_rng(7)
    arguments = list(op.example(rng))
    if op.kinks:
        x = arguments[0]
        for kink in op.kinks:  # differences across a kink say nothing of the derivative
            x[np.abs(x - kink) < 1e-2] = kink + 0.5
    return arguments


def as_tuple(value):
    return value if isinstance(value, tuple) else (value,)


def test_discovery_finds_the_operations():
    assert {"relu", "sigmoid", "softmax", "cross_entropy"} <= set(ALL)


@names(ALL)
def test_backward_is_the_derivative(name):
    op = ALL[name]
    arguments = inputs(op)
    upstream = np.random.default_rng(8).normal(size=np.shape(op(*arguments)))
    gradients = as_tuple(op.backward(*arguments, gradient=upstream))
    assert len(gradients) == len(op.differentiable)
    for position, gradient in zip(op.differentiable, gradients, strict=True):
        x = arguments[position]
        assert gradient.shape == x.shape
        for place in np.ndindex(x.shape):
            sides = []
            for step in (1e-6, -1e-6):
                moved = [np.array(a) for a in arguments]
                moved[position][place] += step
                sides.append(np.sum(upstream * op(*moved)))
            assert gradient[place] == pytest.approx(
                (sides[0] - sides[1]) / 2e-6, rel=2e-6, abs=2e-8
            )


@names(ALL)
def test_inputs_are_left_alone(name):
    op = ALL[name]
    arguments = inputs(op)
    before = [np.array(a) for a in arguments]
    op.backward(*arguments, gradient=np.ones_like(op(*arguments)))
    for a, b in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(a, b)


@names(ALL)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_float_type_is_kept(name, dtype):
    op = ALL[name]
    arguments = [a.astype(dtype) if a.dtype.kind == "f" else a for a in inputs(op)]
    value = op(*arguments)
    assert value.dtype == dtype
    for gradient in as_tuple(op.backward(*arguments, gradient=np.ones_like(value))):
        assert gradient.dtype == dtype


@names(ALL)
def test_layout_does_not_matter(name):
    op = ALL[name]
    arguments = inputs(op)
    others = [np.asfortranarray(a) for a in arguments]
    others[0] = np.repeat(others[0], 2, axis=0)[::2]
    value = op(*arguments)
    np.testing.assert_array_equal(op(*others), value)
    upstream = np.random.default_rng(8).normal(size=np.shape(value))
    gradients = as_tuple(op.backward(*arguments, gradient=upstream))
    again = as_tuple(op.backward(*others, gradient=np.asarray(upstream, order="F")))
    for one, other in zip(gradients, again, strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-12, atol=1e-14)


@names(ELEMENTWISE)
@pytest.mark.parametrize("shape", [(), (0,), (1,), (2, 0, 3), (2, 3, 4)])
def test_shape_is_kept(name, shape):
    op = ELEMENTWISE[name]
    x = np.random.default_rng(9).normal(size=shape)
    assert op(x).shape == shape
    assert op.backward(x, gradient=np.ones(shape)).shape == shape


@names(ELEMENTWISE)
def test_extremes_give_finite_values_without_warnings(name):
    op = ELEMENTWISE[name]
    x = np.array(EXTREMES)
    value = op(x)
    assert np.isfinite(value).all()
    assert np.isfinite(op.backward(x, gradient=np.ones_like(x))).all()
    for one, both in zip(x, value, strict=True):
        assert op(one) == both


@names(ELEMENTWISE)
def test_integers_are_computed_as_float64(name):
    assert ELEMENTWISE[name](np.arange(3)).dtype == np.float64
    with pytest.raises(TypeError, match="real numbers"):
        ELEMENTWISE[name](np.array([1j]))


# Operations that can write into an array that is given: found by their keyword `out`.
WITH_OUT = {name: op for name, op in ALL.items() if "out" in signature(op).parameters}


def test_the_elementwise_layers_can_write_into_an_array():
    assert {"relu", "sigmoid", "tanh", "dropout", "batch_norm_inference"} <= set(WITH_OUT)


@names(WITH_OUT)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_out_is_written_and_returned(name, dtype):
    op = WITH_OUT[name]
    x, *rest = (np.asarray(a, dtype) for a in inputs(op))
    expected = op(x, *rest)
    out = np.full(expected.shape, np.nan, dtype)
    assert op(x, *rest, out=out) is out
    np.testing.assert_array_equal(out, expected)
    assert op(x, *rest, out=x) is x
    np.testing.assert_array_equal(x, expected)


@names(WITH_OUT)
def test_out_of_another_kind_is_refused_in_words(name):
    op = WITH_OUT[name]
    x, *rest = inputs(op)
    frozen, long = np.empty_like(x), np.empty(x.size + 1)
    frozen.flags.writeable = False
    overlapping = long[1:].reshape(x.shape)
    for out, error, words in [
        (np.empty(x.shape, np.float32), TypeError, "array of float64.*got float32"),
        ([[0.0]], TypeError, "array of float64.*got list"),
        (np.empty((*x.shape, 1)), ShapeError, r"must have the result's shape \("),
        (np.empty(x.shape, order="F"), ValueError, "row by row"),
        (frozen, ValueError, "writable"),
        (overlapping, ValueError, "overlap in part"),
    ]:
        start = long[:-1].reshape(x.shape)
        start[...] = x
        with pytest.raises(error, match=f"{name}: out must be .*{words}|{name}: out {words}"):
            op(start, *rest, out=out)
