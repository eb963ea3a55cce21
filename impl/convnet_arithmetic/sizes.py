"""How many windows fit along an axis, and which strides and paddings make them fit exactly."""

from __future__ import annotations


def output_size(size: int, window: int, stride: int = 1, padding: int = 0) -> int:
    """How many windows fit along one axis: floor((size + 2 padding - window) / stride) + 1.

    Raises:
        ValueError: the window is larger than the padded axis, or a number makes no sense.

    Source: CO-conv-outsize, CO-pool-outsize, CO-cnn-output.
    """
    _sensible("output_size", window, stride, padding)
    if size + 2 * padding < window:
        raise ValueError(
            f"output_size: window must be at most the padded size {size + 2 * padding}; "
            f"got {window}"
        )
    return (size + 2 * padding - window) // stride + 1


def transposed_output_size(size: int, window: int, stride: int = 1, padding: int = 0) -> int:
    """The size that a transposed convolution restores: (size - 1) stride + window - 2 padding.

    Source: SU-3.28-size.
    """
    _sensible("transposed_output_size", window, stride, padding)
    return (size - 1) * stride + window - 2 * padding


def fits(size: int, window: int, stride: int = 1, padding: int = 0) -> bool:
    """Whether the windows end exactly at the edge, so that no pixel is left out.

    Source: CO-stride-7x7.
    """
    _sensible("fits", window, stride, padding)
    room = size + 2 * padding - window
    return room >= 0 and room % stride == 0


def fitting_strides(size: int, window: int, padding: int = 0) -> list[int]:
    """The strides with which at least two windows fit exactly. Source: CO-stride-7x7."""
    room = size + 2 * padding - window
    return [stride for stride in range(1, room + 1) if room % stride == 0]


def same_padding(window: int) -> int:
    """The padding that keeps height and width at stride 1: (window - 1) / 2.

    Raises:
        ValueError: the window is even, for which there is none.

    Source: CO-pad-same.
    """
    if window < 1 or window % 2 == 0:
        raise ValueError(f"same_padding: window must be odd; got {window}")
    return (window - 1) // 2


def _sensible(where: str, window: int, stride: int, padding: int) -> None:
    if window < 1 or stride < 1 or padding < 0:
        raise ValueError(
            f"{where}: window and stride must be at least 1 and padding at least 0; "
            f"got {window}, {stride} and {padding}"
        )
