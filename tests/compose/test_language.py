import pytest

from chalicelib.compose.language import MAX_LANGUAGE, direction, language_tag
from chalicelib.model.errors import Invalid


@pytest.mark.parametrize(
    ("written", "tag"), [("", ""), ("en", "en"), (" pt_BR ", "pt-BR"), ("zh-Hant-TW", "zh-Hant-TW")]
)
def test_tags(written, tag):
    assert language_tag(written) == tag


@pytest.mark.parametrize("written", ["e", "english speaking", 'en" x="', "en-", "-en", "en" + "-x" * MAX_LANGUAGE, "é"])
def test_what_is_no_tag_is_refused(written):
    with pytest.raises(Invalid, match=r"language: .* Write a language tag, such as en, pt-BR or zh-Hant\."):
        language_tag(written)


@pytest.mark.parametrize(
    ("tag", "way", "reason"),
    [
        ("", "ltr", "unknown"),
        ("en", "ltr", "Latin"),
        ("ar", "rtl", "Arabic"),
        ("AR-eg", "rtl", "whatever the case, with a region"),
        ("he", "rtl", "Hebrew"),
        ("fa", "rtl", "Persian"),
        ("ur-Latn", "ltr", "the script tells"),
        ("az-Arab-IR", "rtl", "the script tells"),
        ("arn", "ltr", "not every language that begins so"),
    ],
)
def test_directions(tag, way, reason):
    assert direction(tag) == way, reason
