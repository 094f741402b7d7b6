"""The real parts of one process: stores, queues and transport on AWS, made when they are first asked for.

Endpoints are AWS's own business: `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_SESV2`, read by boto3 itself.
Nothing here imports an AWS client before `build` is called: the pixel and the click are answered without one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from chalicelib.model.ids import random_id
from chalicelib.model.token import Signer
from chalicelib.model.transport_setup import MAX_SETUPS, TransportSetup
from chalicelib.settings import Settings
from chalicelib.store.connection import Connection
from chalicelib.store.links import LinksOverHttp
from chalicelib.work.ports.emails import Links
from chalicelib.work.ports.shelf import Shelf
from chalicelib.work.world import Timing, World

if TYPE_CHECKING:
    from chalicelib.transports.attached import Contents
    from chalicelib.transports.hooks import Hooks
    from chalicelib.transports.sender_domains import SenderDomains
    from chalicelib.transports.ses import SesTransport
    from chalicelib.transports.ses_suppressions import SesAccountList
    from chalicelib.transports.standing import StandingTransports

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

    @cached_property
    def hooks(self) -> Hooks:
        from chalicelib.transports.hooks import Hooks  # noqa: PLC0415  # not for the pixel and the click
        from chalicelib.transports.secrets import Secrets, parameter_client  # noqa: PLC0415  # botocore, see above
        from chalicelib.transports.sns_certificates import Certificates  # noqa: PLC0415  # as above
        from chalicelib.transports.sns_hook import SnsHook  # noqa: PLC0415  # as above

        settings = self.settings
        secrets = Secrets(lambda: parameter_client(settings.region))
        sns = SnsHook(settings.topics, Certificates()) if settings.topics else None
        return Hooks(secrets.read, settings.prefix, settings.workspace, settings.base_url, sns=sns)

    def world(self, time_left: Callable[[], int]) -> World:
        return replace(self._standing, time_left=time_left)

    @cached_property
    def _standing(self) -> World:
        return build(self.settings, lambda: FOREVER_MS)


def build(settings: Settings, time_left: Callable[[], int]) -> World:
    """A World of real parts; nothing is connected before it is used."""
    connection = Connection(settings.region, settings.prefix, settings.bucket)
    side = recipient_side(settings)
    stores = _stores(connection, settings.workspace, side.signer)
    return World(
        **stores,
        links=side.links,
        transports=_transports(settings, stores["transport_setups"]),
        account_list=_account_list(settings),
        sender_domains=_sender_domains(settings),
        signer=side.signer,
        base_url=settings.base_url,
        bucket_url=settings.bucket_url.rstrip("/"),
        timing=timing(settings),
        now=now,
        sleep=sleep,
        new_id=random_id,
        time_left=time_left,
    )


def recipient_side(settings: Settings) -> RecipientSide:
    links = LinksOverHttp(settings.bucket_url, settings.workspace)
    return RecipientSide(_signer(settings), links, settings.base_url, now, random_id)


def timing(settings: Settings) -> Timing:
    return Timing(
        lease=settings.lease_ms,
        call_timeout=settings.call_timeout_ms,
        skew=settings.skew_ms,
        evidence_window=settings.evidence_window_ms,
        rehint=settings.rehint_ms,
    )


def now() -> int:
    """Epoch milliseconds."""
    return time.time_ns() // 1_000_000


def sleep(milliseconds: int) -> None:
    time.sleep(max(0, milliseconds) / 1_000)


def _stores(connection: Connection, workspace: str, signer: Signer) -> dict[str, Any]:
    """By the names of World's fields. pynamodb comes with them, and so only here."""
    from chalicelib.store import (  # noqa: PLC0415  # 400 ms, see above
        asset_files,
        audit,
        broadcasts,
        budgets,
        chunks,
        claims,
        consents,
        contacts,
        counts,
        dead_letters,
        decisions,
        edits,
        emails,
        erasures,
        exports,
        facts,
        files,
        fillings,
        hints,
        imports,
        incoming,
        memberships,
        merges,
        messages,
        preflights,
        recipients,
        relabellings,
        renamings,
        revisions,
        segment_sizes,
        segments,
        sessions,
        shelves,
        suppressions,
        themes,
        turns,
    )

    return {
        "contacts": contacts.ContactsStore(connection, workspace),
        "segments": segments.SegmentsStore(connection, workspace),
        "memberships": memberships.MembershipsStore(connection, workspace),
        "segment_sizes": segment_sizes.SegmentSizesStore(connection, workspace),
        "fillings": fillings.FillingsStore(connection, workspace),
        "emails": emails.EmailsStore(connection, workspace),
        "revisions": revisions.RevisionsStore(connection, workspace),
        "broadcasts": broadcasts.BroadcastsStore(connection, workspace),
        "chunks": chunks.ChunksStore(connection, workspace),
        "dead_letters": dead_letters.DeadLettersStore(connection, workspace),
        "decisions": decisions.DecisionsStore(connection, workspace),
        "recipients": recipients.RecipientsStore(connection, workspace, signer),
        "turns": turns.TurnsStore(connection, workspace),
        "messages": messages.MessagesStore(connection, workspace),
        "facts": facts.FactsStore(connection, workspace),
        "consents": consents.ConsentsStore(connection, workspace),
        "claims": claims.ClaimsStore(connection, workspace),
        "merges": merges.MergesStore(connection, workspace),
        "erasures": erasures.ErasuresStore(connection, workspace),
        "exports": exports.ExportsStore(connection, workspace),
        "edits": edits.EditsStore(connection, workspace),
        "suppressions": suppressions.SuppressionsStore(connection, workspace),
        "budgets": budgets.BudgetsStore(connection, workspace),
        "imports": imports.ImportsStore(connection, workspace),
        "counts": counts.CountsStore(connection, workspace),
        "relabellings": relabellings.RelabellingsStore(connection, workspace),
        "renamings": renamings.RenamingsStore(connection, workspace),
        "files": files.FilesStore(connection, workspace),
        **shelves.shelves(connection, workspace),
        "sessions": sessions.SessionsStore(connection, workspace),
        "audit": audit.AuditStore(connection, workspace),
        "preflights": preflights.PreflightsStore(connection, workspace),
        "asset_files": asset_files.AssetFilesStore(connection, workspace),
        "theme_files": themes.ThemeFilesStore(connection, workspace),
        "hints": hints.HintsStore(connection, workspace),
        "incoming": incoming.IncomingStore(connection, workspace),
    }


def _ses(settings: Settings) -> SesTransport:
    from chalicelib.transports.ses import SesTransport, sending_client  # noqa: PLC0415  # boto3, see above

    client = sending_client(settings.region, None, settings.call_timeout_ms)
    contents = _contents(settings)
    return SesTransport(client, settings.configuration_set, settings.workspace, contents=contents)


def _transports(settings: Settings, setups: Shelf[TransportSetup]) -> StandingTransports:
    from chalicelib.transports.providers import House  # noqa: PLC0415  # not for the pixel and the click
    from chalicelib.transports.secrets import Secrets, parameter_client  # noqa: PLC0415  # as above
    from chalicelib.transports.standing import StandingTransports  # noqa: PLC0415  # as above

    house = House(
        lambda: _ses(settings), settings.signer, settings.workspace, settings.call_timeout_ms, _contents(settings)
    )
    secrets = Secrets(lambda: parameter_client(settings.region))
    place = f"/{settings.prefix}/{settings.workspace}/transports/{{}}".format
    return StandingTransports(lambda: setups.page(MAX_SETUPS, None)[0], house, secrets.read, place)


def _contents(settings: Settings) -> Contents:
    from chalicelib.store.asset_files import AssetFilesStore  # noqa: PLC0415  # as above

    files = AssetFilesStore(Connection(settings.region, settings.prefix, settings.bucket), settings.workspace)
    return files.content


def _account_list(settings: Settings) -> SesAccountList:
    from chalicelib.transports.ses_suppressions import SesAccountList, list_client  # noqa: PLC0415  # boto3, see above

    return SesAccountList(lambda: list_client(settings.region))


def _sender_domains(settings: Settings) -> SenderDomains:
    from chalicelib.transports.sender_domains import SenderDomains, resolver  # noqa: PLC0415  # for pre-flights alone
    from chalicelib.transports.ses import sending_client  # noqa: PLC0415  # boto3, see above

    identities = cache(lambda: sending_client(settings.region, None, settings.call_timeout_ms))
    return SenderDomains(identities, resolver if settings.ask_dns else None)


def _signer(settings: Settings) -> Signer:
    """ValueError where a key is missing: tokens under an empty key could be made by anyone."""
    for name in ("signing_keys", "hash_key"):
        if not getattr(settings, name):
            raise ValueError(f"ENVOI_{name.upper()} is missing: docs/operations.md says how to make it.")
    return settings.signer
