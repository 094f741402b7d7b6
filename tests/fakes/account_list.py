"""The provider's own suppression list in memory."""

from dataclasses import dataclass, field

from chalicelib.model.suppression import Reason
from chalicelib.model.suppression_sync import Listed, ListedPage


@dataclass
class FakeAccountList:
    """`entries` by address. Pages have two entries; `down`: nothing can be put or removed, and listing raises."""

    entries: dict[str, Listed] = field(default_factory=dict)
    asked: list[tuple[int, str]] = field(default_factory=list)
    down: bool = False

    def listed(self, since: int, token: str) -> ListedPage:
        self.asked.append((since, token))
        if self.down:
            raise OSError("the provider does not answer")
        found = [each for _, each in sorted(self.entries.items()) if each.at >= since]
        start = int(token or 0)
        return ListedPage(found[start : start + 2], str(start + 2) if start + 2 < len(found) else "")

    def put(self, address: str, reason: Reason) -> bool:
        if not self.down:
            self.entries[address] = Listed(address, reason, 0)
        return not self.down

    def remove(self, address: str) -> bool:
        if not self.down:
            self.entries.pop(address, None)
        return not self.down
