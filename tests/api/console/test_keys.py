import re


def test_a_key_is_shown_once_and_opens_the_api(admin, client):
    seen = admin.post("/console/keys", {"name": "Web shop", "role": "editor"})
    text = re.search(r"envoi_[0-9a-v]{16}_[\w-]{32}", seen.text)[0]
    assert text not in admin.get("/console/keys").text
    assert client.raw("GET", "/v1/emails", headers={"authorization": f"Bearer {text}"}).status == 200
    [key] = re.findall(r"/console/keys/([0-9a-v]{16})/remove", admin.get("/console/keys").text)
    assert admin.post(f"/console/keys/{key}/remove").status == 303
    assert client.raw("GET", "/v1/emails", headers={"authorization": f"Bearer {text}"}).status == 401


def test_a_page_that_is_sent_again_makes_no_other_key(admin, world):
    once = re.search(r'name="once" value="([0-9a-v]{16})"', admin.get("/console/keys").text)[1]
    form = {"name": "Web shop", "role": "editor", "once": once}
    made = admin.post("/console/keys", form)
    again = admin.post("/console/keys", form)
    assert (made.status, again.status, "This key was made already." in again.text) == (200, 409, True)
    assert len(world.api_keys.page(9, None)[0]) == 1
    assert f'name="once" value="{once}"' not in made.text, "the next one is another"
    assert admin.post("/console/keys", form | {"once": "nonsense"}).status == 200


def test_a_key_without_a_name(admin):
    seen = admin.post("/console/keys", {"name": "", "role": "editor"})
    assert (seen.status, 'id="name-wrong"' in seen.text) == (422, True)
