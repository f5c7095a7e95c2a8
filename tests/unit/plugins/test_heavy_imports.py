"""What a common command must not import: seconds of libraries that it does not use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "fastapi",
    "jinja2",
    "pygments",
    "uvicorn",
    "torch",
    "sentence_transformers",
    "transformers",
    "huggingface_hub",
    "httpx",
    "mcp",
    "matplotlib",
    "ollama",
    "onnxruntime",
    "tokenizers",
    "psutil",
    "psycopg",
)


@pytest.mark.parametrize("arguments", [["--help"], ["plugins", "list"], ["search", "--help"], ["evaluate", "--help"]])
def test_common_commands_import_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    code = (
        "import sys; from codebase_core.cli.app import main; code = main(sys.argv[1:]); "
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr); sys.exit(code)"
    )
    environ = {"CODEBASE_CORE_HOME": str(tmp_path), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("library", "plugin"), [("sentence_transformers", "sentence-transformers"), ("ollama", "ollama")]
)
def test_an_embedder_without_its_library_says_what_to_install(library: str, plugin: str) -> None:
    code = (
        f"import asyncio, sys; sys.modules['{library}'] = None\n"
        "from pathlib import Path; from codebase_core_hookspecs import EmbedderUnavailable, PluginContext\n"
        f"from codebase_core_{library}.plugin import open_embedder\n"
        "import importlib.util; importlib.util.find_spec = lambda name: None\n"
        "try: asyncio.run(open_embedder(PluginContext(state_dir=Path()), None))\n"
        "except EmbedderUnavailable as exc: print(exc.hint)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"pip install 'codebase-core[{plugin}]'"
