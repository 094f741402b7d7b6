"""Which text can hardly be read, in the light and in the dark, and the nearest colour that could be."""

import pytest

from chalicelib.compose.proof.colour import colour_of, contrast, readable
from chalicelib.compose.proof.dark import MAX_RULES, dark_rules
from chalicelib.compose.proof.legibility import legibility, unreadable
from chalicelib.compose.proof.page import Page
from chalicelib.model.email import Email
from chalicelib.model.workspace import Workspace

DARK = "@media (prefers-color-scheme: dark)"


def page(html: str) -> Page:
    return Page(Email("", "segment", "", "", "", family=""), Workspace(), html)


def found(html: str) -> list[tuple[bool, str]]:
    return [(each.dark, each.shown) for each in unreadable(page(html))]


def letter(rules: str, body: str = '<p class="ink" style="color:#111;background:#fff">x</p>') -> str:
    return f"<html><head><style>{rules}</style></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("rules", "dark", "reason"),
    [
        (DARK + "{.ink{color:#222 !important;background:#333 !important}}", [(True, "x")], "both from the rules"),
        (DARK + "{.ink{background:#222!important}}", [(True, "x")], "the text stays dark"),
        (DARK + "{.ink{background-color:#222!important}}", [(True, "x")], "behind the shorthand of one's own"),
        (DARK + "{.ink{color:#fff!important;background:#222!important}}", [], "it can be read"),
        (DARK + "{.ink{background:#222}}", [], "what stands inline wins over a rule without !important"),
        ("@media screen and (PREFERS-COLOR-SCHEME:dark){p.ink{background:#222!important}}", [(True, "x")], "words"),
        (DARK + "{/* .ink{} */ p , .other{background:#222!important}}", [(True, "x")], "one of several"),
        (DARK + "{.ink.more{background:#222!important}}", [], "both classes are asked for"),
        (DARK + "{h1{background:#222!important}}", [], "another element"),
        (DARK + "{.a .ink{color:red} .ink{background:#222!important}}", [], "more than we can tell: nothing is said"),
        (DARK + "{.a .ink{margin:0} .ink{background:#222!important}}", [(True, "x")], "no colours: it does not matter"),
        ("@media (prefers-color-scheme: light){.ink{background:#222!important}}", [], "for the light"),
        (".ink{background:#222!important}", [], "what is for everybody is inlined first"),
        (DARK + "{.ink{background:#222!important", [(True, "x")], "never closed: as browsers read it"),
        ((DARK + "{.x{color:red}}") * (MAX_RULES + 1) + DARK + "{.ink{background:#222!important}}", [], "too many"),
    ],
)
def test_in_the_dark(rules, dark, reason):
    assert found(letter(rules)) == dark, reason


def test_both_looks_are_told_once_each():
    paragraph = '<p class="ink" style="color:#ccc;background:#fff">{}</p>'
    rules = DARK + "{.ink{color:#333!important;background:#222!important}}"
    html = letter(rules, paragraph.format("one") + paragraph.format("two"))
    assert found(html) == [(False, "one"), (True, "one")]
    told = [each.message for each in legibility(page(html))]
    assert told == [
        "Contrast 1.6:1 between text and ground, 4.5:1 is needed: 'one'.",
        "Contrast 1.3:1 between text and ground in the dark, 4.5:1 is needed: 'one'.",
    ]


def test_the_mend_is_the_nearest_colour_that_can_be_read():
    finding = next(legibility(page('<p style="color:#ffee00">x</p>')))
    assert finding.mend.startswith("Write #")
    assert finding.mend.endswith(" in place of #ffee00 on #ffffff, or give it another ground.")


@pytest.mark.parametrize("colour", ["#ffee00", "#808080", "#1b4d8f", "#000000", "#ffffff", "#ff00ff"])
@pytest.mark.parametrize("ground", ["#ffffff", "#272c33", "#000000", "#808080", "#e4e5f5"])
def test_every_colour_has_a_shade_that_can_be_read(colour, ground):
    one, other = colour_of(colour), colour_of(ground)
    assert contrast(readable(one, other, 4.5), other) >= 4.5
    if contrast(one, other) >= 4.5:
        assert readable(one, other, 4.5) == one


def test_a_colour_without_any_shade_becomes_black_or_white():
    assert readable((200, 0, 0), (128, 128, 128), 20) == (0, 0, 0)


def test_deep_and_long_letters_are_looked_through():
    rules = DARK + "{" + "".join(f".c{n}{{color:#eee!important}}" for n in range(MAX_RULES)) + "}"
    html = letter(rules, '<b class="c1" style="color:red">' * 500 + "x<i>y</i>" * 20_000)
    assert [dark for dark, _ in found(html)] == [False]


def test_rules_are_read_from_style_elements_alone():
    assert dark_rules(f"<p>{DARK}{{.x{{color:red}}}}</p>") == ()
    assert dark_rules(f"<!--[if mso]><style>{DARK}{{.x{{color:red}}}}</style><![endif]-->") == ()
