"""Every name that is shown can be asked for as it is shown."""

from __future__ import annotations

import shutil
from pathlib import Path
from unicodedata import normalize

import pytest
from codebase_core_hookspecs import SymbolRequest

from codebase_core.app import App
from codebase_core.search.searcher import Searcher
from tests.unit.tree_sitter.corpus import SOURCES

pytestmark = pytest.mark.any_store

HARD_NAMES = {
    "settings.json": '{"editor.tabSize": 2, "files.exclude": {"**/x": true}, "a\\"b": 1, "*": 2, "x*": 3, "C:\\\\d": 4}\n',
    "keys.toml": '[profile."x.y"]\na.b = 1\n"quoted key" = 2\n',
    "keys.yaml": 'on.push: 1\n"a/b": 2\n"@scope/pkg": 3\n',
    "heads.md": "# Node.js setup\n\n## C# guide\n\n### v1.2.3 notes\n\n"
    "## foo::bar API\n\n## What is `f()`?\n\n## 👩‍💻 Über uns *\n",
    "logs.sh": "log::info() { :; }\nlog.warn() { :; }\nlog-error() { :; }\n",
    "vault.js": "class Vault {\n  #openDoor() { return 1; }\n  static #key = 2;\n  'quoted name'() {}\n}\n",
    "raw.rs": "fn r#type() {}\nstruct Zed { r#fn: u8 }\n",
    "zed.cpp": "struct Zed {\n  ~Zed();\n"
    "  bool operator==(const Zed &o);\n  Zed *operator->();\n  void operator()();\n};\nZed::~Zed() {}\n",
    "base.php": "<?php\nclass Base {\n  public static $instance;\n}\n",
    "fold.hs": "module Fold where\nfoldl' :: Int -> Int\nfoldl' x = x\ndata T' = A' | B'\n(<*+>) a b = a\n",
    "user.rb": "class User\n  def admin?; end\n  def save!; end\n  def name=(n); end\n  def [](i); end\nend\n",
    "accents.py": f"def {normalize('NFD', 'größe')}():\n    pass\n\n\ndef {normalize('NFC', 'méthode')}():\n    pass\n",
    "style.css": "#side .box::before { color: red }\n.a\\:b { color: red }\n",
}
OTHER_SPELLINGS = {
    "openDoor": "vault.js",
    "Vault#openDoor": "vault.js",
    "type": "raw.rs",
    "Base::$instance": "base.php",
    "$instance": "base.php",
    "profile.x.y": "keys.toml",
    "log::info()": "logs.sh",
    "User#save!": "user.rb",
    "admin?()": "user.rb",
    normalize("NFC", "größe"): "accents.py",
    normalize("NFD", "méthode"): "accents.py",
    "Zed::operator==": "zed.cpp",
    "editor.tab*": "settings.json",
}


@pytest.fixture
async def searcher(app: App, tmp_path: Path) -> Searcher:
    root = tmp_path / "names"
    (root / "corpus").mkdir(parents=True)
    (root / ".git").mkdir()
    for source in SOURCES:
        shutil.copy(source, root / "corpus")
    for path, text in HARD_NAMES.items():
        (root / path).write_text(text, encoding="utf-8")
    return await app.searcher((await app.index(root)).resolution)


async def test_every_definition_is_found_by_the_names_that_an_outline_shows(searcher: Searcher) -> None:
    lost: list[str] = []
    checked: dict[str, int] = {}
    for path in [*HARD_NAMES, *(f"corpus/{source.name}" for source in SOURCES)]:
        outline = await searcher.outline(path, local=True)
        for _, symbol in outline.entries:
            for shown in {symbol.name, symbol.qualified_name, f"  {symbol.name} "}:
                answer = await searcher.symbol(SymbolRequest(shown, limit=1_000))
                if (path, symbol) not in {(hit.path, each) for hit in answer.hits for each in hit.symbols}:
                    lost.append(f"{path}:{symbol.line} {shown!r}")
        checked[path] = len(outline.entries)
    assert not lost
    assert all(checked.values()), checked


async def test_the_name_that_is_written_comes_before_other_spellings(searcher: Searcher) -> None:
    for name in ("~Zed", "Zed", "foldl'", "x*", "**/x", "editor.tabSize"):
        answer = await searcher.symbol(SymbolRequest(name, limit=1))
        assert [symbol.name for hit in answer.hits for symbol in hit.symbols] == [name]


async def test_a_name_is_found_in_the_spelling_of_its_users(searcher: Searcher) -> None:
    for name, path in OTHER_SPELLINGS.items():
        assert path in {hit.path for hit in (await searcher.symbol(SymbolRequest(name))).hits}, name
