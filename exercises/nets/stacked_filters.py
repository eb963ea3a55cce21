"""Why VGG stacks small filters: as wide a view for fewer weights, and more activations."""

from sympy import Rational

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise(
    "Three small lenses for a large one",
    claims=["CO-vgg", "CO-cnn-receptive"],
    level=2,
    prerequisites=["nets.parameters"],
    minutes=14,
)


@ex.variant
def draw(v):
    return {
        "depth": v.integer(2, 4),
        "channels": v.choice((16, 24, 32, 64)),
        "side": v.choice((14, 28, 56)),
    }


def _width(depth):
    return 2 * depth + 1


@ex.part(points=2, answer=Number("stack_field"))
def field(depth):
    r"""{{ depth }} convolutions of $3 \times 3$ with stride 1 follow one another. How many pixels
    wide is the patch of the input that one entry of the last of them can see?
    """
    return _width(depth)


@field.mistake(credit=1, help="The patches overlap.")
def side_by_side(depth):
    return 3 * depth


@field.hint
def one_more_layer():
    "By how much does each further layer widen the patch, and on how many sides?"


@ex.part(points=2, answer=Number("stack_weights"))
def stack(depth, channels):
    r"""Every one of these convolutions takes {{ channels }} channels and gives {{ channels }}. How
    many weights have they together? Leave biases aside.
    """
    return depth * 9 * channels**2


@stack.mistake(credit=1, help="Each kernel looks at all the channels.")
def one_channel(depth, channels):
    return depth * 9 * channels


@stack.mistake(credit=1, help="That is one layer of the stack.")
def one_layer(channels):
    return 9 * channels**2


@stack.hint
def one_kernel():
    "How many weights has a single kernel, and how many kernels has a layer?"


@ex.part(points=2, answer=Number("share_of_weights"), after=field)
def share(depth, field):
    r"""One large convolution could look at just as wide a patch, with as many channels. Which
    fraction of **its** weights does the stack have?
    """
    return Rational(9 * depth) / field**2


@share.mistake(credit=1, help="The other way round.")
def upside_down(depth, field):
    return field**2 / Rational(9 * depth)


@share.mistake(credit=0, help="A kernel is as high as it is wide.")
def along_an_edge(depth, field):
    return Rational(3 * depth) / field


@share.hint
def channels_cancel():
    "What the channels contribute is the same for both."


@ex.part(points=2, answer=Number("activations_of_stack"))
def activations(depth, channels, side):
    r"""The price is memory. With padding every map stays ${{ side }} \times {{ side }}$. How many
    numbers do the outputs of all layers of the stack hold, for one image?
    """
    return depth * channels * side**2


@activations.mistake(credit=1, help="That is what one layer gives; backpropagation needs them all.")
def last_only(channels, side):
    return channels * side**2


@activations.hint
def keep_them_all():
    "One output for each pixel, channel and layer."
