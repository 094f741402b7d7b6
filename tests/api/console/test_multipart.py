"""Forms with files: https://www.rfc-editor.org/rfc/rfc7578, as browsers write them."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api.console.multipart import parts_of

KIND = "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxk"
LINE = b"------WebKitFormBoundary7MA4YWxk"


def sent(*parts):
    return b"".join(LINE + b"\r\n" + head + b"\r\n\r\n" + body + b"\r\n" for head, body in parts) + LINE + b"--\r\n"


def field(name, body):
    return f'Content-Disposition: form-data; name="{name}"'.encode(), body


def file(name, called, body):
    head = f'Content-Disposition: form-data; name="{name}"; filename="{called}"\r\nContent-Type: text/csv'
    return head.encode(), body


@given(st.binary(max_size=400), st.text(max_size=20))
def test_a_file_arrives_byte_for_byte(body, text):
    found = parts_of(KIND, sent(field("change", text.encode("utf-8", "replace")), file("file", "Zoé.csv", body)))
    assert found.files == {"file": ("Zoé.csv", body)}
    assert found.fields == {"change": [text.encode("utf-8", "replace").decode()]}


def test_a_name_twice_a_file_not_chosen_and_what_is_no_form():
    body = sent(field("tag", b"a"), field("tag", b"b"), file("file", "", b""))
    assert parts_of(KIND, body).fields == {"tag": ["a", "b"]}
    assert parts_of(KIND, body).files == {}
    assert parts_of("multipart/form-data", body).fields == {}
    assert parts_of(KIND, b"nothing of the kind").fields == {}


def test_a_body_that_was_cut_off_ends_where_it_ends():
    body = sent(field("one", b"1"), file("file", "a.csv", b"x" * 50))[:-60]
    assert parts_of(KIND, body).fields == {"one": ["1"]}
