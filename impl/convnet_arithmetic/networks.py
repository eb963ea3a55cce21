"""The networks of the notes as data: layers, and the shape of the images they take."""

from __future__ import annotations

from impl.convnet_arithmetic.counting import Convolution, Dense, Layer, Pooling, Shape

# LeCun et al., "Gradient-based learning applied to document recognition" (1998): C3 joins 60 of the
# 96 pairs of channels, and the output layer's 840 centres are fixed, so that they are not counted.
LENET_5_INPUT: Shape = (32, 32, 1)
LENET_5: tuple[Layer, ...] = (
    Convolution("C1", 6, 5),
    Pooling("S2", 2, 2, trainable=True),
    Convolution("C3", 16, 5, pairs=60),
    Pooling("S4", 2, 2, trainable=True),
    Convolution("C5", 120, 5),
    Dense("F6", 84),
)

# Krizhevsky et al. (2012), in two groups as on its two cards.
ALEXNET_INPUT: Shape = (227, 227, 3)
ALEXNET: tuple[Layer, ...] = (
    Convolution("conv1", 96, 11, stride=4),
    Pooling("pool1", 3, 2),
    Convolution("conv2", 256, 5, padding=2, groups=2),
    Pooling("pool2", 3, 2),
    Convolution("conv3", 384, 3, padding=1),
    Convolution("conv4", 384, 3, padding=1, groups=2),
    Convolution("conv5", 256, 3, padding=1, groups=2),
    Pooling("pool5", 3, 2),
    Dense("fc6", 4096),
    Dense("fc7", 4096),
    Dense("fc8", 1000),
)

# Zeiler and Fergus (2013): smaller first filters and strides than AlexNet.
ZFNET_INPUT: Shape = (224, 224, 3)
ZFNET: tuple[Layer, ...] = (
    Convolution("conv1", 96, 7, stride=2, padding=1),
    Pooling("pool1", 3, 2, padding=1),
    Convolution("conv2", 256, 5, stride=2),
    Pooling("pool2", 3, 2, padding=1),
    Convolution("conv3", 384, 3, padding=1),
    Convolution("conv4", 384, 3, padding=1),
    Convolution("conv5", 256, 3, padding=1),
    Pooling("pool5", 3, 2),
    Dense("fc6", 4096),
    Dense("fc7", 4096),
    Dense("fc8", 1000),
)


def _vgg(*blocks: tuple[int, int]) -> tuple[Layer, ...]:
    """Blocks of (filters, how many convolutions), each ended by a pooling."""
    layers: list[Layer] = []
    for number, (filters, repeats) in enumerate(blocks, start=1):
        layers += [
            Convolution(f"conv{number}_{i}", filters, 3, padding=1) for i in range(1, repeats + 1)
        ]
        layers.append(Pooling(f"pool{number}", 2, 2))
    return (*layers, Dense("fc6", 4096), Dense("fc7", 4096), Dense("fc8", 1000))


# Simonyan and Zisserman (2014), configurations D and E.
VGG_INPUT: Shape = (224, 224, 3)
VGG_16: tuple[Layer, ...] = _vgg((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
VGG_19: tuple[Layer, ...] = _vgg((64, 2), (128, 2), (256, 4), (512, 4), (512, 4))
