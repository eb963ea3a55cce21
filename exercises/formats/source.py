"""The source of a reference function, complete in itself: no import of ours is left.

A student's file runs where our packages cannot be imported, and a teacher wants to read the answer,
so whatever the function calls of ours is written out before it.
"""

from __future__ import annotations

import ast
import types
from fractions import Fraction
from textwrap import indent
from typing import Any

from exercises.formats.source_tree import SourceError, loaded, outer_names, plain, tree_of
from impl._kernels.loading import kernels
from impl.core import compiled

OURS = ("impl", "derivations", "exercises")


def defined(name: str, function: Any, alone: bool = False) -> str:
    """Source that defines a function under a name.

    Args:
        name: what it is to be called.
        function: a function, a lambda, or an operation of `impl`.
        alone: whether nothing else may be defined beside it: then what it calls is put inside.

    Raises:
        SourceError: something that it uses cannot be written out.
    """
    writer = _Writer()
    writer.add(name, function)
    if not alone or len(writer.done) == len(writer.imports) + 1:
        return writer.text
    body = indent("\n".join([*writer.imports, *writer.definitions.values()]), "    ")
    return f"def _made():\n{body}\n    return {name}\n\n\n{name} = _made()\ndel _made"


def excerpt(name: str, function: Any) -> tuple[str, tuple[str, ...]]:
    """Source of a function and of what it calls itself, for reading.

    Returns:
        The source, and the names of what is left out: what those call in turn.

    Raises:
        SourceError: something that it uses cannot be written out.
    """
    writer = _Writer()
    writer.add(name, function)
    near = [used for used in writer.definitions if writer.depths[used] <= 1]
    left_out = tuple(used for used in writer.definitions if used not in near)
    return "\n\n\n".join(writer.definitions[used] for used in near), left_out


class _Writer:
    """Collects definitions, each after those it needs."""

    def __init__(self) -> None:
        self.done: dict[str, Any] = {}
        self.imports: list[str] = []
        self.definitions: dict[str, str] = {}
        self.depths: dict[str, int] = {}
        self.depth = 0  # how many calls the definition at hand is away from the first

    @property
    def text(self) -> str:
        """All of it."""
        head = "\n".join(sorted(self.imports))
        return "\n\n\n".join([*([head] if head else []), *self.definitions.values()])

    def add(self, name: str, value: Any) -> None:
        """Define a name, unless it is already."""
        self.depths[name] = min(self.depth, self.depths.get(name, self.depth))
        if name in self.done:
            if self.done[name] is not value:
                raise SourceError(f"two different things are called {name}")
            return
        self.done[name] = value
        if isinstance(value, types.ModuleType):
            self.imports.append(_import(name, value.__name__))
        elif _is_foreign(value):
            self.imports.append(_import(name, value.__module__, value.__qualname__))
        elif callable(value):
            self._add_code(name, value)
        else:
            self.definitions[name] = f"{name} = {_literal(name, value)}"

    def _add_code(self, name: str, value: Any) -> None:
        function = plain(value)
        tree = tree_of(name, function)
        known = dict(outer_names(function, tree))
        self.depth += 1
        tree = _Inlined(self, known).visit(tree)
        for used in sorted(loaded(tree) & known.keys() - {name}):
            self.add(used, known[used])
        self.depth -= 1
        self.definitions[name] = ast.unparse(ast.fix_missing_locations(tree))


class _Inlined(ast.NodeTransformer):
    """Replaces `module.name` by `name` where the module is ours, and drops annotations."""

    def __init__(self, writer: _Writer, known: dict[str, Any]) -> None:
        self.writer, self.known = writer, known

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        owner = self._value(node.value)
        if isinstance(owner, types.ModuleType) and _ours(owner.__name__):
            value = getattr(owner, node.attr)
            if not isinstance(value, types.ModuleType):
                self.writer.add(node.attr, value)
            return ast.copy_location(ast.Name(node.attr, node.ctx), node)
        if node.attr == "backward" and hasattr(owner, "_backward"):
            name = f"{owner.name}_backward"
            self.writer.add(name, owner.backward)
            return ast.copy_location(ast.Name(name, node.ctx), node)
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if self._value(node.func) is compiled:
            return ast.copy_location(ast.Constant(False), node)
        if self._value(node.func) is kernels:
            return ast.copy_location(ast.Constant(None), node)
        self.generic_visit(node)
        return node

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        node.test = self.visit(node.test)
        if _is_false(node.test):
            kept = [self.visit(statement) for statement in node.orelse]
            return kept or ast.Pass()
        self.generic_visit(node)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        node.test = self.visit(node.test)
        if _is_false(node.test):
            found: ast.AST = self.visit(node.orelse)
            return found
        self.generic_visit(node)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        kept = ("property", "classmethod", "staticmethod", "cached_property")
        node.decorator_list = [d for d in node.decorator_list if getattr(d, "id", "") in kept]
        node.returns = None
        node.body = _without_docstring(node.body)
        self.generic_visit(node)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.body = _without_docstring(node.body)
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign):  # a field of a dataclass
                statement.annotation = ast.Name("object", ast.Load())
        node.body = [s if isinstance(s, ast.AnnAssign) else self.visit(s) for s in node.body]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        value = self.visit(node.value)
        return ast.copy_location(ast.Assign([node.target], value), node)

    def _value(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Name):
            return self.known.get(node.id)
        if isinstance(node, ast.Attribute):
            return getattr(self._value(node.value), node.attr, None)
        return None


def _is_false(test: ast.expr) -> bool:
    """Whether a test never holds: a compiled kernel is not written out, so none is used."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return any(map(_is_false, test.values))
    return isinstance(test, ast.Constant) and test.value is False


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements; the question says what the function is for."""
    first = body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return body[1:] or [ast.Pass()]
    return body


def _ours(module: str) -> bool:
    return module.split(".")[0] in OURS


def _is_foreign(value: Any) -> bool:
    module = getattr(value, "__module__", None)
    named = hasattr(value, "__qualname__") and "<" not in value.__qualname__
    return callable(value) and named and isinstance(module, str) and not _ours(module)


def _import(name: str, module: str, attribute: str = "") -> str:
    if _ours(module):
        raise SourceError(f"{module} would have to be imported whole")
    if attribute:
        return f"from {module} import {attribute}" + ("" if name == attribute else f" as {name}")
    return f"import {module}" + ("" if name == module else f" as {name}")


def _literal(name: str, value: Any) -> str:
    if value is None or isinstance(value, bool | int | float | str | Fraction):
        return repr(value) if not isinstance(value, Fraction) else repr(float(value))
    if getattr(value, "is_number", False):  # SymPy's
        return repr(int(value) if value.is_Integer else float(value))
    if type(value).__module__ == "numpy":
        import numpy as np

        return f'__import__("numpy").array({np.asarray(value).tolist()!r})'
    if isinstance(value, tuple | list):
        inner = ", ".join(_literal(name, item) for item in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' * (len(value) == 1)})"
    if isinstance(value, dict):
        pairs = (f"{_literal(name, k)}: {_literal(name, v)}" for k, v in value.items())
        return f"{{{', '.join(pairs)}}}"
    raise SourceError(f"{name} is a {type(value).__name__}, which cannot be written out")
