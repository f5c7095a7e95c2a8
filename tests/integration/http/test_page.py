"""The page in a real browser: search, read, keys, without a script, on a narrow screen, in the dark, and for everybody.

Screenshots are kept in the folder that CODEBASE_CORE_SCREENSHOTS names.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import MORE, Served

pytestmark = pytest.mark.any_store

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WIDE, NARROW = {"width": 1200, "height": 900}, {"width": 400, "height": 850}
FILE = "/projects/example/files/example"
PAGES = (
    "/",
    "/?q=ConnectionPool",
    "/?q=ConnectionPool&project=example&language=python&tests=no",
    "/?q=nothing+of+that+kind&language=absent",
    f"{FILE}/parser/tree.py?lines=1-2#L1",
    "/related?project=example&file=pool.py&line=4",
    "/projects",
    "/projects/example",
    "/jobs",
    "/projects/absent",
)

Opened = Callable[..., Any]


@pytest.fixture(scope="module")
def browser(served: Served) -> Iterator[Any]:
    """Chromium as the system has it: a package's own download is not to be had everywhere."""
    if PROGRAM is None:
        if os.environ.get("CI"):
            pytest.fail("no chromium is installed; apt-get install chromium")
        pytest.skip("no chromium is installed")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Any, served: Served) -> Iterator[Opened]:
    """Open pages as somebody who is logged in; what they ask of elsewhere, or what goes wrong in them, fails the test."""
    wrong: list[str] = []
    contexts = []

    def open_page(path: str = "/", **choices: Any) -> Any:
        context = browser.new_context(viewport=WIDE, base_url=served.url, **choices)
        contexts.append(context)
        context.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith(served.url) else None)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.goto(f"/login?token={served.token}&next=/health/live")
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture(scope="module")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(os.environ.get("CODEBASE_CORE_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_search_as_one_types_and_every_state_has_its_address(opened: Opened, screenshots: Path) -> None:
    page = opened("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("where are connections pooled", delay=5)
    page.wait_for_url("/?q=where+are+connections+pooled")
    page.wait_for_selector(".hit")
    page.screenshot(path=screenshots / "search.png")
    page.fill("#q", "ConnectionPool")
    page.wait_for_url("/?q=ConnectionPool")
    headings = page.locator(".hit a.open")
    page.wait_for_function("document.querySelector('.hit a.open')?.textContent.includes('ConnectionPool')")
    assert page.locator(".hit .chip", has_text="lending").count() == 1
    page.click(".filters summary")
    page.select_option("select[name=project]", "example")
    page.wait_for_url("/?q=ConnectionPool&project=example")
    page.check("input[name=tests]")
    page.wait_for_url("/?q=ConnectionPool&project=example&tests=no")
    page.wait_for_function(
        "![...document.querySelectorAll('.hit .path')].some((each) => each.textContent.includes('test_'))"
    )
    shown = headings.all_text_contents()
    other = opened(page.url)
    assert other.locator(".hit a.open").all_text_contents() == shown
    assert other.input_value("select[name=project]") == "example"
    assert other.is_checked("input[name=tests]")


def test_the_last_letters_win(opened: Opened) -> None:
    """An answer that comes late is not shown over a newer one."""
    page = opened("/")
    delayed = []

    def delay(route: Any) -> None:
        if not delayed:
            delayed.append(route)  # never answered
        else:
            route.continue_()

    page.route(re.compile("/results"), delay)
    page.fill("#q", "tokenize")
    page.wait_for_timeout(300)
    assert delayed
    page.fill("#q", "SyntaxTree")
    page.wait_for_url("/?q=SyntaxTree")
    page.wait_for_function("document.querySelector('.hit a.open')?.textContent.includes('SyntaxTree')")
    assert page.locator("#results[aria-busy]").count() == 0


def test_keys_lead_from_the_question_to_the_line(opened: Opened) -> None:
    page = opened("/?q=ConnectionPool", permissions=["clipboard-read", "clipboard-write"])
    hit = "document.activeElement.closest('.hit')"
    focused = f"{hit} && [...document.querySelectorAll('.hit')].indexOf({hit})"
    page.locator("#main").evaluate("document.activeElement.blur()")
    for key, at in (("j", 0), ("j", 1), ("k", 0), ("k", 0), ("j", 1)):
        page.keyboard.press(key)
        assert page.evaluate(focused) == at, key
    address = page.evaluate("document.activeElement.href")
    page.keyboard.press("y")
    page.wait_for_selector(".toast.shown")
    assert page.evaluate("navigator.clipboard.readText()") == address
    with page.context.expect_page() as tab:
        page.keyboard.press("o")
    assert tab.value.url == address
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("j")
    assert page.input_value("#q") == "j", "the question is selected, so that typing begins anew"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#keys").is_hidden()
    page.goto("/?q=SyntaxTree")
    page.locator("#main").evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"{FILE}/parser/tree.py"))


def test_lines_of_a_file_have_addresses(opened: Opened, screenshots: Path) -> None:
    page = opened(f"{FILE}/parser/tree.py")
    assert page.locator(".outline a").all_text_contents() == ["tSyntaxTree", "mwalk"]
    page.click("a.num[data-no='1']")
    assert page.url.endswith("?lines=1#L1")
    page.click("a.num[data-no='3']", modifiers=["Shift"])
    assert page.url.endswith("?lines=1-3#L1")
    page.screenshot(path=screenshots / "file.png")
    other = opened(page.url, java_script_enabled=False)
    assert other.locator(".line.marked").all_text_contents() == page.locator(".line.marked").all_text_contents()
    assert other.locator(".line.marked").count() == 3
    other.click(".outline a >> nth=1")
    other.wait_for_url(re.compile("lines=2-3"))


def test_without_a_script_everything_can_be_read(opened: Opened) -> None:
    page = opened("/", java_script_enabled=False)
    page.fill("#q", "SyntaxTree")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q=SyntaxTree"))
    page.click(".hit a.open >> nth=0")
    assert page.locator("h1").text_content() == "parser/tree.py"
    page.goto("/?q=ConnectionPool")
    page.click(".facet >> text=lending")
    page.wait_for_url(re.compile("project=lending"))
    page.wait_for_selector(".hit")
    assert page.locator(".hit").count() == 1
    page.click("nav >> text=Projects")
    page.wait_for_url("/projects")
    page.click("h2 >> text=example")
    page.wait_for_url("/projects/example")
    assert page.locator("h1").text_content() == "example"
    page.click("text=Log out")
    page.wait_for_selector("#token")


def test_a_project_is_indexed_again_by_a_button(opened: Opened) -> None:
    page = opened("/projects/lending")
    page.click("text=Index again")
    page.wait_for_url("/jobs")
    page.wait_for_selector(".job:first-child .state-done", timeout=60_000)
    assert page.locator(".job h2 >> nth=0").text_content().endswith("/lending")


def test_code_is_text(opened: Opened) -> None:
    for path, text in MORE.items():
        page = opened(f"{FILE}/{path}")
        assert page.locator(".code .line").all_text_contents() == [f"{line}\n" for line in text.splitlines()]
    page = opened("/?q=%3Cscript%3Ealert(1)%3C/script%3E%22%27")
    assert page.input_value("#q") == "<script>alert(1)</script>\"'"


@pytest.mark.parametrize("path", PAGES)
def test_a_narrow_screen_shows_all_of_it(opened: Opened, screenshots: Path, path: str) -> None:
    page = opened(path)
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.screenshot(path=screenshots / f"narrow-{PAGES.index(path)}.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_stands_in_anybodys_way(opened: Opened, screenshots: Path, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only where there is a browser

    page = opened("/", color_scheme=scheme)
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", colour)[:3])) < 150) is (scheme == "dark"), colour
    for number, path in enumerate((*PAGES, "/login")):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
        found = Axe().run(page).response["violations"]
        serious = [
            (each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")
        ]
        assert serious == [], path
        page.screenshot(path=screenshots / f"{scheme}-{number}.png")
