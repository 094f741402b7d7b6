"""Template e-mails: as often as one likes, each sending at most once, whatever crashes."""

from contextlib import suppress
from dataclasses import replace

import pytest

from chalicelib.model.budget import Budget
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.message import Message
from chalicelib.model.outcome import CallInDoubt, CallNotSent, Halted, Refused
from chalicelib.model.suppression import Suppression
from chalicelib.work import messaging, workspaces
from tests.fakes.faulty import Killed, LostAnswer, PortCall, answer_lost, counted, killed_after, killed_before
from tests.fakes.transport import accepted_then
from tests.work.sending.house import EMAIL, REVISION, House


def house() -> House:
    made = House(3)
    made.tables.emails[EMAIL] = replace(made.tables.emails[EMAIL], kind="template")
    made.tables.revisions[EMAIL, 1] = replace(REVISION, kind="template")
    return made


def send(made: House, mode: str | None = "immediate", key: str | None = "order 17", **tokens: str) -> Message:
    return messaging.send(made.world(), EMAIL, made.people[0], tokens, mode, key)


def test_immediate_says_what_happened() -> None:
    made = house()
    message = send(made)
    assert (message.state, message.provider_id) == ("sent", "ses-00000001")
    assert messaging.read(made.world(), str(message.key))[0] == message


def test_without_a_key_each_request_is_a_sending_of_its_own() -> None:
    made = house()
    assert {send(made, key=None).state, send(made, key=None).state} == {"sent"}
    assert len(made.transport.accepted) == 2


def test_a_repetition_returns_the_first_state_and_sends_nothing() -> None:
    made = house()
    assert send(made) == send(made)
    assert len(made.transport.accepted) == 1


@pytest.mark.parametrize("change", [{"name": "x"}, {"to": 1}, {"mode": "queue"}])
def test_another_body_under_the_same_key_is_a_conflict(change: dict[str, object]) -> None:
    made = house()
    send(made)
    to = made.people[int(change.pop("to", 0))]
    mode = change.pop("mode", "immediate")
    with pytest.raises(Conflict, match="Idempotency-Key"):
        messaging.send(made.world(), EMAIL, to, change, mode, "order 17")
    assert len(made.transport.accepted) == 1


def test_queued_is_sent_by_the_worker() -> None:
    made = house()
    assert send(made, "queue").state == "waiting"
    made.drain()
    assert [copy.envelope.message for copy in made.transport.accepted] == [send(made, "queue").key]
    assert send(made, "queue").state == "sent"


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (CallNotSent("throttled"), "waiting"),
        (Halted("sending is paused"), "waiting"),
        (CallInDoubt("time-out"), "in_doubt"),
    ],
)
def test_trouble_is_told_as_it_is(trouble: Exception, state: str) -> None:
    made = house()
    made.transport.script.append(trouble)
    message = send(made)
    assert (message.state, message.reason) == (state, str(trouble))


def test_what_was_not_sent_goes_out_by_itself() -> None:
    made = house()
    made.transport.script.extend([CallNotSent("throttled")] * 3)
    send(made)
    made.drain()
    assert send(made).state == "sent"


def test_a_refusal_is_final() -> None:
    made = house()
    made.transport.outcomes["person0@example.com"] = Refused("bad address")
    assert (send(made).state, send(made).reason) == ("failed", "bad address")


@pytest.mark.parametrize(("told", "state"), [(True, "sent"), (False, "held")])
def test_a_doubt_is_settled_by_evidence_and_held_without(told: bool, state: str) -> None:
    made = house()
    made.transport.script.append(accepted_then(CallInDoubt("reset")))
    assert send(made).state == "in_doubt"
    for _ in range(30):
        made.clock.sleep(60_000)
        if told:
            made.tell()
        made.sweep()
        made.drain()
    assert send(made).state == state
    assert len(made.transport.accepted) == 1


@pytest.mark.parametrize("mode", ["immediate", "queue"])
@pytest.mark.parametrize("faults", [killed_before, killed_after, answer_lost])
def test_one_fault_at_every_port_call_sends_at_most_once_and_ends(mode: str, faults: object) -> None:
    calls: list[PortCall] = []
    messaging.send(house_world(house(), counted(calls)), EMAIL, House(3).people[0], {}, mode, "order 17")
    assert len(calls) >= 4
    for number in range(1, len(calls) + 1):
        made = house()
        with suppress(Killed, LostAnswer):
            messaging.send(house_world(made, faults(number)), EMAIL, made.people[0], {}, mode, "order 17")
        send(made, mode)
        for _ in range(30):
            made.tell()
            made.sweep()
            made.drain()
            made.clock.sleep(60_000)
        final = send(made, mode)
        assert len(made.transport.accepted) <= 1, number
        assert final.state == ("sent" if made.transport.accepted else "held"), number
        assert made.tables.counters.get(EMAIL, {}).get("sent", 0) == len(made.transport.accepted), number


def house_world(made: House, taps: tuple[object, object]) -> object:
    return made.world(*taps)


def test_errors_name_the_field_and_the_mend() -> None:
    made = house()
    with pytest.raises(NotFound):
        messaging.send(made.world(), EMAIL, "0" * 16, {}, "immediate")
    with pytest.raises(NotFound):
        messaging.send(made.world(), "0" * 16, made.people[0], {}, "immediate")
    with pytest.raises(Invalid, match="tokens"):
        messaging.send(made.world(), EMAIL, made.people[0], {"a": "x" * 70_000}, "immediate")
    with pytest.raises(Conflict, match="broadcast"):
        messaging.send(House(1).world(), EMAIL, House(1).people[0], {}, "immediate")


def test_a_deleted_contact_is_not_written_to() -> None:
    made = house()
    message = send(made, "queue")
    del made.tables.contacts[made.people[0]]
    made.drain()
    stored, _ = messaging.read(made.world(), str(message.key))
    assert (stored.state, stored.reason) == ("failed", "The contact was deleted.")


@pytest.mark.parametrize(
    ("reason", "state"), [("bounced", "failed"), ("complained", "failed"), ("unsubscribed", "sent")]
)
def test_it_obeys_the_mailbox_and_not_what_was_said_about_marketing(reason: str, state: str) -> None:
    """Mautic's transactional mail ignores do-not-contact; an address that bounced or complained harms everybody."""
    made = house()
    hashed = made.world().signer.hashed("address", "person0@example.com")
    made.tables.suppressions[hashed] = Suppression(hashed, reason, "test", 0)
    for mode in ("immediate", "queue"):
        message = send(made, mode, key=f"order {mode}")
        made.drain()
        stored, _ = messaging.read(made.world(), str(message.key))
        assert stored.state == state
        assert (reason in stored.reason) == (state == "failed")
    assert made.tables.counters[EMAIL] == {state: 2}


@pytest.mark.parametrize("mode", ["immediate", "queue"])
def test_what_is_for_a_merged_contact_goes_to_whoever_took_it_over(mode: str) -> None:
    made = house()
    made.change(made.people[0], merged_into=made.people[1])
    send(made, mode)
    made.drain()
    assert [copy.envelope.address for copy in made.transport.accepted] == ["person1@example.com"]


def test_what_waits_while_its_contact_is_merged_goes_to_whoever_took_it_over() -> None:
    made = house()
    send(made, "queue")
    made.change(made.people[0], merged_into=made.people[1])
    made.drain()
    assert [copy.envelope.address for copy in made.transport.accepted] == ["person1@example.com"]


def test_a_merged_contact_whose_heir_is_gone_is_not_written_to() -> None:
    made = house()
    made.change(made.people[0], merged_into=made.people[1])
    del made.tables.contacts[made.people[1]]
    assert (send(made).state, made.transport.accepted) == ("failed", [])


def test_without_a_near_slot_it_waits_for_its_turn_and_goes_out() -> None:
    made = house()
    made.tables.budgets[""] = Budget(next_at=made.clock.at + 60_000)
    message = send(made)
    assert (message.state, "rate" in message.reason) == ("waiting", True)
    for _ in range(10):
        made.drain()
        made.clock.sleep(60_000)
        made.sweep()
    assert send(made).state == "sent"
    assert len(made.transport.accepted) == 1


def test_nothing_is_stored_where_the_revision_is_missing() -> None:
    """What can fail of ours comes before the claim: the next try with the same key sends."""
    made = house()
    revision = made.tables.revisions.pop((EMAIL, 1))
    with pytest.raises(LookupError):
        send(made)
    made.tables.revisions[EMAIL, 1] = revision
    assert send(made).state == "sent"


def test_the_workspace_says_whether_at_once_or_by_the_queue() -> None:
    made = house()
    assert send(made, None, None).state == "sent"
    workspaces.update(made.world(), {"mode": "queue"})
    assert send(made, None, None).state == "waiting"
    assert send(made, "immediate", None).state == "sent"
    with pytest.raises(Invalid, match="mode"):
        workspaces.update(made.world(), {"mode": "later"})
