"""The requests on a policy: the list, and one of them with all that came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from peewee import JOIN, ModelSelect

from zone.accounts.models import Account
from zone.letter_passwords.models import LetterPassword
from zone.letters.models import Copy, Letter
from zone.messages.models import Message
from zone.requests.models import Request, RequestCopy

PAGE = 10


class NoSuchRequest(Exception):
    """The policy has no request of this name."""


@dataclass(frozen=True)
class Seen:
    """A request with its message and password, who made it, and the letters that it sent again."""

    request: Request
    by: str | None
    copies: list[Copy]


@dataclass(frozen=True)
class Page:
    """Some requests, newest first. `older` is where the next page begins; none when this is the last."""

    requests: list[Seen]
    older: int | None


def page(policy_id: int, *, before: int | None = None) -> Page:
    """The policy's requests older than the one with the id `before`, in three queries."""
    query = _requests().where(Request.policy == policy_id).order_by(Request.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(Request.id < before)
    found = list(query)
    return Page(_seen(found[:PAGE]), found[PAGE - 1].id if len(found) > PAGE else None)


def one(policy_id: int, reference: str) -> Seen:
    """The policy's request called `reference`. Raises `NoSuchRequest`."""
    found = list(_requests().where(Request.policy == policy_id, Request.reference == reference))
    if not found:
        raise NoSuchRequest
    return _seen(found)[0]


def _requests() -> ModelSelect[Request]:
    return (
        Request.select(Request, Message, LetterPassword)
        .join_from(Request, Message, JOIN.LEFT_OUTER)
        .join_from(Request, LetterPassword, JOIN.LEFT_OUTER)
    )


def _seen(requests: Sequence[Request]) -> list[Seen]:
    askers = Account.select(Account.id, Account.name)
    askers = askers.where(Account.id.in_([request.actor_id for request in requests]))
    names = {account.id: account.name for account in askers}
    copies: dict[int, list[Copy]] = {request.id: [] for request in requests}
    links = (
        RequestCopy.select(RequestCopy, Copy, Letter, Message, LetterPassword)
        .join_from(RequestCopy, Copy)
        .join_from(Copy, Letter)
        .join_from(Copy, Message, JOIN.LEFT_OUTER)
        .join_from(Copy, LetterPassword, JOIN.LEFT_OUTER)
        .where(RequestCopy.request.in_(list(copies)))
        .order_by(Copy.id)
    )
    for link in links:
        copies[link.request_id].append(link.copy)
    return [Seen(request, names.get(request.actor_id), copies[request.id]) for request in requests]
