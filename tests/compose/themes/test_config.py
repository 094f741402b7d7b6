import json

import pytest

from chalicelib.compose.themes.config import Config, config_json, config_of
from chalicelib.compose.themes.reading import theme_of
from chalicelib.model.errors import Invalid


def files(**said):
    return {"config.json": json.dumps({"name": "Spring"} | said).encode()}


def test_mautics_own_config_is_read():
    said = {"author": "Mautic team", "authorUrl": "https://mautic.org", "isVisibleInGUI": True}
    found = config_of(files(**said, builder=["legacy", "grapesjsbuilder"], features=["page", "email", "form"]))
    assert found == Config(
        "Spring", "Mautic team", "https://mautic.org", ("legacy", "grapesjsbuilder"), ("page", "email", "form")
    )


def test_older_themes_have_one_builder_as_a_word():
    assert config_of(files(builder="mautic")).builders == ("mautic",)


def test_it_is_written_as_it_is_read():
    config = Config("É", "Ann", "https://a.example", ("x",), ("email",))
    assert config_of({"config.json": config_json(config)}) == config


@pytest.mark.parametrize(
    ("given", "field", "mend"),
    [
        ({}, "body", "needs config.json"),
        ({"config.json": b"{"}, "config.json", "no JSON"),
        ({"config.json": b"[" * 100_000}, "config.json", "no JSON"),
        ({"config.json": b"[]"}, "config.json", "one object"),
        (files(name=""), "config.json: name", "Give one line"),
        (files(name="a\nb"), "config.json: name", "Give one line"),
        (files(author=3), "config.json: author", "Give one line"),
        (files(authorUrl="javascript:x"), "config.json: authorUrl", "https://"),
        (files(features=["page"]), "config.json: features", 'put "email"'),
        (files(features={"a": 1}), "config.json: features", "list of words"),
        (files(builder=["x"] * 21), "config.json: builder", "At most 20"),
    ],
)
def test_a_wrong_config_is_refused_by_its_key(given, field, mend):
    with pytest.raises(Invalid, match=mend) as refused:
        config_of(given)
    assert refused.value.field == field


def test_a_theme_without_an_email_is_none():
    with pytest.raises(Invalid, match=r"html/email\.html\.twig"):
        theme_of("spring", files() | {"html/page.html.twig": b"x"})


@pytest.mark.parametrize(
    ("paths", "entry"),
    [
        (["html/email.html.twig", "html/email.mjml.twig"], "html/email.mjml.twig"),
        (["email.mjml.twig"], "email.mjml.twig"),
        (["html/email.html", "html/page.html.twig"], "html/email.html"),
        (["html/email.mjml"], "html/email.mjml"),
    ],
)
def test_what_an_email_begins_with(paths, entry):
    assert theme_of("spring", files() | dict.fromkeys(paths, b"x")).entry == entry


@pytest.mark.parametrize(("source", "form"), [(b"<MJML><mj-body/></MJML>", "mjml"), (b"<p>x", "html")])
def test_mjml_is_known_by_what_stands_in_it(source, form):
    """Mautic's own theme Blank has MJML in html/email.html.twig."""
    assert theme_of("spring", files() | {"html/email.html.twig": source}).format == form
