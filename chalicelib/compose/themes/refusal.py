"""What a theme is refused for: the file, the line, what stands there and the mend."""

from __future__ import annotations

from chalicelib.model.errors import Invalid


class Refusal(Exception):
    """Raised where a theme's file is read; `line` counts from one, 0 where no line is meant."""

    def __init__(self, file: str, line: int, shown: str, mend: str) -> None:
        super().__init__(f"{file}, line {line}: {shown}: {mend}")
        self.file = file
        self.line = line
        self.shown = shown
        self.mend = mend

    @property
    def fault(self) -> Invalid:
        """For the caller: the field is the file."""
        return Invalid(self.file, self.shown, f"Line {self.line}: {self.mend}" if self.line else self.mend)
