"""Pictures: many mail programs show none at first, and some readers never see any."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from chalicelib.compose.css import declarations
from chalicelib.compose.proof.page import Element, Page
from chalicelib.model.finding import Finding

_LARGE_DATA = 10_000


def images(page: Page) -> Iterator[Finding]:
    for element in page.elements:
        if element.name == "img":
            yield from _image(page, element)


def _image(page: Page, image: Element) -> Iterator[Finding]:
    source = image.attributes.get("src", "").strip()
    if "{tracking_pixel}" in source.lower():
        return
    shown = source[:60] or "without a source"
    if not source:
        yield page.found("error", "image_empty", image.at, "This picture has no address.", "Give it a src.")
    elif source.startswith("data:"):
        message = "A picture inside the letter (data:) is not shown by Gmail and Outlook."
        yield page.found("warning", "image_data", image.at, message, "Upload it (POST /v1/assets) and link to it.")
    elif not urlsplit(source.split("{")[0]).scheme and not source.startswith("{"):
        message = f"The picture {shown} is not to be found from a mail."
        yield page.found("error", "image_relative", image.at, message, "Begin its address with https:// and the host.")
    if "alt" not in image.attributes:
        message = f"The picture {shown} has no alternative text: it is read out by its address."
        yield page.found("warning", "image_alt", image.at, message, 'Write alt="..." (alt="" where it says nothing).')
    if not _sized(image):
        message = f"The picture {shown} has no width: Outlook shows it at its full size, and the page jumps."
        yield page.found("note", "image_size", image.at, message, 'Write width="..." in pixels, and height="...".')


def _sized(image: Element) -> bool:
    styled = {each.name for each in declarations(image.attributes.get("style", ""))}
    return "width" in image.attributes or bool(styled & {"width", "max-width"})
