"""Bearer keys: those of the deployment's settings, of which digests alone are kept, and those that the team made."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence

from chalicelib.api.answers import Unauthorized
from chalicelib.model.actor import Actor
from chalicelib.work import api_keys
from chalicelib.work.world import World

MEND = 'Send the header "Authorization: Bearer KEY" with a key of this workspace.'
# How much of a digest tells the keys of a workspace apart, and helps nobody to find one.
SHOWN = 8


def authorised(header: str, digests: Sequence[str], world: Callable[[], World]) -> Actor:
    """Whose key the header carries; Unauthorized for none that is known. The world is asked for where the settings do
    not know it (RFC 6750 is the header).
    """
    scheme, _, key = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Unauthorized("This address needs a key.", hint=MEND)
    actor = holder(key.strip(), digests, world)
    if actor is None:
        raise Unauthorized("This key is not known here.", hint=MEND)
    return actor


def holder(key: str, digests: Sequence[str], world: Callable[[], World]) -> Actor | None:
    """Every digest is compared, each in constant time: the answer's time tells nothing."""
    given = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
    if any([hmac.compare_digest(given, digest.lower()) for digest in digests]):  # noqa: C419  # see above
        return setting_actors(digests)[given[:SHOWN]]
    return api_keys.known(world(), key) if api_keys.FORM.fullmatch(key) else None


def setting_actors(digests: Sequence[str]) -> Mapping[str, Actor]:
    """Keys of the settings may all: without them nobody could make the first member."""
    shown = (digest[:SHOWN].lower() for digest in digests)
    return {each: Actor("setting", each, f"Key {each[:6]} of the settings") for each in shown}
