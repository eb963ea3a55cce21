"""Output sizes through a small convolutional network."""

import numpy as np

from exercises.answers import Array, Number
from exercises.core import Exercise
from impl.convnet_arithmetic import output_size, same_padding

ex = Exercise(
    "Will it fit?",
    claims=["CO-conv-outsize", "CO-pool-outsize", "CO-pad-same", "CO-cnn-output"],
    level=1,
)


@ex.variant
def draw(v):
    window = v.choice((3, 5))
    stride = 2
    # The windows fit exactly, and pooling by 2 does as well.
    out = (2 * v.integer(5, 12), 2 * v.integer(13, 20))
    padding = v.integer(0, 2)
    size = tuple((n - 1) * stride + window - 2 * padding for n in out)
    return {
        "height": size[0],
        "width": size[1],
        "window": window,
        "stride": stride,
        "padding": padding,
        "filters": v.choice((8, 16, 24)),
        "kernel": v.choice((7, 9, 11)),
    }


def _after(height, width, window, stride, padding):
    return [output_size(n, window, stride, padding) for n in (height, width)]


@ex.part(points=2, answer=Array("convolution_shape"))
def shape(height, width, window, stride, padding, filters):
    r"""A colour image of height {{ height }} and width {{ width }} enters a convolution with
    {{ filters }} filters of size ${{ window }} \times {{ window }}$, stride {{ stride }} and
    padding {{ padding }} on each side. Give the shape of the output as (channels, height, width).
    """
    return np.array([filters, *_after(height, width, window, stride, padding)])


@shape.mistake(credit=1, help="The sizes are right; each filter makes one channel.")
def colours_kept(height, width, window, stride, padding):
    return np.array([3, *_after(height, width, window, stride, padding)])


@shape.mistake(credit=1, help="Count the first window, too: one more than the steps it can take.")
def fence_posts(height, width, window, stride, padding, filters):
    return np.array([filters, *(n - 1 for n in _after(height, width, window, stride, padding))])


@shape.hint
def steps():
    "How many steps can the window take along the padded image before it falls off?"


@ex.part(points=2, answer=Array("pooled_shape"))
def pooled(height, width, window, stride, padding, filters):
    r"""Max pooling with windows of size $2 \times 2$ and stride 2 follows. And now?"""
    after = _after(height, width, window, stride, padding)
    return np.array([filters, *(output_size(n, 2, 2) for n in after)])


@pooled.mistake(credit=1, help="Pooling treats each channel by itself and keeps them all.")
def channels_halved(height, width, window, stride, padding, filters):
    after = _after(height, width, window, stride, padding)
    return np.array([filters // 2, *(output_size(n, 2, 2) for n in after)])


@pooled.hint
def same_formula():
    "A pooling window slides like a kernel: the same formula holds."


@ex.part(points=1, answer=Number("same_padding"))
def padding_for(kernel):
    r"""Elsewhere in the network stands a ${{ kernel }} \times {{ kernel }}$ kernel with stride one.
    Which padding keeps height and width as they are?
    """
    return same_padding(kernel)


@padding_for.mistake(credit=0, help="This much is lost altogether; it is padded on two sides.")
def both_sides_at_once(kernel):
    return kernel - 1


@padding_for.hint
def centre():
    "The centre of the kernel should be able to stand on the very first pixel."
