from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.person import Person


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    somebody = Person(tmp_path)
    yield somebody
    somebody.leaves()
