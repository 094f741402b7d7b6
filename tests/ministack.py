"""The local AWS of a test session: in memory, on a free port, with the data stack in it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from local import children, ministack

PREFIX = "test"
TRIES = 5


@dataclass(frozen=True)
class LocalAws:
    """`bucket_url` is where the bucket's public objects are read."""

    url: str
    prefix: str
    bucket: str

    @property
    def bucket_url(self) -> str:
        return f"{self.url}/{self.bucket}"


@contextmanager
def local_aws(directory: Path, prefix: str = PREFIX) -> Iterator[LocalAws]:
    port, child = _served(directory)
    try:
        url = f"http://127.0.0.1:{port}"
        outputs = ministack.deploy_data(url, prefix, f"{prefix}-bucket")
        yield LocalAws(url, prefix, outputs["BucketName"])
    finally:
        children.stop(child)


def _served(directory: Path) -> tuple[int, children.Child]:
    """A free port may be somebody else's by the time that it is bound: then another one."""
    for _ in range(TRIES - 1):
        with suppress(children.Broken):
            return _serve(directory)
    return _serve(directory)


def _serve(directory: Path) -> tuple[int, children.Child]:
    port = free_port()
    command = ministack.command(port, directory / "state", directory / "ministack.log", keep=False)
    return port, ministack.serve(command, directory)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
