"""How heavy a letter is, and what its style sheet comes to."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.compose.proof.page import Page
from chalicelib.model.finding import Finding

# Gmail shows this much of a letter and hides the rest, the way out with it, behind a link.
CLIPPED = 102 * 1024
TRANSPORT_BYTES = 40 * 1024 * 1024


def weight(page: Page) -> Iterator[Finding]:
    if page.html_bytes > CLIPPED:
        kilobytes = page.html_bytes / 1024
        message = f"The HTML has {kilobytes:.0f} KB; Gmail shows 102 KB and hides the rest."
        yield Finding(
            "warning", "clipped", page.part, message, "Shorten it: the way out must not be in the hidden part."
        )


def style_sheet(page: Page) -> Iterator[Finding]:
    sheets = [each for each in page.elements if each.name == "style"]
    styled = any("style" in each.attributes for each in page.elements)
    if sheets and not styled and not page.email.inline_css:
        message = "The styles stand in <style> alone, which some mail programs drop."
        yield page.found("warning", "css_not_inlined", sheets[0].at, message, 'Set "inline_css": true.')
