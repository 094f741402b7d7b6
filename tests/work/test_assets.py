import pytest

from chalicelib.model.asset import MAX_SIZE
from chalicelib.model.errors import Invalid, NotFound, TooLarge
from chalicelib.work import assets
from tests.fakes.world import fake_world

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20


@pytest.fixture
def world():
    return fake_world()


def test_a_picture_is_kept_and_read(world):
    made = assets.create(world, "logo.png", PNG)
    assert (made.content_type, made.size, made.public) == ("image/png", len(PNG), True)
    assert assets.read(world, made.id) == made
    assert world.asset_files.read(made) == PNG
    assert assets.page(world, 10, None) == ([made], None)


def test_the_same_file_twice_is_one_asset(world):
    first = assets.create(world, "logo.png", PNG)
    assert assets.create(world, "logo.png", PNG) == first
    assert assets.create(world, "other.png", PNG).id != first.id
    assert assets.create(world, "logo.png", PNG, public=False).id != first.id


def test_one_that_was_uploaded_before(world):
    world.files.put("put-there", PNG, "image/png")
    assert assets.create_from_upload(world, "put-there", "logo.png").size == len(PNG)
    with pytest.raises(NotFound):
        assets.create_from_upload(world, "nowhere", "logo.png")


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        (None, PNG, "name"),
        ("", PNG, "name"),
        ("logo", PNG, "name"),
        ("../logo.png", PNG, "name"),
        ("a/b.png", PNG, "name"),
        (".png", PNG, "name"),
        ("x" * 120 + ".png", PNG, "name"),
        ("page.html", b"<script>", "name"),
        ("drawing.svg", b"<svg/>", "name"),
        ("tool.exe", b"MZ", "name"),
        ("logo.png", b"", "body"),
        ("logo.png", b"GIF89a", "body"),
        ("terms.pdf", b"<html>", "body"),
    ],
)
def test_what_cannot_be_kept_is_refused(world, name, body, field):
    with pytest.raises(Invalid) as refused:
        assets.create(world, name, body)
    assert refused.value.field == field
    assert world.asset_files.tables.files == {}


def test_what_is_too_large_is_refused_before_it_is_read(world):
    world.files.put("large", b"x" * (MAX_SIZE + 1), "text/plain")
    with pytest.raises(TooLarge):
        assets.create_from_upload(world, "large", "large.txt")


def test_a_deleted_one_is_gone_with_its_content(world):
    made = assets.create(world, "logo.png", PNG)
    assets.delete(world, made.id)
    with pytest.raises(NotFound):
        assets.read(world, made.id)
    assert world.asset_files.read(made) is None


ZIP, BOM = b"PK\x03\x04rest", b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("a.webp", b"RIFF0000WEBPVP8 ", b"RIFF0000WAVEfmt "),
        ("a.docx", ZIP, b"\xd0\xcf\x11\xe0"),
        ("a.xlsx", ZIP, b"a,b"),
        ("a.ods", ZIP, b"<svg/>"),
        ("a.mp4", b"\x00\x00\x00\x20ftypisom", b"\x1aE\xdf\xa3"),
        ("a.mp3", b"ID3\x04", b"RIFF"),
        ("a.mp3", b"\xff\xfb\x90", b"\xff\x1f"),
        ("a.ics", BOM + b"\r\nBegin:VCalendar\r\n", b"BEGIN:VCARD"),
        ("a.vcf", b"BEGIN:VCARD", b"x"),
        ("a.csv", BOM + b"a,b\n", b"a\x00b"),
        ("a.txt", "\ufeffhé".encode("utf-16-le"), b"\x89PNG\x00"),
    ],
)
def test_a_content_of_another_kind_than_its_name_is_refused(name, right, wrong):
    world = fake_world()
    assert assets.create(world, name, right).name == name
    with pytest.raises(Invalid, match=r"This is not what a\..* says that it is") as caught:
        assets.create(world, name, wrong)
    assert caught.value.field == "body"


def test_an_empty_file_is_called_so():
    with pytest.raises(Invalid, match="The file is empty"):
        assets.create(fake_world(), "a.txt", b"")
