import re
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.work import contacts, definitions, importing, segments

LINES = (
    "E-mail;Prénom;Ville;Note",
    "ann@example.com;Ann;Lyon;1",
    "bob@example.com;Bob;Nîmes;2",
    "no address;Eve;Nice;3",
)
CSV = "\n".join((*LINES, "")).encode()
HTMX = {"hx-request": "true"}


def send(admin, body=CSV, name="people.csv", **more):
    return admin.upload("/console/imports/new", name, body, more)


def mapping_page(admin, answer, **more):
    query = {name: each[0] for name, each in parse_qs(urlsplit(answer.to).query).items()}
    return query, admin.get("/console/imports/map", **query, **more).text


def filled(page):
    """What the page's form would post: the columns and what the selects propose."""
    body = page.split('class="mapping"')[1].split("</table>")[0]
    form = {"column": re.findall(r'name="column" value="([^"]*)"', body)}
    for number, inner in re.findall(r'<select name="fills\.(\d+)"[^>]*>(.*?)</select>', body, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        form[f"fills.{number}"] = [chosen[1] if chosen else ""]
    return form


def test_a_file_is_shown_with_its_guesses(admin):
    answer = send(admin)
    assert answer.status == 303
    query, page = mapping_page(admin, answer)
    assert query["name"] == "people.csv"
    assert "Semicolon" in page
    assert "Ann · Bob · Eve" in page
    assert filled(page) == {
        "column": ["E-mail", "Prénom", "Ville", "Note"],
        "fills.0": ["address"],
        "fills.1": ["firstname"],
        "fills.2": ["city"],
        "fills.3": ["note"],
    }


def test_the_road_of_a_file_tried_first(admin, world):
    friends = segments.create(world, "Friends")
    query, page = mapping_page(admin, send(admin))
    form = filled(page) | query | {"fills.3": ["+"], "alias.3": ["score"], "tags": "new | bread", "segment": friends.id}
    answer = admin.post("/console/imports/map", form | {"dry_run": "1"})
    [job] = importing.page(world, 5, None)[0]
    assert answer.to.startswith(f"/console/imports/{job.id}?file=")
    importing.run(world, job.id)
    page = admin.get(f"/console/imports/{job.id}", **query).text
    assert "nothing is written" in page
    assert "no address" in page
    assert world.contacts.page(10, None)[0] == []
    again = {name: re.findall(rf'name="{re.escape(name)}" value="([^"]*)"', page) for name in names_in(page)}
    admin.post("/console/imports/map", again)
    job = next(each for each in importing.page(world, 5, None)[0] if not each.dry_run)
    importing.run(world, job.id)
    ann = contacts.read(world, "ann@example.com")
    assert ann.fields == {"firstname": "Ann", "city": "Lyon", "score": "1"}
    assert (ann.tags, ann.lists) == ({"new", "bread"}, {friends.id})
    done = admin.get(f"/console/imports/{job.id}").text
    assert "no address" in done
    assert admin.get(f"/console/imports/{job.id}/rejected").status == 303
    assert "Finished" in admin.get("/console/imports").text


def names_in(page):
    form = page.split('action="/console/imports/map"')[1].split("</form>")[0]
    return set(re.findall(r'<input type="hidden" name="([^"]+)"', form))


def test_progress_is_asked_for_until_it_is_over(admin, world):
    query, page = mapping_page(admin, send(admin))
    admin.post("/console/imports/map", filled(page) | query)
    [job] = importing.page(world, 5, None)[0]
    part = admin.get(f"/console/imports/{job.id}/progress", HTMX).text
    assert 'hx-trigger="every 1s"' in part
    assert "<html" not in part
    importing.run(world, job.id)
    assert admin.get(f"/console/imports/{job.id}/progress", HTMX).headers["hx-redirect"] == f"/console/imports/{job.id}"


def test_one_is_cancelled(admin, world):
    query, page = mapping_page(admin, send(admin))
    admin.post("/console/imports/map", filled(page) | query)
    [job] = importing.page(world, 5, None)[0]
    assert admin.post(f"/console/imports/{job.id}/cancel").status == 303
    assert importing.read(world, job.id).state == "cancelled"
    assert admin.post(f"/console/imports/{job.id}/cancel").status == 409


def test_a_wrong_mapping_keeps_what_was_chosen(admin):
    query, page = mapping_page(admin, send(admin))
    form = filled(page) | query | {"fills.3": ["+"], "alias.3": ["Not An Alias"], "tags": "new"}
    answer = admin.post("/console/imports/map", form)
    assert answer.status == 422
    assert "Not An Alias" in answer.text
    assert 'value="new"' in answer.text


def test_how_it_is_read_can_be_overruled(admin):
    _, page = mapping_page(admin, send(admin), delimiter=",")
    assert filled(page)["column"] == ["E-mail;Prénom;Ville;Note"]


def test_a_field_that_is_defined_is_offered_by_its_label(admin, world):
    definitions.create(world, "note", {"label": "What they wrote", "type": "text"})
    _, page = mapping_page(admin, send(admin))
    assert "What they wrote" in page


@pytest.mark.parametrize(("body", "name"), [(b"", "empty.csv"), (b"\0\1\2\3", "what.bin")])
def test_what_is_no_such_file_is_said_at_its_field(admin, body, name):
    answer = send(admin, body, name)
    assert answer.status == 422
    assert 'id="file-wrong"' in answer.text


def test_no_file_at_all(admin):
    assert send(admin, b"", "").status == 422


def test_a_large_file_gets_an_address_of_its_own(admin, world):
    answer = admin.post("/console/imports/upload", {"name": "large.csv"})
    assert answer.json["then"].startswith("/console/imports/map?file=uploads%2F")
    assert "large.csv" in answer.json["then"]
    policy = admin.get("/console/imports/new").headers["content-security-policy"]
    origin = urlsplit(answer.json["url"])
    assert f"connect-src 'self' {origin.scheme}://{origin.netloc};" in policy
    file = parse_qs(urlsplit(answer.json["then"]).query)["file"][0]
    world.files.put(file, CSV, "text/csv")
    assert "Prénom" in admin.get("/console/imports/map", file=file).text


def test_a_file_from_another_page_is_refused(admin):
    assert send(admin, change="forged").status == 403


def test_a_viewer_imports_nothing(browser):
    viewer = browser.signed_in("viewer")
    assert viewer.get("/console/imports").status == 200
    assert viewer.get("/console/imports/new").status == 403
    assert viewer.post("/console/imports/upload", {"name": "x.csv"}).status == 403


def test_which_column_is_the_address_can_be_said(admin, world):
    query, page = mapping_page(admin, send(admin, CSV.replace(b"E-mail", b"Contact")))
    form = filled(page)
    assert form["fills.0"] == ["contact"]
    assert admin.post("/console/imports/map", form | query).status == 422
    admin.post("/console/imports/map", form | query | {"fills.0": ["address"]})
    [job] = importing.page(world, 5, None)[0]
    importing.run(world, job.id)
    assert contacts.read(world, "ann@example.com").fields["firstname"] == "Ann"
