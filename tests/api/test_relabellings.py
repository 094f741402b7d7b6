from chalicelib.model.email import Email
from tests.fakes.world import numbered_id

EMAIL = Email(numbered_id(1, "email"), "segment", "News", "Hello", "team@example.com", numbered_id(1))


def test_an_email_is_judged_anew_and_its_job_tells_how_far_it_is(client, world, tables):
    tables.emails[EMAIL.id] = EMAIL
    begun = client("POST", f"/v1/emails/{EMAIL.id}/relabel")
    assert (begun.status, begun.json["state"], begun.json["looked_at"]) == (202, "waiting", 0)
    assert [(hint.kind, hint.args) for hint in world.hints.drain()] == [("relabel", (begun.json["id"],))]
    from app import WORK  # noqa: PLC0415  # the one app of the process
    from chalicelib.store.hint import Relabel  # noqa: PLC0415  # beside it

    WORK[Relabel](world, Relabel(begun.json["id"]))
    job = client("GET", f"/v1/emails/{EMAIL.id}/relabel/{begun.json['id']}")
    assert (job.status, job.json["state"], job.json["changed"]) == (200, "finished", 0)


def test_a_job_is_its_own_emails(client, tables):
    other = numbered_id(2, "email")
    tables.emails[EMAIL.id] = EMAIL
    job = client("POST", f"/v1/emails/{EMAIL.id}/relabel").json["id"]
    assert client("GET", f"/v1/emails/{other}/relabel/{job}").status == 404
    assert client("POST", f"/v1/emails/{other}/relabel").status == 404
