"""The worker: a process with one lane for each channel, so that slow mail never holds up a password, and chores."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

from peewee import Database

from zone.messages.chores import Chore
from zone.messages.claims import LEASES, Leases
from zone.messages.lane import Lane
from zone.messages.mail.gateway import MailGateway
from zone.messages.models import Channel, Kind
from zone.messages.render import Mail, Renderer, Sms
from zone.messages.sms.gateway import SmsGateway


class Worker:
    """Sends what the outbox of `database` holds. Any number of them may work side by side."""

    def __init__(
        self,
        database: Database,
        *,
        sms: SmsGateway,
        mail: MailGateway,
        renderers: Mapping[Kind, Renderer],
        chores: Sequence[Chore] = (),
        leases: Mapping[Channel, Leases] = LEASES,
    ) -> None:
        def send_sms(reference: str, carried: Sms | Mail) -> None:
            if not isinstance(carried, Sms):
                raise TypeError("only an Sms goes by SMS")
            sms.send(reference=reference, to=carried.to, text=carried.text)

        def send_mail(reference: str, carried: Sms | Mail) -> None:
            if not isinstance(carried, Mail):
                raise TypeError("only a Mail goes by e-mail")
            mail.send(reference=reference, message=carried.message)

        name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._database = database
        self._gateways = (sms, mail)
        self._lanes: tuple[Lane | Chore, ...] = (
            Lane(Channel.SMS, sms, send_sms, renderers, worker=name, leases=leases[Channel.SMS]),
            Lane(Channel.MAIL, mail, send_mail, renderers, worker=name, leases=leases[Channel.MAIL]),
            *chores,
        )

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set and the messages in hand are dealt with.

        A lane that breaks by a fault of its own stops the other; its exception is raised here.
        """
        with ThreadPoolExecutor(len(self._lanes), thread_name_prefix="lane") as threads:
            lanes = [threads.submit(lane.run, self._database, stop) for lane in self._lanes]
            wait(lanes, return_when=FIRST_EXCEPTION)
            if not stop.is_set():
                stop.set()
        for gateway in self._gateways:
            gateway.close()
        for lane in lanes:
            lane.result()
