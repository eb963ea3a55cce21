"""Expression to text, as people type it: what is printed here `derivations.parse` reads back."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any


def typed(expression: Any) -> str:
    """The expression in the notation that `parse_expression` reads.

    Args:
        expression: a SymPy expression, relation or symbol. What cannot be typed, such as a matrix,
            comes as SymPy prints it.
    """
    # Where sigma is a symbol, sigma(t) is read as a product.
    taken = any(str(symbol) == "sigma" for symbol in getattr(expression, "free_symbols", ()))
    return str(_printer("sigmoid" if taken else "sigma").doprint(expression)).replace("**", "^")


@cache
def _printer(sigmoid: str) -> Any:
    # SymPy's printers take a while to load, and few programs print.
    from sympy.core.relational import Equality, Unequality
    from sympy.printing.str import StrPrinter

    class Typed(StrPrinter):
        """SymPy's text, with the names that the grammar gives to functions and operators."""

        def _print(self, e: Any, **settings: Any) -> str:
            if hasattr(e, "operands") and not e.args[-1].args:  # E, Var and Cov, nothing given
                return self._applied(type(e).__name__, e.args[:-1])
            return str(super()._print(e, **settings))

        def _print_Derivative(self, e: Any) -> str:
            text = self._print(e.expr)
            for variable, count in e.variable_count:
                times = f", {self._print(count)}" if count != 1 else ""
                text = f"D({text}, {self._print(variable)}{times})"
            return str(text)

        def _print_Sum(self, e: Any) -> str:
            return self._bound("sum", e)

        def _print_Product(self, e: Any) -> str:
            return self._bound("prod", e)

        def _print_Integral(self, e: Any) -> str:
            return self._bound("int", e)

        def _bound(self, name: str, e: Any) -> str:
            text = self._print(e.function)
            for limits in e.limits:
                text = f"{name}({text}, {', '.join(map(self._print, limits))})"
            return str(text)

        def _print_sigmoid(self, e: Any) -> str:
            return self._applied(sigmoid, e.args)

        def _print_Max(self, e: Any) -> str:
            return self._applied("max", e.args)

        def _print_Min(self, e: Any) -> str:
            return self._applied("min", e.args)

        def _print_Abs(self, e: Any) -> str:
            return self._applied("abs", e.args)

        def _print_ceiling(self, e: Any) -> str:
            return self._applied("ceil", e.args)

        def _print_KroneckerDelta(self, e: Any) -> str:
            return self._applied("delta", e.args)

        def _applied(self, name: str, args: Iterable[Any]) -> str:
            return f"{name}({', '.join(map(self._print, args))})"

        def _print_Exp1(self, _: Any) -> str:
            return "e"

        def _print_Relational(self, e: Any) -> str:
            sign = {Equality: "=", Unequality: "!="}.get(type(e), e.rel_op)
            sides = (self.parenthesize(side, 0) for side in e.args)
            return f" {sign} ".join(sides)

    return Typed()
