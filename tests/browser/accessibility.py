"""What axe-core (WCAG 2.2 AA and its best practices) finds wrong with a page. `tests/vendor/axe.min.js` is axe-core
4.10.3 (MPL-2.0).
"""

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text()
RUN = "async () => (await axe.run(document)).violations.map(each => [each.id, each.nodes.map(node => node.html)])"


def violations(page: Page) -> list[list]:
    """Given to the page by the browser's own hand: the page's policy lets no script of anybody's in."""
    page.evaluate(AXE)
    found: list[list] = page.evaluate(RUN)
    return found
