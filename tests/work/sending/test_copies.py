"""BCC: a copy of each letter that is a recipient for the provider's quota and for nobody else."""

from dataclasses import replace

from chalicelib.model.pacing import Quota
from tests.work.sending.house import EMAIL, LIST, REVISION, House


def test_copies_use_up_the_quota_and_count_for_nobody():
    house = House(40)
    house.tables.revisions[EMAIL, 1] = replace(REVISION, bcc=("archive@example.com",))
    house.transport.limits = Quota(per_second=20, per_day=-1, sent_today=0)
    began = house.clock.now()
    broadcast = house.broadcast(LIST)
    house.drain()
    house.settle()
    tally = house.tally(broadcast.id)
    assert (tally.planned, tally.sent) == (40, 40)
    sizes = [recipients for _, recipients in house.transport.calls]
    assert max(sizes) == 5, "half a second's worth is ten mails, five letters with a copy each"
    last = house.transport.calls[-1][0]
    assert last - began >= 3_500, "eighty mails at twenty a second, but for those of the last call"
