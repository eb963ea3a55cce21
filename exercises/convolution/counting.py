"""How many parameters a convolution has, and how many a dense layer would need."""

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise(
    "Counting parameters",
    claims=["CO-cnn-params", "CO-fc-params", "XU-S5.2.4.n1", "XU-S5.2.4.p3", "XU-136.p1"],
    level=1,
    prerequisites=["convolution.sizes"],
)


@ex.variant
def draw(v):
    return {
        "side": v.choice((24, 28, 32, 36)),
        "channels": v.integer(2, 6),
        "filters": v.choice((12, 16, 20, 32)),
        "window": v.choice((3, 5)),
    }


@ex.part(points=2, answer=Number("convolution_parameters"))
def convolution(channels, filters, window):
    r"""An image of ${{ side }} \times {{ side }}$ pixels with {{ channels }} channels enters a
    convolution of {{ filters }} filters of size ${{ window }} \times {{ window }}$, with stride 1,
    each with a bias. How many parameters does the layer have?
    """
    return filters * (window**2 * channels + 1)


@convolution.mistake(credit=1, help="Do not forget the biases.")
def no_bias(channels, filters, window):
    return filters * window**2 * channels


@convolution.mistake(credit=1, help="A filter reaches through all channels of its input.")
def flat_filters(filters, window):
    return filters * (window**2 + 1)


@convolution.mistake(credit=1, help="One bias for each filter, not one for each channel of it.")
def bias_for_each_channel(channels, filters, window):
    return filters * channels * (window**2 + 1)


@convolution.hint
def one_filter():
    "Count a single filter first."


@ex.part(points=2, answer=Number("dense_parameters"))
def dense(side, channels, filters, window):
    r"""There is no padding. A **fully connected** layer with biases is to lead from the same input
    to just as many outputs. How many parameters does that take?
    """
    outputs = filters * (side - window + 1) ** 2
    return outputs * (side**2 * channels + 1)


@dense.mistake(credit=1, help="Do not forget the biases.")
def dense_without_bias(side, channels, filters, window):
    return filters * (side - window + 1) ** 2 * side**2 * channels


@dense.mistake(credit=1, help="Without padding the output is a little smaller than the input.")
def padded_output(side, channels, filters):
    return filters * side**2 * (side**2 * channels + 1)


@dense.hint
def count_the_outputs():
    "How many numbers does the convolution give out? Each becomes a unit of its own."


@ex.part(points=1, answer=Number("doubled_image"))
def larger_image(channels, filters, window):
    r"""The camera is replaced: height and width of the images double. How many parameters does the
    **convolution** have now?
    """
    return filters * (window**2 * channels + 1)


@larger_image.mistake(credit=0, help="That would be so if every pixel had a weight of its own.")
def four_times(channels, filters, window):
    return 4 * filters * (window**2 * channels + 1)


@larger_image.hint
def what_is_shared():
    "Do all places of an image have weights of their own?"
