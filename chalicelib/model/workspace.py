"""The workspace: one team's name, look, words and defaults, which its letters and pages carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

from chalicelib.model.cap import Cap
from chalicelib.model.preference import FREQUENCIES
from chalicelib.model.quiet_hours import QuietHours

# At once, or through the queue.
Mode = Literal["immediate", "queue"]
MODES: tuple[Mode, ...] = get_args(Mode)


# The words that a token stands for. `|URL|` is where the address goes; a text without it is itself the link.
Wording = Mapping[str, str]
LETTER_WORDINGS = ("unsubscribe_text", "webview_text", "signature")
# The team's own words on the pages that recipients see; the first stands in the place of the page's title.
PAGE_WORDINGS = ("preferences_title", "preferences_text", "leave_text", "left_text")
WORDINGS = (*LETTER_WORDINGS, *PAGE_WORDINGS)

DEFAULTS: Mapping[str, Wording] = MappingProxyType(
    {
        "en": {
            "unsubscribe_text": "Unsubscribe from these e-mails",
            "webview_text": "Read this e-mail in your browser",
        },
        "fr": {
            "unsubscribe_text": "Se désinscrire de ces e-mails",
            "webview_text": "Lire cet e-mail dans votre navigateur",
        },
        "de": {
            "unsubscribe_text": "Diese E-Mails abbestellen",
            "webview_text": "Diese E-Mail im Browser lesen",
        },
        "es": {
            "unsubscribe_text": "Darse de baja de estos correos",
            "webview_text": "Leer este correo en el navegador",
        },
    }
)


@dataclass(frozen=True, slots=True)
class Workspace:
    """`address` is the postal address that the law wants in every mail (CAN-SPAM); `zone` an IANA time zone; `colour`
    is `#rrggbb`; `from_address` is what Envoi's own letters to the team come from. `wordings` are by language, then by
    name (WORDINGS); `signature` is where a contact has no owner. `frequencies` are the letters a week that people may
    choose as their own cap; as often as there is something they always may. An address is suppressed after
    `soft_bounces` (0: never) within `soft_bounce_days`. With `resend_without_evidence` recipients held in doubt are
    mailed again by themselves, once. Broadcasts keep to `caps` and `quiet_hours`. `mode` is how template e-mails go
    where a call does not say.
    """

    name: str = ""
    address: str = ""
    language: str = "en"
    zone: str = "UTC"
    colour: str = "#1f5f8b"
    logo_url: str = ""
    reply_to: str = ""
    from_address: str = ""
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    soft_bounces: int = 5
    soft_bounce_days: int = 30
    resend_without_evidence: bool = False
    caps: tuple[Cap, ...] = ()
    quiet_hours: QuietHours | None = None
    mode: Mode = "immediate"
    frequencies: tuple[int, ...] = FREQUENCIES
    version: int = 0
    updated_at: int = 0

    @property
    def id(self) -> str:
        """There is one."""
        return "workspace"


def wording(workspace: Workspace, language: str, name: str) -> str:
    """The words for `name` in this language (`fr-CH` -> `fr`), in the workspace's, then Envoi's own; "" for none."""
    for tag in (language, language.partition("-")[0], workspace.language, "en"):
        for table in (workspace.wordings, DEFAULTS):
            if text := table.get(tag, {}).get(name):
                return text
    return ""


def page_wording(workspace: Workspace, language: str) -> dict[str, str]:
    """The team's own words for a page in this language (`fr-CH` -> `fr`), by name; "" where there are none: words of
    another language have no place in it.
    """
    own = {**workspace.wordings.get(language.partition("-")[0], {}), **workspace.wordings.get(language, {})}
    return {name: own.get(name, "") for name in PAGE_WORDINGS}
