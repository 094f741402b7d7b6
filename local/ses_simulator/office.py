"""All that sending reads and writes, and who may send what to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from local.ses_simulator import rules
from local.ses_simulator.account import Account
from local.ses_simulator.database import Database
from local.ses_simulator.ledger import Ledger
from local.ses_simulator.outbox import Outbox
from local.ses_simulator.refusal import Refusal, bad_request
from local.ses_simulator.register import Register

REGION = "US-EAST-1"


@dataclass(frozen=True, slots=True)
class Office:
    """`now` gives epoch milliseconds; `wake` tells the publisher that there are events."""

    account: Account
    identities: Register
    configuration_sets: Register
    suppressed: Register
    database: Database
    ledger: Ledger
    outbox: Outbox
    now: Callable[[], int]
    wake: Callable[[], None]


def check_account(office: Office, configuration_set: str) -> None:
    limits = office.account.limits
    if limits.enforcement_status == "SHUTDOWN":
        raise Refusal("AccountSuspendedException", "The account's ability to send email has been suspended.")
    if not limits.sending_enabled:
        raise Refusal("SendingPausedException", "Email sending is disabled for your account.")
    if configuration_set and office.configuration_sets.get(configuration_set) is None:
        raise Refusal("NotFoundException", f"Configuration set <{configuration_set}> does not exist.")


def check_sender(office: Office, sender: str) -> None:
    if not sender:
        raise bad_request("FromEmailAddress is required.")
    _check_verified(office, [rules.bare_address(sender)])


def check_sandbox(office: Office, recipients: Iterable[str]) -> None:
    """Without production access, recipients too must be verified (simulator addresses always are)."""
    if not office.account.limits.production_access:
        _check_verified(office, (each for each in recipients if not each.endswith("@simulator.amazonses.com")))


def _check_verified(office: Office, addresses: Iterable[str]) -> None:
    failed = [each for each in addresses if not verified(office, each)]
    if failed:
        raise Refusal(
            "MessageRejected",
            "Email address is not verified. The following identities failed the check in region "
            f"{REGION}: {', '.join(dict.fromkeys(failed))}",
        )


def verified(office: Office, address: str) -> bool:
    """Whether the address, its domain or a domain above it is a verified identity."""
    domain = address.lower().rpartition("@")[2]
    labels = domain.split(".")
    names = [address.lower(), *(".".join(labels[at:]) for at in range(len(labels)))]
    return any(office.identities.get(name) is not None for name in names)
