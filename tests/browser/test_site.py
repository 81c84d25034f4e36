"""Every page of the built site in Chromium, opened from disk, without a network.

``GANBOOK_SITE`` names another folder than ``_build/html``, ``CHROMIUM`` another
browser than the one on the path. Without a site or a browser the tests are skipped;
where ``CI`` is set they fail.
"""

import os
import re
import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SITE = Path(os.environ.get("GANBOOK_SITE", ROOT / "_build" / "html")).resolve()
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
PAGES = [page for page in PAGES if not page.startswith("_")]
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def missing(what):
    (pytest.fail if os.environ.get("CI") else pytest.skip)(what)


@pytest.fixture(scope="module")
def browser():
    if not PAGES:
        missing(f"no site in {SITE}: run make book")
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        missing("no chromium on the path, and none named by CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox"]
        )
        yield browser
        browser.close()


class Tab:
    """A tab of its own, and the ``problems`` it has had."""

    def __init__(self, browser):
        self.problems = []
        self.context = browser.new_context(viewport=WIDE)
        self.context.route(re.compile(r"^(?!file:|data:|http://127)"), self._block)
        self.page = self.context.new_page()
        self.page.on("requestfailed", lambda r: self._note("request failed", r.url))
        self.page.on("pageerror", lambda error: self._note("script failed", error))
        self.page.on("console", self._listen)

    def open(self, url):
        """Load a page, set its mathematics, and open all that is folded."""
        self.problems.clear()
        self.page.goto(url)
        self.page.evaluate("async () => await window.MathJax?.startup?.promise")
        self.page.evaluate(
            """() => {
                document.querySelectorAll("details").forEach(e => e.open = true);
                document.querySelectorAll(".toggle-button").forEach(e => e.click());
            }"""
        )
        return self.page

    def _block(self, route):
        self._note("another host", route.request.url)
        route.abort()

    def _listen(self, message):
        if message.type in ("error", "warning"):
            self._note(f"console {message.type}", message.text)

    def _note(self, kind, what):
        self.problems.append(f"{kind}: {what}")


@pytest.fixture(scope="module")
def tab(browser):
    tab = Tab(browser)
    yield tab
    tab.context.close()


@pytest.fixture(scope="module", params=PAGES or ["index.html"])
def page(request, tab):
    return tab.open((SITE / request.param).as_uri())


def test_nothing_fails_and_no_host_is_asked(page, tab):
    assert not tab.problems, "\n".join(tab.problems)


def test_mathematics_is_set(page):
    unset = page.locator(".math:not(:has(mjx-container))")
    assert unset.all_inner_texts() == []
    assert page.locator("mjx-merror, [data-mml-node=merror]").count() == 0
    text = page.evaluate(
        """() => {
            const main = document.querySelector("main").cloneNode(true);
            main.querySelectorAll("pre, code, script").forEach(e => e.remove());
            return main.textContent;
        }"""
    )
    assert re.findall(r".{0,30}(?:\$\$|\\[(\[]).{0,30}", text) == []


def images(page):
    return page.eval_on_selector_all(
        "article img", "all => all.map(e => [e.src, e.alt.trim(), e.naturalWidth])"
    )


def test_images_say_what_is_seen(page):
    for source, text, width in images(page):
        assert width > 0, f"broken image: {source}"
        assert text, f"no alternative text: {source}"
        assert not re.search(r"\.(png|jpe?g|gif|svg|webp)$", text), f"a path: {text}"


def test_page_weighs_less_than_a_megabyte(page):
    urls = {page.url, *(source for source, _, _ in images(page))}
    files = [Path(unquote(urlsplit(url).path)) for url in urls if url[:5] == "file:"]
    assert sum(file.stat().st_size for file in files) < 1e6


def test_nothing_is_wider_than_a_phone(page):
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.set_viewport_size(WIDE)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_read_it(page, theme):
    still = "* { animation: none !important; transition: none !important }"
    page.add_style_tag(content=still)  # no color half faded in
    page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    axe = Axe().run(page, options={"resultTypes": ["violations"], "preload": False})
    found = [
        f"{violation['id']} in {node['target']}: {node['failureSummary']}"
        for violation in axe.response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    assert not found, "\n\n".join(found)


def test_next_leads_through_all_chapters(tab):
    page = tab.open((SITE / "index.html").as_uri())
    seen = []
    while (link := page.locator("a.right-next")).count():
        seen.append(link.get_attribute("href"))
        link.click()
        page.wait_for_load_state()
    contents = page.locator(".bd-links a.internal[href]")
    assert len(seen) == contents.count() > 0
    assert not tab.problems, "\n".join(tab.problems)


def search(tab, home):
    page = tab.open(home)
    page.keyboard.press("Control+k")
    page.keyboard.type("discriminator")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?*")
    page.locator("ul.search li a").first.wait_for()
    page.get_by_text("Search finished").wait_for()
    return page


def test_search_works_from_disk(tab):
    page = search(tab, (SITE / "index.html").as_uri())
    page.locator("ul.search li a").first.click()
    page.wait_for_load_state()
    assert "discriminator" in page.locator("article").inner_text().lower()
    assert not tab.problems, "\n".join(tab.problems)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    handler = partial(Quiet, directory=SITE)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()
        thread.join()


def test_search_shows_summaries_from_a_server(tab, server):
    page = search(tab, server)
    summary = page.locator("ul.search li p.context").first
    assert "discriminator" in summary.inner_text().lower()
    assert not tab.problems, "\n".join(tab.problems)
