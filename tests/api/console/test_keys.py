import re


def test_a_key_is_shown_once_and_opens_the_api(admin, client):
    seen = admin.post("/console/keys", {"name": "Web shop", "role": "editor"})
    text = re.search(r"envoi_[0-9a-v]{16}_[\w-]{32}", seen.text)[0]
    assert text not in admin.get("/console/keys").text
    assert client.raw("GET", "/v1/emails", headers={"authorization": f"Bearer {text}"}).status == 200
    [key] = re.findall(r"/console/keys/([0-9a-v]{16})/remove", admin.get("/console/keys").text)
    assert admin.post(f"/console/keys/{key}/remove").status == 303
    assert client.raw("GET", "/v1/emails", headers={"authorization": f"Bearer {text}"}).status == 401


def test_a_key_without_a_name(admin):
    seen = admin.post("/console/keys", {"name": "", "role": "editor"})
    assert (seen.status, 'id="name-wrong"' in seen.text) == (422, True)
