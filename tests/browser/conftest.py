"""A browser, a whole local Envoi, and somebody signed in there: all tests of a worker look at the same town, so that
each makes what it changes, or leaves it as the pages of others can bear it.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.console_town import ConsoleTown, console_town, signed_in
from tests.browser.serving import CHROMIUM, DESKTOP, PHONE, browser


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium")
    with browser() as running:
        yield running


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleTown]:
    with console_town(tmp_path_factory.mktemp("town")) as running:
        yield running


@pytest.fixture
def desk(chromium: Browser, town: ConsoleTown) -> Iterator[tuple[BrowserContext, Page]]:
    with signed_in(chromium, town, DESKTOP) as opened:
        yield opened


@pytest.fixture
def phone(chromium: Browser, town: ConsoleTown) -> Iterator[tuple[BrowserContext, Page]]:
    with signed_in(chromium, town, PHONE, "dark") as opened:
        yield opened
