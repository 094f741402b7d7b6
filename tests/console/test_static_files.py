"""Names that their content makes, files that are known, and no page that asks anybody else."""

import gzip
import re

import pytest

from chalicelib.console.frame import FOLDER
from chalicelib.console.static_files import FOLDER as STATIC
from chalicelib.console.static_files import deployed, place

FAR = re.compile(r"""(?:src|href|action)=["']?(?:https?:)?//""")
OWN_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style", re.IGNORECASE)


def test_a_name_is_made_of_the_content():
    [sheet] = [each for each in deployed() if each.place == place("console.css")]
    assert re.fullmatch(r"public/console/console\.[0-9a-f]{16}\.css", sheet.place)
    assert gzip.decompress(sheet.body) == (STATIC / "console.css").read_bytes()
    assert sheet.content_type == "text/css; charset=utf-8"


def test_all_that_is_deployed_has_a_place_of_its_own():
    places = [each.place for each in deployed()]
    assert len(places) == len(set(places)) >= 5


def test_the_same_content_is_the_same_object():
    assert list(deployed()) == list(deployed())


def test_what_others_wrote_is_named_with_its_licence():
    said = (STATIC / "vendor" / "VENDORED.txt").read_text()
    for path in (STATIC / "vendor").iterdir():
        assert path.name in said or path.name == "VENDORED.txt"


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.html")), ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_template_asks_anybody_else_or_brings_its_own_script_or_style(path):
    text = path.read_text()
    assert not FAR.findall(text)
    assert not OWN_SCRIPT.findall(text)
