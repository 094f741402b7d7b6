import subprocess
import sys

import pytest

LIGHT = ["chalicelib.store", "chalicelib.store.links", "chalicelib.store.hint", "chalicelib.store.connection"]
HEAVY = ("boto3", "botocore", "pynamodb")


@pytest.mark.parametrize("module", LIGHT)
def test_no_aws_client_is_imported(module: str) -> None:
    code = f"import sys, {module}; print([each for each in {HEAVY} if each in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  # our own code
    assert answer.stdout.strip() == "[]"
