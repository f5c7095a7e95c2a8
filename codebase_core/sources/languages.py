"""Languages by file name, and the kinds of file that hold no source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_BY_EXTENSION = {
    "python": "py pyi pyw pyx wsgi ipynb",
    "javascript": "js mjs cjs jsx",
    "typescript": "ts mts cts",
    "tsx": "tsx",
    "go": "go",
    "rust": "rs",
    "java": "java",
    "c": "c h",
    "cpp": "cc cpp cxx c++ hh hpp hxx h++ ipp inl tpp cu cuh",
    "csharp": "cs csx",
    "ruby": "rb rake gemspec ru podspec",
    "php": "php phtml",
    "kotlin": "kt kts",
    "swift": "swift",
    "scala": "scala sc sbt",
    "haskell": "hs lhs",
    "lua": "lua",
    "bash": "sh bash zsh ksh dash ash bats",
    "fish": "fish",
    "elixir": "ex exs",
    "erlang": "erl hrl",
    "zig": "zig zon",
    "sql": "sql psql ddl",
    "html": "html htm xhtml",
    "css": "css scss sass less",
    "vue": "vue",
    "svelte": "svelte",
    "astro": "astro",
    "json": "json jsonc json5 webmanifest",
    "yaml": "yaml yml",
    "toml": "toml",
    "ini": "ini cfg conf properties",
    "xml": "xml xsd xsl xslt wsdl",
    "markdown": "md markdown mdx",
    "rst": "rst",
    "text": "txt adoc asciidoc org",
    "perl": "pl pm t",
    "r": "r rmd",
    "julia": "jl",
    "dart": "dart",
    "clojure": "clj cljs cljc edn",
    "lisp": "lisp lsp cl el scm rkt",
    "ocaml": "ml mli",
    "fsharp": "fs fsi fsx",
    "nim": "nim",
    "crystal": "cr",
    "d": "d di",
    "pascal": "pas pp dpr",
    "fortran": "f f90 f95 f03 f08 for",
    "ada": "adb ads",
    "cobol": "cob cbl cpy",
    "objective-c": "m mm",
    "assembly": "s asm",
    "verilog": "v sv svh",
    "vhdl": "vhd vhdl",
    "solidity": "sol",
    "groovy": "groovy gradle",
    "powershell": "ps1 psm1 psd1",
    "batch": "bat cmd",
    "tcl": "tcl",
    "vim": "vim",
    "awk": "awk",
    "graphql": "graphql gql",
    "protobuf": "proto",
    "thrift": "thrift",
    "starlark": "bzl bazel star",
    "terraform": "tf tfvars hcl",
    "nix": "nix",
    "cmake": "cmake",
    "make": "mk mak",
    "prolog": "pro",
    "tex": "tex sty cls",
}
_NAMES = {
    "dockerfile": "dockerfile containerfile",
    "make": "makefile gnumakefile bsdmakefile justfile",
    "cmake": "cmakelists.txt",
    "ruby": "rakefile gemfile vagrantfile podfile fastfile appfile brewfile guardfile capfile berksfile dangerfile thorfile "
    ".irbrc .pryrc",
    "groovy": "jenkinsfile",
    "starlark": "build.bazel workspace.bazel workspace tiltfile",
    "go": "go.mod",
    "bash": ".bashrc .bash_profile .bash_login .bash_logout .bash_aliases .bash_functions .zshrc .zshenv .zprofile .zlogin "
    ".zlogout .profile .login .kshrc .mkshrc .shrc .envrc .xinitrc .xprofile .xsession pkgbuild apkbuild",
    "vim": ".vimrc .gvimrc .exrc",
    "python": "sconstruct sconscript wscript",
    "perl": "cpanfile .latexmkrc",
    "r": ".rprofile",
    "json": ".babelrc .eslintrc .prettierrc .swcrc",
    "ini": ".gitconfig .editorconfig .npmrc",
}
_BY_NAME = {name: language for language, group in _NAMES.items() for name in group.split()}
_BY_EXACT_NAME = {"BUILD": "starlark"}
"""Where case tells: ``build`` is a script."""

_FAMILIES = frozenset({"dockerfile", "containerfile", "makefile", "jenkinsfile", "vagrantfile"})
"""Names that come with a word before or after a dot: ``dev.Dockerfile``, ``Makefile.am``."""

_INTERPRETERS = {
    "python": "python pypy pythonw ipython uv",
    "bash": "bash sh dash ash ksh mksh pdksh rksh zsh busybox bats",
    "fish": "fish",
    "javascript": "node nodejs bun",
    "typescript": "deno ts-node tsx",
    "ruby": "ruby jruby rake macruby",
    "perl": "perl",
    "lua": "lua luajit lua-jit texlua",
    "php": "php",
    "tcl": "tclsh wish expect",
    "awk": "awk gawk mawk nawk",
    "r": "rscript",
    "julia": "julia",
    "groovy": "groovy",
    "elixir": "elixir",
    "erlang": "escript",
    "haskell": "runhaskell runghc stack",
    "scala": "scala",
    "kotlin": "kotlin",
    "swift": "swift",
    "ocaml": "ocaml",
    "clojure": "clojure bb",
    "powershell": "pwsh powershell",
    "make": "make gmake",
    "lisp": "sbcl guile racket emacs clisp",
    "crystal": "crystal",
    "nix": "nix-shell",
    "dart": "dart",
}
_BY_INTERPRETER = {name: language for language, group in _INTERPRETERS.items() for name in group.split()}

_ENV_OPTIONS = frozenset({"-u", "--unset", "-C", "--chdir"})
"""Those that take the next word."""

_LANGUAGES = {extension: language for language, group in _BY_EXTENSION.items() for extension in group.split()}
_DATA = """
png jpg jpeg gif bmp ico webp tif tiff svg svgz psd ai eps pdf ps mp3 mp4 m4a wav ogg flac avi mov mkv webm woff woff2 ttf otf eot
zip gz tgz bz2 xz zst 7z rar tar jar war ear whl egg deb rpm dmg iso exe dll so dylib a o obj lib pdb class pyc pyo pyd wasm bin
dat db sqlite sqlite3 npy npz pkl pickle parquet arrow feather h5 hdf5 onnx pt pth safetensors gguf model csv tsv lock sum map
min.js min.css snap po pot mo log jsonl ndjson gpg asc sig pack idx diff patch orig rej bak swp tmp
"""
_NO_SOURCE = frozenset(_DATA.split())
_NO_SOURCE_NAMES = frozenset(
    {"package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "bun.lockb", "composer.lock"}
)


LANGUAGES = frozenset({*_BY_EXTENSION, *_NAMES, *_INTERPRETERS, *_BY_EXACT_NAME.values()})
"""All that a file can be by its name or ``#!`` line."""


def language_of(name: str, *, first_line: str = "", extensions: Mapping[str, str] = {}) -> str | None:
    """Return the language of a file by its name, else by its ``#!`` line; None if neither tells.

    ``extensions`` are those that plugins add; one that is known here keeps its language.
    """
    folded = name.lower()
    known = _BY_EXACT_NAME.get(name) or _BY_NAME.get(folded)
    if known:
        return known
    parts = folded.split(".")
    extension = parts[-1] if len(parts) > 1 else ""
    if extension in _LANGUAGES:
        return _LANGUAGES[extension]
    if extension in extensions:
        return extensions[extension]
    family = next((part for part in (parts[0], extension) if len(parts) > 1 and part in _FAMILIES), None)
    return _BY_NAME[family] if family else _BY_INTERPRETER.get(_interpreter(first_line))


def language_of_extension(extension: str) -> str | None:
    """Return the language of an extension, without its dot; None for one that core does not know."""
    return _LANGUAGES.get(extension)


def language_of_interpreter(program: str) -> str | None:
    """Return the language that a program runs; None for one that core does not know."""
    return _BY_INTERPRETER.get(program)


def _interpreter(first_line: str) -> str:
    """Return the program that a ``#!`` line names, without folder and version; empty if there is none."""
    words = first_line[2:].split() if first_line.startswith("#!") else []
    if words and words[0].rpartition("/")[2] == "env":
        words = list(_program(words[1:]))
    return words[0].rpartition("/")[2].removesuffix(".exe").rstrip("0123456789.-").lower() if words else ""


def _program(words: Sequence[str]) -> Sequence[str]:
    """Return what ``env`` runs: what follows its options, their arguments and the variables that it sets."""
    rest = list(words)
    while rest:
        word = rest[0]
        if word in _ENV_OPTIONS:
            rest = rest[2:]
        elif word.startswith("-S") and len(word) > len("-S"):
            rest[0] = word.removeprefix("-S")
        elif word.startswith("--split-string="):
            rest[0] = word.partition("=")[2]
        elif word.startswith("-") or "=" in word:
            rest = rest[1:]
        else:
            break
    return rest


def holds_no_source(name: str) -> bool:
    """Tell by its name that a file is data, an archive, an image, a lock file or the output of a tool."""
    folded = name.lower()
    if folded in _NO_SOURCE_NAMES:
        return True
    _, *extensions = folded.split(".")
    return bool(extensions) and (extensions[-1] in _NO_SOURCE or ".".join(extensions[-2:]) in _NO_SOURCE)
