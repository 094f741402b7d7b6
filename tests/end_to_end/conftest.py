"""A whole local Envoi, as `make run` starts it, once for the tests that look at it from outside."""

from collections.abc import Iterator

import pytest

from local.home import Home, opened
from local.stack import Stack
from tests.ports import free_block


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = opened(tmp_path_factory.mktemp("home"), free_block(), fresh=True)
    stack = Stack(home)
    try:
        stack.start()
        yield home
        assert stack.broken() is None
    finally:
        stack.stop()
