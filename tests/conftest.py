"""What more than one part's tests need: the local AWS, started once a session."""

from collections.abc import Iterator

import pytest

from tests.ministack import LocalAws, local_aws


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    with pytest.MonkeyPatch.context() as environment:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "local")
        environment.setenv("AWS_EC2_METADATA_DISABLED", "true")
        with local_aws(tmp_path_factory.mktemp("aws")) as running:
            yield running
