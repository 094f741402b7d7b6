"""What more than one part's tests need: the local AWS, started once a session. And CI skips nothing."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.ministack import LocalAws, local_aws

# No test's outcome hangs on how busy the machine is: hypothesis would fail an example that took 200 ms.
settings.register_profile("envoi", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("envoi")

LONG = ("tests/browser", "tests/end_to_end", "tests/local/test_run", "tests/work/pace", "tests/work/sending")


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    with pytest.MonkeyPatch.context() as environment:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "local")
        environment.setenv("AWS_EC2_METADATA_DISABLED", "true")
        with local_aws(tmp_path_factory.mktemp("aws")) as running:
            yield running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, so that no processor waits for them at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped test says what is missing; where CI runs, nothing may be missing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
