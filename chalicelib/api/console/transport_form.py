"""The settings of each provider as fields of a form, and what was typed into them as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.api.console.visit import Visit
from chalicelib.console.words import said
from chalicelib.model.transport_setup import TransportSetup

PREFIX = "settings."
Value = str | int | float


@dataclass(frozen=True, slots=True)
class Setting:
    """`kind` is text, whole or number; one of `choices` where there are some. `usual` is what holds where the field is
    empty.
    """

    name: str
    kind: str = "text"
    usual: str = ""
    choices: tuple[str, ...] = ()
    needed: bool = False

    def value(self, typed: str) -> Value:
        """What is no number stays as it was typed, for its own check to name it."""
        try:
            return READ[self.kind](typed)
        except ValueError:
            return typed

    def shown(self, setup: TransportSetup | None) -> str:
        kept = None if setup is None else setup.settings.get(self.name)
        return "" if kept is None else f"{kept:.15g}" if isinstance(kept, float) else str(kept)


READ: Mapping[str, type[str | int | float]] = MappingProxyType({"text": str, "whole": int, "number": float})


def of_an_api(per_second: str) -> tuple[Setting, ...]:
    return Setting("base_url"), Setting("per_second", "number", per_second)


SETTINGS: Mapping[str, tuple[Setting, ...]] = MappingProxyType(
    {
        "ses": (),
        "smtp": (
            Setting("host", needed=True),
            Setting("port", "whole", "587"),
            Setting("security", choices=("starttls", "tls", "plain")),
            Setting("user"),
            Setting("return_domain"),
            Setting("per_second", "number", "10"),
            Setting("per_day", "number", "-1"),
            Setting("largest", "whole"),
        ),
        "sendgrid": of_an_api("100"),
        "mailjet": of_an_api("100"),
        "mandrill": of_an_api("10"),
    }
)


def typed(visit: Visit, provider: str) -> dict[str, Value]:
    """The settings that were given; what is empty is left to what is usual."""
    found = {each: visit.one(PREFIX + each.name) for each in SETTINGS.get(provider, ())}
    return {
        each.name: each.value(text.replace(",", ".") if each.kind == "number" else text)
        for each, text in found.items()
        if text
    }


def choices_of(visit: Visit, setting: Setting) -> list[tuple[str, str]]:
    return [(each, said(visit.language, f"transports.{setting.name}.{each}")) for each in setting.choices]
