"""A second opinion on filters: the same rows in SQLite, asked with SQL that is written here from the tree.

Text is ASCII (SQLite folds no other), the zone is UTC, and months are counted by their starts (SQLite runs over where
Envoi keeps to the month's end): what lies beyond stands in tables of its own.
"""

import re
import sqlite3
from datetime import UTC, datetime

from chalicelib.model.contact import Contact
from chalicelib.model.deeds import Click, Past, WithEmail
from chalicelib.model.filter import All, Any, Condition, Not
from chalicelib.model.setting import Setting
from tests.fakes.clock import NOON

TODAY = datetime.fromtimestamp(NOON / 1_000, UTC).strftime("%Y-%m-%d")
DAY = 86_400_000
EMAILS = ["0" * 16, "1" * 16]
LISTS = ["2" * 16, "3" * 16]
TYPES = {
    "plan": "text",
    "credits": "number",
    "born": "date",
    "seen": "datetime",
    "vip": "boolean",
    "colours": "multiselect",
}

COMPARE = {"=": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
# Relative date -> first and last day, as SQLite's own date functions have them.
RELATIVE = {
    "today": ("date(:now)",) * 2,
    "yesterday": ("date(:now, '-1 day')",) * 2,
    "tomorrow": ("date(:now, '+1 day')",) * 2,
    "+5 days": ("date(:now, '+5 days')",) * 2,
    "-2 weeks": ("date(:now, '-14 days')",) * 2,
    "7 days ago": ("date(:now, '-7 days')",) * 2,
    "30 days ago": ("date(:now, '-30 days')",) * 2,
    "this week": ("date(:now, 'weekday 0', '-6 days')", "date(:now, 'weekday 0')"),
    "last week": ("date(:now, 'weekday 0', '-13 days')", "date(:now, 'weekday 0', '-7 days')"),
    "next week": ("date(:now, 'weekday 0', '+1 day')", "date(:now, 'weekday 0', '+7 days')"),
    "this month": ("date(:now, 'start of month')", "date(:now, 'start of month', '+1 month', '-1 day')"),
    "last month": ("date(:now, 'start of month', '-1 month')", "date(:now, 'start of month', '-1 day')"),
    "next month": ("date(:now, 'start of month', '+1 month')", "date(:now, 'start of month', '+2 months', '-1 day')"),
    "this year": ("date(:now, 'start of year')", "date(:now, 'start of year', '+1 year', '-1 day')"),
    "last year": ("date(:now, 'start of year', '-1 year')", "date(:now, 'start of year', '-1 day')"),
    "next year": ("date(:now, 'start of year', '+1 year')", "date(:now, 'start of year', '+2 years', '-1 day')"),
}
SCHEMA = """
CREATE TABLE contacts (id, plan, credits, born, seen, vip, created_at);
CREATE TABLE colours (contact, tag);
CREATE TABLE lists (contact, list);
CREATE TABLE deeds (contact, kind, email, at, link);
"""


def contact(number, past=None, **given):
    """A contact with these fields; `lists` and `created_at` are its own."""
    own = {name: given.pop(name) for name in ("lists", "created_at") if name in given}
    fields = {name: value for name, value in given.items() if value is not None}
    return Contact(f"{number:016d}", "ann@example.com", fields, **own), past or Past()


def setting(people):
    pasts = {each.id: past for each, past in people}
    return Setting(now=NOON, past=lambda each: pasts[each.id])


def found(tree, people):
    """The ids that SQLite finds."""
    base = sqlite3.connect(":memory:")
    base.create_function("REGEXP", 2, lambda pattern, text: bool(re.search(pattern, str(text), re.IGNORECASE)))
    base.executescript(SCHEMA)
    for person, past in people:
        _fill(base, person, past)
    query = f"SELECT id FROM contacts c WHERE {_sql(tree)}"  # noqa: S608  # our own literals
    return {each for (each,) in base.execute(query, {"now": TODAY})}


def _fill(base, person, past):
    fields = person.fields
    row = [person.id, *(fields.get(name) for name in ("plan", "credits", "born", "seen", "vip")), person.created_at]
    base.execute("INSERT INTO contacts VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    base.executemany("INSERT INTO colours VALUES (?, ?)", [(person.id, tag) for tag in fields.get("colours", ())])
    base.executemany("INSERT INTO lists VALUES (?, ?)", [(person.id, each) for each in person.lists])
    for email, did in past.emails.items():
        rows = [("sent", at, "") for at in did.sent] + [("opened", at, "") for at in did.opened]
        rows += [("clicked", click.at, click.link) for click in did.clicked]
        base.executemany(
            "INSERT INTO deeds VALUES (?, ?, ?, ?, ?)", [(person.id, kind, email, at, link) for kind, at, link in rows]
        )


def _sql(tree):
    match tree:
        case All(parts):
            return "(" + " AND ".join(map(_sql, parts)) + ")"
        case Any(parts):
            return "(" + " OR ".join(map(_sql, parts)) + ")"
        case Not(part):
            return f"(NOT {_sql(part)})"
        case Condition(field, operator, value):
            negated = operator.startswith("!")
            positive = "=" if operator == "!=" else operator.removeprefix("!")
            holds = f"COALESCE({_positive(field, positive, value)}, 0)"
            return f"(NOT {holds})" if negated else holds


def _positive(field, operator, value):
    if field in ("sent", "opened", "clicked"):
        return _deed(field, value)
    if field == "colours":
        return _of_many("colours", "tag", operator, value)
    if field == "segment":
        return _of_many("lists", "list", operator, value)
    if operator == "empty":
        return f"({field} IS NULL OR {field} = '')"
    if field in ("born", "seen", "created_at"):
        return _dated(field, operator, value)
    return f"({field} <> '' AND {_scalar(field, operator, value)})"


def _of_many(table, column, operator, value):
    rows = f"SELECT 1 FROM {table} t WHERE t.contact = c.id"  # noqa: S608
    if operator == "empty":
        return f"NOT EXISTS ({rows})"
    values = ", ".join(_literal(str(each).lower()) for each in (value if isinstance(value, tuple) else (value,)))
    return f"EXISTS ({rows} AND lower(t.{column}) IN ({values}))"


def _scalar(field, operator, value):
    if operator == "in":
        return "(" + " OR ".join(_scalar(field, "=", each) for each in value) + ")"
    if operator == "between":
        return f"{field} BETWEEN {_literal(value[0])} AND {_literal(value[1])}"
    if operator in COMPARE:
        return f"{field} {COMPARE[operator]} {_literal(value)} COLLATE NOCASE"
    text = f"CAST({field} AS TEXT)"
    if operator == "like":
        return f"{text} LIKE {_literal(value)} ESCAPE '\\'"
    if operator == "regexp":
        return f"{text} REGEXP {_literal(value)}"
    low, wanted = f"lower({text})", _literal(value.lower())
    return {
        "contains": f"instr({low}, {wanted}) > 0",
        "startsWith": f"substr({low}, 1, {len(value)}) = {wanted}",
        "endsWith": f"(length({low}) >= {len(value)} AND substr({low}, -{len(value)}) = {wanted})",
    }[operator]


def _dated(field, operator, value):
    day = {"born": "born", "seen": "substr(seen, 1, 10)", "created_at": "date(created_at / 1000, 'unixepoch')"}[field]
    if operator == "=" and str(value).startswith("birthday"):
        moved = str(value).removeprefix("birthday").strip() or "+0 days"
        return f"strftime('%m-%d', {day}) = strftime('%m-%d', date(:now, {_literal(moved)}))"
    if operator == "between":
        return f"{day} BETWEEN {_days(value[0])[0]} AND {_days(value[1])[1]}"
    first, last = _days(value)
    return {
        "=": f"{day} BETWEEN {first} AND {last}",
        "gt": f"{day} > {last}",
        "gte": f"{day} >= {first}",
        "lt": f"{day} < {first}",
        "lte": f"{day} <= {last}",
    }[operator]


def _days(value):
    return RELATIVE.get(value, (_literal(value),) * 2)


def _deed(kind, deed):
    wanted = [f"d.contact = c.id AND d.kind = {_literal(kind)}"]
    if deed.emails:
        wanted.append(f"d.email IN ({', '.join(map(_literal, deed.emails))})")
    if deed.days is not None:
        wanted.append(f"d.at >= {NOON - deed.days * DAY}")
    if deed.link:
        wanted.append(f"instr(d.link, {_literal(deed.link)}) > 0")
    return f"(SELECT count(*) FROM deeds d WHERE {' AND '.join(wanted)}) >= {deed.times}"  # noqa: S608


def _literal(value):
    if isinstance(value, bool):
        return str(int(value))
    return repr(value) if isinstance(value, int | float) else "'" + value.replace("'", "''") + "'"


def did(sent=(), opened=(), clicked=()):
    """With one e-mail; days before now, and for clicks (days, link)."""
    return WithEmail(
        tuple(NOON - days * DAY for days in sent),
        tuple(NOON - days * DAY for days in opened),
        tuple(Click(NOON - days * DAY, link) for days, link in clicked),
    )
