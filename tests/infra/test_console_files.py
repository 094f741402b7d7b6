"""The console's files are laid out as pages ask for them."""

from chalicelib.console.static_files import deployed
from infra.package import lay_out_console


def test_each_file_lies_where_the_bucket_has_it(tmp_path):
    lay_out_console(tmp_path)
    laid = {str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert laid == {each.place: each.body for each in deployed()}
