"""Languages by file name, and the kinds of file that hold no source."""

from __future__ import annotations

from collections.abc import Mapping

_BY_EXTENSION = {
    "python": "py pyi pyw pyx",
    "javascript": "js mjs cjs jsx",
    "typescript": "ts mts cts",
    "tsx": "tsx",
    "go": "go",
    "rust": "rs",
    "java": "java",
    "c": "c h",
    "cpp": "cc cpp cxx c++ hh hpp hxx h++ ipp inl tpp cu cuh",
    "csharp": "cs csx",
    "ruby": "rb rake gemspec ru",
    "php": "php phtml",
    "kotlin": "kt kts",
    "swift": "swift",
    "scala": "scala sc sbt",
    "haskell": "hs lhs",
    "lua": "lua",
    "bash": "sh bash zsh ksh bats",
    "fish": "fish",
    "elixir": "ex exs",
    "erlang": "erl hrl",
    "zig": "zig zon",
    "sql": "sql psql ddl",
    "html": "html htm xhtml",
    "css": "css scss sass less",
    "vue": "vue",
    "svelte": "svelte",
    "json": "json jsonc json5",
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
    "terraform": "tf tfvars hcl",
    "nix": "nix",
    "cmake": "cmake",
    "make": "mk mak",
    "prolog": "pro",
    "tex": "tex sty cls",
}
_BY_NAME = {
    "dockerfile": "dockerfile",
    "containerfile": "dockerfile",
    "makefile": "make",
    "gnumakefile": "make",
    "cmakelists.txt": "cmake",
    "rakefile": "ruby",
    "gemfile": "ruby",
    "vagrantfile": "ruby",
    "jenkinsfile": "groovy",
    "build": "starlark",
    "build.bazel": "starlark",
    "workspace": "starlark",
    "justfile": "make",
    "go.mod": "go",
}
_BY_INTERPRETER = {"python": "python", "bash": "bash", "sh": "bash", "zsh": "bash", "node": "javascript", "ruby": "ruby",
                   "perl": "perl", "lua": "lua", "php": "php", "tclsh": "tcl", "awk": "awk"}  # fmt: skip

_LANGUAGES = {extension: language for language, group in _BY_EXTENSION.items() for extension in group.split()}
_DATA = """
png jpg jpeg gif bmp ico webp tif tiff svg svgz psd ai eps pdf ps mp3 mp4 m4a wav ogg flac avi mov mkv webm woff woff2 ttf otf eot
zip gz tgz bz2 xz zst 7z rar tar jar war ear whl egg deb rpm dmg iso exe dll so dylib a o obj lib pdb class pyc pyo pyd wasm bin
dat db sqlite sqlite3 npy npz pkl pickle parquet arrow feather h5 hdf5 onnx pt pth safetensors gguf model csv tsv lock sum map
min.js min.css snap po pot mo log jsonl ndjson ipynb gpg asc sig pack idx diff patch orig rej bak swp tmp
"""
_NO_SOURCE = frozenset(_DATA.split())
_NO_SOURCE_NAMES = frozenset(
    {"package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "bun.lockb", "composer.lock"}
)


LANGUAGES = frozenset({*_BY_EXTENSION, *_BY_NAME.values(), *_BY_INTERPRETER.values()})
"""All that a file can be by its name or ``#!`` line."""


def language_of(name: str, *, first_line: str = "", extensions: Mapping[str, str] = {}) -> str | None:
    """Return the language of a file by its name, else by its ``#!`` line; None if neither tells.

    ``extensions`` are those that plugins add; one that is known here keeps its language.
    """
    folded = name.lower()
    if folded in _BY_NAME:
        return _BY_NAME[folded]
    extension = folded.rpartition(".")[2] if "." in folded else ""
    if extension in _LANGUAGES:
        return _LANGUAGES[extension]
    if extension in extensions:
        return extensions[extension]
    if folded.startswith(("dockerfile.", "makefile.")):
        return _BY_NAME[folded.partition(".")[0]]
    return _BY_INTERPRETER.get(_interpreter(first_line))


def _interpreter(first_line: str) -> str:
    """Return the program that a ``#!`` line names, without folder and version; empty if there is none."""
    words = first_line[2:].split() if first_line.startswith("#!") else []
    if words and words[0].endswith("/env"):
        words = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    return words[0].rpartition("/")[2].rstrip("0123456789.") if words else ""


def holds_no_source(name: str) -> bool:
    """Tell by its name that a file is data, an archive, an image, a lock file or the output of a tool."""
    folded = name.lower()
    if folded in _NO_SOURCE_NAMES:
        return True
    _, *extensions = folded.split(".")
    return bool(extensions) and (extensions[-1] in _NO_SOURCE or ".".join(extensions[-2:]) in _NO_SOURCE)
