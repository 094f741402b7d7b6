"""How dates, times, yes and no are said in a letter's language (Unicode CLDR; the English formats are Mautic's)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Words:
    """`date` and `time` are the formats where a token names none, in PHP's letters; weeks begin on Monday; `first` is
    what `jS` puts behind the first of a month.
    """

    date: str
    time: str
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    days: tuple[str, ...]
    short_days: tuple[str, ...]
    yes: str
    no: str
    first: str = ""

    @property
    def datetime(self) -> str:
        return f"{self.date} {self.time}"


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


ENGLISH = Words(
    date="F j, Y",
    time="g:i a",
    months=_split("January February March April May June July August September October November December"),
    short_months=_split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
    days=_split("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    short_days=_split("Mon Tue Wed Thu Fri Sat Sun"),
    yes="Yes",
    no="No",
    first="st",
)
BY_LANGUAGE: Mapping[str, Words] = MappingProxyType(
    {
        "en": ENGLISH,
        "fr": Words(
            date="j F Y",
            time="H:i",
            months=_split("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
            short_months=_split("janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."),
            days=_split("lundi mardi mercredi jeudi vendredi samedi dimanche"),
            short_days=_split("lun. mar. mer. jeu. ven. sam. dim."),
            yes="Oui",
            no="Non",
            first="er",
        ),
        "de": Words(
            date="j. F Y",
            time="H:i",
            months=_split("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
            short_months=_split("Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez."),
            days=_split("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"),
            short_days=_split("Mo. Di. Mi. Do. Fr. Sa. So."),
            yes="Ja",
            no="Nein",
        ),
        "es": Words(
            date=r"j \d\e F \d\e Y",
            time="H:i",
            months=_split("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
            short_months=_split("ene feb mar abr may jun jul ago sept oct nov dic"),
            days=_split("lunes martes miércoles jueves viernes sábado domingo"),
            short_days=_split("lun mar mié jue vie sáb dom"),
            yes="Sí",
            no="No",
        ),
    }
)


def words_of(language: str) -> Words:
    """Of a language tag (`fr-CH` -> `fr`); English where the language is not known."""
    return BY_LANGUAGE.get(language.replace("_", "-").partition("-")[0].lower(), ENGLISH)
