"""Settings, read once from the environment. Nothing else reads `os.environ`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.model.token import Signer


@dataclass(frozen=True, slots=True)
class Settings:
    """`prefix` begins the names of tables and queues; `bucket_url` is where the bucket's public objects are read.

    `api_keys` are SHA-256 digests (hex) of the keys that may use the API. Times are milliseconds.
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
    lease_ms: int = 150_000
    call_timeout_ms: int = 30_000
    skew_ms: int = 60_000
    evidence_window_ms: int = 900_000
    rehint_ms: int = 300_000

    @property
    def signer(self) -> Signer:
        return Signer(self.workspace, self.signing_keys, self.hash_key)

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Every field from `ENVOI_<FIELD>`, the region from AWS; ValueError names what is malformed."""
        env = os.environ if env is None else env
        known = {name: _READ.get(name, str)(text) for name, text in _named(env).items()}
        return cls(**known)


def _named(env: Mapping[str, str]) -> dict[str, str]:
    fields = Settings.__dataclass_fields__
    named = {name: env[f"ENVOI_{name.upper()}"] for name in fields if f"ENVOI_{name.upper()}" in env}
    region = env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION")
    return named | ({"region": region} if region and "region" not in named else {})


def _api_keys(text: str) -> tuple[str, ...]:
    return tuple(key.strip() for key in text.split(",") if key.strip())


def _signing_keys(text: str) -> dict[int, bytes]:
    """`2:<hex>,1:<hex>`: number and key; the highest number signs."""
    pairs = (pair.split(":", 1) for pair in text.split(","))
    return {int(number): bytes.fromhex(key) for number, key in pairs}


_READ: Mapping[str, Callable[[str], Any]] = {
    "api_keys": _api_keys,
    "signing_keys": _signing_keys,
    "hash_key": bytes.fromhex,
    "lease_ms": int,
    "call_timeout_ms": int,
    "skew_ms": int,
    "evidence_window_ms": int,
    "rehint_ms": int,
}
