"""A letter comes in: it is examined, its source is sealed and kept, and a copy of it is sent or waits.

Every door calls `receive`, and what came in once does not come in again.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta

from peewee import DoesNotExist, IntegrityError

from zone.audit import Actor, Tag, record
from zone.clients import people
from zone.clients.models import Policy, hold
from zone.clients.people import UnknownClient
from zone.clock import now
from zone.config import LetterRules, Limits
from zone.language import N_, Refusal
from zone.letters import dispatch
from zone.letters.details import LetterDetails
from zone.letters.encryption import CannotEncrypt, Encryptor, Examined, Problem
from zone.letters.models import Letter, State
from zone.letters.store import FileGone, LetterStore, sealed
from zone.storage import transaction
from zone.vault import Context, Purpose, Vault


class NoSuchPolicy(Refusal):
    """The client has no policy of this number."""

    message = N_("The client has no policy with this number. Check it, or import the policy first.")


class AlreadyIn(Refusal):
    """Another letter came in under the same name."""

    message = N_("Another letter came in under this identifier. Give this one an identifier of its own.")


class Rejected(Exception):
    """The letter cannot be encrypted and will not go out; it stands on the worklist with its reason."""

    def __init__(self, letter: Letter, problem: Problem, detail: str) -> None:
        super().__init__(problem.value)
        self.letter = letter
        self.problem = problem
        self.detail = detail


@dataclass(frozen=True)
class Intake:
    """The parts that letters are taken in, kept and encrypted with."""

    vault: Vault
    store: LetterStore
    encryptor: Encryptor
    rules: LetterRules
    limits: Limits


@dataclass(frozen=True)
class Received:
    """A letter that is in; `repeated` when it was before."""

    letter: Letter
    repeated: bool


def receive(
    intake: Intake,
    actor: Actor,
    details: LetterDetails,
    source: bytes,
    *,
    idempotency_key: str | None = None,
    known_by_content: bool = False,
) -> Received:
    """Take `source` in and have it sent: letter, copy, message and events, or nothing.

    A letter that came in before stays as it is. It is known by `details.external_id`, by `idempotency_key` (the
    sender's name for the request), or where it has no `external_id`, if `known_by_content`, by its fingerprint. Of
    a rejected one a repeat is examined anew, for it may be another document, or other rules.
    Raises `UnknownClient`, `NoSuchPolicy`, `AlreadyIn`, `Rejected`, `StoreAway` and `EncryptorAway`.
    """
    letter = _letter(intake, details, source, known_by_content=known_by_content)
    if idempotency_key is not None:
        name = f"{actor.account_id}:{idempotency_key}"
        letter.idempotency_key = intake.vault.mac("idempotency key", name.encode()).hex()
    while True:
        known = _known(letter)
        if known is not None and known.state != State.REJECTED:
            return Received(known, repeated=True)
        try:
            _settle(intake, actor, letter, source, known)
        except IntegrityError:
            # Somebody brought the same letter at the same moment; whatever else went wrong is told.
            if _known(letter) is None:
                raise
        else:
            return Received(letter, repeated=False)


def rehearse(
    intake: Intake, details: LetterDetails, source: bytes, *, known_by_content: bool = False
) -> bool:
    """Whether the letter is in already. Examines one that is not, and changes nothing.

    Raises what `receive` would raise, `CannotEncrypt` in place of `Rejected`.
    """
    known = _known(_letter(intake, details, source, known_by_content=known_by_content))
    if known is not None and known.state != State.REJECTED:
        return True
    intake.encryptor.examine(source)
    return False


def source_context(letter: Letter) -> Context:
    """Where the vault keeps the key of the letter's source."""
    return Context(Purpose.LETTER_SOURCE, letter.client_id, letter.id)


def source_of(intake: Intake, letter: Letter) -> bytes:
    """The document as it is kept, checked for integrity. Raises `FileGone`, and what `sealed.read` raises."""
    if letter.file is None:
        raise FileGone(letter.reference)
    return sealed.read(intake.store, intake.vault, letter.file, source_context(letter))


def _letter(intake: Intake, details: LetterDetails, source: bytes, *, known_by_content: bool) -> Letter:
    """A letter that is not in yet."""
    client = people.find(details.client)
    policy = Policy.get_or_none(Policy.number == details.policy, Policy.client == client)
    if policy is None and details.policy is not None:
        raise NoSuchPolicy
    said = json.dumps(asdict(details), default=str, sort_keys=True)
    digest = hashlib.sha256(source).hexdigest()
    at = now()
    fingerprint = intake.vault.mac("letter", f"{digest}:{said}".encode()).hex()
    return Letter(
        client=client,
        policy=policy,
        kind=details.kind,
        subject=details.subject,
        dated=details.date or at.date(),
        external_id=details.external_id or (f"content:{fingerprint[:48]}" if known_by_content else None),
        fingerprint=fingerprint,
        pages=0,
        received_at=at,
        keep_until=at + timedelta(days=intake.rules.kept_days[details.kind]),
    )


def _known(letter: Letter) -> Letter | None:
    """What came in under a name of `letter` before. Raises `AlreadyIn` where that is another document.

    In place of a rejected letter another document for the same client may come under the same `external_id`.
    """
    by_id = Letter.get_or_none(Letter.external_id == letter.external_id, Letter.external_id.is_null(False))
    by_request = Letter.get_or_none(
        Letter.idempotency_key == letter.idempotency_key, Letter.idempotency_key.is_null(False)
    )
    if by_id and by_request and by_id.id != by_request.id:
        raise AlreadyIn
    known: Letter | None = by_request or by_id
    if known and known.fingerprint != letter.fingerprint:
        replaceable = known.state == State.REJECTED and known.client_id == letter.client_id
        if by_request or not replaceable:
            raise AlreadyIn
    return known


def _settle(intake: Intake, actor: Actor, letter: Letter, source: bytes, known: Letter | None) -> None:
    """Keep the letter and send it, or reject it, in place of the rejected one that is `known`."""
    if known is not None:
        letter.reference = known.reference
    try:
        examined = intake.encryptor.examine(source)
    except CannotEncrypt as refusal:
        letter.state, letter.reason = State.REJECTED, refusal.problem.name
        with transaction():
            _insert(letter, known)
            facts = {"letter": letter.reference, "problem": letter.reason, "detail": refusal.detail}
            record(Tag.LETTER_REJECTED, actor, client_id=letter.client_id, **facts)
        raise Rejected(letter, refusal.problem, refusal.detail) from refusal
    _keep(intake, actor, letter, examined, known)


def _keep(intake: Intake, actor: Actor, letter: Letter, examined: Examined, known: Letter | None) -> None:
    letter.state, letter.file = State.KEPT, f"{secrets.token_urlsafe(16)}.source"
    letter.size, letter.pages = len(examined.content), examined.pages
    letter.removed = ", ".join(examined.removed) or None
    key = sealed.write(intake.store, letter.file, examined.content)
    with transaction():
        _insert(letter, known)
        intake.vault.put(source_context(letter), key)
        record(
            Tag.LETTER_RECEIVED,
            actor,
            client_id=letter.client_id,
            letter=letter.reference,
            pages=letter.pages,
            engine=examined.engine,
            engine_reason=examined.reason,
            removed=letter.removed,
        )
        dispatch.send(intake.vault, actor, letter, limits=intake.limits)


def _insert(letter: Letter, known: Letter | None) -> None:
    try:
        hold(letter.client_id)
    except DoesNotExist as error:
        raise UnknownClient from error
    if known is not None:
        Letter.delete().where(Letter.id == known.id, Letter.state == State.REJECTED).execute()
    letter.save(force_insert=True)
