from dataclasses import replace
from random import Random

from chalicelib.model.email import MAX_HTML, MAX_TEXT, Block, Variation
from chalicelib.model.version import Version
from chalicelib.work.world import World
from tests.store.pages import all_pages
from tests.store.things import email


def test_an_email_comes_back_as_it_went_in(world: World) -> None:
    assert world.emails.read(email(1).id) is None
    assert world.emails.create(email(1))
    assert world.emails.create(email(1)), "the very same"
    assert not world.emails.create(email(1, name="Other"))
    assert world.emails.read(email(1).id) == email(1)


def test_an_update_is_conditional_and_changes_the_bodies_too(world: World) -> None:
    assert world.emails.create(email(1))
    after = replace(email(1), html="<p>New</p>", version=2)
    assert world.emails.update(after, 1)
    assert world.emails.update(after, 1), "it stands as it was wished"
    assert not world.emails.update(replace(after, html="", subject="Late"), 1)
    assert not world.emails.update(email(2, version=2), 1)
    assert world.emails.read(after.id) == after


def test_the_largest_bodies_fit_even_where_nothing_can_be_compressed(world: World) -> None:
    chance = Random(1)  # letters, not secrets
    letters = [chr(code) for code in range(33, 127)]
    html = "".join(chance.choices(letters, k=MAX_HTML))
    large = replace(email(1), html=html, text=html[:MAX_TEXT])
    assert world.emails.create(large)
    assert world.emails.read(large.id) == large


def test_a_delete_is_conditional(world: World) -> None:
    assert world.emails.create(email(1))
    assert not world.emails.delete(email(1, version=2))
    assert world.emails.delete(email(1))
    assert world.emails.read(email(1).id) is None
    assert not world.emails.delete(email(1))


def test_pages_are_without_bodies(world: World) -> None:
    for number in range(5):
        assert world.emails.create(email(number))
    shown = all_pages(lambda cursor: world.emails.page(2, cursor), 2)
    assert shown == sorted((replace(email(n), html="", text="") for n in range(5)), key=lambda each: each.id)


def test_a_family_is_found_by_its_root_the_oldest_first(world: World) -> None:
    root = email(1, family=email(1).id)
    late = email(2, family=root.id, translation_of=root.id, language="fr", created_at=2)
    early = email(3, family=root.id, variant_of=root.id, weight=50, created_at=1)
    for each in (root, late, early, email(4)):
        assert world.emails.create(each)
    found = world.emails.family(root.id)
    assert [each.id for each in found] == [early.id, late.id]
    assert [each.html for each in found] == ["", ""], "without bodies"
    assert world.emails.family(early.id) == []
    assert world.emails.delete(early)
    assert [each.id for each in world.emails.family(root.id)] == [late.id]


def test_every_body_comes_back(world: World) -> None:
    whole = replace(email(5), mjml="<mjml/>", blocks=(Block("a", "<b>x</b>", "x", (Variation("{}", "y", "z"),)),))
    assert world.emails.create(whole)
    assert world.emails.read(whole.id) == whole
    page, _ = world.emails.page(10, None)
    assert [(each.mjml, each.blocks) for each in page if each.id == whole.id] == [("", ())]


def test_what_is_published_is_kept_as_a_version_the_newest_first(world: World) -> None:
    assert world.emails.create(email(1))
    assert world.emails.versions(email(1).id, 9, None) == ([], None)
    block = Block("Offer", "<p>All</p>", "", (Variation("{}", "<p>Some</p>"),))
    numbers = ((1, 2), (2, 3), (12, 4))
    kept = [replace(email(1), revision=n, version=v, mjml="<mjml>", blocks=(block,)) for n, v in numbers]
    for before, each in zip((1, 2, 3), kept, strict=True):
        assert world.emails.publish(each, before, "Ann")
    assert world.emails.read(email(1).id) == kept[-1]
    assert not world.emails.publish(replace(kept[0], revision=13), 1, "Bob"), "another version"
    assert world.emails.version(email(1).id, 13) is None
    assert world.emails.version(email(1).id, 2) == Version(kept[1], "Ann")
    shown = all_pages(lambda cursor: world.emails.versions(email(1).id, 2, cursor), 2)
    assert [each.number for each in shown] == [12, 2, 1]
    assert (shown[0].email.html, shown[0].email.subject, shown[0].by) == ("", email(1).subject, "Ann")
    assert world.emails.versions(email(2).id, 9, None) == ([], None)
