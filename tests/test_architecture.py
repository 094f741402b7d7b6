"""Who may import whom, as the design says it, and what no file may be called. Read from the source, nothing is run."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("app", "chalicelib", "local", "bench", "infra", "tests")
# For each part, the parts of the house that it may know besides itself.
MAY = {
    "chalicelib.model": set(),
    "chalicelib.compose": {"chalicelib.model"},
    "chalicelib.work": {"chalicelib.model", "chalicelib.compose"},
    "chalicelib.transports": {"chalicelib.model", "chalicelib.compose"},
    "chalicelib.store": {"chalicelib.model", "chalicelib.compose"},
    "chalicelib.console": {"chalicelib.model"},
    "chalicelib.settings": {"chalicelib.model"},
    "chalicelib.log": set(),
    "chalicelib.consuming": {"chalicelib.model", "chalicelib.log"},
    "chalicelib.wiring": {
        "chalicelib.model",
        "chalicelib.settings",
        "chalicelib.store",
        "chalicelib.transports",
        "chalicelib.work",
    },
    "chalicelib.api": {
        "chalicelib.console",
        "chalicelib.log",
        "chalicelib.model",
        "chalicelib.settings",
        "chalicelib.wiring",
        "chalicelib.work",
    },
}
# Who alone may know these packages. `local` and `bench` are not deployed and know what they imitate.
ONLY = {
    "chalice": {"app", "chalicelib.api"},
    "pynamodb": {"chalicelib.store"},
    "boto3": {"chalicelib.wiring", "chalicelib.store", "chalicelib.transports", "local"},
    "botocore": {"chalicelib.wiring", "chalicelib.store", "chalicelib.transports", "local"},
    "aws_lambda_powertools": {"chalicelib.log"},
    "re2": {"chalicelib.model"},
    "jinja2": {"chalicelib.compose", "chalicelib.console", "local"},
}
VAGUE = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc", "shared", "base"}
HEAVY = ("boto3", "botocore", "pynamodb", "aws_lambda_powertools", "jinja2", "selectolax")


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        place = ROOT / folder
        yield from sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def part_of(module: str) -> str:
    """`chalicelib.store` of `chalicelib.store.contacts`; `local` of `local.run`."""
    steps = module.split(".")
    return ".".join(steps[:2]) if steps[0] == "chalicelib" else steps[0]


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and module of every import, those inside functions too. `from a import b` may mean the module `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def edges(*folders: str) -> Iterator[tuple[str, str, str]]:
    """Place, importing part, imported module."""
    for path in sources(*folders):
        for line, name in imported(ast.parse(path.read_text(), str(path))):
            yield f"{path.relative_to(ROOT)}:{line}", part_of(module_of(path)), name


def test_each_part_knows_only_whom_it_may():
    wrong = [
        f"{place} imports {name}"
        for place, part, name in edges("chalicelib")
        if name.split(".")[0] in OURS and part_of(name) not in MAY[part] | {part}
    ]
    assert not wrong


def test_every_part_of_the_house_has_its_rule():
    parts = {part_of(module_of(path)) for path in sources("chalicelib")} - {"chalicelib"}
    assert parts == set(MAY)


def test_packages_stay_where_they_belong():
    wrong = [
        f"{place} imports {name}"
        for place, part, name in edges("app", "chalicelib", "local")
        if name.split(".")[0] in ONLY and part not in ONLY[name.split(".")[0]]
    ]
    assert not wrong


def test_the_model_needs_the_standard_library_and_re2_alone():
    """Why RE2: docs/decisions/0016."""
    wrong = [
        f"{place} imports {name}"
        for place, _, name in edges("chalicelib/model")
        if name.split(".")[0] not in sys.stdlib_module_names | {"chalicelib", "re2"}
    ]
    assert not wrong


def test_only_the_settings_read_the_environment():
    """`local` builds environments for its child processes, and so may."""
    wrong = []
    for path in sources("app", "chalicelib"):
        for node in ast.walk(ast.parse(path.read_text())):
            reads = isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv")
            if reads and module_of(path) != "chalicelib.settings":
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong


def test_nothing_reaches_into_the_deployed_from_what_is_not():
    wrong = [
        f"{place} imports {name}"
        for place, _, name in edges("app", "chalicelib")
        if name.split(".")[0] in ("local", "bench", "infra", "tests")
    ]
    assert not wrong


def test_no_file_has_a_name_that_says_nothing():
    files = [path for folder in OURS for path in sources(folder)]
    wrong = [path for path in files if VAGUE & set(path.relative_to(ROOT).with_suffix("").parts)]
    wrong += [path for path in files if VAGUE & set(path.stem.split("_")) - {"base", "shared"}]
    assert not wrong


def test_there_are_no_globals_that_change():
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources("app", "chalicelib")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Global)
    ]
    assert not wrong


def loaded(code: str) -> set[str]:
    """The top-level packages in a fresh interpreter after this code."""
    tell = "\nimport sys; print('\\n' + ' '.join(sorted({name.split('.')[0] for name in sys.modules})))"
    done = subprocess.run(  # noqa: S603  # our own interpreter, our own code
        [sys.executable, "-c", code + tell], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("code", ["import app", "import app; app.app.handler_map['deliver']"])
def test_importing_the_app_brings_no_aws_client(code):
    assert not loaded(code) & set(HEAVY)


def test_this_test_would_see_an_aws_client():
    assert "botocore" in loaded("import app, botocore")


@pytest.mark.parametrize(
    ("source", "modules"),
    [
        ("import boto3", ["boto3"]),
        ("def f():\n    from chalicelib import store", ["chalicelib.store"]),
        ("from chalicelib.store.contacts import ContactsStore", ["chalicelib.store.contacts.ContactsStore"]),
    ],
)
def test_imports_are_found_wherever_they_stand(source, modules):
    assert [name for _, name in imported(ast.parse(source))] == modules
