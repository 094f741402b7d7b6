"""What a person wrote, with its places: faults and cautions name the part, the line and the column."""

from __future__ import annotations

from dataclasses import dataclass, field

from chalicelib.model.errors import Invalid

MAX_CAUTIONS = 100


@dataclass(frozen=True, slots=True)
class Caution:
    """Something that goes out as it is and may not be meant so. `where` is "html, line 3, column 7"."""

    where: str
    message: str
    mend: str


@dataclass(frozen=True, slots=True)
class Source:
    """One part of a letter (`part` is the field's name in the API) and its text."""

    part: str
    text: str

    @property
    def is_html(self) -> bool:
        """Whether its text is HTML: `html`, and `blocks[0].html`."""
        return self.part.rpartition(".")[2] == "html"

    def place(self, at: int) -> str:
        """Lines and columns count from one."""
        line = self.text.count("\n", 0, at) + 1
        column = at - self.text.rfind("\n", 0, at)
        return f"line {line}, column {column}"

    def fault(self, at: int, shown: str, mend: str) -> Invalid:
        place = self.place(at)
        return Invalid(self.part, shown, f"{place[0].upper()}{place[1:]}: {mend}")


@dataclass(frozen=True, slots=True)
class Cautions:
    """At most MAX_CAUTIONS, the same message about one part once."""

    found: dict[tuple[str, str], Caution] = field(default_factory=dict)

    def takes(self, source: Source, message: str) -> bool:
        return (source.part, message) not in self.found and len(self.found) < MAX_CAUTIONS

    def add(self, source: Source, at: int, message: str, mend: str) -> None:
        if self.takes(source, message):
            self.found[source.part, message] = Caution(f"{source.part}, {source.place(at)}", message, mend)
