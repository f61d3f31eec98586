"""A browser, a tab, and the desk served on this machine, for tests that need them.

Needs Chromium at ``/usr/bin/chromium``, which ``.ci/run`` installs.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from api import create_app
from summarizer.app import App

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PATIENCE = 60_000
"""Milliseconds after which a test gives up; it never waits for them to pass."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def served(service: App) -> Iterator[str]:
    """Where the desk is served on this machine."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()  # whoever connects before the server runs waits
    config = uvicorn.Config(create_app(service), log_level="error", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)
    listener.close()


@contextmanager
def tab(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A tab in which an error of the page's script, or a question whether to leave, is a fault."""
    size = {"width": 1280, "height": 900}
    context = browser.new_context(**({"base_url": address, "viewport": size} | options))
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))

    def asked(dialog: Any) -> None:
        faults.append(f"asked: {dialog.type} {dialog.message}")
        dialog.accept()

    page.on("dialog", asked)
    yield page
    context.close()
    assert not faults


def looks(scheme: str, width: int) -> dict[str, Any]:
    """Options of a tab that axe reads, in that colour scheme and so many pixels wide."""
    size = {"width": width, "height": 800}
    return {"color_scheme": scheme, "viewport": size, "bypass_csp": True}


def listens(page: Page) -> None:
    """Wait until the script of the page that is shown has come, before a key, a double click or a
    click on a sentence, which nothing holds back until then; buttons that need it are hidden."""
    expect(page.locator("html.js")).to_be_attached()


def against_wcag(page: Page) -> list[tuple[str, Any]]:
    """What axe finds against WCAG 2.2 AA, and whether the page scrolls sideways.

    At the end of the page, where the review bar lies over nothing: axe takes a button that is half
    under it for a small one.
    """
    page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    found: list[tuple[str, Any]] = [
        (fault["id"], [node["target"] for node in fault["nodes"]][:3])
        for fault in results.response["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - document.body.clientWidth")
    over = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return [*found, ("scrolls sideways", wide)] if over else found
