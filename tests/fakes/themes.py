"""Themes' zips and pictures in memory."""

from dataclasses import dataclass

from chalicelib.model.theme import public_place, zip_place
from tests.fakes.tables import Tables

WORKSPACE = "main"


@dataclass
class FakeThemeFiles:
    tables: Tables

    def put(self, theme: str, content: str, body: bytes) -> None:
        self.tables.theme_files[zip_place(WORKSPACE, theme, content)] = bytes(body)

    def read(self, theme: str, content: str) -> bytes | None:
        return self.tables.theme_files.get(zip_place(WORKSPACE, theme, content))

    def publish(self, place: str, body: bytes, content_type: str) -> None:
        assert content_type.startswith("image/")
        self.tables.theme_files[place] = bytes(body)

    def place(self, theme: str, content: str, path: str) -> str:
        return public_place(WORKSPACE, theme, content, path)
