import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from chalicelib.model.errors import Conflict
from chalicelib.store.links import LinksOverHttp
from chalicelib.work.world import World
from tests.store.things import EMAIL, revision


def test_a_revision_comes_back_as_it_went_in(world: World) -> None:
    assert world.revisions.read(EMAIL, 1) is None
    world.revisions.put(revision(1))
    world.revisions.put(revision(1))
    world.revisions.put(revision(2, "<p>Other "))
    assert world.revisions.read(EMAIL, 1) == revision(1)
    assert world.revisions.read(EMAIL, 2) == revision(2, "<p>Other ")


def test_a_revision_never_changes(world: World) -> None:
    world.revisions.put(revision(1))
    with pytest.raises(Conflict, match="other content"):
        world.revisions.put(revision(1, "<p>Bye "))
    assert world.revisions.read(EMAIL, 1) == revision(1)


def test_a_revision_is_one_object_however_often_it_is_read(world: World) -> None:
    world.revisions.put(revision(1))
    assert world.revisions.read(EMAIL, 1) is world.revisions.read(EMAIL, 1)


def test_link_tables_are_public(world: World) -> None:
    assert world.links.read(EMAIL, 1) is None
    world.revisions.put(revision(1))
    assert world.links.read(EMAIL, 1) == ("https://example.com/a", "")
    assert world.links.read(EMAIL, 2) is None


@pytest.fixture
def bucket() -> Iterator[tuple[str, list[str]]]:
    """A bucket's public side: one table, 403 for what is not there, 500 for /broken. Its URL and what was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status = 200 if self.path == f"/links/ws/{EMAIL}/1.json" else 500 if "broken" in self.path else 403
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b'{"format":1,"links":["https://example.com/"]}')

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_table_is_fetched_once(bucket: tuple[str, list[str]]) -> None:
    url, asked = bucket
    links = LinksOverHttp(url + "/", "ws")
    assert links.read(EMAIL, 1) == links.read(EMAIL, 1) == ("https://example.com/",)
    assert asked == [f"/links/ws/{EMAIL}/1.json"]


def test_what_is_not_there_may_come_later(bucket: tuple[str, list[str]]) -> None:
    url, asked = bucket
    links = LinksOverHttp(url, "ws")
    assert links.read(EMAIL, 2) is None
    assert links.read(EMAIL, 2) is None
    assert len(asked) == 2


def test_a_bucket_that_fails_is_an_error(bucket: tuple[str, list[str]]) -> None:
    with pytest.raises(OSError, match="500"):
        LinksOverHttp(bucket[0], "ws").read("broken", 1)


def test_a_bucket_without_an_address_is_refused() -> None:
    with pytest.raises(ValueError, match="ENVOI_BUCKET_URL"):
        LinksOverHttp("", "ws")
