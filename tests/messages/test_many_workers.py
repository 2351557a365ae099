from __future__ import annotations

import signal
from pathlib import Path

from peewee import Database

from tests.messages.outbox_parts import enqueue, until
from tests.torture.workers import nursery
from zone.messages.handover import Status
from zone.messages.models import Channel, Message
from zone.storage import transaction


def test_four_workers_share_a_thousand_messages_and_send_each_once(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    with transaction():
        messages = [enqueue(channel) for _ in range(500) for channel in Channel]
    with nursery(database_url, tmp_path) as workers:
        pids = [workers.start() for _ in range(4)]
        until(lambda: Message.select().where(Message.status == Status.SENT).count() == 1000, seconds=90)
        assert [workers.end(pid, signal.SIGTERM) for pid in pids] == [0, 0, 0, 0]
        assert workers.handed_over() == {message.reference: 1 for message in messages}
    assert Message.select(Message.worker).distinct().count() == 4
