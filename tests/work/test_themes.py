import json
from dataclasses import replace

import pytest

from chalicelib.compose.themes.archive import unpacked
from chalicelib.compose.themes.built_in import NAMES
from chalicelib.model.errors import Conflict, Fault, Invalid, NotFound, TooLarge
from chalicelib.model.theme import Theme
from chalicelib.model.workspace import Workspace
from chalicelib.work import theme_writing, themes
from chalicelib.work.theme_drafting import Draft
from tests.compose.themes.zips import HTML, PNG, THEME, zipped
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world
from tests.store.pages import all_pages

TWIG = "<p>{{ heading|default('Hello') }} {contactfield=firstname|you}</p><i>{{ company|default('We') }}</i>"


@pytest.fixture
def tables():
    return Tables()


@pytest.fixture
def world(tables):
    return fake_world(tables=tables)


@pytest.fixture
def spring(world) -> Theme:
    return theme_writing.create_from_zip(world, zipped(THEME), "spring").theme


def test_the_built_in_ones_come_first_then_the_teams_by_name(world):
    for name in ("zinnia", "aster"):
        theme_writing.create(world, name, Draft(html="<p>x"))
    for limit in (1, 3, len(NAMES), len(NAMES) + 1, 50):
        shown = all_pages(lambda cursor, limit=limit: themes.page(world, limit, cursor), limit)
        assert [theme.id for theme in shown] == [*NAMES, "aster", "zinnia"]
        assert [theme.built_in for theme in shown] == [True] * len(NAMES) + [False] * 2


def test_a_cursor_of_another_list_is_refused(world):
    for cursor in ("built-in.none", "built-in.", "nonsense"):
        with pytest.raises(Invalid, match="cursor"):
            themes.page(world, 5, cursor)


def test_a_zip_becomes_a_theme(world, tables, spring):
    assert (spring.id, spring.title, spring.author, spring.format, spring.version) == (
        "spring",
        "Spring",
        "Ann",
        "html",
        1,
    )
    assert [(each.path, each.public) for each in spring.files] == [
        ("config.json", False),
        ("html/email.html.twig", False),
        ("img/a.png", True),
        ("thumbnail.png", False),
    ]
    assert themes.read(world, "spring") == spring
    place = f"public/themes/main/spring/{spring.content[:32]}/img/a.png"
    assert tables.theme_files[place] == PNG
    assert len(tables.theme_files) == 2, "the zip and the one public picture"
    assert themes.preview(world, "spring") == PNG
    assert unpacked(themes.export(world, "spring")).files == THEME


def test_its_pictures_are_named_by_their_public_address(world, spring):
    begun = themes.begin(world, "spring", {})
    address = f"https://files.example.com/public/themes/main/spring/{spring.content[:32]}/img/a.png"
    assert begun.source == HTML.decode().replace("img/a.png", address)
    assert (begun.format, begun.cautions) == ("html", ())


def test_a_name_is_made_of_the_title_where_none_is_given(world):
    assert theme_writing.create_from_zip(world, zipped(THEME), None).theme.id == "spring"
    titled = THEME | {"config.json": json.dumps({"name": "春"}).encode()}
    with pytest.raises(Invalid, match="No name can be made"):
        theme_writing.create_from_zip(world, zipped(titled), None)


def test_every_skipped_file_is_named(world):
    done = theme_writing.create_from_zip(world, zipped(THEME | {"a.svg": b"<svg/>", "b.php": b"x"}), "spring")
    assert [each.path for each in done.skipped] == ["a.svg", "b.php"]


def test_begin_fills_values_over_the_workspaces_over_the_themes(world):
    theme_writing.create(world, "plain", Draft(twig=TWIG))
    assert themes.begin(world, "plain", {}).source == "<p>Hello {contactfield=firstname|you}</p><i>We</i>"
    world.workspaces.create(Workspace(name="Fennel & Oak", zone="Europe/Paris", version=1))
    assert "<i>Fennel &amp; Oak</i>" in themes.begin(world, "plain", {}).source
    begun = themes.begin(world, "plain", {"heading": "<b>", "company": "Us", "nonsense": 1})
    assert begun.source == "<p>&lt;b&gt; {contactfield=firstname|you}</p><i>Us</i>"
    assert [each.where for each in begun.cautions] == ["values.nonsense"]
    assert "company, heading" in begun.cautions[0].mend


def test_a_colour_that_nobody_chose_is_no_brand(world):
    assert Workspace().colour not in themes.begin(world, "welcome", {}).source
    world.workspaces.create(Workspace(colour="#123456", version=1))
    assert "#123456" in themes.begin(world, "welcome", {}).source


@pytest.mark.parametrize(
    ("values", "fault"),
    [({"a b": 1}, Invalid), ({"": 1}, Invalid), ({"_self": 1}, Invalid), ({"a": "x" * 70_000}, TooLarge)],
)
def test_values_have_names_and_a_limit(world, values, fault):
    with pytest.raises(fault, match="values"):
        themes.begin(world, "letter", values)


def test_mjml_stays_mjml(world):
    source = "<mjml><mj-body>{{ a|default('x') }}</mj-body></mjml>"
    assert theme_writing.create(world, "a", Draft(twig=source)).theme.format == "mjml"
    assert theme_writing.create(world, "b", Draft(mjml="<mjml></mjml>")).theme.entry == "html/email.mjml"
    begun = themes.begin(world, "a", {})
    assert (begun.format, begun.source) == ("mjml", "<mjml><mj-body>x</mj-body></mjml>")


def test_what_is_not_twig_goes_out_as_it_is(world):
    theme_writing.create(world, "a", Draft(html="<p>{{ mustache }}</p>"))
    assert themes.begin(world, "a", {}).source == "<p>{{ mustache }}</p>"


def test_values_of_a_theme(world):
    theme_writing.create(world, "plain", Draft(twig=TWIG + "{{ other }}"))
    assert themes.values_of(world, "plain") == {"heading": "Hello", "company": "We", "other": None}
    assert themes.values_of(world, "welcome")["brand"] == "#1f6b52"


def test_a_broken_source_is_refused_before_it_is_stored(world, tables):
    with pytest.raises(Invalid, match="Line 2") as refused:
        theme_writing.create(world, "plain", Draft(twig="a\n{{ a|nope }}"))
    assert refused.value.field == "html/email.html.twig"
    assert (tables.theme_files, tables.shelves["themes"]) == ({}, {})


@pytest.mark.parametrize(
    ("name", "draft", "field"),
    [
        ("Spring", Draft(html="x"), "name"),
        ("", Draft(html="x"), "name"),
        ("a" * 61, Draft(html="x"), "name"),
        ("a", Draft(), "html"),
        ("a", Draft(html="x", twig="y"), "html"),
        ("a", Draft(html=" "), "html"),
        ("a", Draft(html="x", parts={"../a.twig": "x"}), "parts"),
        ("a", Draft(html="x", parts={"a.png": "x"}), "parts"),
        ("a", Draft(html="x", parts={"config.json": "{}"}), "parts"),
        ("a", Draft(html="x", parts={"html/email.mjml": "x"}), "parts"),
        ("a", Draft(html="x\ud800"), "html"),
        ("a", Draft(html="x" * 300_000), "html"),
        ("a", Draft(html="x", author_url="x"), "author_url"),
        ("a", Draft(html="x", title="a\nb"), "title"),
        ("a", Draft(html="x", title=""), "title"),
        ("a", Draft(html="x", author="x" * 121), "author"),
        ("a", Draft(copy_of="none"), "copy_of"),
    ],
)
def test_what_cannot_be_taken_is_named(world, name, draft, field):
    with pytest.raises(Fault) as refused:
        theme_writing.create(world, name, draft)
    assert refused.value.field == field


def test_a_copy_of_a_built_in_theme_is_ones_own(world):
    done = theme_writing.create(world, "mine", Draft(copy_of="welcome", title="Mine", author="Ann"))
    assert (done.theme.title, done.theme.author, done.theme.built_in) == ("Mine", "Ann", False)
    assert done.cautions == ()
    assert themes.begin(world, "mine", {}).source == themes.begin(world, "welcome", {}).source
    assert themes.preview(world, "mine") == themes.preview(world, "welcome")


@pytest.mark.parametrize("name", NAMES)
def test_built_in_themes_are_protected(world, name):
    attempts = (
        lambda: theme_writing.create(world, name, Draft(html="x")),
        lambda: theme_writing.create_from_zip(world, zipped(THEME), name),
        lambda: theme_writing.update(world, name, Draft(html="x"), None),
        lambda: theme_writing.replace_by_zip(world, name, zipped(THEME), None),
        lambda: theme_writing.delete(world, name),
    )
    for attempt in attempts:
        with pytest.raises(Conflict, match="comes with Envoi") as refused:
            attempt()
        assert f'"copy_of": "{name}"' in str(refused.value.hint)


def test_a_name_is_given_once(world, spring):
    with pytest.raises(Conflict, match="already"):
        theme_writing.create(world, spring.id, Draft(html="x"))


def test_an_update_keeps_what_it_does_not_name(world, spring):
    done = theme_writing.update(
        world, "spring", Draft(twig="<b>{% include 'html/p.twig' %}", parts={"html/p.twig": "P"}), 1
    )
    assert (done.theme.version, done.theme.title, done.theme.author) == (2, "Spring", "Ann")
    assert done.theme.created_at == spring.created_at
    assert themes.begin(world, "spring", {}).source == "<b>P"
    assert "img/a.png" in [each.path for each in done.theme.files]
    without = theme_writing.update(world, "spring", Draft(html="<i>", parts={"html/p.twig": None}), 2)
    assert (without.theme.entry, without.theme.version) == ("html/email.html", 3)
    assert {"html/p.twig", "html/email.html.twig"} & {each.path for each in without.theme.files} == set()


@pytest.mark.usefixtures("spring")
def test_letters_begun_before_an_update_keep_their_pictures(world, tables):
    before = dict(tables.theme_files)
    theme_writing.replace_by_zip(world, "spring", zipped(THEME | {"img/a.png": PNG + b"2"}), None)
    assert before.items() <= tables.theme_files.items()
    theme_writing.delete(world, "spring")
    assert before.items() <= tables.theme_files.items()


def test_the_same_zip_again_changes_nothing(world, spring):
    assert theme_writing.replace_by_zip(world, "spring", zipped(THEME), 1).theme == spring


@pytest.mark.usefixtures("spring")
def test_versions_are_expected(world):
    with pytest.raises(Conflict, match="changed meanwhile"):
        theme_writing.update(world, "spring", Draft(html="x"), 7)
    with pytest.raises(Invalid, match="Only a new theme"):
        theme_writing.update(world, "spring", Draft(copy_of="letter"), None)


def test_somebody_elses_write_in_between_is_noticed(world, spring, monkeypatch):
    newer = replace(spring, version=2)
    monkeypatch.setattr(world.themes, "read", lambda _: spring)
    assert world.themes.update(newer, 1)
    with pytest.raises(Conflict, match="changed meanwhile"):
        theme_writing.update(world, "spring", Draft(html="x"), None)
    with pytest.raises(Conflict, match="changed meanwhile"):
        theme_writing.delete(world, "spring")


@pytest.mark.usefixtures("spring")
def test_what_is_gone_is_not_found(world, tables):
    tables.theme_files.clear()
    with pytest.raises(NotFound, match="gone from the bucket"):
        themes.export(world, "spring")
    theme_writing.delete(world, "spring")
    for name in ("spring", "../x", ""):
        with pytest.raises(NotFound, match="no theme"):
            themes.read(world, name)


def test_a_theme_without_a_picture_says_how_to_give_it_one(world):
    theme_writing.create(world, "plain", Draft(html="x"))
    with pytest.raises(NotFound, match="no picture") as refused:
        themes.preview(world, "plain")
    assert "thumbnail.png" in str(refused.value.hint)


def test_a_teams_pale_colour_gets_words_and_links_that_can_be_read(world):
    world.workspaces.create(Workspace(colour="#ffee00"))
    begun = themes.begin(world, "newsletter", {})
    assert "background-color: #ffee00" in begun.source
    assert " color: #ffffff" not in begun.source
    assert begun.cautions == ()


def test_a_colour_that_cannot_be_read_is_cautioned_about(world):
    begun = themes.begin(world, "welcome", {"brand": "#ffee00", "brand_text": "#ffffff"})
    assert [each.where for each in begun.cautions] == ["values.brand_text"]


def test_what_is_no_colour_is_refused(world):
    with pytest.raises(Invalid, match=r"values\.brand: 'reddish' cannot be taken"):
        themes.begin(world, "welcome", {"brand": "reddish"})


def test_a_theme_that_could_not_be_published_is_doubted_at_once(world):
    written = theme_writing.create(world, "m", Draft(mjml="<mjml><mj-body><mj-text>x</mj-text></mj-body></mjml>"))
    assert [each.where for each in written.cautions] == ["mjml"]
    assert "could not be published as it is" in written.cautions[0].message
    fine = Draft(mjml="<mjml><mj-body><mj-section/></mj-body></mjml>")
    assert theme_writing.update(world, "m", fine, None).cautions == ()


def test_a_theme_that_is_to_be_copied_and_is_not_there_is_named_by_its_field(world):
    with pytest.raises(NotFound) as caught:
        theme_writing.create(world, "m", Draft(copy_of="none"))
    assert caught.value.field == "copy_of"


def test_a_letter_has_the_language_of_its_e_mail_and_that_ones_direction(world):
    assert '<html lang="en" dir="ltr"' in themes.begin(world, "event", {}).source
    assert '<html lang="pt-BR" dir="ltr"' in themes.begin(world, "event", {}, "pt_BR").source
    arabic = themes.begin(world, "event", {}, "ar").source
    assert '<html lang="ar" dir="rtl"' in arabic
    assert "padding: 4px 0 0 24px" in arabic
    assert '<html lang="ar" dir="ltr"' in themes.begin(world, "event", {"lang": "ar", "dir": "ltr"}).source
