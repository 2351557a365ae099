"""What support reads of clients, in the search, on worklists or card by card: it all comes off one allowance.

Two hundred calls a day fit in, each with a few letters typed and a card opened; a base of clients does not.
"""

from __future__ import annotations

from functools import partial

from peewee import DoesNotExist

from zone.audit import Actor, Role, Tag, record
from zone.clients import allowance, people, search
from zone.clients.allowance import LOOK
from zone.clients.models import Client
from zone.clients.people import UnknownClient
from zone.clients.search import ClientRow, Page
from zone.clients.search_models import ClientLook
from zone.clock import now
from zone.config import Limits


def everybody(actor: Actor, typed: str, *, after: str | None = None, limits: Limits) -> Page[ClientRow]:
    """As `search.everybody`, with what it shows counted; that somebody is not there counts as one row.

    Raises `TooMuchRead` after the count, and the alarm of who reached a limit, were committed. An outer transaction
    would take them back, so let there be none. Raises `PermissionError` for all but support.
    """
    _check_support(actor)
    page = search.everybody(typed, after=after)
    if typed.strip():
        read_rows(actor, max(1, len(page.rows)), limits=limits)
    return page


def read_rows(actor: Actor, rows: int, *, limits: Limits) -> None:
    """Count so many rows that name clients and are about to be shown; to be called before they are.

    Only the first page of a list that nobody chose from may go uncounted: it is always the same. Raises as `everybody`
    does.
    """
    _check_support(actor)
    allowance.spend(actor, rows, limits)


def look_at_client(actor: Actor, client_id: int, *, limits: Limits) -> Client:
    """The client whom a support agent opens: one row, and an event for the client's access history.

    Whatever the agent opens of them within the hour after costs nothing and leaves nothing. Raises `UnknownClient`, and
    `TooMuchRead` and `PermissionError` as `everybody` does.
    """
    _check_support(actor)
    client = people.by_id(client_id)
    is_looking, begin = partial(_is_looking, actor, client_id), partial(_begin_to_look, actor, client_id)
    if not is_looking():
        try:
            allowance.look(actor, client_id, limits=limits, is_looking=is_looking, begin=begin)
        except DoesNotExist as error:  # erased at this moment
            raise UnknownClient from error
    return client


def _check_support(actor: Actor) -> None:
    if actor.role is not Role.SUPPORT:
        raise PermissionError("only support looks at clients of everybody's")


def _is_looking(actor: Actor, client_id: int) -> bool:
    mine = ClientLook.account_id == actor.account_id, ClientLook.client == client_id
    return bool(ClientLook.select().where(*mine, ClientLook.until > now()).exists())


def _begin_to_look(actor: Actor, client_id: int) -> None:
    look = ClientLook.insert(account_id=actor.account_id, client=client_id, until=now() + LOOK)
    key = [ClientLook.account_id, ClientLook.client]
    look.on_conflict(conflict_target=key, preserve=[ClientLook.until]).execute()
    record(Tag.CLIENT_VIEWED, actor, client_id=client_id)
