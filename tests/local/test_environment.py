"""The environment's first minutes on a machine that lacks something: one line, and it says what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "local" / "environment.sh"
TOOLS = ("sh", "mkdir", "rm", "touch", "cat")
OLD = "#!/bin/sh\nexit 1\n"


@pytest.fixture
def machine(tmp_path):
    """A directory to work in, and a PATH that has the shell's tools alone."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).symlink_to(shutil.which(name))

    def prepare(**more):
        return subprocess.run(  # noqa: S603  # our own script
            [str(tools / "sh"), str(SCRIPT), "requirements.txt", ".venv/ready"],
            cwd=tmp_path,
            env={"PATH": str(tools), "PIP_NO_INDEX": "1", **more},
            capture_output=True,
            text=True,
            check=False,
        )

    return tmp_path, tools, prepare


def program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def said(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    assert done.stderr.startswith("envoi: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_no_python(machine):
    _, _, prepare = machine
    assert "Python 3.11 or newer is needed" in said(prepare())


def test_only_an_old_python(machine):
    _, tools, prepare = machine
    program(tools / "python3", OLD)
    assert "Python 3.11 or newer is needed" in said(prepare())


def test_a_python_that_was_named_and_is_none(machine):
    _, _, prepare = machine
    assert "PYTHON=nothing is not Python 3.11 or newer" in said(prepare(PYTHON="nothing"))


def test_a_python_without_venv(machine):
    _, tools, prepare = machine
    program(tools / "python3", '#!/bin/sh\n[ "$1" = -c ] && exit 0\necho no ensurepip >&2\nexit 1\n')
    assert "apt-get install python3-venv" in said(prepare())


def test_an_install_that_fails_names_the_log_and_leaves_no_stamp(machine):
    directory, tools, prepare = machine
    (directory / "requirements.txt").write_text("no-such-thing==1\n")
    program(tools / "python3", f'#!/bin/sh\nexec {os.path.realpath(sys.executable)} "$@"\n')
    done = prepare()
    assert "installing" in said(done)
    assert ".local/logs/install.log" in done.stderr
    assert "No matching distribution" in (directory / ".local/logs/install.log").read_text()
    assert not (directory / ".venv" / "ready").exists()
