"""What people call languages: other names, extensions, interpreters, and the families that go by one name."""

from __future__ import annotations

from .languages import LANGUAGES, language_of_extension, language_of_interpreter

_FAMILIES = {
    "typescript": "typescript tsx",
    "shell": "bash fish",
}
"""A name stands for all of these, as for a language that is kept apart only because it needs a grammar of its own."""

_ALIASES = {
    "bash": "posix-sh",
    "batch": "dos batchfile winbatch",
    "clojure": "clojurescript",
    "cpp": "cplusplus cuda",
    "csharp": "c# c-sharp dotnet",
    "css": "postcss",
    "dockerfile": "docker container",
    "elixir": "phoenix",
    "fsharp": "f# f-sharp",
    "go": "golang",
    "html": "html5",
    "ini": "editorconfig",
    "javascript": "ecmascript javascriptreact react",
    "lisp": "elisp emacs-lisp common-lisp scheme racket",
    "make": "makefile justfile",
    "objective-c": "objc obj-c objectivec objective-c++ objc++ objcpp",
    "pascal": "delphi objectpascal",
    "php": "php5 php7 php8",
    "protobuf": "protocol-buffers protocol-buffer protobuf3",
    "python": "py3 python2 python3 cython",
    "rst": "restructuredtext rest",
    "shell": "shellscript shell-script",
    "starlark": "bazel",
    "terraform": "opentofu",
    "tex": "latex",
    "text": "plaintext plain-text",
    "typescript": "typescriptreact",
    "vim": "viml vimscript vim-script",
}
_BY_ALIAS = {alias: language for language, group in _ALIASES.items() for alias in group.split()}


def languages_named(name: str) -> frozenset[str]:
    """Return the languages that somebody means by a name: ``ts``, ``.py``, ``C++``, ``shell``.

    A name that nobody knows stands for itself: a plugin may bring its language.
    """
    folded = name.strip().lower()
    plain = folded.lstrip(".*") or folded
    spaced = plain.replace(" ", "-").replace("_", "-")
    for each in (plain, spaced):
        if each in LANGUAGES or each in _FAMILIES:
            return frozenset(_FAMILIES.get(each, each).split())
    language = (
        _BY_ALIAS.get(plain) or _BY_ALIAS.get(spaced) or language_of_extension(plain) or language_of_interpreter(plain)
    )
    if language is None:
        return frozenset({folded})
    # An extension is meant as such: ``.tsx`` is no other TypeScript, ``.ts`` is any.
    return frozenset(_FAMILIES.get(language, language).split())
