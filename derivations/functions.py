"""The functions that the notes name and SymPy lacks; a proof unfolds them to their formula."""

from typing import Any

import sympy as sp


class sigmoid(sp.Function):  # noqa: N801 - a function, written as the notes write it
    """The logistic function 1 / (1 + e^-x). Source: XU-3, CO-sigmoid-def."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Any:  # noqa: ARG002 - SymPy names it
        """The derivative with respect to the argument: sigmoid(x) (1 - sigmoid(x))."""
        (x,) = self.args
        return sigmoid(x) * (1 - sigmoid(x))

    def formula(self) -> Any:
        """The function written with `exp`."""
        return 1 / (1 + sp.exp(-self.args[0]))

    def _latex(self, printer: Any, exp: Any = None) -> str:
        text = rf"\sigma\left({printer._print(self.args[0])}\right)"
        return text if exp is None else rf"{text}^{{{exp}}}"

    def _eval_is_extended_real(self) -> Any:
        return self.args[0].is_extended_real

    def _eval_is_positive(self) -> Any:
        return self.args[0].is_real


class softplus(sp.Function):  # noqa: N801 - a function, written as the notes write it
    """log(1 + e^x), the smooth ReLU. Source: CO-softplus-def."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Any:  # noqa: ARG002 - SymPy names it
        """The derivative with respect to the argument: sigmoid(x)."""
        return sigmoid(self.args[0])

    def formula(self) -> Any:
        """The function written with `exp` and `log`."""
        return sp.log(1 + sp.exp(self.args[0]))

    def _eval_evalf(self, prec: int) -> Any:
        return self.formula()._eval_evalf(prec)

    def _eval_is_extended_real(self) -> Any:
        return self.args[0].is_extended_real

    def _eval_is_positive(self) -> Any:
        return self.args[0].is_real


def relu(x: Any) -> Any:
    """max(0, x). Source: CO-relu-def, XU-139."""
    return sp.Max(0, x)


def D(f: Any, *variables: Any) -> Any:
    """The derivative of f, not yet carried out."""
    return sp.Derivative(f, *variables)
