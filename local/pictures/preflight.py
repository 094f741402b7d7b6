"""`python -m local.pictures.preflight`: a picture of a pre-flight's report, of a letter with much to mend."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from chalicelib.compose.proof.page import Page
from chalicelib.compose.proof.read import findings
from chalicelib.console.reporting import preflight_report
from chalicelib.model.email import Email
from chalicelib.model.finding import Finding
from chalicelib.model.preflight import Preflight
from chalicelib.model.price import Estimate, price
from chalicelib.model.sender_domain import SenderDomain, findings_of
from chalicelib.model.workspace import Workspace
from local.pictures.themes import CHROMIUM

DOCS = Path(__file__).parents[2] / "docs" / "preflight"
HTML = """<html lang="en"><body>
<h1>Spring at the bakery</h1>
<p style="color:#9aa0a6">New loaves, old ovens, and coffee until six.</p>
<a href="">Read more</a> <a href="/shop">To the shop</a>
<img src="https://bakery.example/rye.jpg">
<h3>Opening hours</h3>
<p style="font-size:8px">Closed on Mondays.</p>
</body></html>"""
NOON = 1_795_521_600_000


def main() -> int:
    DOCS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            for size, width in (("desktop", 900), ("phone", 390)):
                page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
                page.set_content(report())
                page.screenshot(path=DOCS / f"report-{size}-{scheme}.png", full_page=True)
                page.close()
        browser.close()
    return 0


def report() -> str:
    email = Email("0" * 16, "segment", "Spring letter", "SPRING IS HERE", "hello@bakery.example", "0" * 16, html=HTML)
    hole = Finding(
        "warning",
        "hole",
        "audience",
        "{contactfield=firstname} is empty for 1,204 of 48,310 recipients.",
        "Write a default: {contactfield=alias|default}.",
    )
    found = findings(Page(email, Workspace(address="The Bakery, 12 Mill Lane, Bristol"), HTML))
    domain = findings_of(SenderDomain("bakery.example", "v=spf1 -all", "", "yes"))
    job = Preflight("0" * 16, email.id, 3, (), (), state="finished", pending=48_310, findings=(*found, *domain, hole))
    return preflight_report(email.name, job, Estimate(price(48_310), 48_310 / 50, 50))


if __name__ == "__main__":
    sys.exit(main())
