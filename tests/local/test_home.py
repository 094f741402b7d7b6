from __future__ import annotations

import json
import stat

from chalicelib.settings import Settings
from local.home import FIRST_PORT, announce, environment, opened


def test_what_was_made_once_is_kept(tmp_path):
    first = opened(tmp_path, None, fresh=False)
    assert opened(tmp_path, None, fresh=False) == first
    assert first.port == FIRST_PORT


def test_a_new_port_leaves_the_keys(tmp_path):
    first = opened(tmp_path, None, fresh=False)
    moved = opened(tmp_path, 15_000, fresh=False)
    assert (moved.api_key, moved.signing_key, moved.hash_key) == (first.api_key, first.signing_key, first.hash_key)
    assert opened(tmp_path, None, fresh=False).port == 15_000


def test_fresh_forgets_everything_but_who_runs(tmp_path):
    first = opened(tmp_path, 15_000, fresh=False)
    announce(first)
    for name in ("state/x", "ses/x", "lines/x", "logs/x", "demo.json", "run.pid"):
        (tmp_path / name).write_text("x")
    again = opened(tmp_path, None, fresh=True)
    assert again.api_key != first.api_key
    assert again.port == FIRST_PORT
    assert (tmp_path / "run.pid").exists()
    assert not [name for name in ("state/x", "ses/x", "lines/x", "logs/x", "demo.json") if (tmp_path / name).exists()]


def test_keys_are_their_owners_alone(tmp_path):
    home = opened(tmp_path, None, fresh=False)
    for path in (announce(home), tmp_path / "home.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_announcement_says_where_everything_is(tmp_path):
    home = opened(tmp_path, 15_000, fresh=False)
    assert json.loads(announce(home).read_text()) == {
        "url": "http://127.0.0.1:15002",
        "inbox_url": "http://127.0.0.1:15001/",
        "ses_url": "http://127.0.0.1:15001",
        "api_key": home.api_key,
    }


def test_children_see_the_local_aws_and_nothing_of_a_real_one(tmp_path):
    home = opened(tmp_path, 15_000, fresh=False)
    real = {"AWS_PROFILE": "work", "AWS_SESSION_TOKEN": "t", "ENVOI_WORKSPACE": "theirs", "PATH": "/bin"}
    seen = environment(home, real)
    assert seen["PATH"] == "/bin"
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN", "ENVOI_WORKSPACE"} & set(seen)
    assert {seen["AWS_ENDPOINT_URL"], seen["AWS_ENDPOINT_URL_SESV2"]} == {home.aws_url, home.ses_url}


def test_the_settings_can_be_read_from_it(tmp_path):
    home = opened(tmp_path, None, fresh=False)
    settings = Settings.from_env(environment(home, {}))
    assert settings.base_url == home.url
    assert settings.signing_keys == {1: bytes.fromhex(home.signing_key)}
    assert len(settings.api_keys) == 1
