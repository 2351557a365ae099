"""What is known of a person of the demo, and what may have happened to them."""

from __future__ import annotations

from dataclasses import dataclass

from zone.audit import Role
from zone.config import LetterKind
from zone.language import DEFAULT
from zone.messages.sms.demo import FATES


@dataclass(frozen=True)
class LetterSent:
    """A letter that went out so many days ago: a file of `letters/`, its subject and kind, which policy it is of."""

    days_ago: int
    file: str
    subject: str
    kind: LetterKind
    policy: int = 0


@dataclass(frozen=True)
class OwnPasswordSet:
    """The client set a letter password of their own."""

    days_ago: int
    password: str


@dataclass(frozen=True)
class PhoneChanged:
    """Another number came on file, and was confirmed."""

    days_ago: int
    number: str


Act = LetterSent | OwnPasswordSet | PhoneChanged


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who signs in. The note says, in the catalogue's English, what they are here to show."""

    role: Role
    name: str
    email: str
    password: str
    note: str
    language: str = DEFAULT
    phone: str | None = None

    @property
    def phone_now(self) -> str | None:
        """The number on file after all that happened."""
        return self.phone


@dataclass(frozen=True, kw_only=True)
class ClientPerson(Person):
    """A client, with what happened to them since they came, in its order. Without birth number they have none."""

    role: Role = Role.CLIENT
    reference: str
    phone: str
    company: bool = False
    birth_number: str | None = None
    phone_confirmed_days_ago: int = 90
    policies: tuple[tuple[str, str], ...]
    history: tuple[Act, ...] = ()

    @property
    def phone_now(self) -> str:
        return next(
            (act.number for act in reversed(self.history) if isinstance(act, PhoneChanged)), self.phone
        )

    @property
    def sms_fails(self) -> bool:
        """Whether the demo's carrier has something else in store for this number than delivery."""
        return self.phone_now[-4:] in FATES


@dataclass(frozen=True, kw_only=True)
class BrokerPerson(Person):
    """A broker, with the policies under mandate, and those whose mandate ended."""

    role: Role = Role.BROKER
    policies: tuple[str, ...]
    ended: tuple[str, ...] = ()
