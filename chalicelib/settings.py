"""Settings, read once from the environment. Nothing else reads `os.environ`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.model.token import Signer

DIGEST = re.compile(r"[0-9a-f]{64}")
TOPIC = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]{1,30}:[0-9]{12}:[A-Za-z0-9_-]{1,256}")
MIN_KEY_BYTES = 16
MAX_KEY_NUMBER = 255


@dataclass(frozen=True, slots=True)
class Settings:
    """`prefix` begins the names of tables and queues; `bucket_url` is where the bucket's public objects are read.

    `api_keys` are SHA-256 digests (hex) of the keys that may use the API. With `keep_addresses` opens and clicks keep
    the network that they came from (/24, /48). Times are milliseconds. `topics` are the SNS topics (ARNs) that may post
    to `/hooks/ses`.
    """

    workspace: str = "main"
    prefix: str = "envoi"
    region: str = "us-east-1"
    base_url: str = "http://127.0.0.1:8000"
    bucket: str = "envoi"
    bucket_url: str = ""
    configuration_set: str = "envoi"
    api_keys: tuple[str, ...] = ()
    signing_keys: Mapping[int, bytes] = field(default_factory=dict)
    hash_key: bytes = b""
    keep_addresses: bool = False
    lease_ms: int = 150_000
    call_timeout_ms: int = 30_000
    skew_ms: int = 60_000
    evidence_window_ms: int = 900_000
    rehint_ms: int = 300_000
    ask_dns: bool = True
    topics: tuple[str, ...] = ()

    @property
    def signer(self) -> Signer:
        return Signer(self.workspace, self.signing_keys, self.hash_key)

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Every field from `ENVOI_<FIELD>`, the region from AWS; ValueError names what is malformed."""
        env = os.environ if env is None else env
        return cls(**{name: _value(name, text) for name, text in _named(env).items()})


def _named(env: Mapping[str, str]) -> dict[str, str]:
    fields = Settings.__dataclass_fields__
    named = {name: env[f"ENVOI_{name.upper()}"] for name in fields if f"ENVOI_{name.upper()}" in env}
    region = env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION")
    return named | ({"region": region} if region and "region" not in named else {})


def _value(name: str, text: str) -> Any:  # noqa: ANN401  # as many types as fields
    """The text is not repeated in the error: it may be a secret."""
    try:
        return _READ.get(name, str)(text)
    except (ValueError, KeyError):
        raise ValueError(f"ENVOI_{name.upper()} is malformed: give {_MEND[name]}.") from None


def _api_keys(text: str) -> tuple[str, ...]:
    digests = tuple(key.strip().lower() for key in text.split(",") if key.strip())
    if not all(DIGEST.fullmatch(digest) for digest in digests):
        raise ValueError("digest")
    return digests


def _signing_keys(text: str) -> dict[int, bytes]:
    """`2:<hex>,1:<hex>`: number and key; the highest number signs."""
    pairs = (pair.split(":", 1) for pair in text.split(",") if pair.strip())
    keys = {int(number): _key(key) for number, key in pairs}
    if not all(1 <= number <= MAX_KEY_NUMBER and key for number, key in keys.items()):
        raise ValueError("number or empty key")
    return keys


def _key(text: str) -> bytes:
    """At least 128 bits; nothing where nothing is given."""
    key = bytes.fromhex(text)
    if 0 < len(key) < MIN_KEY_BYTES:
        raise ValueError("key")
    return key


def _topics(text: str) -> tuple[str, ...]:
    topics = tuple(topic.strip() for topic in text.split(",") if topic.strip())
    if not all(TOPIC.fullmatch(topic) for topic in topics):
        raise ValueError("topic")
    return topics


def _yes(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("neither")
    return text == "true"


_READ: Mapping[str, Callable[[str], Any]] = {
    "api_keys": _api_keys,
    "signing_keys": _signing_keys,
    "hash_key": _key,
    "keep_addresses": _yes,
    "lease_ms": int,
    "call_timeout_ms": int,
    "skew_ms": int,
    "evidence_window_ms": int,
    "rehint_ms": int,
    "topics": _topics,
    "ask_dns": lambda text: _YES_OR_NO[text.lower()],
}

_YES_OR_NO: Mapping[str, bool] = {"true": True, "false": False}
_MILLISECONDS = "a whole number of milliseconds"
_MEND: Mapping[str, str] = {
    "api_keys": "SHA-256 digests (64 hex digits each), separated by commas",
    "signing_keys": "NUMBER:HEX, separated by commas; numbers from 1 to 255, keys of at least 16 bytes",
    "hash_key": "at least 16 bytes as hex",
    "keep_addresses": "`true` or `false`",
    **dict.fromkeys(("lease_ms", "call_timeout_ms", "skew_ms", "evidence_window_ms", "rehint_ms"), _MILLISECONDS),
    "ask_dns": "true or false",
    "topics": "ARNs of SNS topics (arn:aws:sns:REGION:ACCOUNT:NAME), separated by commas",
}
