"""Made-up people for trying Envoi out: `python -m local.audience 20000 > file.csv`.

All addresses are in domains that RFC 2606 keeps for examples, some of them internationalised (RFC 5890), so no mail
can reach anybody. The same count and seed give the same people. `audience.csv` beside this file is a smaller
audience with what real files have: an address that stands twice, lines that are broken, the SES simulator's addresses.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from types import MappingProxyType
from unicodedata import combining, normalize

COLUMNS = (
    "email",
    "firstname",
    "lastname",
    "company",
    "city",
    "country",
    "preferred_locale",
    "timezone",
    "plan",
    "points",
    "birthday",
)
SHIPPED = Path(__file__).with_name("audience.csv")
SEED = 1


@dataclass(frozen=True, slots=True)
class Country:
    """`places` are (city, country, time zone)."""

    first: Sequence[str]
    last: Sequence[str]
    companies: Sequence[str]
    places: Sequence[tuple[str, str, str]]
    domains: Sequence[str]


COUNTRIES: Mapping[str, Country] = MappingProxyType(
    {
        "fr": Country(
            first=(
                *("Zoé", "Éloïse", "Anaïs", "Chloé", "Maëlys", "Jean-Baptiste", "François", "Gaëtan", "Benoît"),
                *("Noël", "Océane", "Raphaël", "Léa", "Hélène", "Marie-Françoise", "Inès", "Cédric", "Amélie"),
            ),
            last=(
                *("Lefèvre", "D'Angelo", "L'Hermitte", "Müller-Lévêque", "Béranger", "O'Neill", "Garçon", "Cœurderoy"),
                *("de La Rochefoucauld-Montbel", "N'Diaye", "Guérin", "Saint-Exupéry", "Châtelain", "Le Goff"),
            ),
            companies=(
                "Crêperie de l'Île",
                "Électricité du Sud",
                "Aérospatiale & Cie",
                "Le Bœuf sur le Toit",
                "Éts Noël",
            ),
            places=(
                ("Paris", "France", "Europe/Paris"),
                ("Besançon", "France", "Europe/Paris"),
                ("Saint-Étienne", "France", "Europe/Paris"),
                ("L'Haÿ-les-Roses", "France", "Europe/Paris"),
                ("Liège", "Belgique", "Europe/Brussels"),
                ("Genève", "Suisse", "Europe/Zurich"),
                ("Montréal", "Canada", "America/Toronto"),
            ),
            domains=("example.com", "example.org", "courrier.example", "hôtel.example", "société.example"),
        ),
        "en": Country(
            first=(
                *("Ann", "Siobhán", "Dwayne", "Aoife", "Mary-Kate", "Oluwaseun", "Priya", "John", "Xiomara", "Beyoncé"),
                *("Jo", "Muhammad", "Wolfeschlegelsteinhausenbergerdorff-Alexander", "Ng", "Zsófia", "Bartholomew"),
            ),
            last=(
                *("O'Brien", "O'Sullivan-Smith", "McDonald", "Smith", "Fitzgerald", "Okonkwo", "Nguyễn", "Li", "Null"),
                *("Featherstonehaugh", "Taumatawhakatangihangakoauauotamatea", "St. John", "D'Souza", "Åström", "Test"),
            ),
            companies=("Smith & Sons", 'The "Quoted" Company', "O'Reilly's, Ltd.", "Acme <Widgets>", "100% Wool"),
            places=(
                ("London", "United Kingdom", "Europe/London"),
                ("Llanfairpwllgwyngyll", "United Kingdom", "Europe/London"),
                ("Dún Laoghaire", "Ireland", "Europe/Dublin"),
                ("New York", "United States", "America/New_York"),
                ("Coeur d'Alene", "United States", "America/Los_Angeles"),
                ("Auckland", "New Zealand", "Pacific/Auckland"),
                ("Mumbai", "India", "Asia/Kolkata"),
            ),
            domains=("example.com", "example.net", "mail.example", "café.example"),
        ),
        "de": Country(
            first=(
                *("Jürgen", "Zoë", "Günther", "Käthe", "Björn", "Änne", "Søren", "Hans-Jörg", "Sören", "Mäx", "Ülkü"),
                *("Lieselotte", "Özlem", "Maria", "Ludwig", "Friederike", "Jörg", "Bärbel"),
            ),
            last=(
                *("Größmann", "Weiß", "Müller", "von und zu Grünberg-Weißenfels", "Öztürk", "Käßmann", "Schäfer"),
                *("Straßer", "Jäger", "Mc'Kenzie", "Ritter", "Freiherr von Münchhausen", "Ueberschär", "Wójcik"),
            ),
            companies=("Bäckerei Süß", "Müller & Söhne GmbH", "Fuß- und Wegebau KG", "Übersee-Handel", "Kaffeeröster"),
            places=(
                ("Köln", "Deutschland", "Europe/Berlin"),
                ("München", "Deutschland", "Europe/Berlin"),
                ("Gießen", "Deutschland", "Europe/Berlin"),
                ("Wien", "Österreich", "Europe/Vienna"),
                ("Zürich", "Schweiz", "Europe/Zurich"),
                ("Weil am Rhein; Haltingen", "Deutschland", "Europe/Berlin"),
            ),
            domains=("example.org", "example.net", "bücher.example", "straße.example", "post.example"),
        ),
    }
)
PLANS = ("free", "free", "free", "pro", "pro", "team")
# How often a cell stays empty, where the address, the language and the plan never do.
EMPTY = 0.12
CAN_BE_EMPTY = frozenset(COLUMNS) - {"email", "preferred_locale", "plan"}
OLDEST = date(1936, 1, 1)
DAYS = 70 * 365


def generate(count: int, seed: int = SEED) -> Iterator[tuple[str, ...]]:
    """`count` people in the order of COLUMNS, each with an address of their own."""
    random = Random(seed)  # noqa: S311  # people out of thin air need no secrecy
    for number in range(1, count + 1):
        yield _person(random, number)


def _person(random: Random, number: int) -> tuple[str, ...]:
    locale = random.choice(("fr", "en", "de"))
    country = COUNTRIES[locale]
    first, last = random.choice(country.first), random.choice(country.last)
    city, land, zone = random.choice(country.places)
    values = {
        "email": f"{_local(first, last)}.{number}@{random.choice(country.domains)}",
        "firstname": first,
        "lastname": last,
        "company": random.choice(country.companies),
        "city": city,
        "country": land,
        "preferred_locale": locale,
        "timezone": zone,
        "plan": random.choice(PLANS),
        "points": str(random.randrange(0, 1_000, 5)),
        "birthday": str(OLDEST + timedelta(days=random.randrange(DAYS))),
    }
    return tuple(_or_empty(random, column, values[column]) for column in COLUMNS)


def _or_empty(random: Random, column: str, value: str) -> str:
    return "" if random.random() < EMPTY and column in CAN_BE_EMPTY else value


def _local(first: str, last: str) -> str:
    """What such a person's address begins with; apostrophes stay, as they do in real ones."""
    spelt = f"{first}.{last}".lower()
    for letter, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("œ", "oe"), ("ø", "o"), (" ", "-")):
        spelt = spelt.replace(letter, letters)
    plain = "".join(each for each in normalize("NFKD", spelt) if not combining(each))
    return (
        "".join(each for each in plain if each.isascii() and (each.isalnum() or each in ".'-"))[:40]
        .strip(".'-")
        .replace("..", ".")
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes a CSV of made-up people to standard output.")
    parser.add_argument("count", type=int, help="how many")
    parser.add_argument("--seed", type=int, default=SEED, help="the same seed gives the same people")
    given = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]  # a TextIOWrapper when run
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(generate(given.count, given.seed))


if __name__ == "__main__":
    main()
