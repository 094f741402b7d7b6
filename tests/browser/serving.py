"""The app on a port of this machine, over a World of fakes: what a real browser is shown."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from local.gateway import Gateway
from tests.api.furnished import furnished
from tests.api.recipient_side import Side, side_of

CHROMIUM = Path("/usr/bin/chromium")
PHONE, DESKTOP = (360, 740), (1280, 900)
# Until what does not come is given up: far more than it takes where the machine has nothing else to do.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Town:
    url: str
    side: Side

    def look(self, **workspace: str) -> None:
        shelf = self.side.tables.shelves["workspaces"]
        shelf["workspace"] = replace(shelf["workspace"], **workspace)


@contextmanager
def served() -> Iterator[Town]:
    from app import app  # noqa: PLC0415  # the one app of the process: a blueprint knows only one

    with side_of(app) as side, Gateway(0, app) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        side.parts.standing = replace(side.world, base_url=url)
        try:
            yield Town(url, furnished(side))
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        try:
            yield running
        finally:
            running.close()


def opened(
    running: Browser,
    size: tuple[int, int],
    scheme: str = "light",
    locale: str = "en",
    *,
    scripts: bool = False,
    agent: str | None = None,
) -> BrowserContext:
    """A new profile. Without `scripts` none runs: our pages have none, and nothing of theirs is missed. `agent` is what
    it calls itself: as Chromium without a head, it is a machine.
    """
    width, height = size
    context = running.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        locale=locale,
        java_script_enabled=scripts,
        user_agent=agent,
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


def widest(page: Page) -> int:
    """How wide the page is, in CSS pixels: more than the window and it must be scrolled sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth"))
