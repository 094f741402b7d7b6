"""Imports, counts of who is pending, and files in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from chalicelib.model.erasure import Erasure
from chalicelib.model.errors import NotFound
from chalicelib.model.export import Export
from chalicelib.model.filling import Filling
from chalicelib.model.importing import Import, Rejected
from chalicelib.model.merging import Merge
from chalicelib.model.pending import PendingCount
from chalicelib.model.preflight import Preflight
from chalicelib.model.relabelling import Relabelling
from chalicelib.model.renaming import Renaming
from tests.fakes.tables import Tables, paged, put_new, put_over

LEAST_PART = 5 * 1024 * 1024
ENDED = ("finished", "failed", "cancelled")


@dataclass
class FakeImports:
    tables: Tables

    def create(self, job: Import) -> bool:
        return put_new(self.tables.imports, job.id, job)

    def read(self, import_id: str) -> Import | None:
        return self.tables.imports.get(import_id)

    def update(self, job: Import, expected_version: int) -> bool:
        return put_over(self.tables.imports, job.id, job, expected_version)

    def open(self) -> list[str]:
        return sorted(each.id for each in self.tables.imports.values() if each.state not in ENDED)

    def page(self, limit: int, cursor: str | None) -> tuple[list[Import], str | None]:
        newest = sorted(self.tables.imports.values(), key=lambda each: (each.created_at, each.id), reverse=True)
        return paged(newest, limit, cursor)

    def add_rejected(self, import_id: str, rejected: Sequence[Rejected]) -> None:
        rows = self.tables.rejected.setdefault(import_id, {})
        rows.update({(each.line, each.column): each for each in rejected})

    def rejected(self, import_id: str, limit: int, cursor: str | None) -> tuple[list[Rejected], str | None]:
        rows = self.tables.rejected.get(import_id, {})
        return paged([rows[key] for key in sorted(rows)], limit, cursor)


@dataclass
class FakeCounts:
    tables: Tables

    def create(self, count: PendingCount) -> bool:
        return put_new(self.tables.counts, count.id, count)

    def read(self, count_id: str) -> PendingCount | None:
        return self.tables.counts.get(count_id)

    def update(self, count: PendingCount, expected_version: int) -> bool:
        return put_over(self.tables.counts, count.id, count, expected_version)

    def open(self) -> list[str]:
        return sorted(each.id for each in self.tables.counts.values() if each.state not in ENDED)


@dataclass
class FakeRelabellings:
    tables: Tables

    def create(self, job: Relabelling) -> bool:
        return put_new(self.tables.relabellings, job.id, job)

    def read(self, job_id: str) -> Relabelling | None:
        return self.tables.relabellings.get(job_id)

    def update(self, job: Relabelling, expected_version: int) -> bool:
        return put_over(self.tables.relabellings, job.id, job, expected_version)

    def open(self) -> list[str]:
        return sorted(each.id for each in self.tables.relabellings.values() if each.state not in ENDED)


@dataclass
class FakeRenamings:
    tables: Tables

    def create(self, job: Renaming) -> bool:
        return put_new(self.tables.renamings, job.id, job)

    def read(self, job_id: str) -> Renaming | None:
        return self.tables.renamings.get(job_id)

    def update(self, job: Renaming, expected_version: int) -> bool:
        return put_over(self.tables.renamings, job.id, job, expected_version)

    def open(self) -> list[str]:
        return sorted(each.id for each in self.tables.renamings.values() if each.state not in ENDED)


@dataclass
class FakeMerges:
    tables: Tables

    def create(self, job: Merge) -> bool:
        return put_new(self.tables.merges, job.id, job)

    def read(self, merge_id: str) -> Merge | None:
        return self.tables.merges.get(merge_id)

    def update(self, job: Merge, expected_version: int) -> bool:
        return put_over(self.tables.merges, job.id, job, expected_version)

    def open(self) -> list[str]:
        return sorted(each.id for each in self.tables.merges.values() if each.state not in ENDED)


@dataclass
class FakeFillings:
    tables: Tables

    def create(self, job: Filling) -> bool:
        return put_new(self.tables.fillings, job.id, job)

    def read(self, job_id: str) -> Filling | None:
        return self.tables.fillings.get(job_id)

    def update(self, job: Filling, expected_version: int) -> bool:
        return put_over(self.tables.fillings, job.id, job, expected_version)

    def open(self) -> list[str]:
        return sorted(each.id for each in self.tables.fillings.values() if each.state not in ENDED)


@dataclass
class FakeExports:
    tables: Tables

    def create(self, job: Export) -> bool:
        return put_new(self.tables.exports, job.id, job)

    def read(self, export_id: str) -> Export | None:
        return self.tables.exports.get(export_id)

    def update(self, job: Export, expected_version: int) -> bool:
        return put_over(self.tables.exports, job.id, job, expected_version)

    def open(self) -> list[str]:
        return sorted(each.id for each in self.tables.exports.values() if each.state not in ENDED)

    def page(self, limit: int, cursor: str | None) -> tuple[list[Export], str | None]:
        newest = sorted(self.tables.exports.values(), key=lambda each: (each.created_at, each.id), reverse=True)
        return paged(newest, limit, cursor)


@dataclass
class FakeErasures:
    tables: Tables

    def create(self, job: Erasure) -> bool:
        return put_new(self.tables.erasures, job.id, job)

    def read(self, erasure_id: str) -> Erasure | None:
        return self.tables.erasures.get(erasure_id)

    def update(self, job: Erasure, expected_version: int) -> bool:
        return put_over(self.tables.erasures, job.id, job, expected_version)

    def open(self) -> list[str]:
        return sorted(each.id for each in self.tables.erasures.values() if each.state not in ENDED)

    def page(self, limit: int, cursor: str | None) -> tuple[list[Erasure], str | None]:
        newest = sorted(self.tables.erasures.values(), key=lambda each: (each.created_at, each.id), reverse=True)
        return paged(newest, limit, cursor)


@dataclass
class FakePreflights:
    tables: Tables

    def create(self, job: Preflight) -> bool:
        return put_new(self.tables.preflights, job.id, job)

    def read(self, preflight_id: str) -> Preflight | None:
        return self.tables.preflights.get(preflight_id)

    def update(self, job: Preflight, expected_version: int) -> bool:
        return put_over(self.tables.preflights, job.id, job, expected_version)

    def open(self) -> list[str]:
        return sorted(each.id for each in self.tables.preflights.values() if each.state not in ENDED)


@dataclass
class FakeFiles:
    tables: Tables

    def put(self, name: str, body: bytes, content_type: str) -> None:
        assert content_type
        self.tables.files[name] = bytes(body)

    def read(self, name: str, start: int, length: int) -> bytes:
        if name not in self.tables.files:
            raise NotFound(f"There is no file {name!r}.", field="file")
        return self.tables.files[name][start : start + length]

    def begin(self, name: str, content_type: str) -> str:
        assert content_type
        upload = f"{name} {len(self.tables.uploads)}"
        self.tables.uploads[upload] = {}
        return upload

    def put_part(self, name: str, upload: str, number: int, body: bytes) -> str | None:
        if upload not in self.tables.uploads:
            return None
        self.tables.uploads[upload][number] = body
        return _etag(body)

    def complete(self, name: str, upload: str, etags: Sequence[str]) -> bool:
        if upload not in self.tables.uploads:
            return name in self.tables.files
        parts = self.tables.uploads[upload]
        bodies = [parts.get(number, b"") for number in range(1, len(etags) + 1)]
        if [_etag(each) for each in bodies] != list(etags):
            return False
        assert all(len(each) >= LEAST_PART for each in bodies[:-1]), "S3 takes no smaller part, the last excepted"
        self.tables.files[name] = b"".join(bodies)
        del self.tables.uploads[upload]
        return True

    def give_up(self, name: str, upload: str) -> None:
        assert name
        self.tables.uploads.pop(upload, None)

    def names(self, after: str, limit: int) -> list[str]:
        return sorted(each for each in self.tables.files if each > after)[:limit]

    def delete(self, name: str) -> None:
        self.tables.files.pop(name, None)

    def size(self, name: str) -> int | None:
        body = self.tables.files.get(name)
        return None if body is None else len(body)

    def write(self, name: str, parts: Iterable[bytes], content_type: str) -> int:
        self.put(name, b"".join(parts), content_type)
        return len(self.tables.files[name])

    def download_url(self, name: str, seconds: int, shown_as: str) -> str:
        return f"http://127.0.0.1:9/{name}?expires={seconds}&as={shown_as}"

    def upload_url(self, name: str, seconds: int) -> str:
        return f"http://127.0.0.1:9/{name}?expires={seconds}"


def _etag(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:32]}"'
