"""What a convolutional network costs, counted exactly: sizes, parameters, connections, memory.

Shapes are (height, width, channels), the order in which the notes print them. The networks of the
notes stand here as data: `LENET_5`, `ALEXNET`, `ZFNET`, `VGG_16`.
"""

from impl.convnet_arithmetic.counting import (
    Convolution,
    Cost,
    Dense,
    Layer,
    Pooling,
    Shape,
    costs,
    dense_parameters,
    hessian_bytes,
    memory_bytes,
    total_parameters,
)
from impl.convnet_arithmetic.networks import (
    ALEXNET,
    ALEXNET_INPUT,
    LENET_5,
    LENET_5_INPUT,
    VGG_16,
    VGG_19,
    VGG_INPUT,
    ZFNET,
    ZFNET_INPUT,
)
from impl.convnet_arithmetic.sizes import (
    fits,
    fitting_strides,
    output_size,
    same_padding,
    transposed_output_size,
)

__all__ = [
    "ALEXNET",
    "ALEXNET_INPUT",
    "LENET_5",
    "LENET_5_INPUT",
    "VGG_16",
    "VGG_19",
    "VGG_INPUT",
    "ZFNET",
    "ZFNET_INPUT",
    "Convolution",
    "Cost",
    "Dense",
    "Layer",
    "Pooling",
    "Shape",
    "costs",
    "dense_parameters",
    "fits",
    "fitting_strides",
    "hessian_bytes",
    "memory_bytes",
    "output_size",
    "same_padding",
    "total_parameters",
    "transposed_output_size",
]
