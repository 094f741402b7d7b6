"""Where a local Envoi keeps its things: addresses, keys, logs and the state of the local AWS."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

FIRST_PORT = 14566
REGION = "us-east-1"
PREFIX = "envoi"
BUCKET = "envoi-local"


@dataclass(frozen=True, slots=True)
class Home:
    """`port` is the first of three: local AWS, SES simulator, API. Keys are made once and kept."""

    directory: Path
    port: int
    api_key: str
    signing_key: str
    hash_key: str

    @property
    def aws_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ses_url(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port + 2}"

    @property
    def inbox_url(self) -> str:
        return f"{self.ses_url}/"

    @property
    def logs(self) -> Path:
        return self.directory / "logs"

    @property
    def lines(self) -> Path:
        """What the API printed: its log group."""
        return self.directory / "lines"

    @property
    def locks(self) -> Path:
        return self.directory / "running"

    @property
    def aws_state(self) -> Path:
        return self.directory / "state"

    @property
    def ses_state(self) -> Path:
        return self.directory / "ses"


def opened(directory: Path, port: int | None, *, fresh: bool) -> Home:
    """The home in this directory: kept keys and port where there are any, new ones otherwise."""
    if fresh:
        _forget(directory)
    directory.mkdir(parents=True, exist_ok=True)
    home = _kept(directory) or Home(
        directory,
        port or FIRST_PORT,
        api_key=f"envoi_{secrets.token_urlsafe(24)}",
        signing_key=secrets.token_hex(32),
        hash_key=secrets.token_hex(32),
    )
    moved = Home(directory, port or home.port, home.api_key, home.signing_key, home.hash_key)
    for each in (moved.logs, moved.lines, moved.locks, moved.aws_state, moved.ses_state):
        each.mkdir(exist_ok=True)
    _keep(moved)
    return moved


def environment(home: Home, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a child process needs to find the local AWS and nothing of anybody's real account."""
    inherited = {name: value for name, value in (base or os.environ).items() if not name.startswith(("AWS_", "ENVOI_"))}
    return inherited | _aws(home) | _envoi(home) | {"PYTHONUNBUFFERED": "1"}


def _aws(home: Home) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": home.aws_url,
        "AWS_ENDPOINT_URL_SESV2": home.ses_url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def _envoi(home: Home) -> dict[str, str]:
    """The evidence window is short: the simulator's events come within a second."""
    return {
        "ENVOI_PREFIX": PREFIX,
        "ENVOI_CONFIGURATION_SET": PREFIX,
        "ENVOI_BUCKET": BUCKET,
        "ENVOI_BUCKET_URL": f"{home.aws_url}/{BUCKET}",
        "ENVOI_BASE_URL": home.url,
        "ENVOI_API_KEYS": hashlib.sha256(home.api_key.encode()).hexdigest(),
        "ENVOI_SIGNING_KEYS": f"1:{home.signing_key}",
        "ENVOI_HASH_KEY": home.hash_key,
        # a pre-flight would ask the world about the sender's domain
        "ENVOI_ASK_DNS": "false",
        "ENVOI_EVIDENCE_WINDOW_MS": "10000",
        "ENVOI_REHINT_MS": "20000",
    }


def announce(home: Home) -> Path:
    """`envoi.json`: where everything is, for programs."""
    path = home.directory / "envoi.json"
    where = {"url": home.url, "inbox_url": home.inbox_url, "ses_url": home.ses_url, "api_key": home.api_key}
    _write(path, where)
    return path


def _kept(directory: Path) -> Home | None:
    path = directory / "home.json"
    if not path.exists():
        return None
    kept = json.loads(path.read_text())
    return Home(directory, kept["port"], kept["api_key"], kept["signing_key"], kept["hash_key"])


def _keep(home: Home) -> None:
    kept = asdict(home)
    del kept["directory"]
    _write(home.directory / "home.json", kept)


def _write(path: Path, content: Mapping[str, object]) -> None:
    """Whole or not at all, readable by its owner alone: it holds keys."""
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
    draft.replace(path)


def _forget(directory: Path) -> None:
    for name in ("state", "ses", "lines", "logs", "demo.json", "home.json", "envoi.json"):
        path = directory / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
