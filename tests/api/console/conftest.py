"""A browser at the console: it keeps cookies, and posts forms as a page of ours does."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest

from chalicelib.work import members
from chalicelib.work.members import actor_of
from chalicelib.work.sessions import begin, cookie
from tests.api.client import Answered, event
from tests.api.lambda_context import FakeContext

HOST = "console.example.com"


BOUNDARY = "----envoi"
PART = f"--{BOUNDARY}\r\nContent-Disposition: form-data"


@dataclass
class Browser:
    app: object
    world: object
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, headers=None, **query) -> "Seen":
        return self._asked("GET", path, b"", headers, urlencode(query))

    def post(self, path: str, form=None, headers=None) -> "Seen":
        """With what proves that the form is this session's own, where it has one."""
        given = list((form or {}).items())
        if "envoi_session" in self.cookies and "change" not in (form or {}):
            given.append(("change", self.change()))
        return self._asked("POST", path, urlencode(given, doseq=True).encode(), headers, "")

    def upload(self, path: str, name: str, body: bytes, form=None) -> "Seen":
        """As a browser sends a form with a file in it, in the field `file`."""
        fields = {"change": self.change()} | (form or {})
        texts = [f'{PART}; name="{each}"\r\n\r\n{value}\r\n'.encode() for each, value in fields.items()]
        file = f'{PART}; name="file"; filename="{name}"\r\n\r\n'.encode() + body + b"\r\n"
        headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
        return self._asked("POST", path, b"".join((*texts, file, f"--{BOUNDARY}--\r\n".encode())), headers, "")

    def change(self) -> str:
        return re.search(r'name="change" value="([\w-]+)"', self.get("/console").text)[1]

    def signed_in(self, role: str) -> "Browser":
        member = members.by_address(self.world, f"{role}@example.com") or members.create(
            self.world, {"address": f"{role}@example.com", "name": role.title(), "role": role}
        )
        session = begin(self.world, actor_of(member))
        return Browser(self.app, self.world, {"envoi_session": cookie(self.world, session)})

    def _asked(self, method, path, body, headers, query) -> "Seen":
        own = {"host": HOST, "content-type": "application/x-www-form-urlencoded", "accept-encoding": "gzip"}
        if method == "POST":
            own["origin"] = f"https://{HOST}"
        asked = event(method, path, body=body, headers=own | (headers or {}), query=query)
        if self.cookies:
            asked["cookies"] = [f"{name}={value}" for name, value in self.cookies.items()]
        raw = self.app(asked, FakeContext())
        self._keep(raw.get("cookies", []))
        return Seen.of(raw)

    def _keep(self, cookies: list[str]) -> None:
        for each in cookies:
            name, _, rest = each.partition("=")
            value = rest.partition(";")[0]
            if "Max-Age=0" in each:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value


@dataclass(frozen=True)
class Seen(Answered):
    cookies: tuple[str, ...] = ()

    @classmethod
    def of(cls, raw) -> "Seen":
        from tests.api.client import answered  # noqa: PLC0415  # beside its only use

        plain = answered(raw)
        body = gzip.decompress(plain.body) if plain.headers.get("content-encoding") == "gzip" else plain.body
        return cls(plain.status, plain.headers, body, tuple(raw.get("cookies", ())))

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def to(self) -> str:
        return self.headers["location"]


@pytest.fixture
def browser(client, world) -> Iterator[Browser]:
    return Browser(client.app, world)


@pytest.fixture
def admin(browser) -> Browser:
    return browser.signed_in("admin")
