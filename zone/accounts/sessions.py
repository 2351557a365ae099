"""Sessions are rows: what is deleted here is worthless everywhere at once.

The browser holds a random token of 256 bits, the database its SHA-256: who reads the table can be nobody.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from zone.accounts import impersonation
from zone.accounts.models import Account, Session
from zone.accounts.principal import Principal
from zone.audit import Role, Tag, record
from zone.clock import now
from zone.config import Limits
from zone.secret import Secret
from zone.storage import locked, transaction

# A page costs no write while its session was seen this short a time ago. Idle time is counted from what was
# written, so a session may end this much early, never late.
SEEN_EVERY = timedelta(seconds=30)
SWEPT_AT_ONCE = 200
MOST_SHOWN = 20


def start(account: Account, device: str | None = None) -> tuple[Secret, Principal]:
    """A fresh session and its token, on a device of that kind. For `sign_in`, inside its transaction."""
    token = Secret(secrets.token_urlsafe(32))
    moment = now()
    session = Session.create(
        token_hash=_hash(token),
        account=account,
        started_at=moment,
        seen_at=moment,
        proven_at=moment,
        device=device,
    )
    return token, _principal(session)


def find(token: Secret, *, limits: Limits, renew: bool) -> Principal | None:
    """Whose session `token` is; None when it ended.

    `renew` says that a person is there. Without it, as when a page polls, the session ages on.
    """
    session = (
        Session.select(Session, Account).join(Account).where(Session.token_hash == _hash(token)).get_or_none()
    )
    if session is None:
        return None
    moment = now()
    if not _alive(session, moment, limits):
        Session.delete().where(Session.id == session.id).execute()
        return None
    if renew and moment - session.seen_at >= SEEN_EVERY:
        Session.update(seen_at=moment).where(Session.id == session.id).execute()
    return _principal(session)


def sign_out(principal: Principal) -> None:
    """End this session for good, and with it what was begun in it. Twice is once."""
    with transaction():
        this = Session.id == principal.session_id
        locked(Session.select(Session.id).where(this)).first()
        impersonation.end_with_session(principal.session_id)
        if Session.delete().where(this).execute():
            record(Tag.SIGN_OUT, principal.actor, client_id=principal.client_id)


def open_of(client_id: int, limits: Limits) -> list[Session]:
    """Where the client is signed in, last used first; at most `MOST_SHOWN`."""
    moment = now()
    alive = (
        Session.seen_at > moment - limits.session_idle,
        Session.started_at > moment - limits.session_absolute,
    )
    mine = Session.select().join(Account).where(Account.client == client_id, *alive)
    return list(mine.order_by(Session.seen_at.desc(), Session.id.desc()).limit(MOST_SHOWN))


def sign_out_others(principal: Principal) -> int:
    """End every session of the account but this one, for good. Says how many there were."""
    others = Session.account == principal.account_id, Session.id != principal.session_id
    with transaction():
        ended: int = Session.delete().where(*others).execute()
        if ended:
            record(Tag.SIGNED_OUT_ELSEWHERE, principal.actor, client_id=principal.client_id, sessions=ended)
    return ended


def sweep(limits: Limits) -> None:
    """Delete some sessions that ended unseen."""
    idle = Session.select(Session.id).where(Session.seen_at < now() - limits.session_idle)
    with transaction():
        rows = locked(idle.limit(SWEPT_AT_ONCE), skip=True)
        Session.delete().where(Session.id.in_([session.id for session in rows])).execute()


def _alive(session: Session, moment: datetime, limits: Limits) -> bool:
    idle: timedelta = moment - session.seen_at
    age: timedelta = moment - session.started_at
    return idle < limits.session_idle and age < limits.session_absolute


def _principal(session: Session) -> Principal:
    account = session.account
    return Principal(
        account_id=account.id,
        role=Role(account.role),
        name=account.name,
        client_id=account.client_id,
        session_id=session.id,
        proven_at=session.proven_at,
        language=account.language,
    )


def _hash(token: Secret) -> str:
    return hashlib.sha256(token.reveal().encode()).hexdigest()
