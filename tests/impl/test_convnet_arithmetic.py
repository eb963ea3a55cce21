"""Counts against the notes, the papers and windows laid down one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.convnet_arithmetic import (
    ALEXNET,
    ALEXNET_INPUT,
    LENET_5,
    LENET_5_INPUT,
    VGG_16,
    VGG_19,
    VGG_INPUT,
    ZFNET,
    ZFNET_INPUT,
    Convolution,
    Dense,
    Pooling,
    costs,
    dense_parameters,
    fits,
    fitting_strides,
    hessian_bytes,
    memory_bytes,
    output_size,
    same_padding,
    total_parameters,
    transposed_output_size,
)
from impl.core import ShapeError


@given(st.integers(1, 20), st.integers(1, 6), st.integers(1, 4), st.integers(0, 3))
def test_output_size_counts_the_windows(size, window, stride, padding):
    padded = size + 2 * padding
    starts = [i for i in range(0, padded, stride) if i + window <= padded]
    if not starts:
        with pytest.raises(ValueError, match="at most the padded size"):
            output_size(size, window, stride, padding)
        return
    assert output_size(size, window, stride, padding) == len(starts)
    exact = starts[-1] + window == padded
    assert fits(size, window, stride, padding) == exact
    if exact:
        assert transposed_output_size(len(starts), window, stride, padding) == size


def test_sizes_of_the_notes():
    assert output_size(32, 4) == 29  # CO-cnn-output
    assert output_size(227, 11, 4) == 55
    assert output_size(5, 3, padding=1) == 5
    assert same_padding(3) == 1
    assert fitting_strides(7, 3) == [1, 2, 4]  # CO-stride-7x7
    assert [s for s in (1, 2, 3, 4) if fits(7, 3, s)] == [1, 2, 4]
    assert transposed_output_size(2, 3) == 4
    with pytest.raises(ValueError, match="odd"):
        same_padding(4)
    with pytest.raises(ValueError, match="stride must be at least 1"):
        output_size(5, 3, 0)


def test_parameters_of_the_notes():
    assert total_parameters([Convolution("", 100, 4)], (32, 32, 3)) == 4900  # CO-cnn-params
    assert dense_parameters(3072, 500, bias=False) == 1_536_000  # CO-fc-params
    # XU-S5.2.4.n1: 128 * 128 * 5 * 5 weights, and 128 biases.
    assert total_parameters([Convolution("", 128, 5, padding=2)], (9, 9, 128)) == 409_600 + 128
    # CO-nn-params: a 3-4-2 network has 26.
    assert total_parameters([Dense("", 4), Dense("", 2)], (1, 1, 3)) == 26
    assert hessian_bytes(10**6) == 4 * 10**12


def test_lenet_as_in_its_paper():
    table = {c.name: c for c in costs(LENET_5, LENET_5_INPUT)}
    assert [c.parameters for c in table.values()] == [156, 12, 1516, 32, 48_120, 10_164]
    assert sum(c.parameters for c in table.values()) == 60_000
    assert table["C1"].shape == (28, 28, 6)
    # 26 * 28 * 28 * 6: each output has 5 * 5 + 1 connections (CO-lenet-conn).
    assert table["C1"].connections == 122_304
    assert table["S2"].connections == 5_880
    assert table["C3"].connections == 151_600
    assert table["S4"].connections == 2_000
    assert table["C5"].connections == 48_120
    assert table["C1"].multiply_adds == 25 * 28 * 28 * 6
    assert table["C5"].receptive_field == 32


def test_alexnet():
    table = {c.name: c for c in costs(ALEXNET, ALEXNET_INPUT)}
    assert total_parameters(ALEXNET, ALEXNET_INPUT) == 60_965_224
    assert table["conv1"].shape == (55, 55, 96)
    assert table["conv1"].parameters == 34_944
    assert table["pool5"].shape == (6, 6, 256)
    # The receptive field along the way: 11, 19, 51, 67, 99, 131, 163, 195.
    fields = [c.receptive_field for c in table.values()][:8]
    assert fields == [11, 19, 51, 67, 99, 131, 163, 195]
    assert table["fc6"].receptive_field == 227


def test_vgg_and_zfnet():
    assert total_parameters(VGG_16, VGG_INPUT) == 138_357_544
    assert total_parameters(VGG_19, VGG_INPUT) == 143_667_240
    table = {c.name: c for c in costs(VGG_16, VGG_INPUT)}
    assert [table[f"pool{k}"].shape[0] for k in range(1, 6)] == [112, 56, 28, 14, 7]
    assert table["pool5"].receptive_field == 212
    assert sum(c.multiply_adds for c in table.values()) == 15_470_264_320
    zf = {c.name: c for c in costs(ZFNET, ZFNET_INPUT)}
    assert [zf[n].shape[0] for n in ("conv1", "pool1", "conv2", "pool2", "pool5")] == [
        110,
        55,
        26,
        13,
        6,
    ]


def test_stacked_small_filters_cost_less_for_one_field():
    # CO-vgg: three 3 by 3 layers see 7 by 7 with 27 C^2 weights instead of 49 C^2.
    shape = (20, 20, 16)
    three = costs([Convolution("", 16, 3, padding=1)] * 3, shape)
    one = costs([Convolution("", 16, 7, padding=3)], shape)
    assert three[-1].receptive_field == one[-1].receptive_field == 7
    assert sum(c.parameters for c in three) == 27 * 256 + 48
    assert one[0].parameters == 49 * 256 + 16


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3)), min_size=1, max_size=4))
def test_the_receptive_field_is_what_one_output_sees(windows):
    layers = [Pooling("", size, stride) for size, stride in windows]
    table = costs(layers, (400, 400, 1))
    low = high = 0
    for size, stride in reversed(windows):
        low, high = low * stride, high * stride + size - 1
    assert table[-1].receptive_field == high - low + 1
    assert table[-1].jump == np.prod([stride for _, stride in windows])


def test_memory():
    parameters, activations = memory_bytes([Dense("", 10)], (2, 2, 1), batch=3)
    assert (parameters, activations) == (4 * 50, 4 * 3 * (4 + 10))
    assert memory_bytes(VGG_16, VGG_INPUT)[0] == 4 * 138_357_544


def test_refusals():
    with pytest.raises(ShapeError, match="big does not fit"):
        costs([Convolution("big", 1, 9)], (5, 5, 1))
    with pytest.raises(ShapeError, match="groups must divide"):
        costs([Convolution("g", 4, 1, groups=2)], (5, 5, 3))
    assert costs([], (5, 5, 1)) == []
