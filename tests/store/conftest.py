"""A world over the fakes and the same world over DynamoDB, S3 and SQS: one contract for both."""

from collections.abc import Callable
from itertools import count

import pytest

from chalicelib.store.asset_files import AssetFilesStore
from chalicelib.store.audit import AuditStore
from chalicelib.store.broadcasts import BroadcastsStore
from chalicelib.store.budgets import BudgetsStore
from chalicelib.store.chunks import ChunksStore
from chalicelib.store.claims import ClaimsStore
from chalicelib.store.connection import Connection
from chalicelib.store.consents import ConsentsStore
from chalicelib.store.contacts import ContactsStore
from chalicelib.store.counts import CountsStore
from chalicelib.store.dead_letters import DeadLettersStore
from chalicelib.store.decisions import DecisionsStore
from chalicelib.store.edits import EditsStore
from chalicelib.store.emails import EmailsStore
from chalicelib.store.erasures import ErasuresStore
from chalicelib.store.exports import ExportsStore
from chalicelib.store.facts import FactsStore
from chalicelib.store.files import FilesStore
from chalicelib.store.fillings import FillingsStore
from chalicelib.store.hints import HintsStore
from chalicelib.store.imports import ImportsStore
from chalicelib.store.incoming import IncomingStore
from chalicelib.store.links import LinksOverHttp
from chalicelib.store.memberships import MembershipsStore
from chalicelib.store.merges import MergesStore
from chalicelib.store.messages import MessagesStore
from chalicelib.store.preflights import PreflightsStore
from chalicelib.store.recipients import RecipientsStore
from chalicelib.store.relabellings import RelabellingsStore
from chalicelib.store.renamings import RenamingsStore
from chalicelib.store.revisions import RevisionsStore
from chalicelib.store.segment_sizes import SegmentSizesStore
from chalicelib.store.segments import SegmentsStore
from chalicelib.store.sessions import SessionsStore
from chalicelib.store.shelves import shelves
from chalicelib.store.suppressions import SuppressionsStore
from chalicelib.store.themes import ThemeFilesStore
from chalicelib.store.turns import TurnsStore
from chalicelib.work.world import World
from tests.fakes.world import SIGNER, fake_world
from tests.ministack import LocalAws

REGION = "us-east-1"
_workspaces = count(1)


@pytest.fixture(scope="session")
def connect(aws: LocalAws) -> Callable[[], Connection]:
    """A connection of its own, with clients that a test may disturb."""
    return lambda: Connection(REGION, aws.prefix, aws.bucket, endpoint=aws.url)


@pytest.fixture(scope="session")
def connection(connect: Callable[[], Connection]) -> Connection:
    return connect()


@pytest.fixture
def workspace() -> str:
    """Nobody else's: rows of one test are invisible to all others."""
    return f"space-{next(_workspaces)}"


@pytest.fixture
def real_world(connection: Connection, aws: LocalAws, workspace: str) -> World:
    return world_over(connection, workspace, aws.bucket_url)


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.real)])
def world(request: pytest.FixtureRequest) -> World:
    if request.param == "fake":
        return fake_world()
    real: World = request.getfixturevalue("real_world")
    return real


def world_over(connection: Connection, workspace: str, bucket_url: str = "http://127.0.0.1:9") -> World:
    return fake_world(
        contacts=ContactsStore(connection, workspace),
        segments=SegmentsStore(connection, workspace),
        memberships=MembershipsStore(connection, workspace),
        segment_sizes=SegmentSizesStore(connection, workspace),
        fillings=FillingsStore(connection, workspace),
        emails=EmailsStore(connection, workspace),
        revisions=RevisionsStore(connection, workspace),
        links=LinksOverHttp(bucket_url, workspace),
        broadcasts=BroadcastsStore(connection, workspace),
        chunks=ChunksStore(connection, workspace),
        dead_letters=DeadLettersStore(connection, workspace),
        decisions=DecisionsStore(connection, workspace),
        recipients=RecipientsStore(connection, workspace, SIGNER),
        turns=TurnsStore(connection, workspace),
        messages=MessagesStore(connection, workspace),
        facts=FactsStore(connection, workspace),
        suppressions=SuppressionsStore(connection, workspace),
        claims=ClaimsStore(connection, workspace),
        merges=MergesStore(connection, workspace),
        erasures=ErasuresStore(connection, workspace),
        exports=ExportsStore(connection, workspace),
        edits=EditsStore(connection, workspace),
        consents=ConsentsStore(connection, workspace),
        budgets=BudgetsStore(connection, workspace),
        imports=ImportsStore(connection, workspace),
        counts=CountsStore(connection, workspace),
        relabellings=RelabellingsStore(connection, workspace),
        renamings=RenamingsStore(connection, workspace),
        files=FilesStore(connection, workspace),
        **shelves(connection, workspace),
        sessions=SessionsStore(connection, workspace),
        audit=AuditStore(connection, workspace),
        preflights=PreflightsStore(connection, workspace),
        asset_files=AssetFilesStore(connection, workspace),
        theme_files=ThemeFilesStore(connection, workspace),
        hints=HintsStore(connection, workspace),
        incoming=IncomingStore(connection, workspace),
    )
