"""A support agent acts for a client in the client's own pages (rule 14 of DESIGN.md): start, extend, end.

It is of a client, never of staff; one at a time for each agent; and it ends by itself. Whatever is asked for is
looked at anew inside the transaction that does it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from peewee import Expression

from zone.accounts.acting_for import ActingFor, acting_for, is_staff, staff_among, still_open
from zone.accounts.impersonation_reasons import Reason, ticket
from zone.accounts.models import Account, Impersonation, Session
from zone.accounts.principal import Principal
from zone.audit import Actor, Role, Tag, record
from zone.clients import phones
from zone.clients.acting import act_on
from zone.clients.models import Client
from zone.clock import now
from zone.config import ImpersonationRules, Notice
from zone.language import N_, Refusal
from zone.messages import outbox
from zone.messages.models import Channel, Kind
from zone.storage import locked, transaction

# The same once more within this time is a double click.
DOUBLE_CLICK = timedelta(minutes=1)
NOTICE_LIFETIME = timedelta(days=2)
CLOSED_AT_ONCE = 200


class EndedBy(StrEnum):
    """What ended an impersonation."""

    AGENT = "agent"
    SIGN_OUT = "sign_out"
    TIME = "time"
    SESSION = "session"
    STAFF = "staff"


class NotAnAgent(Exception):
    """Who asks is no support agent any more, or is signed out."""


class OfStaff(Refusal):
    """The client works for the insurer, and signs in with the same e-mail."""

    message = N_("This client is one of us. Nobody acts for staff.")


class AnotherOpen(Refusal):
    """The agent acts for somebody already."""

    message = N_("You still act for %(client)s, ticket %(ticket)s. End that first.")


class NotAgreed(Refusal):
    """This installation wants the client to agree first."""

    message = N_(
        "The client has to agree first. Send the code to their phone and enter what they read to you."
    )


class Over(Refusal):
    """There is nothing left to extend."""

    message = N_("You no longer act for this client.")


class ExtendedBefore(Refusal):
    """It was extended once."""

    message = N_("It was extended once already. When the time is over, you can start again.")


def start(
    agent: Principal,
    client_id: int,
    *,
    reason: Reason,
    ticket_number: str,
    rules: ImpersonationRules,
    consented: bool = False,
) -> ActingFor:
    """Act for the client from now on, in this session; a double click starts once. The client is told.

    `consented` says that the client read out the code that went to their phone.
    Raises `NoTicket`, `NotAgreed`, `AnotherOpen`, `OfStaff`, `NotAnAgent`, and `Client.DoesNotExist`.
    """
    number = ticket(ticket_number)
    if rules.consent and not consented:
        raise NotAgreed
    with transaction():
        act_on(agent.actor, client_id)
        _take_agent(agent)
        client = Client.get_by_id(client_id)
        if is_staff(client):
            raise OfStaff
        _close_over(Impersonation.agent_id == agent.account_id)
        standing = _open_of(agent)
        if standing is not None:
            return _double_click(standing, agent, client)
        at = now()
        row = Impersonation.create(
            agent_id=agent.account_id,
            client_id=client.id,
            session=agent.session_id,
            reason=reason,
            ticket=number,
            consented=consented,
            started_at=at,
            ends_at=at + timedelta(minutes=rules.minutes),
        )
        actor = _under(row)
        record(
            Tag.IMPERSONATION_STARTED,
            actor,
            client_id=client.id,
            reason=reason,
            ticket=number,
            minutes=rules.minutes,
            consented=consented,
        )
        if rules.notice is Notice.MAIL:
            _tell(actor, row, client)
        return acting_for(row, client)


def check_free(agent: Principal) -> None:
    """Raises `AnotherOpen` while the agent acts for somebody. For who has something to do before `start`."""
    standing = still_open(agent.account_id)
    if standing is not None:
        raise AnotherOpen(client=standing.client_name, ticket=standing.ticket)


def extend(agent: Principal, reference: str, *, reason: Reason, rules: ImpersonationRules) -> None:
    """Go on for as long again, once, for a reason given anew. A double click extends once.

    Raises `Over` and `ExtendedBefore`.
    """
    with transaction():
        row = _mine(agent, reference)
        at = now()
        if row is None or row.session_id != agent.session_id or row.ended_at or row.ends_at <= at:
            raise Over
        client = Client.get_or_none(Client.id == row.client_id)
        if client is None or is_staff(client):
            raise Over
        if row.extended_at is not None:
            if row.extended_at > at - DOUBLE_CLICK:
                return
            raise ExtendedBefore
        row.extended_at, row.extension_reason = at, reason
        row.ends_at += timedelta(minutes=rules.minutes)
        row.save()
        record(
            Tag.IMPERSONATION_EXTENDED,
            _under(row),
            client_id=row.client_id,
            reason=reason,
            ticket=row.ticket,
            minutes=rules.minutes,
        )


def end(agent: Principal, reference: str) -> None:
    """Be nobody but the agent again. Twice is once; from another browser of the agent's, too."""
    with transaction():
        row = _mine(agent, reference)
        if row is not None:
            _close(Impersonation.id == row.id, by=EndedBy.AGENT)


def end_with_session(session_id: int) -> None:
    """End what was begun in a session that is signed out, in the caller's transaction."""
    _close(Impersonation.session == session_id, by=EndedBy.SIGN_OUT)


def close_over() -> None:
    """Note of some that none of them is in force any more: time ran out, the session or the right went."""
    with transaction():
        _close_over()


def _close_over(*which: Expression) -> None:
    _close((Impersonation.ends_at <= now()) | Impersonation.session.is_null(), *which)
    acted_for = Impersonation.select(Impersonation.client_id).where(Impersonation.ended_at.is_null(), *which)
    staff = staff_among(Client.select().where(Client.id.in_(acted_for)).limit(CLOSED_AT_ONCE))
    _close(Impersonation.client_id.in_(sorted(staff)), *which, by=EndedBy.STAFF)


def _close(*which: Expression, by: EndedBy | None = None) -> None:
    query = Impersonation.select().where(Impersonation.ended_at.is_null(), *which)
    for row in locked(query.limit(CLOSED_AT_ONCE)):
        how, at = (EndedBy.TIME, row.ends_at) if row.ends_at <= now() else (by or EndedBy.SESSION, now())
        _close_row(row, how, at)


def _close_row(row: Impersonation, by: EndedBy, at: datetime) -> None:
    row.ended_by, row.ended_at = by, at
    row.save(only=(Impersonation.ended_by, Impersonation.ended_at))
    tag = Tag.IMPERSONATION_EXPIRED if by is EndedBy.TIME else Tag.IMPERSONATION_ENDED
    record(tag, _under(row), client_id=row.client_id, by=by, ticket=row.ticket)


def _take_agent(agent: Principal) -> None:
    """Hold the agent's row, so that two starts take turns, and see that they are what they were."""
    account = locked(Account.select().where(Account.id == agent.account_id)).get_or_none()
    here = Session.id == agent.session_id, Session.account == agent.account_id
    session = locked(Session.select(Session.id).where(*here)).first()
    if account is None or account.role != Role.SUPPORT or session is None:
        raise NotAnAgent


def _double_click(standing: Impersonation, agent: Principal, client: Client) -> ActingFor:
    """What the first click started. Raises `AnotherOpen` when it was no double click."""
    same = standing.client_id == client.id and standing.session_id == agent.session_id
    if same and standing.started_at > now() - DOUBLE_CLICK:
        return acting_for(standing, client)
    other = Client.get_or_none(Client.id == standing.client_id)
    raise AnotherOpen(client=other.name if other else "–", ticket=standing.ticket)


def _open_of(agent: Principal) -> Impersonation | None:
    mine = Impersonation.agent_id == agent.account_id, Impersonation.ended_at.is_null()
    found: Impersonation | None = Impersonation.get_or_none(*mine)
    return found


def _mine(agent: Principal, reference: str) -> Impersonation | None:
    mine = Impersonation.agent_id == agent.account_id, Impersonation.reference == reference
    found: Impersonation | None = locked(Impersonation.select().where(*mine)).first()
    return found


def _under(row: Impersonation) -> Actor:
    return Actor(Role.SUPPORT, row.agent_id, impersonation_id=row.id)


def _tell(actor: Actor, row: Impersonation, client: Client) -> None:
    outbox.enqueue(
        channel=Channel.MAIL,
        kind=Kind.IMPERSONATION,
        client_id=client.id,
        subject_id=row.id,
        to_masked=phones.mask_email(client.email),
        language=client.language,
        actor=actor,
        lifetime=NOTICE_LIFETIME,
    )
