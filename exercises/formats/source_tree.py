"""The syntax tree of a function, and the outer names that it uses."""

from __future__ import annotations

import ast
import builtins
import inspect
import types
from collections.abc import Callable, Iterator
from textwrap import dedent
from tokenize import TokenError
from typing import Any


class SourceError(ValueError):
    """A reference cannot be written out; the message says what it uses."""


def plain(value: Any) -> Any:
    """The function below an operation, a compiled function or a bound method."""
    owner: Any = getattr(value, "__self__", None)
    if hasattr(owner, "_backward") and value.__name__ == "backward":
        return owner._backward
    if hasattr(value, "cache_info"):  # a memory of answers changes none of them
        return value.__wrapped__
    for below in ("_function", "py_func"):
        if callable(found := getattr(value, below, None)):
            return found
    if isinstance(value, types.FunctionType | type):
        return value
    raise SourceError(f"{value!r} has no source to write out")


def tree_of(name: str, function: Any) -> ast.stmt:
    """The definition as a syntax tree, under the name wanted.

    Raises:
        SourceError: it has none, or its file has changed since it was loaded.
    """
    try:
        source = dedent(inspect.getsource(function))
        if getattr(function, "__name__", "") == "<lambda>":
            return ast.Assign([ast.Name(name, ast.Store())], _lambda(name, source, function))
        tree = ast.parse(source).body[0]
    except (OSError, TypeError) as error:
        raise SourceError(f"{name}: no source is known") from error
    except (SyntaxError, TokenError):
        tree = ast.Pass()
    code = getattr(function, "__code__", None)
    own = code.co_name if code else function.__name__
    if not isinstance(tree, ast.FunctionDef | ast.ClassDef) or tree.name != own:
        # Python reads the source from the file as it is now, at the line where it was.
        raise SourceError(
            f"{name}: its file has changed since it was loaded; run the command again"
        )
    tree.name = name
    return tree


def _lambda(name: str, source: str, function: Callable[..., Any]) -> ast.Lambda:
    """The lambda within the statement that holds it, told from others by its code."""
    for end in range(len(source), 0, -1):
        try:
            tree = ast.parse(source[:end].strip().removesuffix(","))
            break
        except SyntaxError:
            continue
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    wanted = function.__code__.co_varnames[: function.__code__.co_argcount]
    fitting = [node for node in found if tuple(a.arg for a in node.args.args) == wanted]
    if len(fitting) != 1:
        raise SourceError(f"{name}: {len(fitting)} lambdas stand on its line; name the function")
    return fitting[0]


def outer_names(function: Any, tree: ast.AST) -> Iterator[tuple[str, Any]]:
    """The outer names that a function or a class may use."""
    if isinstance(function, type):
        scope, names, cells = vars(inspect.getmodule(function)), loaded(tree), {}
    else:
        scope, names = function.__globals__, set(_code_names(function.__code__))
        values = (cell.cell_contents for cell in function.__closure__ or ())
        cells = dict(zip(function.__code__.co_freevars, values, strict=True))
    for name in names:
        if name in scope and not hasattr(builtins, name):
            yield name, scope[name]
    yield from cells.items()


def _code_names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _code_names(inner)


def loaded(tree: ast.AST) -> set[str]:
    """The names that a tree reads."""
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
