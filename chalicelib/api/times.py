"""Times: ISO 8601 in UTC outside, epoch milliseconds inside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chalicelib.model.errors import Invalid

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MEND = 'Give an ISO 8601 time with its zone, such as "2031-05-04T09:30:00Z" or "2031-05-04T11:30:00+02:00".'


def iso(at: int | None) -> str | None:
    """`2031-05-04T09:30:00.000Z`"""
    if at is None:
        return None
    seconds, milliseconds = divmod(at, 1_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{milliseconds:03d}Z"


def milliseconds(field: str, text: str) -> int:
    """Epoch milliseconds; Invalid for anything but a time with a zone."""
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo is None:
            raise Invalid(field, text, f"It has no zone. {MEND}")
        return (time - EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        raise Invalid(field, text, MEND) from None
