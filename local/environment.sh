#!/bin/sh
# Makes .venv from a requirements file, once: environment.sh REQUIREMENTS STAMP
# Every failure is one line that says what to do; the rest is in the log.
set -u
requirements=$1
stamp=$2
log=.local/logs/install.log

fail() {
    echo "envoi: $1" >&2
    exit 1
}

modern() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        modern "$PYTHON" || fail "PYTHON=$PYTHON is not Python 3.11 or newer: name one that is, e.g. make run PYTHON=python3.12"
        return
    fi
    for candidate in python3 python3.13 python3.12 python3.11 python; do
        if modern "$candidate"; then
            PYTHON=$candidate
            return
        fi
    done
    fail "Python 3.11 or newer is needed and was not found: install it (https://www.python.org/downloads/) or name it, e.g. make run PYTHON=/opt/python3.12/bin/python3"
}

make_venv() { # directory
    if [ -x "$1/bin/python" ] && "$1/bin/python" -m pip --version >/dev/null 2>&1; then
        return
    fi
    rm -rf "$1"
    "$PYTHON" -m venv "$1" >>"$log" 2>&1 ||
        fail "$PYTHON cannot make a virtual environment: install its venv module (Debian, Ubuntu: apt-get install python3-venv) and try again; details in $log"
    install "$1" 'pip<26.3'
}

install() { # directory, what to install...
    directory=$1
    shift
    "$directory/bin/python" -m pip install --disable-pip-version-check --quiet "$@" >>"$log" 2>&1 ||
        fail "installing $* failed: see the end of $log (is there a network, or a proxy to name in HTTPS_PROXY?) and try again"
}

mkdir -p .local/logs
: >"$log"
find_python
echo "Preparing the environment from $requirements (once; about half a minute) ..."
make_venv .venv
install .venv -r "$requirements"
# ministack pins its own botocore: it gets an environment of its own
make_venv .venv/ministack
install .venv/ministack -r requirements-ministack.txt
touch "$stamp"
