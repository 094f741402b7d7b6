import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.compose.page_import.picture import asset_name, kind_of
from chalicelib.work.assets import checked_name
from tests.compose.page_import.brought import GIF, PNG, WEBP


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("img/Logo.PNG", PNG, "Logo.PNG"),
        ("img/logo.jpg", PNG, "logo.png"),
        ("https://a.example/x/pic.php?id=3", GIF, "pic.gif"),
        ("https://a.example/", WEBP, "picture.webp"),
        ("cid:image001.png@01DB", PNG, "image001.png"),
        ("cid:abc@x", PNG, "abc-x.png"),
        ("a%20b.png", PNG, "a b.png"),
        ("_été.png", PNG, "été.png"),
        ("photo.jpeg", b"\xff\xd8\xff\xe0", "photo.jpeg"),
    ],
)
def test_names_of_assets(path, body, name):
    assert asset_name(path, body) == name


@given(st.text(max_size=300))
def test_any_path_becomes_a_name_that_assets_may_have(path):
    assert checked_name(asset_name(path, PNG))


def test_riff_is_more_than_webp():
    assert (kind_of(WEBP), kind_of(b"RIFF\x10\x00\x00\x00WAVE")) == ("webp", "")
