"""A whole local Envoi, as `make run` starts it, once for the tests that look at it from outside."""

from collections.abc import Iterator

import pytest

from local.children import free_block
from local.home import Home, opened
from local.stack import Stack

# Not where `make run` or `make demo` of this machine's user may be.
FIRST_PORT = 24_000


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = opened(tmp_path_factory.mktemp("home"), free_block(FIRST_PORT), fresh=True)
    stack = Stack(home)
    try:
        stack.start()
        yield home
        assert stack.broken() is None
    finally:
        stack.stop()
