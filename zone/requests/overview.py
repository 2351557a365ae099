"""The requests for a client, or on one policy: the list, and one of them with all that came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from peewee import JOIN, Expression, ModelSelect

from zone.accounts.accounts import names_of_staff
from zone.audit import Actor
from zone.clients import mandates
from zone.clients.models import Policy
from zone.letter_passwords.models import LetterPassword
from zone.letters.models import Copy, Letter
from zone.messages.models import Message
from zone.requests.models import Request, RequestCopy

PAGE = 10


class NoSuchRequest(Exception):
    """The policy, or the client, has no request of this name."""


@dataclass(frozen=True)
class Seen:
    """A request with its policy, message and password, who made it, and the letters that it sent again.

    `in_hand` is on which policies the reader may know what kind of letter it was; none for who may know all.
    """

    request: Request
    by: str | None
    copies: list[Copy]
    in_hand: frozenset[int] | None


@dataclass(frozen=True)
class Page:
    """Some requests, newest first. `older` is where the next page begins; none when this is the last."""

    requests: list[Seen]
    older: int | None


def page(policy_id: int, *, before: int | None = None) -> Page:
    """The policy's requests older than the one with the id `before`, in three queries."""
    return _page(Request.policy == policy_id, frozenset({policy_id}), before)


def of_client(client_id: int, *, before: int | None = None) -> Page:
    """The client's requests, whoever made them, on whichever policy or none: for support, in three queries."""
    return _page(Request.client == client_id, None, before)


def one(broker: Actor, policy_id: int, reference: str) -> Seen:
    """The policy's request called `reference`, as its broker may see it. Raises `NoSuchRequest`."""
    in_hand = frozenset(mandates.policies(broker, policy_id))
    return _one((Request.policy == policy_id) & (Request.reference == reference), in_hand)


def one_of_client(client_id: int, reference: str) -> Seen:
    """The client's request called `reference`: for support. Raises `NoSuchRequest`."""
    return _one((Request.client == client_id) & (Request.reference == reference), None)


def _page(which: Expression, in_hand: frozenset[int] | None, before: int | None) -> Page:
    query = _requests().where(which).order_by(Request.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(Request.id < before)
    found = list(query)
    return Page(_seen(found[:PAGE], in_hand), found[PAGE - 1].id if len(found) > PAGE else None)


def _one(which: Expression, in_hand: frozenset[int] | None) -> Seen:
    found = list(_requests().where(which))
    if not found:
        raise NoSuchRequest
    return _seen(found, in_hand)[0]


def _requests() -> ModelSelect[Request]:
    return (
        Request.select(Request, Policy, Message, LetterPassword)
        .join_from(Request, Policy, JOIN.LEFT_OUTER)
        .join_from(Request, Message, JOIN.LEFT_OUTER)
        .join_from(Request, LetterPassword, JOIN.LEFT_OUTER)
    )


def _seen(requests: Sequence[Request], in_hand: frozenset[int] | None) -> list[Seen]:
    names = names_of_staff(request.actor_id for request in requests)
    copies: dict[int, list[Copy]] = {request.id: [] for request in requests}
    links = (
        RequestCopy.select(RequestCopy, Copy, Letter, Policy, Message, LetterPassword)
        .join_from(RequestCopy, Copy)
        .join_from(Copy, Letter)
        .join_from(Letter, Policy, JOIN.LEFT_OUTER)
        .join_from(Copy, Message, JOIN.LEFT_OUTER)
        .join_from(Copy, LetterPassword, JOIN.LEFT_OUTER)
        .where(RequestCopy.request.in_(list(copies)))
        .order_by(Copy.id)
    )
    for link in links:
        copies[link.request_id].append(link.copy)
    return [Seen(request, names.get(request.actor_id), copies[request.id], in_hand) for request in requests]
