"""What the layers of a network cost: parameters, connections, multiply-adds, memory.

Shapes are (height, width, channels), the order in which the notes print them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from impl.convnet_arithmetic.sizes import output_size
from impl.core import ShapeError

Shape = tuple[int, int, int]


def dense_parameters(inputs: int, outputs: int, bias: bool = True) -> int:
    """Weights, and one bias an output, of a fully connected layer.

    Source: XU-125, CO-fc-params, CO-nn-params.
    """
    return inputs * outputs + (outputs if bias else 0)


def hessian_bytes(parameters: int, bytes_per_number: int = 4) -> int:
    """What a full Hessian takes: the square of the number of parameters, in bytes.

    Source: CO-newton-memory.
    """
    return parameters**2 * bytes_per_number


@dataclass(frozen=True)
class Convolution:
    """Filters slid over all input channels, or over those of their group.

    Attributes:
        name: what to call it.
        filters: how many output channels.
        size: of the square window.
        stride: from window to window.
        padding: zeros on each side.
        groups: into how many parts the channels are divided.
        pairs: how many (input, output) pairs of channels are connected, when it is a special table.
    """

    name: str
    filters: int
    size: int
    stride: int = 1
    padding: int = 0
    groups: int = 1
    pairs: int | None = None


@dataclass(frozen=True)
class Pooling:
    """Windows reduced to one number, channel by channel.

    Attributes:
        name: what to call it.
        size: of the square window.
        stride: from window to window.
        padding: on each side.
        trainable: whether each channel has a coefficient and a bias, as in LeNet-5.
    """

    name: str
    size: int
    stride: int
    padding: int = 0
    trainable: bool = False


@dataclass(frozen=True)
class Dense:
    """A fully connected layer over everything before it."""

    name: str
    units: int
    bias: bool = True


Layer = Convolution | Pooling | Dense


@dataclass(frozen=True)
class Cost:
    """One layer of a network, counted for one example.

    Attributes:
        name: the layer's.
        shape: of its output, (height, width, channels).
        parameters: what is learned, biases included.
        connections: lines drawn into its outputs, one for each bias included.
        multiply_adds: products that are summed.
        receptive_field: how many input pixels along one axis an output sees.
        jump: how many input pixels neighbouring outputs are apart.
    """

    name: str
    shape: Shape
    parameters: int
    connections: int
    multiply_adds: int
    receptive_field: int
    jump: int

    @property
    def activations(self) -> int:
        """How many numbers the layer puts out."""
        return math.prod(self.shape)


def costs(layers: Sequence[Layer], shape: Shape) -> list[Cost]:
    """Every layer's output shape and costs, from the input's shape on.

    Args:
        layers: in their order.
        shape: of one input, (height, width, channels).

    Raises:
        ShapeError: a window does not fit, or groups do not divide the channels.

    Source: CO-lenet-perout, CO-lenet-conn, CO-cnn-params, CO-cnn-receptive.
    """
    table: list[Cost] = []
    field, jump = 1, 1
    seen = max(shape[:2])  # a dense layer sees the whole input
    for layer in layers:
        inputs = shape
        if isinstance(layer, Dense):
            shape, field = (1, 1, layer.units), max(field, seen)
            products = math.prod(inputs) * layer.units
            parameters = dense_parameters(math.prod(inputs), layer.units, layer.bias)
            connections = parameters
        else:
            height, width = _after(layer, inputs)
            channels = layer.filters if isinstance(layer, Convolution) else inputs[2]
            shape = (height, width, channels)
            field, jump = field + (layer.size - 1) * jump, jump * layer.stride
            lines, products, parameters = _window_costs(layer, inputs[2])
            connections, products = lines * height * width, products * height * width
        table.append(Cost(layer.name, shape, parameters, connections, products, field, jump))
    return table


def total_parameters(layers: Sequence[Layer], shape: Shape) -> int:
    """What the whole network learns."""
    return sum(cost.parameters for cost in costs(layers, shape))


def memory_bytes(
    layers: Sequence[Layer], shape: Shape, batch: int = 1, bytes_per_number: int = 4
) -> tuple[int, int]:
    """Bytes for the parameters, and for the input and all activations of a batch.

    Training needs about two to four times the first (gradients, an optimizer's moments) and twice
    the second.
    """
    table = costs(layers, shape)
    activations = math.prod(shape) + sum(cost.activations for cost in table)
    parameters = sum(cost.parameters for cost in table)
    return parameters * bytes_per_number, batch * activations * bytes_per_number


def _after(layer: Convolution | Pooling, inputs: Shape) -> tuple[int, int]:
    try:
        height, width = (
            output_size(n, layer.size, layer.stride, layer.padding) for n in inputs[:2]
        )
    except ValueError as error:
        raise ShapeError(f"costs: {layer.name} does not fit its input {inputs}: {error}") from error
    return height, width


def _window_costs(layer: Convolution | Pooling, channels: int) -> tuple[int, int, int]:
    """Connections and multiply-adds for one place of all output channels, and parameters."""
    area = layer.size**2
    if isinstance(layer, Pooling):  # a maximum or a plain sum multiplies nothing
        own = channels if layer.trainable else 0
        return area * channels + own, own, 2 * own
    if channels % layer.groups or layer.filters % layer.groups:
        raise ShapeError(
            f"costs: {layer.name}: {layer.groups} groups must divide {channels} channels and "
            f"{layer.filters} filters"
        )
    pairs = layer.pairs
    if pairs is None:
        pairs = channels * layer.filters // layer.groups
    weights = pairs * area
    return weights + layer.filters, weights, weights + layer.filters
