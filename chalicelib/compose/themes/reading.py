"""Files become a theme: its config, the file that an e-mail begins with, its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from chalicelib.compose.themes.archive import packed
from chalicelib.compose.themes.config import config_of
from chalicelib.compose.themes.layout import ENTRIES, entry_of, format_of, is_public
from chalicelib.model.errors import Invalid
from chalicelib.model.theme import Theme, ThemeFile


def theme_of(name: str, files: Mapping[str, bytes], *, built_in: bool = False) -> Theme:
    """Raises Invalid where its config is wrong, or where there is nothing that an e-mail could begin with."""
    config, entry = config_of(files), entry_of(files)
    if entry is None:
        raise Invalid("body", None, f"A theme for e-mails needs one of {', '.join(ENTRIES)}.")
    return Theme(
        id=name,
        title=config.title,
        entry=entry,
        # a template that extends another says by its name alone what comes of it
        format="mjml" if ".mjml" in entry else format_of(files[entry].decode()),
        content=hashlib.sha256(packed(files)).hexdigest(),
        files=tuple(ThemeFile(path, len(files[path]), is_public(path)) for path in sorted(files)),
        author=config.author,
        author_url=config.author_url,
        builders=config.builders,
        features=config.features,
        built_in=built_in,
    )
