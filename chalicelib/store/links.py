"""The public link tables, read over HTTP: no AWS client is imported here, so that a click is answered at once."""

from __future__ import annotations

import urllib.error
import urllib.request
from functools import lru_cache

from chalicelib.compose.encoding import decoded_links
from chalicelib.store.link_place import link_place

PATIENCE_S = 3
KEPT = 256
# The public may not list the bucket: S3 says 403 for what is not there.
ABSENT = frozenset({403, 404})


class LinksOverHttp:
    """`bucket_url` is where the bucket's public objects are read, without a slash at the end.

    Raises OSError where the bucket does not answer.
    """

    def __init__(self, bucket_url: str, workspace: str) -> None:
        if not bucket_url.startswith(("https://", "http://")):
            raise ValueError(f"ENVOI_BUCKET_URL is {bucket_url!r}: give the bucket's http or https address.")
        self._bucket_url = bucket_url.rstrip("/")
        self._workspace = workspace
        self._kept = lru_cache(KEPT)(self._fetch)

    def read(self, email_id: str, number: int) -> tuple[str, ...] | None:
        try:
            return self._kept(email_id, number)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in ABSENT:
                return None
            raise

    def _fetch(self, email_id: str, number: int) -> tuple[str, ...]:
        url = f"{self._bucket_url}/{link_place(self._workspace, email_id, number)}"
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:  # noqa: S310  # http or https: see __init__
            return decoded_links(answer.read())
