"""Zips as tools make them, and as they should not be."""

import io
import zipfile

CONFIG = (
    b'{"name": "Spring", "author": "Ann", "authorUrl": "https://a.example", "builder": ["x"], "features": ["email"]}'
)
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
HTML = b"<p>{contactfield=firstname}</p><img src='img/a.png'>"
THEME = {"config.json": CONFIG, "html/email.html.twig": HTML, "img/a.png": PNG, "thumbnail.png": PNG}


def zipped(files, **changes) -> bytes:
    """`changes` are attributes of each entry."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, body in files.items() if isinstance(files, dict) else files:
            entry = zipfile.ZipInfo(path)
            entry.compress_type = zipfile.ZIP_DEFLATED
            for name, value in changes.items():
                setattr(entry, name, value)
            archive.writestr(entry, body)
    return target.getvalue()
