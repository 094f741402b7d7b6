"""E-mails, revisions and link tables in memory."""

from dataclasses import dataclass, replace

from chalicelib.compose.revision import Revision
from chalicelib.model.email import Email
from chalicelib.model.errors import Conflict
from chalicelib.model.version import Version
from tests.fakes.tables import Tables, drop, paged, put_new, put_over


@dataclass
class FakeEmails:
    tables: Tables

    def create(self, email: Email) -> bool:
        return put_new(self.tables.emails, email.id, email)

    def read(self, email_id: str) -> Email | None:
        return self.tables.emails.get(email_id)

    def update(self, email: Email, expected_version: int) -> bool:
        return put_over(self.tables.emails, email.id, email, expected_version)

    def publish(self, email: Email, expected_version: int, by: str) -> bool:
        won = self.update(email, expected_version)
        if won:
            self.tables.versions[email.id, email.revision] = Version(email, by)
        return won

    def versions(self, email_id: str, limit: int, cursor: str | None) -> tuple[list[Version], str | None]:
        found = [each for (owner, _), each in sorted(self.tables.versions.items()) if owner == email_id]
        shown = [replace(each, email=without_bodies(each.email)) for each in reversed(found)]
        return paged(shown, limit, cursor)

    def version(self, email_id: str, number: int) -> Version | None:
        return self.tables.versions.get((email_id, number))

    def delete(self, email: Email) -> bool:
        return drop(self.tables.emails, email.id, email.version)

    def family(self, family: str) -> list[Email]:
        others = [each for each in self.tables.emails.values() if each.family == family != each.id]
        return [without_bodies(each) for each in sorted(others, key=lambda each: (each.created_at, each.id))]

    def page(self, limit: int, cursor: str | None) -> tuple[list[Email], str | None]:
        rows = self.tables.emails
        return paged([without_bodies(rows[each]) for each in sorted(rows)], limit, cursor)


def without_bodies(email: Email) -> Email:
    return replace(email, html="", text="", mjml="", blocks=())


@dataclass
class FakeRevisions:
    tables: Tables

    def put(self, revision: Revision) -> None:
        if not put_new(self.tables.revisions, (revision.email, revision.number), revision):
            raise Conflict(f"Revision {revision.number} of {revision.email} has other content.", field="number")

    def read(self, email_id: str, number: int) -> Revision | None:
        return self.tables.revisions.get((email_id, number))


@dataclass
class FakeLinks:
    tables: Tables

    def read(self, email_id: str, number: int) -> tuple[str, ...] | None:
        revision = self.tables.revisions.get((email_id, number))
        return None if revision is None else revision.links
