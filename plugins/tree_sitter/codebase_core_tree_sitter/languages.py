"""The languages: which wheel brings the grammar. Each has a query file of its name in ``queries``."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES: Mapping[str, tuple[str, str]] = {
    "astro": ("tree_sitter_html", "language"),
    "bash": ("tree_sitter_bash", "language"),
    "c": ("tree_sitter_c", "language"),
    "cmake": ("tree_sitter_cmake", "language"),
    "cpp": ("tree_sitter_cpp", "language"),
    "csharp": ("tree_sitter_c_sharp", "language"),
    "css": ("tree_sitter_css", "language"),
    "dart": ("tree_sitter_dart", "language"),
    "dockerfile": ("tree_sitter_dockerfile", "language"),
    "elixir": ("tree_sitter_elixir", "language"),
    "fortran": ("tree_sitter_fortran", "language"),
    "go": ("tree_sitter_go", "language"),
    "graphql": ("tree_sitter_graphql", "language"),
    "groovy": ("tree_sitter_groovy", "language"),
    "haskell": ("tree_sitter_haskell", "language"),
    "html": ("tree_sitter_html", "language"),
    "java": ("tree_sitter_java", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "json": ("tree_sitter_json", "language"),
    "julia": ("tree_sitter_julia", "language"),
    "kotlin": ("tree_sitter_kotlin", "language"),
    "lua": ("tree_sitter_lua", "language"),
    "make": ("tree_sitter_make", "language"),
    "markdown": ("tree_sitter_markdown", "language"),
    "nix": ("tree_sitter_nix", "language"),
    "objective-c": ("tree_sitter_objc", "language"),
    "ocaml": ("tree_sitter_ocaml", "language_ocaml"),
    "perl": ("tree_sitter_perl", "language"),
    "php": ("tree_sitter_php", "language_php"),
    "powershell": ("tree_sitter_powershell", "language"),
    "python": ("tree_sitter_python", "language"),
    "ruby": ("tree_sitter_ruby", "language"),
    "rust": ("tree_sitter_rust", "language"),
    "scala": ("tree_sitter_scala", "language"),
    "solidity": ("tree_sitter_solidity", "language"),
    "sql": ("tree_sitter_sql", "language"),
    "starlark": ("tree_sitter_starlark", "language"),
    "svelte": ("tree_sitter_html", "language"),
    "swift": ("tree_sitter_swift", "language"),
    "terraform": ("tree_sitter_hcl", "language"),
    "toml": ("tree_sitter_toml", "language"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "vue": ("tree_sitter_html", "language"),
    "yaml": ("tree_sitter_yaml", "language"),
    "zig": ("tree_sitter_zig", "language"),
}
"""Language to module and function that returns the grammar."""

QUERIES: Mapping[str, str] = {"astro": "html", "svelte": "html", "tsx": "typescript", "vue": "html"}
"""Languages that share another one's query file."""
