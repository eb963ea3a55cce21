"""How many numbers does a network learn? Dense layers, a convolution, and where they all are."""

from exercises.answers import Number
from exercises.core import Exercise
from exercises.drawing import layers

ex = Exercise(
    "Where the millions are", claims=["CO-nn-params", "CO-fc-params"], level=1, minutes=10
)


@ex.variant
def draw(v):
    return {
        "inputs": v.integer(3, 4),
        "hidden": v.integer(5, 7),
        "outputs": 2,
        "side": v.choice((16, 20, 28)),
        "maps": v.choice((6, 8, 12)),
        "kernel": v.choice((3, 5)),
        "classes": v.integer(5, 9),
    }


def _dense(into, out):
    return (into + 1) * out


@ex.figure(
    alt="A network with {{ inputs }} inputs, one hidden layer of {{ hidden }} units and "
    "{{ outputs }} outputs; every unit is joined to all of the layer before it."
)
def network(axes, inputs, hidden, outputs):
    layers(axes, {"inputs": inputs, "hidden": hidden, "outputs": outputs})


@ex.part(points=2, answer=Number("dense_parameters"))
def dense(inputs, hidden, outputs):
    r"""A network takes {{ inputs }} numbers, has one hidden layer of {{ hidden }} units, and gives
    {{ outputs }} numbers. Every unit has a bias. How many parameters does it learn?
    """
    return _dense(inputs, hidden) + _dense(hidden, outputs)


@dense.mistake(credit=1, help="Weights are not all that a unit learns.")
def weights_only(inputs, hidden, outputs):
    return inputs * hidden + hidden * outputs


@dense.mistake(credit=0, help="That counts the units. What is learned stands on the arrows.")
def units(inputs, hidden, outputs):
    return inputs + hidden + outputs


@dense.hint
def one_unit():
    "How many numbers does a single hidden unit learn?"


@ex.part(points=2, answer=Number("image_dense_parameters"))
def on_an_image(side, classes):
    r"""Now a single dense layer looks at a colour image of ${{ side }} \times {{ side }}$ pixels
    and gives scores for {{ classes }} classes. How many parameters?
    """
    return _dense(3 * side**2, classes)


@on_an_image.mistake(credit=1, help="A colour image has three numbers in each pixel.")
def grey(side, classes):
    return _dense(side**2, classes)


@on_an_image.mistake(credit=1, help="And the biases?")
def no_bias(side, classes):
    return 3 * side**2 * classes


@on_an_image.hint
def flatten():
    "The image is read as one long list of numbers. How long?"


@ex.part(points=2, answer=Number("image_convolution_parameters"))
def convolution(maps, kernel):
    r"""A convolution looks at the same image: {{ maps }} kernels of ${{ kernel }} \times
    {{ kernel }}$, each over all three colours and with a bias. How many parameters?
    """
    return _dense(3 * kernel**2, maps)


@convolution.mistake(credit=1, help="Each kernel looks at all three colours at once.")
def one_colour(maps, kernel):
    return _dense(kernel**2, maps)


@convolution.mistake(credit=1, help="There is one bias for each kernel.")
def no_biases(maps, kernel):
    return 3 * kernel**2 * maps


@convolution.hint
def size_does_not_matter():
    "Does the size of the image matter?"


@ex.part(points=1, answer=Number("batchnorm_parameters"))
def normalised(maps):
    r"""Batch normalisation follows it. How many parameters are **learned** there (running means are
    kept, not learned)?
    """
    return 2 * maps


@normalised.mistake(credit=0, help="It stretches, and it also shifts.")
def scale_only(maps):
    return maps


@normalised.hint
def per_map():
    "In a convolutional network all pixels of one map share what is learned."
