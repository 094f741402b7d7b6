from itertools import pairwise
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.store import action
from chalicelib.store.batch import put_all
from chalicelib.store.chunk_rows import ChunkRow
from chalicelib.store.contacts import ContactsStore
from chalicelib.store.patience import LONGEST_S, TRIES, Busy
from chalicelib.store.reading import read_many
from chalicelib.store.row import HashRow, key
from chalicelib.store.writing import transact, write
from tests.store.scripted import ScriptedDynamoDB, cancelled, connected, done, error
from tests.store.things import contact, hashed

UNMET = "ConditionalCheckFailed"
PUT = action.put("t", HashRow("pk"), HashRow.pk.does_not_exist())


def test_a_conflict_of_transactions_is_tried_again_with_another_token() -> None:
    dynamodb = ScriptedDynamoDB(cancelled("None", "TransactionConflict"), error("TransactionInProgressException"), done)
    connection, waits = connected(dynamodb)
    assert transact(connection, [PUT, PUT]) == {}
    assert len(waits) == 2
    tokens = [request["ClientRequestToken"] for _, request in dynamodb.requests]
    assert tokens[0] != tokens[1], "the first was cancelled and is over"
    assert tokens[1] == tokens[2], "the second may yet have been done"


def test_a_single_write_waits_for_a_transaction_on_its_item() -> None:
    connection, waits = connected(ScriptedDynamoDB(error("TransactionConflictException"), done))
    assert write(connection, PUT) is None
    assert len(waits) == 1


def test_a_transaction_that_no_repetition_mends_is_an_error_at_once() -> None:
    connection, waits = connected(ScriptedDynamoDB(cancelled("None", "ValidationError")))
    with pytest.raises(ClientError):
        transact(connection, [PUT, PUT])
    assert waits == []


def test_an_unmet_condition_is_an_answer_even_beside_a_conflict() -> None:
    dynamodb = ScriptedDynamoDB(cancelled({"Code": UNMET, "Item": {"pk": {"S": "x"}}}, "TransactionConflict"))
    connection, waits = connected(dynamodb)
    unmet = transact(connection, [PUT, PUT])
    assert unmet.keys() == {0}
    assert unmet[0].found == {"pk": {"S": "x"}}
    assert waits == []


def test_patience_ends_and_its_waits_grow() -> None:
    connection, waits = connected(ScriptedDynamoDB(*[cancelled("TransactionConflict")] * TRIES))
    with pytest.raises(Busy, match="transaction of 1"):
        transact(connection, [PUT])
    assert len(waits) == TRIES - 1
    assert all(0 < wait <= LONGEST_S for wait in waits)
    assert all(later > earlier / 2 for earlier, later in pairwise(waits))
    assert sum(waits) > waits[0] * 10


def test_keys_that_a_batch_left_unread_are_asked_for_again() -> None:
    keys = [key(str(number)) for number in range(130)]

    def half(request: dict[str, Any]) -> dict[str, Any]:
        asked = request["RequestItems"]["t"]["Keys"]
        cut = len(asked) // 2
        left = {"t": {"Keys": asked[cut:], "ConsistentRead": True}} if cut else {}
        return {"Responses": {"t": asked[: cut or 1]}, "UnprocessedKeys": left}

    dynamodb = ScriptedDynamoDB(*[half] * 14)
    connection, waits = connected(dynamodb)
    assert read_many(connection, {"t": keys}) == {"t": keys}
    assert not dynamodb.script
    assert len(waits) == 14 - 2
    assert all(request["RequestItems"]["t"]["ConsistentRead"] for _, request in dynamodb.requests)


def test_items_that_a_batch_left_unwritten_are_sent_again() -> None:
    items = [HashRow(str(number)).item() for number in range(60)]
    written: list[Any] = []

    def twenty(request: dict[str, Any]) -> dict[str, Any]:
        [(table, asked)] = request["RequestItems"].items()
        assert len(asked) <= 25
        written.extend(each["PutRequest"]["Item"] for each in asked[:20])
        return {"UnprocessedItems": {table: asked[20:]} if asked[20:] else {}}

    connection, waits = connected(ScriptedDynamoDB(*[twenty] * 5))
    put_all(connection, "t", items)
    assert sorted(written, key=lambda item: int(item["pk"]["S"])) == items
    assert len(waits) == 2


def test_a_table_that_takes_nothing_is_an_error_in_the_end() -> None:
    def none(request: dict[str, Any]) -> dict[str, Any]:
        return {"UnprocessedItems": request["RequestItems"]}

    connection, _ = connected(ScriptedDynamoDB(*[none] * TRIES))
    with pytest.raises(Busy, match="batch write t"):
        put_all(connection, "t", [HashRow("1").item()])


def test_a_transaction_is_cut_again_without_those_that_cannot_be() -> None:
    taken = {"Code": UNMET, "Item": {"pk": {"S": "somebody"}}}
    dynamodb = ScriptedDynamoDB(
        cancelled("None", "None", "None", taken, "None", "None", "None", "None"),
        cancelled(taken, "None", "None", "None", "None", "None"),
        done,
    )
    connection, _ = connected(dynamodb)
    created = ContactsStore(connection, "main").create_many([(contact(n), hashed(n)) for n in range(4)])
    assert created == {contact(2).id, contact(3).id}
    assert [len(request["TransactItems"]) for _, request in dynamodb.requests] == [8, 6, 4]


def test_a_row_of_a_later_format_is_refused() -> None:
    with pytest.raises(ValueError, match="ChunkRow has format 2"):
        ChunkRow.of({"pk": {"S": "a"}, "sk": {"S": "b"}, "f": {"N": "2"}})
