import warnings
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.compose import archive
from chalicelib.compose.themes.archive import MAX_FILES, packed, unpacked
from chalicelib.compose.themes.built_in import NAMES, files_of
from chalicelib.model.errors import Fault, Invalid, TooLarge
from chalicelib.model.theme import MAX_ZIP
from tests.compose.themes.zips import HTML, PNG, THEME, zipped

LINK = (0o120777) << 16
TEXT = Random(1).randbytes(142_500).hex().encode()  # a text that cannot be packed well


def test_a_theme_comes_out_as_it_went_in():
    found = unpacked(zipped(THEME))
    assert (found.files, found.skipped) == (THEME, ())


def test_the_same_files_are_the_same_bytes_in_any_order():
    turned = dict(reversed(THEME.items()))
    assert packed(THEME) == packed(turned)
    assert unpacked(packed(THEME)).files == THEME


def test_one_folder_around_everything_is_taken_off():
    inside = {f"spring-1.2/{path}": body for path, body in THEME.items()}
    assert unpacked(zipped(inside)).files == THEME


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("logo.svg", b"<svg/>", "Gmail and Outlook show no SVG"),
        ("a.webp", b"RIFF", "Outlook shows no WebP"),
        ("run.php", b"<?php", "Nothing runs PHP"),
        ("inner.zip", zipped(THEME), "A zip inside a zip is not opened"),
        ("font.woff2", b"wOF2", "A theme holds css, gif"),
        ("README", b"x", "A theme holds"),
        (".DS_Store", b"x", "hidden"),
        ("__MACOSX/._config.json", b"x", "macOS"),
        ("img/b.png", b"<html>", "is something else inside"),
        ("img/b.gif", PNG, "is something else inside"),
        ("img/big.png", PNG + bytes(range(256)) * 9_000, "A picture has at most"),
    ],
)
def test_every_file_that_is_left_out_is_named_with_its_reason(path, body, reason, monkeypatch):
    monkeypatch.setattr(archive, "MAX_RATIO", 10_000)
    found = unpacked(zipped(THEME | {path: body}))
    assert found.files == THEME
    assert [(each.path, reason in each.reason) for each in found.skipped] == [(path, True)]


@pytest.mark.parametrize(
    ("path", "mend"),
    [
        ("../config.json", "leads out"),
        ("html/../../x.html", "leads out"),
        ("/etc/passwd.txt", "leads out"),
        ("..\\x.html", "leads out"),
        ("C:/x.html", "leads out"),
        ("c:x.html", "leads out"),
        ("html//x.html", "no path"),
        ("./x.html", "no path"),
        ("a\nb.html", "no path"),
        ("a\x00b.html", "no path"),
        ("x" * 300 + ".html", "no path"),
    ],
)
def test_paths_stay_in_the_theme(path, mend):
    made = zipped(THEME | {path.replace("\x00", "#"): b"x"})
    if "\x00" in path:
        made = made.replace(b"a#b.html", b"a\x00b.html")
    with pytest.raises(Invalid, match=mend):
        unpacked(made)


def test_links_and_devices_are_refused():
    with pytest.raises(Invalid, match="link or a device"):
        unpacked(zipped({"html/email.html": b"/etc/passwd"}, create_system=3, external_attr=LINK))


def test_encrypted_files_are_refused():
    made = bytearray(zipped({"config.json": b"{}"}))
    made[6] |= 1
    made[made.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Invalid, match="encrypted"):
        unpacked(bytes(made))


def test_a_path_that_stands_twice_is_refused():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = zipped([("config.json", b"{}"), ("config.json", b"[]")])
    with pytest.raises(Invalid, match="stands twice"):
        unpacked(made)


def test_one_name_in_two_compositions_stands_twice():
    with pytest.raises(Invalid, match="stands twice"):
        unpacked(zipped({"é.html": b"x", "e\u0301.html": b"x"}))


@pytest.mark.parametrize(
    ("body", "fault", "mend"),
    [
        (b"", Invalid, "no whole zip"),
        (b"PK\x03\x04 and then nothing", Invalid, "no whole zip"),
        (zipped(THEME)[:-30], Invalid, "no whole zip"),
        (b"x" * (MAX_ZIP + 1), TooLarge, "The zip has"),
        (zipped({f"{n}.html": b"" for n in range(MAX_FILES + 1)}), Invalid, "at most 200 files"),
        (zipped({"a.html": b" " * 10_000_000}), Invalid, "unpacks to more than 100 times"),
        (zipped({f"{n}.html": b" " * 2_000_000 for n in range(10)}), TooLarge, "Unpacked it has 20000000"),
        (zipped({"html/email.html": b"x\n\xff\xfe"}), Invalid, "Line 2: it is not UTF-8"),
        (zipped({"html/email.html": b"x\n\x00"}), Invalid, "Line 2: take out the NUL"),
        (zipped({"html/email.html": TEXT}), TooLarge, "html/email.html has 285000"),
    ],
)
def test_what_is_no_theme_is_refused_with_one_error(body, fault, mend):
    with pytest.raises(fault, match=mend):
        unpacked(body)


def test_a_length_that_lies_is_refused():
    made = zipped({"html/email.html": HTML * 9})
    size = len(HTML * 9).to_bytes(4, "little")
    with pytest.raises(Invalid, match="no whole zip"):
        unpacked(made.replace(size, (len(HTML) - 9).to_bytes(4, "little")))


@pytest.mark.parametrize("name", [b"\xff\xfe.html", b"\x80\x81.html"])
def test_names_that_are_not_utf8_are_refused(name):
    plain = b"aa.html"
    made = zipped({plain.decode(): b"x"}).replace(plain, name)
    with pytest.raises(Invalid):
        unpacked(made)


def test_names_in_utf8_without_the_flag_are_read_as_utf8():
    made = zipped(THEME | {"img/aa.png": PNG}).replace(b"img/aa.png", "img/é.png".encode())
    assert unpacked(made).files["img/é.png"] == PNG


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_zips_raise_nothing_but_faults(data):
    made = bytearray(zipped(THEME))
    for place in data.draw(st.lists(st.integers(0, len(made) - 1), max_size=6)):
        made[place] = data.draw(st.integers(0, 255))
    with suppress(Fault):
        unpacked(bytes(made))


@pytest.mark.parametrize("name", NAMES)
def test_a_built_in_theme_survives_its_own_export(name):
    found = unpacked(packed(files_of(name)))
    assert (found.files, found.skipped) == (dict(files_of(name)), ())
