import pytest

from chalicelib.model.errors import Invalid
from chalicelib.model.locale import locale_tag

TAGS = [
    ("fr", "fr"),
    ("FR_ch", "fr-CH"),
    ("zh-hant-tw", "zh-Hant-TW"),
    ("es-419", "es-419"),
    ("ca-ES-VALENCIA", "ca-ES-valencia"),
    ("de-1996", "de-1996"),
]


@pytest.mark.parametrize(("text", "tag"), TAGS)
def test_written_as_rfc_5646_does(text, tag):
    assert locale_tag(f" {text} ", "x") == tag


@pytest.mark.parametrize("text", ["", "f", "french", "fr-", "fr--CH", "fr-CH-CH", "français", "fr\nCH", "fr.UTF-8"])
def test_no_tag(text):
    with pytest.raises(Invalid) as caught:
        locale_tag(text, "language")
    assert caught.value.field == "language"
