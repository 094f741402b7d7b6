"""What assets hold, in memory."""

from dataclasses import dataclass

from chalicelib.model.asset import Asset, place_of
from tests.fakes.tables import Tables


@dataclass
class FakeAssetFiles:
    tables: Tables

    def put(self, asset: Asset, body: bytes) -> None:
        self.tables.files[place_of("main", asset)] = bytes(body)

    def read(self, asset: Asset) -> bytes | None:
        return self.tables.files.get(place_of("main", asset))

    def delete(self, asset: Asset) -> None:
        self.tables.files.pop(place_of("main", asset), None)
