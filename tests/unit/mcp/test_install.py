"""install-agent: what is there stays, twice is once, and taking out leaves what was before."""

from __future__ import annotations

import json
import resource
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from codebase_core_hookspecs import CodebaseCoreError
from codebase_core_mcp.install import jsonc, toml
from codebase_core_mcp.install.catalogue import AGENTS, SERVER, SHARED, launch, plain
from codebase_core_mcp.install.changes import installing
from codebase_core_mcp.install.command import install_agent
from hypothesis import given
from hypothesis import strategies as st

COMMENTED = """{
  // my servers
  "theme": "dark", /* as ever */
  "%s": {
    "other": {"command": "x", "args": ["//", "a\\"}"]},  // keep
  },
}
"""


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "CODEX_HOME", "CODEBASE_CORE_HOME", "CODEBASE_CORE_CONFIG"):
        monkeypatch.delenv(name, raising=False)


def _run(*words: str, answer: str | None = None) -> str:
    done = CliRunner().invoke(install_agent, [*words], input=answer)
    assert done.exit_code in (0, 1), done.output
    return done.output


def _entry(name: str) -> object:
    agent = AGENTS[name]
    text = agent.file().read_text()
    return (
        (toml.table(text, f"{agent.key}.{SERVER}")) if agent.form == "toml" else jsonc.member(text, (agent.key, SERVER))
    )


@pytest.mark.parametrize("name", AGENTS)
def test_installing_writes_the_entry_once_and_uninstalling_takes_it_out(name: str) -> None:
    agent = AGENTS[name]
    _run(name, "--yes")
    assert _entry(name) == agent.entry(launch())
    files = [agent.file(), *([agent.instructions()] if agent.instructions else [])]
    written = [file.read_text() for file in files]
    assert "nothing to change" in _run(name, "--yes")
    assert [file.read_text() for file in files] == written
    assert f"{name:<12} installed" in _run("--list")
    _run(name, "--uninstall", "--yes")
    assert [file for file in files if file.exists()] == [], "what was made for the entry alone does not stay"
    assert f"{name:<12} -" in _run("--list")


@pytest.mark.parametrize("name", [agent.name for agent in AGENTS.values() if agent.form == "json"])
def test_comments_and_other_servers_stay(name: str) -> None:
    agent = AGENTS[name]
    before = COMMENTED % agent.key
    agent.file().parent.mkdir(parents=True, exist_ok=True)
    agent.file().write_text(before)
    _run(name, "--yes")
    after = agent.file().read_text()
    for kept in ("// my servers", "/* as ever */", '"other": {"command": "x", "args": ["//", "a\\"}"]}', "// keep"):
        assert kept in after
    assert _entry(name) == agent.entry(launch())
    _run(name, "--uninstall", "--yes")
    assert agent.file().read_text() == before


def test_an_old_entry_is_renewed_in_its_place() -> None:
    file = AGENTS["cursor"].file()
    file.parent.mkdir()
    file.write_text('{"mcpServers": {"codebase-core": {"command": "/old"}, "z": {}}}')
    _run("cursor", "--yes")
    assert list(json.loads(file.read_text())["mcpServers"]) == ["codebase-core", "z"]
    assert _entry("cursor") == AGENTS["cursor"].entry(launch())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{\n  "ours": {},\n  // about z\n  "z": {}\n}\n', '{\n  // about z\n  "z": {}\n}\n'),
        ('{\n  "a": {}, // about a\n  "ours": {}\n}\n', '{\n  "a": {} // about a\n}\n'),
        ('{\n  // about all\n  "ours": {}\n}\n', "{\n  // about all\n}\n"),
        ('{"a": 1, "ours": {}, /* about z */ "z": {}}', '{"a": 1, /* about z */ "z": {}}'),
        ('{"a": 1, "ours": {}}', '{"a": 1}'),
    ],
)
def test_comments_between_a_member_taken_out_and_its_neighbour_stay(before: str, after: str) -> None:
    assert jsonc.without_member(before, ("ours",)) == after


@pytest.mark.parametrize(
    "before", ['{"a": [1, 2,], "b": {"c": [{},],},}', '{"a": "é🙂", /* ü */}', '// ß\n{"a": -1.5e3}']
)
def test_what_json_with_comments_allows_is_kept(before: str) -> None:
    edited = jsonc.with_member(before, ("ours",), {"command": "x"})
    assert jsonc.member(edited, ("ours",)) == {"command": "x"}
    assert jsonc.member(edited, ("a",)) == jsonc.member(before, ("a",))
    assert jsonc.without_member(edited, ("ours",)).replace(", }", ",}") == before


@pytest.mark.parametrize(
    "text", ["{,}", '{"a": 1 "b": 2}', '{"a": 1,, "b": 2}', '{"a": [,]}', '{"a": }', "{} {}", '{"a": tru}']
)
def test_what_is_not_json_is_not_edited(text: str) -> None:
    with pytest.raises(ValueError, match=r"line|char"):
        jsonc.with_member(text, ("ours",), {})


def test_other_tables_of_toml_stay() -> None:
    file = AGENTS["codex"].file()
    file.parent.mkdir()
    before = 'model = "x"  # mine\n\n[mcp_servers.other]\ncommand = "y"\n\n[projects."/a"]\ntrust = true\n'
    file.write_text(before)
    _run("codex", "--yes")
    assert file.read_text().startswith(before)
    assert tomllib.loads(file.read_text())["mcp_servers"].keys() == {"other", SERVER}
    _run("codex", "--uninstall", "--yes")
    assert file.read_text() == before


OURS = '[mcp_servers.codebase-core]\ncommand = "/old"  # one of ours\nargs = [\n  "mcp",  # ]\n]\n'
REST = '\n# about b\n[b]\ntext = """\n[mcp_servers.codebase-core]\n\n\n\nx"""\n\n\n\n# the end\n'


@pytest.mark.parametrize("key", ["codebase-core", '"codebase-core"', " 'codebase-core' "])
def test_comments_and_blank_lines_around_a_table_of_toml_stay(key: str) -> None:
    before = "a = 1\n\n\n\n# about ours\n" + OURS.replace("codebase-core", key) + REST
    name = "mcp_servers.codebase-core"
    assert toml.without_table(before, name) == "a = 1\n\n\n\n# about ours\n" + REST
    renewed = toml.with_table(before, name, {"command": "/new"})
    assert renewed == f'a = 1\n\n\n\n# about ours\n[{name}]\ncommand = "/new"\n{REST}'


def test_tables_below_ours_go_with_it_wherever_they_stand() -> None:
    apart = OURS + "\n[b]\nx = 1\n\n[mcp_servers.codebase-core.env]\nA = '1'\n\n[c]\n"
    assert toml.without_table(apart, "mcp_servers.codebase-core") == "[b]\nx = 1\n\n[c]\n"


@pytest.mark.parametrize("text", ["mcp_servers.codebase-core.command = 'x'\n", "[mcp_servers]\ncodebase-core = {}\n"])
def test_an_entry_that_no_header_opens_is_not_said_to_be_taken_out(text: str) -> None:
    file = AGENTS["codex"].file()
    file.parent.mkdir()
    file.write_text(text)
    done = CliRunner().invoke(install_agent, ["codex", "--uninstall", "--yes"])
    assert "in a form that is not known here" in str(done.exception)
    assert file.read_text() == text


def test_what_another_program_writes_while_the_user_reads_is_not_overwritten() -> None:
    agent = AGENTS["cursor"]
    agent.file().parent.mkdir()
    (change,) = installing(agent, launch())
    agent.file().write_text('{"theirs": 1}')
    with pytest.raises(CodebaseCoreError, match="was changed by another program"):
        change.write()
    assert agent.file().read_text() == '{"theirs": 1}'


def test_nobody_else_can_read_the_draft_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    file = AGENTS["claude-code"].file()
    file.write_text("{}")
    file.chmod(0o640)
    seen, chmod = [], Path.chmod

    def noted(path: Path, mode: int) -> None:
        seen.append(path.stat().st_mode & 0o777)
        chmod(path, mode)

    monkeypatch.setattr(Path, "chmod", noted)
    _run("claude-code", "--yes")
    assert set(seen) == {0o600}
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_disk_that_is_full_leaves_no_draft_behind() -> None:
    file = AGENTS["cursor"].file()
    file.parent.mkdir()
    file.write_text("{}")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        done = CliRunner().invoke(install_agent, ["cursor", "--yes"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "cannot write" in str(done.exception)
    assert list(file.parent.iterdir()) == [file]
    assert file.read_text() == "{}"


@pytest.mark.parametrize("name", ["claude-code", "codex"])
def test_lines_that_end_as_windows_has_them_stay(name: str) -> None:
    agent = AGENTS[name]
    assert agent.instructions is not None
    before = {
        agent.file(): b'a = """\r\nx"""\r\n' if agent.form == "toml" else b'{\r\n  "a": 1 // b\r\n}\r\n',
        agent.instructions(): b"# Mine\r\n",
    }
    for file, content in before.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    _run(name, "--yes")
    for file in before:
        written = file.read_bytes()
        assert SERVER.encode() in written
        assert written.count(b"\n") == written.count(b"\r\n")
    _run(name, "--uninstall", "--yes")
    assert agent.instructions().read_bytes() == b"# Mine\r\n"


def test_notes_of_others_stay() -> None:
    notes = AGENTS["claude-code"].instructions()
    notes.parent.mkdir()
    notes.write_text("# Mine\n\nBe short.\n")
    _run("claude-code", "--yes")
    assert notes.read_text().startswith("# Mine\n\nBe short.\n\n<!-- codebase-core: begin -->\n")
    _run("claude-code", "--uninstall", "--yes")
    assert notes.read_text() == "# Mine\n\nBe short.\n"


def test_the_change_is_shown_and_nothing_written_unless_the_user_agrees() -> None:
    shown = _run("cursor", answer="n\n")
    assert '+    "codebase-core": {' in shown
    assert not AGENTS["cursor"].file().exists()
    _run("cursor", answer="y\n")
    assert AGENTS["cursor"].file().exists()


@pytest.mark.parametrize("text", ["[1, 2]", '{"mcpServers": 7}', '{"mcpServers": {', "{oops}"])
def test_a_file_that_is_not_understood_is_left_alone(text: str) -> None:
    file = AGENTS["cursor"].file()
    file.parent.mkdir()
    file.write_text(text)
    done = CliRunner().invoke(install_agent, ["cursor", "--yes"])
    assert "cannot be edited" in str(done.exception)
    assert file.read_text() == text


def test_the_entry_is_printed_for_any_other_agent() -> None:
    shown = _run("some-other")
    assert json.loads(shown[: shown.rindex("}") + 1]) == {"mcpServers": {SERVER: plain(launch())}}


def test_the_entry_of_an_agent_with_toml_is_printed_as_toml() -> None:
    shown = CliRunner().invoke(install_agent, ["codex", "--print"]).stdout
    assert tomllib.loads(shown) == {"mcp_servers": {SERVER: AGENTS["codex"].entry(launch())}}


def test_an_unknown_agent_is_not_said_to_be_uninstalled() -> None:
    done = CliRunner().invoke(install_agent, ["claude-cod", "--uninstall"])
    assert done.exit_code == 2
    assert "no agent is called 'claude-cod'; known: claude-code" in done.output


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), values), st.integers(0, 4) | st.none())
def test_whatever_else_is_in_a_file_is_the_same_afterwards(content: dict[str, object], indent: int | None) -> None:
    content = {key: value for key, value in content.items() if key != "servers"}
    text = json.dumps(content, indent=indent)
    edited = jsonc.with_member(text, ("servers", "ours"), {"command": "x"})
    assert json.loads(edited) == {**content, "servers": {"ours": {"command": "x"}}}
    assert json.loads(jsonc.without_member(edited, ("servers", "ours"))) == {**content, "servers": {}}


def test_no_agent_is_given_a_server_that_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codebase_core_mcp.install.command.find_spec", lambda _: None)
    done = CliRunner().invoke(install_agent, ["cursor", "--yes"])
    assert isinstance(done.exception, CodebaseCoreError)
    assert done.exception.hint == "pip install 'codebase-core[mcp]'"
    assert not AGENTS["cursor"].file().exists()


@pytest.mark.parametrize("name", AGENTS)
def test_the_state_folder_that_a_user_has_chosen_is_handed_on(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODEBASE_CORE_HOME", "/srv/state of mine")
    _run(name, "--yes")
    entry = _entry(name)
    assert isinstance(entry, dict)
    assert (entry.get("env") or entry.get("environment")) == {"CODEBASE_CORE_HOME": "/srv/state of mine"}
    assert "nothing to change" in _run(name, "--yes")


@pytest.mark.parametrize("name", [agent.name for agent in AGENTS.values() if agent.shared])
def test_the_entry_of_a_repository_names_nothing_of_this_machine(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "src").mkdir()
    monkeypatch.chdir(tmp_path / "repository" / "src")
    monkeypatch.setenv("CODEBASE_CORE_HOME", "/srv/state")
    _run(name, "--scope", "repository", "--yes")
    file = tmp_path / "repository" / str(AGENTS[name].shared)
    assert jsonc.member(file.read_text(), (AGENTS[name].key, SERVER)) == AGENTS[name].entry(SHARED)
    assert str(tmp_path) not in file.read_text()
    assert not AGENTS[name].file().exists()
    _run(name, "--scope", "repository", "--uninstall", "--yes")
    assert not file.exists()


def test_an_agent_without_a_file_in_repositories_says_which_have_one() -> None:
    done = CliRunner().invoke(install_agent, ["windsurf", "--scope", "repository", "--yes"])
    assert isinstance(done.exception, CodebaseCoreError)
    assert "claude-code" in str(done.exception.hint)
