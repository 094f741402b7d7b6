"""The audit log as admins read it: what was done in words, and the way to what it was done to."""

import pytest

from chalicelib.api.console.audit import place
from chalicelib.api.routes import deed
from chalicelib.console.words import known
from chalicelib.model.audit import AuditEntry

EMAIL, PREFLIGHT = "kmjv7bnrd92sf03a", "001llrj7833vomq1"
# What forms and calls ask that changes nothing which a team keeps, or that is noted under another name.
NOT_NOTED = {
    "broadcasts.check",
    "broadcasts.foresee",
    "email_beginning.create",
    "email_editor.publish",
    "email_editor.save",
    "email_editor.test",
    "emails.count_pending",
    "imports.inspect",
    "imports.upload",
    "messages.send",
    "overview.close_steps",
    "preferences.preview",
    "preflights.begin",
    "previews.preview",
    "recurrences.coming",
    "segments.builder",
    "segments.found",
    "segments.preview",
    "signing_in.answer",
    "signing_in.leave",
    "signing_in.look",
    "themes.render",
}


def entry(deed: str, thing: str, kind="member") -> AuditEntry:
    return AuditEntry("id", 0, kind, "id", "Ann", deed, thing)


def deeds(app) -> set[str]:
    """Of all routes that change something, with a key or in the console."""
    entries = (
        entry
        for path, methods in app.routes.items()
        if path.startswith(("/v1", "/console"))
        for method, entry in methods.items()
        if method != "GET"
    )
    return {deed(entry.view_function.__wrapped__) for entry in entries}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_deed_has_words(app, language):
    noted = deeds(app)
    assert noted >= NOT_NOTED
    assert {each for each in noted - NOT_NOTED if known(language, f"deed.{each}", "") == ""} == set()
    assert {each for each in NOT_NOTED if known(language, f"deed.{each}", "")} == set()


def test_what_was_made_is_shown_by_its_words_and_leads_to_its_page(admin, world):
    made = admin.post("/console/contacts/new", {"address": "ann@example.org", "consent": "1"}).to
    seen = admin.get("/console/audit").text
    assert "Added a contact" in seen
    assert f'<a href="{made}"><code>{world.audit.page(1, None)[0][0].thing}</code></a>' in seen


def test_fields_that_were_changed_have_their_names(admin, world):
    world.audit.add(AuditEntry("id", 5, "member", "id", "Ann", "emails.update", EMAIL, ("from_address", "subject")))
    assert "sender, subject" in admin.get("/console/audit").text


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        (entry("emails.publish", EMAIL), f"/console/emails/{EMAIL}"),
        (entry("broadcasts.start", f"{EMAIL} {PREFLIGHT}"), f"/console/emails/{EMAIL}"),
        (entry("broadcasts.pause", EMAIL), f"/console/broadcasts/{EMAIL}"),
        (entry("contacts.update", EMAIL), f"/console/contacts/{EMAIL}"),
        (entry("contacts.update", EMAIL, "key"), ""),
        (entry("segments.delete", EMAIL), ""),
        (entry("members.create", EMAIL), ""),
        (entry("tags.create_tag", ""), ""),
        (entry("fields.update", "city"), ""),
    ],
)
def test_where_it_leads(entry, wanted):
    assert place(entry) == wanted
