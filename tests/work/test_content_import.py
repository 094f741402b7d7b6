import pytest

from chalicelib.model.asset import place_of
from chalicelib.model.errors import Conflict, Invalid, NotFound, TooLarge
from chalicelib.work import emails
from chalicelib.work.content_import import MAX_BODY, MAX_UPLOAD, Brought, bring, bring_upload
from tests.compose.page_import.brought import GIF, PNG, html_part, mail, part
from tests.compose.themes.zips import zipped
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id

DRAFT = {"kind": "template", "name": "Spring", "subject": "Hello", "from_address": "team@example.com", "html": "old"}
HTML = b"<link rel=stylesheet href=a.css><img src=i/a.png><img src=i/copy.png><img src=none.png><img src=i/b.gif>"
ZIP = zipped(
    {"mail.html": HTML, "a.css": b"p{b:url(i/b.gif)}", "i/a.png": PNG, "i/copy.png": PNG, "i/b.gif": GIF, "x.js": b"x"}
)


@pytest.fixture
def tables():
    return Tables()


@pytest.fixture
def world(tables):
    return fake_world(tables=tables)


@pytest.fixture
def email(world):
    return emails.create(world, DRAFT)


def address(asset):
    return f"https://files.example.com/{place_of('main', asset)}"


def test_a_zip_becomes_the_html_with_its_pictures_as_assets(world, email, tables):
    done = bring(world, email.id, Brought(ZIP), email.version)
    found = {each.path: each.asset for each in done.pictures}
    a, b = address(found["i/a.png"]), address(found["i/b.gif"])
    assert emails.read(world, email.id) == done.email
    assert done.email.html == (
        f"<style>p{{b:url({b})}}</style><img src={a}><img src={a}><img src=none.png><img src={b}>"
    )
    assert done.email.version == email.version + 1
    assert tables.files[place_of("main", found["i/a.png"])] == PNG


def test_every_file_is_accounted_for(world, email):
    done = bring(world, email.id, Brought(ZIP))
    told = [done.page, *done.styles, *(each.path for each in (*done.pictures, *done.skipped))]
    assert sorted(told) == ["a.css", "i/a.png", "i/b.gif", "i/copy.png", "mail.html", "x.js"]
    assert [(each.path, each.line) for each in done.missing] == [("none.png", 1)]


def test_the_same_content_is_one_asset_however_often_it_comes(world, email):
    first, again = bring(world, email.id, Brought(ZIP)), bring(world, email.id, Brought(ZIP))
    assert first.pictures == again.pictures
    assert len({each.asset.id for each in first.pictures}) == 2
    assert len(world.assets.page(10, None)[0]) == 2


@pytest.mark.parametrize(
    ("brought", "field", "becomes"),
    [
        (Brought(b"<p>\xe9</p>", "html", charset="iso-8859-1"), "html", "<p>é</p>"),
        (Brought(b"<p>x</p>", name="a.htm"), "html", "<p>x</p>"),
        (Brought(b"<p>x</p>"), "html", "<p>x</p>"),
        (Brought(b"<mjml></mjml>", name="a.mjml"), "mjml", "<mjml></mjml>"),
        (Brought(zipped({"a.mjml": b"<mjml></mjml>"})), "mjml", "<mjml></mjml>"),
        (Brought(mail(html_part("<p>y</p>"))), "html", "<p>y</p>"),
        (Brought(html_part("<p>y</p>"), name="a.mht"), "html", "<p>y</p>"),
    ],
)
def test_each_form_is_known(world, email, brought, field, becomes):
    done = bring(world, email.id, brought)
    assert {"html": done.email.html, "mjml": done.email.mjml} == {"html": "", "mjml": "", field: becomes}


def test_the_pictures_of_a_saved_page(world, email):
    saved = mail(html_part('<img src="cid:logo@x">'), part(PNG, "Content-ID: <logo@x>"))
    done = bring(world, email.id, Brought(saved))
    assert [(each.path, each.asset.name) for each in done.pictures] == [("cid:logo@x", "logo-x.png")]
    assert done.email.html == f'<img src="{address(done.pictures[0].asset)}">'


def test_an_upload_may_be_larger_than_a_body(world, email):
    large = zipped({"a.html": b"<p>x</p>", "b.png": PNG + b"x" * MAX_BODY}, compress_type=0)
    with pytest.raises(TooLarge):
        bring(world, email.id, Brought(large))
    world.files.put("up", large, "application/zip")
    assert bring_upload(world, email.id, "up").email.html == "<p>x</p>"


@pytest.mark.parametrize(
    ("body", "fault", "field"),
    [(None, NotFound, "upload"), (b"x" * (MAX_UPLOAD + 1), TooLarge, "upload"), (b"PK\x03\x04", Invalid, "body")],
)
def test_an_upload_that_cannot_be_taken(world, email, body, fault, field):
    if body is not None:
        world.files.put("up", body, "application/zip")
    with pytest.raises(fault) as raised:
        bring_upload(world, email.id, "up")
    assert raised.value.field == field


@pytest.mark.parametrize(
    ("brought", "fault", "mend"),
    [
        (Brought(b" \n"), Invalid, "The page is empty"),
        (Brought(b"x", name="a.exe"), Invalid, "files that end in html, htm"),
        (Brought(b"<p>" * 100_000), TooLarge, "Make it shorter"),
        (Brought(b"x" * 1_048_577), TooLarge, "shorten the page"),
        (Brought(b"x", "zip"), Invalid, "no whole zip"),
        (Brought(b"\xff"), Invalid, "save it as UTF-8"),
    ],
)
def test_what_cannot_be_taken_leaves_the_draft_alone(world, email, brought, fault, mend):
    with pytest.raises(fault) as raised:
        bring(world, email.id, brought)
    assert mend in raised.value.hint
    assert emails.read(world, email.id) == email


def test_an_old_version_is_refused_and_an_unknown_email_not_found(world, email):
    with pytest.raises(Conflict):
        bring(world, email.id, Brought(ZIP), email.version + 1)
    assert emails.read(world, email.id) == email
    with pytest.raises(NotFound):
        bring(world, numbered_id(9), Brought(b"x"))
