"""`python -m local.pictures.preflight`: pictures of a pre-flight's report, for `docs/preflight/`.

Nothing in them is made up but the bakery: the local AWS is started, its demo audience imported, a letter with much to
mend is written and published through the API, and what is seen is the report that its pre-flight ended with.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from local import demo
from local.children import Broken, free_block
from local.client import Client
from local.home import FIRST_PORT, Home, opened
from local.pictures.themes import CHROMIUM, SCHEMES
from local.showing import Show
from local.stack import Stack

DOCS = Path(__file__).parents[2] / "docs" / "preflight"
SIZES = (("desktop", 900), ("phone", 390))
RECIPIENTS = 2_000
POLL_S = 0.3
HTML = """<html lang="en"><body>
<h1>Spring at the bakery</h1>
<p>Good morning, {contactfield=firstname}. We bake for {contactfield=company}, too.</p>
<p style="color:#9aa0a6">New loaves, old ovens, and coffee until six.</p>
<a href="">Read more</a> <a href="/shop">To the shop</a> <a href="https://bakery.example/rye bread">Rye bread</a>
<img src="https://bakery.example/rye.jpg">
<h3>Opening hours</h3>
<p style="font-size:8px">Closed on Mondays.</p>
{dynamiccontent="For regulars"}
</body></html>"""
REGULARS = {
    "name": "For regulars",
    "variations": [
        {
            "filter": {"field": "plan", "operator": "=", "value": "pro"},
            "html": "<p>Your birthday, {contactfield=birthday|date}, is a free loaf.</p>",
        }
    ],
}
LETTER: dict[str, Any] = {
    "kind": "segment",
    "name": "Spring letter",
    "subject": "SPRING IS HERE",
    "from_address": demo.SENDER,
    "html": HTML,
    "blocks": [REGULARS],
}


def main() -> int:
    DOCS.mkdir(parents=True, exist_ok=True)
    show = Show(sys.stdout)
    with tempfile.TemporaryDirectory() as folder:
        home = opened(Path(folder), free_block(FIRST_PORT + 20), fresh=True)
        stack = Stack(home)
        try:
            stack.start()
            preflight = flown(Client(home.url, home.api_key), show)
            photograph(home, f"{home.url}/v1/preflights/{preflight}/report")
        finally:
            stack.stop()
    show.say(f"{DOCS}: {len(SIZES) * len(SCHEMES)} pictures")
    return 0


def flown(client: Client, show: Show) -> str:
    """The id of the letter's finished pre-flight."""
    client.send("PATCH", "/workspace", b'{"name": "The Bakery", "address": "The Bakery, 12 Mill Lane, Bristol"}')
    readers: str = client.post("/segments", {"name": "Readers of the letter"})["id"]
    demo.import_audience(client, demo.audience_of(RECIPIENTS), readers, show)
    email = client.post("/emails", LETTER | {"segments": [readers]})["id"]
    client.post(f"/emails/{email}/publish")
    job = client.post(f"/emails/{email}/preflight")
    while job["state"] in ("waiting", "running"):
        time.sleep(POLL_S)
        job = client.get(f"/preflights/{job['id']}")
    if job["state"] != "finished":
        raise Broken(f"The pre-flight {job['id']} failed: {job['reason']}")
    return str(job["id"])


def photograph(home: Home, url: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for scheme in SCHEMES:
            for size, width in SIZES:
                page: Page = browser.new_page(
                    viewport={"width": width, "height": 800},
                    color_scheme=scheme,  # type: ignore[arg-type]  # one of SCHEMES
                    extra_http_headers={"Authorization": f"Bearer {home.api_key}"},
                )
                page.goto(url)
                page.screenshot(path=DOCS / f"report-{size}-{scheme}.png", full_page=True)
                page.close()
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
