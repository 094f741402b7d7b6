"""What a person wrote, with its places: faults and cautions name the part, the line and the column."""

from __future__ import annotations

from dataclasses import dataclass, field

from chalicelib.model.errors import Invalid

MAX_CAUTIONS = 100
# Said when a letter is published and when it is proof-read: in the same words, so that nobody is told twice.
NOWHERE = "This link leads nowhere."
NO_WAY_OUT = "There is no way to unsubscribe in the letter itself: the law and mailbox providers want one."
# How many characters are looked for where a text was made of another.
SNIPPETS = (60, 30, 15, 8, 4, 1)


@dataclass(frozen=True, slots=True)
class Caution:
    """Something that goes out as it is and may not be meant so. `where` is "html, line 3, column 7"."""

    where: str
    message: str
    mend: str


@dataclass(frozen=True, slots=True)
class Source:
    """One part of a letter (`part` is the field's name in the API) and its text. Where the text was made of what the
    author wrote (MJML, a page completed, CSS inlined), that is its `origin`, and places are told in it.
    """

    part: str
    text: str
    origin: str = ""

    @property
    def is_html(self) -> bool:
        """Whether its text is HTML: `html`, `blocks[0].html`, and what was made of `mjml`."""
        return self.part.rpartition(".")[2] in ("html", "mjml")

    def place(self, at: int) -> str:
        """Lines and columns count from one."""
        text, at = (self.origin, self._in_origin(at)) if self.origin else (self.text, at)
        line = text.count("\n", 0, at) + 1
        column = at - text.rfind("\n", 0, at)
        return f"line {line}, column {column}"

    def _in_origin(self, at: int) -> int:
        """Where the author wrote what stands there: as much of it as is found, as often as it stood before."""
        for length in SNIPPETS:
            snippet = self.text[at : at + length]
            found = _nth(self.origin, snippet, self.text.count(snippet, 0, at)) if snippet else -1
            if found >= 0:
                return found
        return len(self.origin)

    def fault(self, at: int, shown: str, mend: str) -> Invalid:
        place = self.place(at)
        return Invalid(self.part, shown, f"{place[0].upper()}{place[1:]}: {mend}")


def _nth(text: str, snippet: str, number: int) -> int:
    """Where it stands for that time, counted from 0, or for the last; -1 where it never does."""
    at = text.find(snippet)
    while number and at >= 0 and (following := text.find(snippet, at + len(snippet))) >= 0:
        at, number = following, number - 1
    return at


@dataclass(frozen=True, slots=True)
class Cautions:
    """At most MAX_CAUTIONS, the same message about one part once."""

    found: dict[tuple[str, str], Caution] = field(default_factory=dict)

    def takes(self, source: Source, message: str) -> bool:
        return (source.part, message) not in self.found and len(self.found) < MAX_CAUTIONS

    def add(self, source: Source, at: int, message: str, mend: str) -> None:
        if self.takes(source, message):
            self.found[source.part, message] = Caution(f"{source.part}, {source.place(at)}", message, mend)
