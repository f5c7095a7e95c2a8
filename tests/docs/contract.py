"""The reference of the contract, written from it: a page for each hook, and one for protocols, values and errors."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
from collections.abc import Iterator
from itertools import pairwise
from textwrap import dedent
from types import FunctionType, ModuleType
from typing import Any, ForwardRef

import codebase_core_hookspecs as contract
from codebase_core_hookspecs import (
    access,
    answers,
    binding,
    chunking,
    descriptors,
    embedding,
    errors,
    health,
    hooks,
    indexing,
    problems,
    projects,
    requests,
    reranking,
    retrieval,
    search_service,
    status,
    storage,
    team_service,
)

from codebase_core.plugins.manager import PluginManager

WRITTEN = "Written from the contract by `python -m tests.docs.reference`."
PARTS = {
    "stores": ("StorePlugin", ("Store", "ProjectStore", "Writer")),
    "registries": ("RegistryPlugin", ("Registry",)),
    "embedders": ("EmbedderPlugin", ("Embedder",)),
    "rerankers": ("RerankerPlugin", ("Reranker",)),
    "chunkers": ("ChunkerPlugin", ()),
    "resolvers": ("ResolverPlugin", ("Resolver",)),
    "commands": ("CommandPlugin", ("SearchService", "TeamService")),
    "applications": ("ApplicationPlugin", ()),
}
"""What a page shows: the descriptor, and the protocols that its ``open`` returns or its command meets."""

MODULES: tuple[ModuleType, ...] = (
    chunking,
    embedding,
    reranking,
    indexing,
    retrieval,
    storage,
    binding,
    problems,
    projects,
    access,
    requests,
    answers,
    status,
    health,
    search_service,
    team_service,
    descriptors,
)
FUNCTIONS = (contract.glob_expression,)
_LABELS = ("When", "Return", "Order", "Example")


def hook_page(name: str) -> str:
    """Return the page of a hook."""
    hook: FunctionType = getattr(hooks, f"codebase_core_{name}")
    descriptor, protocols = PARTS[name]
    said = _sections(hook)
    kind: type = getattr(contract, descriptor)
    lines = [
        f"# {hook.__name__}",
        "",
        WRITTEN,
        "",
        f"`{signature_of(hook)}`",
        "",
        said[""],
        "",
        f"**When it is called.** {said['When']}",
        "",
        "**Arguments.** None.",
        "",
        f"**What it returns.** {said['Return']}",
        "",
        f"**Order.** {said['Order']}",
        "",
        f"**Plugins that use it.** {', '.join(f'`{each}`' for each in users_of(kind))}.",
        "",
        "## Example",
        "",
        "```python",
        said["Example"],
        "",
        "",
        f"print({hook.__name__}())",
        "```",
        "",
        *_class(kind, level=2),
    ]
    for each in protocols:
        lines += _class(getattr(contract, each), level=2)
    return "\n".join(lines).rstrip() + "\n"


def contract_page() -> str:
    """Return the page of values and errors."""
    lines = ["# Values and errors", "", WRITTEN, "", "Everything is imported from `codebase_core_hookspecs`.", ""]
    shown = {name for _, protocols in PARTS.values() for name in protocols} | {name for name, _ in PARTS.values()}
    for module in MODULES:
        for each in _classes(module):
            if each.__name__ not in shown:
                lines += _class(each, level=2)
    lines += [
        "## Types and constants",
        "",
        "| name | is |",
        "| --- | --- |",
        *(row for module in MODULES for row in _types(module)),
        "",
    ]
    lines += ["## Errors", "", "| error | when |", "| --- | --- |"]
    lines += [f"| `{each.__name__}` | {_flat(each.__doc__)} |" for each in _classes(errors)]
    lines += [
        "",
        "## Functions",
        "",
        *(f"- `{each.__name__}{_signature(each)}`: {_flat(each.__doc__)}" for each in FUNCTIONS),
    ]
    return "\n".join(lines).rstrip() + "\n"


def signature_of(hook: FunctionType) -> str:
    """Return a hook's name and signature as a reader writes it."""
    return f"{hook.__name__}{_signature(hook)}"


def users_of(kind: type) -> list[str]:
    """Return the bundled plugins of a kind, and the example's."""
    found = [d.name for p in PluginManager.load().plugins if p.bundled for d in p.provides if type(d) is kind]
    return [*found, *(["sqlite"] if kind is contract.StorePlugin else [])]


def _signature(function: Any) -> str:
    """Return a signature with annotations as they are written."""
    signature = inspect.signature(function)
    parameters = [
        p.replace(annotation=_Raw.of(p.annotation)) for p in signature.parameters.values() if p.name != "self"
    ]
    return str(signature.replace(parameters=parameters, return_annotation=_Raw.of(signature.return_annotation)))


class _Raw(str):
    """Text that shows itself without quotes."""

    __slots__ = ()

    __repr__ = str.__str__

    @classmethod
    def of(cls, annotation: Any) -> Any:
        return cls(annotation) if isinstance(annotation, str) else annotation


def _sections(hook: FunctionType) -> dict[str, str]:
    """Take a docstring apart: the first sentence, then what follows each label."""
    text = inspect.getdoc(hook) or ""
    pieces = re.split(rf"^({'|'.join(_LABELS)}):", text, flags=re.MULTILINE)
    found = {"": _marked(pieces[0])}
    for label, body in zip(pieces[1::2], pieces[2::2], strict=True):
        found[label] = dedent(body.strip("\n")).strip("\n") if label == "Example" else _sentence(_marked(body))
    return found


def _classes(module: ModuleType) -> Iterator[type]:
    own = (each for each in vars(module).values() if inspect.isclass(each) and each.__module__ == module.__name__)
    return (each for each in own if each.__name__ in contract.__all__)


def _types(module: ModuleType) -> Iterator[str]:
    """Yield a row for each name of a type; a text after it is its docstring."""
    body = ast.parse(inspect.getsource(module)).body
    for each, following in pairwise([*body, ast.Pass()]):
        if (
            isinstance(each, ast.Assign)
            and isinstance(each.targets[0], ast.Name)
            and each.targets[0].id in contract.__all__
        ):
            said = following.value if isinstance(following, ast.Expr) else None
            text = f": {_flat(str(said.value))}" if isinstance(said, ast.Constant) else ""
            yield f"| `{each.targets[0].id}` | `{_cell(ast.unparse(each.value))}`{text} |"


def _class(kind: type, *, level: int) -> list[str]:
    lines = [f"{'#' * level} {kind.__name__}", "", _marked(inspect.getdoc(kind) or ""), ""]
    if dataclasses.is_dataclass(kind):
        lines += ["| field | type | default |", "| --- | --- | --- |"]
        lines += [f"| `{f.name}` | `{_cell(f.type)}` | {_default(f)} |" for f in dataclasses.fields(kind)]
        return [*lines, ""]
    if issubclass(kind, tuple):
        defaults: dict[str, Any] = getattr(kind, "_field_defaults", {})
        lines += ["| field | type | default |", "| --- | --- | --- |"]
        lines += [
            f"| `{name}` | `{_cell(type_)}` | {f'`{defaults[name]!r}`' if name in defaults else ''} |"
            for name, type_ in inspect.get_annotations(kind).items()
        ]
        return [*lines, ""]
    for name, member in vars(kind).items():
        if isinstance(member, property):
            lines += [f"- `{name}` (property): {_flat(member.__doc__)}"]
        elif inspect.isfunction(member) and not name.startswith("_"):
            awaited = "" if inspect.iscoroutinefunction(member) is False else "await "
            lines += [f"- `{awaited}{name}{_signature(member)}`: {_flat(member.__doc__)}"]
    return [*lines, ""]


def _default(field: dataclasses.Field[Any]) -> str:
    if field.default is not dataclasses.MISSING:
        default = field.default
        return f"`{_cell(default if isinstance(default, frozenset) else repr(default))}`"
    return "empty" if field.default_factory is not dataclasses.MISSING else ""


def _cell(value: object) -> str:
    if isinstance(value, ForwardRef):  # how a named tuple keeps what is written
        value = value.__forward_arg__
    text = str(sorted(value)) if isinstance(value, frozenset) else str(value)
    return text.replace("|", "\\|")


def _flat(text: str | None) -> str:
    return _marked(" ".join(inspect.cleandoc(text or "").split()))


def _marked(text: str) -> str:
    """Return text of a docstring as Markdown: code between single backticks, paragraphs on one line each."""
    paragraphs = [" ".join(each.split()) for each in text.strip().split("\n\n")]
    return "\n\n".join(paragraphs).replace("``", "`").replace("<", "&lt;")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
