"""The rest of the SES API that Envoi's life needs: account, suppression list, identities, configuration sets."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from local.ses_simulator.events import MATCHING
from local.ses_simulator.office import Office
from local.ses_simulator.refusal import Refusal, bad_request
from local.ses_simulator.rules import bare_address

MAX_PAGE = 1_000
_SET_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SES_EVENTS = frozenset({*MATCHING.values(), "OPEN", "CLICK", "SUBSCRIPTION"})

Body = dict[str, Any]


def account(office: Office) -> Body:
    limits = office.account.limits
    return {
        "DedicatedIpAutoWarmupEnabled": False,
        "EnforcementStatus": limits.enforcement_status,
        "ProductionAccessEnabled": limits.production_access,
        "SendQuota": {
            "Max24HourSend": limits.max_24_hour_send,
            "MaxSendRate": limits.max_send_rate,
            "SentLast24Hours": float(office.account.sent_last_day()),
        },
        "SendingEnabled": limits.sending_enabled,
        "SuppressionAttributes": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
    }


def put_suppressed(office: Office, body: Body) -> Body:
    reason = body.get("Reason")
    if reason not in ("BOUNCE", "COMPLAINT"):
        raise bad_request(f"Reason {reason!r} is none of BOUNCE, COMPLAINT.")
    address = bare_address(str(body.get("EmailAddress", ""))).lower()
    office.suppressed.put(address, {"Reason": reason, "LastUpdateTime": office.now() / 1_000})
    return {}


def get_suppressed(office: Office, address: str) -> Body:
    found = office.suppressed.get(address.lower())
    if found is None:
        raise Refusal("NotFoundException", f"Email address {address} does not exist on your suppression list.")
    return {"SuppressedDestination": {"EmailAddress": address.lower(), **found}}


def delete_suppressed(office: Office, address: str) -> Body:
    if not office.suppressed.remove(address.lower()):
        raise Refusal("NotFoundException", f"Email address {address} does not exist on your suppression list.")
    return {}


def list_suppressed(office: Office, after: str, limit: int) -> Body:
    page, token = office.suppressed.page(after, limit)
    found = [{"EmailAddress": name, **body} for name, body in page]
    return {"SuppressedDestinationSummaries": found} | ({"NextToken": token} if token else {})


def create_identity(office: Office, body: Body) -> Body:
    """Verified at once: there is no mailbox here in which anybody could confirm."""
    name = str(body.get("EmailIdentity", "")).lower()
    bare_address(name if "@" in name else f"any@{name}")
    if office.identities.get(name) is not None:
        raise Refusal("AlreadyExistsException", f"Email identity {name} already exist.")
    office.identities.put(name, {})
    return _identity(name)


def get_identity(office: Office, name: str) -> Body:
    if office.identities.get(name.lower()) is None:
        raise Refusal("NotFoundException", f"Email identity {name} does not exist.")
    return {
        **_identity(name),
        "FeedbackForwardingStatus": True,
        "VerificationStatus": "SUCCESS",
        "Policies": {},
        "Tags": [],
    }


def delete_identity(office: Office, name: str) -> Body:
    if not office.identities.remove(name.lower()):
        raise Refusal("NotFoundException", f"Email identity {name} does not exist.")
    return {}


def list_identities(office: Office, after: str, limit: int) -> Body:
    page, token = office.identities.page(after, limit)
    found = [
        {
            "IdentityType": _identity(name)["IdentityType"],
            "IdentityName": name,
            "SendingEnabled": True,
            "VerificationStatus": "SUCCESS",
        }
        for name, _ in page
    ]
    return {"EmailIdentities": found} | ({"NextToken": token} if token else {})


def _identity(name: str) -> Body:
    return {
        "IdentityType": "EMAIL_ADDRESS" if "@" in name else "DOMAIN",
        "VerifiedForSendingStatus": True,
        "DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS", "Tokens": []},
    }


def create_set(office: Office, body: Body) -> Body:
    name = str(body.get("ConfigurationSetName", ""))
    if not _SET_NAME.fullmatch(name):
        raise bad_request(f"Invalid configuration set name <{name}>: 1 to 64 of letters, digits, '_' and '-'.")
    if office.configuration_sets.get(name) is not None:
        raise Refusal("AlreadyExistsException", f"Configuration set <{name}> already exists.")
    office.configuration_sets.put(name, {"options": body, "destinations": []})
    return {}


def get_set(office: Office, name: str) -> Body:
    options: Body = _set(office, name)["options"]
    return options | {"ConfigurationSetName": name}


def delete_set(office: Office, name: str) -> Body:
    _set(office, name)
    office.configuration_sets.remove(name)
    return {}


def list_sets(office: Office, after: str, limit: int) -> Body:
    page, token = office.configuration_sets.page(after, limit)
    return {"ConfigurationSets": [name for name, _ in page]} | ({"NextToken": token} if token else {})


def create_destination(office: Office, name: str, body: Body) -> Body:
    found = _set(office, name)
    called = str(body.get("EventDestinationName", ""))
    if any(each["Name"] == called for each in found["destinations"]):
        raise Refusal("AlreadyExistsException", f"Event destination <{called}> already exists.")
    destination = _destination(called, body.get("EventDestination"))
    office.configuration_sets.put(name, found | {"destinations": [*found["destinations"], destination]})
    return {}


def put_destination(office: Office, name: str, called: str, body: Body) -> Body:
    delete_destination(office, name, called)
    return create_destination(office, name, body | {"EventDestinationName": called})


def delete_destination(office: Office, name: str, called: str) -> Body:
    found = _set(office, name)
    rest = [each for each in found["destinations"] if each["Name"] != called]
    if len(rest) == len(found["destinations"]):
        raise Refusal("NotFoundException", f"Event destination <{called}> does not exist.")
    office.configuration_sets.put(name, found | {"destinations": rest})
    return {}


def get_destinations(office: Office, name: str) -> Body:
    return {"EventDestinations": _set(office, name)["destinations"]}


def _set(office: Office, name: str) -> Body:
    found: Body | None = office.configuration_sets.get(name)
    if found is None:
        raise Refusal("NotFoundException", f"Configuration set <{name}> does not exist.")
    return found


def _destination(name: str, given: object) -> Body:
    if not _SET_NAME.fullmatch(name) or not isinstance(given, dict):
        raise bad_request("EventDestinationName and EventDestination are required.")
    kinds = given.get("MatchingEventTypes") or []
    if not kinds or not set(kinds) <= _SES_EVENTS:
        raise bad_request(f"MatchingEventTypes {kinds!r} must be some of {', '.join(sorted(_SES_EVENTS))}.")
    if given.get("SnsDestination") is not None and not str(given["SnsDestination"].get("TopicArn", "")).startswith(
        "arn:"
    ):
        raise bad_request("SnsDestination needs the TopicArn of a topic.")
    return {"Enabled": False, **given, "Name": name}


def decoded(body: bytes) -> Body:
    try:
        return msgspec.json.decode(body or b"{}", type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise bad_request(f"The request cannot be read: {error}") from error
