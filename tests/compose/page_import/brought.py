"""Pages as browsers and designers save them."""

import base64

from chalicelib.compose.page_import.placing import placed, planned

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
GIF = b"GIF89a" + b"\x00" * 20
WEBP = b"RIFF\x10\x00\x00\x00WEBP" + b"\x00" * 10
PAGE = b"<!doctype html><html><body><img src='img/a.png'></body></html>"
SITE = "https://shop.example/news/"


def part(body: bytes, *fields: str, encoding: str = "base64") -> bytes:
    head = "".join(f"{each}\r\n" for each in (*fields, f"Content-Transfer-Encoding: {encoding}"))
    return head.encode() + b"\r\n" + (base64.encodebytes(body) if encoding == "base64" else body)


def mail(*parts: bytes, boundary: str = "----MultipartBoundary--x----") -> bytes:
    """As Chrome writes it: https://www.rfc-editor.org/rfc/rfc2557."""
    head = (
        f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {SITE}\r\nSubject: Spring\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="{boundary}"\r\n\r\n\r\n'
    )
    inner = b"".join(b"--" + boundary.encode() + b"\r\n" + each + b"\r\n" for each in parts)
    return head.encode() + inner + b"--" + boundary.encode() + b"--\r\n"


def html_part(html: str, *fields: str) -> bytes:
    return part(html.encode(), "Content-Type: text/html", *fields, encoding="binary")


def with_addresses(page) -> str:
    """As it becomes, each picture at https://x/ and its path."""
    plan = planned(page)
    return placed(plan, {path: f"https://x/{path}" for path in plan.pictures})
