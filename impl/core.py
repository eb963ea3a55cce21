"""What an operation is: a function of arrays with its derivative beside it.

An `Op` is declared by `@op` and completed by `@name.backward`. The declaration is enough for the
contract tests: gradients against differences, dtype and shape, extremes, inputs left unchanged.
"""

from __future__ import annotations

import functools
import pkgutil
from collections.abc import Callable, Sequence
from importlib import import_module
from types import FunctionType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Arguments = tuple[Any, ...]
Example = Callable[[np.random.Generator], Arguments]


class ShapeError(ValueError):
    """An argument has another shape than the operation needs; the message says both."""


class Op:
    """A function of arrays that knows its derivative.

    Attributes:
        name: the function's name.
        kinks: the inputs at which an elementwise function has no derivative.
        elementwise: whether each output depends on the one input at its place.
        differentiable: the positions of the arguments that have a gradient.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        example: Example | None,
        kinks: Sequence[float],
        differentiable: Sequence[int],
    ) -> None:
        functools.update_wrapper(self, function)
        self.name = function.__name__
        self.module = function.__module__
        self.elementwise = example is None
        self.kinks = tuple(kinks)
        self.differentiable = tuple(differentiable)
        self._function = function
        self._example = example
        self._backward: Callable[..., Any] | None = None

    def __call__(self, *args: Any, **options: Any) -> Any:
        """The function's value."""
        return self._function(*args, **options)

    def backward(self, *args: Any, **options: Any) -> Any:
        """Declare the derivative, or apply it.

        Given one function, declares it. Given the inputs and the gradient with respect to the
        output (of the output's shape), returns the gradient with respect to the input, or a tuple
        of them when several inputs have one.

        Raises:
            TypeError: no derivative is declared.
        """
        if len(args) == 1 and isinstance(args[0], FunctionType) and not options:
            self._backward = args[0]
            return self
        if self._backward is None:
            raise TypeError(f"{self.name} has no backward pass")
        return self._backward(*args, **options)

    def example(self, rng: np.random.Generator) -> Arguments:
        """Arguments of a typical size, for tests and benchmarks."""
        if self._example is not None:
            return self._example(rng)
        return (rng.normal(scale=2.0, size=(3, 4)),)

    def __repr__(self) -> str:
        return f"<op {self.module}.{self.name}>"


def op(
    function: Callable[..., Any] | None = None,
    *,
    example: Example | None = None,
    kinks: Sequence[float] = (),
    differentiable: Sequence[int] = (0,),
) -> Any:
    """Declare an operation; plain, it is elementwise in its first argument.

    Args:
        function: the function, when used without options.
        example: draws typical arguments, for operations that are not elementwise.
        kinks: where an elementwise operation has no derivative.
        differentiable: the positions of the arguments that have a gradient.
    """
    if function is not None:
        return Op(function, example, kinks, differentiable)
    return lambda f: Op(f, example, kinks, differentiable)


def as_float(x: Any) -> Array:
    """An array of floats in this machine's byte order.

    Float types are kept, integers and booleans become float64.

    Raises:
        TypeError: the values are not real numbers.
    """
    array = np.asarray(x)
    if array.dtype.kind == "f":
        return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))
    if array.dtype.kind in "biu":
        return array.astype(np.float64)
    raise TypeError(f"expected real numbers; got an array of {array.dtype}")


def output(where: str, x: Array, out: Any) -> Array | None:
    """The array that a result of the shape and type of x is to be written into, if one is given.

    Fresh memory takes as long as a quick operation itself; a loop over many batches can do without.

    Args:
        where: the caller, for messages.
        x: the input, which `out` may be itself.
        out: the array, or None.

    Raises:
        TypeError: it is no array, or of another float type.
        ShapeError: it has another shape.
        ValueError: it cannot be written, is not laid out row by row, or overlaps x in part.
    """
    if out is None:
        return None
    if not isinstance(out, np.ndarray) or out.dtype != x.dtype:
        found = out.dtype if isinstance(out, np.ndarray) else type(out).__name__
        raise TypeError(f"{where}: out must be an array of {x.dtype}, as the result; got {found}")
    if out.shape != x.shape:
        raise ShapeError(f"{where}: out must have the result's shape {x.shape}; got {out.shape}")
    if not (out.flags.c_contiguous and out.flags.writeable):
        raise ValueError(f"{where}: out must be writable and laid out row by row (order C)")
    same = out.ctypes.data == x.ctypes.data and out.strides == x.strides
    if not same and np.may_share_memory(out, x):
        raise ValueError(f"{where}: out must be x itself or apart from it; they overlap in part")
    return out


@functools.cache
def ops() -> tuple[Op, ...]:
    """All operations of the package, found by walking it."""
    import impl

    # Compiled kernels hold no operations, and importing them would import Numba.
    names = [m.name for m in pkgutil.walk_packages(impl.__path__, "impl.") if "._" not in m.name]
    found = (vars(import_module(name)).values() for name in names)
    unique = {(o.module, o.name): o for values in found for o in values if isinstance(o, Op)}
    return tuple(unique[key] for key in sorted(unique))


@functools.cache
def has_numba() -> bool:
    """Whether Numba can be imported; it is not imported for the answer."""
    from importlib.util import find_spec

    return find_spec("numba") is not None


def compiled(work: float, threshold: float = 1e6) -> bool:
    """Whether to use the compiled kernel: when it saves more than its own import costs.

    Args:
        work: the floating-point operations at hand.
        threshold: from where on the kernel wins over NumPy and its first import.
    """
    return work >= threshold and has_numba()
