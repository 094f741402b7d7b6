import pytest

from chalicelib.compose.page_import.zipped import page_of_zip
from chalicelib.model.errors import Invalid, TooLarge
from tests.compose.page_import.brought import PAGE, PNG
from tests.compose.themes.zips import zipped

LIMIT = 1_000_000


@pytest.mark.parametrize(
    ("paths", "chosen", "reason"),
    [
        (["mail.html"], "mail.html", "there is one"),
        (["a/b/mail.HTM"], "a/b/mail.HTM", "wherever it is"),
        (["mail.mjml"], "mail.mjml", "MJML is a page too"),
        (["a.html", "index.html"], "index.html", "of several, index.html"),
        (["news/a.html", "news/Index.html"], "news/Index.html", "in the one folder around everything too"),
        (["Page.html", "Page_files/saved_resource.html"], "Page.html", "a browser's frames are deeper"),
        (["__MACOSX/._mail.html", "x/mail.html", "x/.b.html"], "x/mail.html", "notes of the system are no pages"),
    ],
)
def test_which_page_is_taken(paths, chosen, reason):
    page = page_of_zip(zipped(dict.fromkeys(paths, PAGE) | {"img/a.png": PNG}), LIMIT)
    assert page.path == chosen, reason
    assert page.text == PAGE.decode()
    assert set(page.files) == {*paths, "img/a.png"} - {chosen}


@pytest.mark.parametrize(
    ("files", "mend", "shown"),
    [
        ({"a.png": PNG}, "has no page", "null"),
        ({"a.html": PAGE, "b.html": PAGE, "c/index.html": PAGE}, "has 2 pages", "a.html, b.html"),
        ({"a.html": PAGE, "../b.png": PNG}, "leads out", "../b.png"),
        ({"a.html": b" " * 10_000_000}, "100 times", "a.html"),
        ({f"{n}.html": b"" for n in range(501)}, "at most 500", "501 files"),
    ],
)
def test_what_is_refused_is_named(files, mend, shown):
    with pytest.raises(Invalid) as fault:
        page_of_zip(zipped(files), LIMIT)
    assert (mend in fault.value.hint, shown in fault.value.message) == (True, True), fault.value.message


@pytest.mark.parametrize("body", [b"x" * (LIMIT + 1), zipped({"a.html": bytes(range(256)) * 4_097}, compress_type=0)])
def test_what_is_too_large_is_refused(body):
    with pytest.raises(TooLarge) as fault:
        page_of_zip(body, 2_000_000 if body.startswith(b"PK") else LIMIT)
    assert "bytes are taken" in fault.value.hint
