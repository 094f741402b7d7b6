"""The real parts of one process: stores, queues and transport on AWS, made when they are first asked for.

Endpoints are AWS's own business: `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_SESV2`, read by boto3 itself.
Nothing here imports an AWS client before `world` is called: the pixel and the click are answered without one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from chalicelib.model.ids import random_id
from chalicelib.model.token import Signer
from chalicelib.settings import Settings
from chalicelib.work.ports import Links
from chalicelib.work.world import Timing, World

FOREVER_MS = 10**12


@dataclass(frozen=True, slots=True)
class RecipientSide:
    """All that the pixel and the click need: keys, link tables (over HTTP), the clock, ids."""

    signer: Signer
    links: Links
    base_url: str
    now: Callable[[], int]
    new_id: Callable[[], str]


class Wiring:
    """Makes each part once a process; a World for each job, with that job's own time."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def recipient_side(self) -> RecipientSide:
        return recipient_side(self.settings)

    def world(self, time_left: Callable[[], int]) -> World:
        return replace(self._standing, time_left=time_left)

    @cached_property
    def _standing(self) -> World:
        return build(self.settings, lambda: FOREVER_MS)


def recipient_side(settings: Settings) -> RecipientSide:
    from chalicelib.store.links import LinksOverHttp  # noqa: PLC0415

    return RecipientSide(_signer(settings), LinksOverHttp(settings.bucket_url), settings.base_url, now, random_id)


def _signer(settings: Settings) -> Signer:
    """ValueError where a key is missing: tokens under an empty key could be made by anyone."""
    for name in ("signing_keys", "hash_key"):
        if not getattr(settings, name):
            raise ValueError(f"ENVOI_{name.upper()} is missing: docs/operations.md says how to make it.")
    return settings.signer


def now() -> int:
    return time.time_ns() // 1_000_000


def sleep(milliseconds: int) -> None:
    time.sleep(max(0, milliseconds) / 1_000)


def timing(settings: Settings) -> Timing:
    return Timing(
        lease=settings.lease_ms,
        call_timeout=settings.call_timeout_ms,
        skew=settings.skew_ms,
        evidence_window=settings.evidence_window_ms,
        rehint=settings.rehint_ms,
    )
