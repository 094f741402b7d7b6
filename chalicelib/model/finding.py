"""What a pre-flight finds: something about a letter that its author should know before it goes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# `error`: it breaks the law, a mailbox provider's rule or the letter; `warning`: some readers see something bad;
# `note`: worth knowing.
Level = Literal["error", "warning", "note"]
LEVELS: tuple[Level, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """`where` is a place ("html, line 3, column 7") or a part ("subject", "audience"); `mend` says what to do."""

    level: Level
    code: str
    where: str
    message: str
    mend: str
