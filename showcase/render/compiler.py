"""Jinja's compiler, writing what our templates need and no more: half of the time of a page.

Jinja asks of each call whether the function wants the context, of each value whether it has an item
of an attribute's name, and of each text to make `Markup` that is only joined. Our functions want no
context, our views have no items, and what is put out is joined.
"""

from keyword import iskeyword
from typing import Any

from jinja2 import Environment, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Macro
from jinja2.utils import missing
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]


class _LeanGenerator(CodeGenerator):
    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        if iskeyword(node.attr):
            super().visit_Getattr(node, frame)
        else:
            self.visit(node.node, frame)
            self.write(f".{node.attr}")

    def visit_Call(  # noqa: N802
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        named = [argument.key for argument in node.kwargs]
        if forward_caller or node.dyn_args or node.dyn_kwargs or any(map(iskeyword, named)):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")

    def macro_def(self, macro_ref: Any, frame: Frame) -> None:
        self.write("environment.")  # its Macro instead of Jinja's
        super().macro_def(macro_ref, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write("environment.")  # its escape instead of Jinja's
        super()._output_child_pre(node, frame, finalize)


class _LeanMacro(Macro):
    def __call__(self, *args: Any, **kwargs: Any) -> str:
        open_arguments = self._argument_count - len(args)
        if kwargs or open_arguments < 0 or self.caller or not self._default_autoescape:
            return super().__call__(*args, **kwargs)
        # As Markup(text), which first asks whether the text has a form of its own as HTML.
        return str.__new__(Markup, self._func(*args, *(missing,) * open_arguments))


class LeanEnvironment(Environment):
    """An environment whose templates are compiled so."""

    code_generator_class = _LeanGenerator
    Macro = _LeanMacro

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._loaded: dict[Any, Template] = {}

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:  # noqa: A002
        """Return a template by its name, the same to every page: no file changes in a build."""
        found = self._loaded.get(name)
        if found is None:
            found = self._loaded[name] = super().get_template(name, parent, globals)
        return found

    @staticmethod
    def escape(value: Any) -> str:
        """Return what stands for a value in HTML: text, to be joined."""
        kind = type(value)
        if kind is str:
            return _escape_inner(value)  # what `escape` makes Markup of, one call more
        return value if kind is Markup else escape(value)

    def make_globals(self, d: Any) -> Any:
        """Return a plain mapping, which is read sooner than Jinja's chained one."""
        return {**self.globals, **(d or {})}
