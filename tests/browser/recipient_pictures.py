"""Pictures of the pages that recipients see, for `docs/recipients/`: `python -m tests.browser.recipient_pictures`."""

import sys
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.recipient_steps import STEPS
from tests.browser.serving import DESKTOP, PHONE, browser, opened, served

FOLDER = Path(__file__).parent.parent.parent / "docs" / "recipients"
# By name: the window, the scheme, the language and the colour of the workspace.
LOOKS = {
    "phone": (PHONE, "light", "en", "#1f5f8b"),
    "phone-dark": (PHONE, "dark", "fr", "#1f5f8b"),
    "desktop": (DESKTOP, "light", "de", "#c2410c"),
}


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with browser() as running:
        for look, (size, scheme, language, colour) in LOOKS.items():
            with served() as town, opened(running, size, scheme, language) as context:
                town.look(colour=colour)
                page = context.new_page()
                for name, step in STEPS.items():
                    step(page, town)
                    _keep(page, f"{name}-{look}")
    sys.stdout.write(f"{FOLDER}: {len(LOOKS) * len(STEPS)} pictures\n")
    return 0


def _keep(page: Page, name: str) -> None:
    page.screenshot(path=str(FOLDER / f"{name}.png"), full_page=True)


if __name__ == "__main__":
    sys.exit(main())
