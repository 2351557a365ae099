"""The facts of events, in words. What is not in the table, or is not what the table expects, is not shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zone.accounts.access_history import Known
from zone.accounts.device import DEVICES
from zone.accounts.impersonation_reasons import SAID
from zone.audit.facts import Fact
from zone.clients.holds import Why
from zone.clients.models import Purpose
from zone.clients.phones import How
from zone.config import StaffShownAs
from zone.language import N_, Language
from zone.language.language import NAMES
from zone.requests.models import RequestKind
from zone.web.message_words import way

LONGEST = 200
FIELDS = {
    "name": N_("name"),
    "email": N_("e-mail"),
    "kind": N_("person or company"),
    "language": N_("language"),
    "phone": N_("phone number"),
    "birth_number": N_("birth number"),
    "policy_number": N_("policy number"),
}
NO_DEVICE = N_("Unknown device")
USES = {"sms": N_("for the SMS to your phone"), "letter key": N_("to encrypt your letters")}
PURPOSES = {
    Purpose.CONFIRM: N_("to confirm the phone number"),
    Purpose.CHANGE: N_("to change the phone number"),
    Purpose.CONSENT: N_("to agree to help on your own pages"),
}
HOW = {
    How.CODE: N_("with a code from an SMS"),
    How.WORD: N_("by what you said on a call"),
    How.RECORD: N_("from the insurer's records"),
}
READINGS = {
    "download": N_("all of it, as a file"),
    "read": N_("one page of it"),
    "show": N_("the latest of it"),
    "export": N_("some or all of it, as a file"),
}
REQUESTS = {
    RequestKind.RESEND: N_("to send the letter password by SMS"),
    RequestKind.RESET: N_("to reset the letter password"),
}
PAGES = {
    "client.letters": N_("Letters"),
    "client.letter": N_("The letter"),
    "client.settings": N_("Settings"),
    "client.electronic_correspondence": N_("Electronic correspondence"),
    "client.reset_password": N_("Reset the password"),
    "client.letters_again": N_("Send letters again"),
    "client.letters_progress": N_("Letters on their way"),
    "client.phone": N_("Phone number"),
    "client.access_history": N_("Access history"),
}
DISOWNED = {
    Why.PHONE_CHANGE: N_("a change of the phone number that was not yours"),
    Why.REQUEST: N_("a request that was not yours"),
    Why.ACCESS: N_("an entry of the access history that was not you"),
}


@dataclass(frozen=True)
class Context:
    """What a fact may refer to. `subjects` are those of the client's letters, by reference."""

    known: Known
    subjects: Mapping[str, str]
    staff_as: StaffShownAs
    words: Language


Show = Callable[[Fact, Context], str | None]


def plain(value: object) -> str | None:
    """A text that somebody typed, on one line and not too long."""
    if not isinstance(value, str):
        return None
    line = "".join(sign if sign.isprintable() else " " for sign in value).strip()
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _text(value: Fact, _: Context) -> str | None:
    return plain(value) or None


def _number(value: Fact, context: Context) -> str | None:
    """A masked phone number; there may have been none."""
    return context.words.gettext("none") if value is None else _text(value, context)


def _one_of(table: Mapping[Any, str]) -> Show:
    def show(value: Fact, context: Context) -> str | None:
        text = table.get(value) if isinstance(value, str) else None
        return context.words.gettext(text) if text else None

    return show


def _fields(value: Fact, context: Context) -> str | None:
    names = value.split(", ") if isinstance(value, str) else []
    return ", ".join(context.words.gettext(FIELDS[name]) for name in names if name in FIELDS) or None


def called(account_id: object, context: Context) -> str | None:
    """What is shown of a broker or an agent beside their part, if they are still known."""
    member = context.known.staff.get(account_id) if isinstance(account_id, int) else None
    if member is None or context.staff_as is StaffShownAs.ROLE:
        return None
    return plain(member.name if context.staff_as is StaffShownAs.NAME else member.office) or None


def _broker(value: Fact, context: Context) -> str | None:
    return called(value, context)


def _letter(value: Fact, context: Context) -> str | None:
    return plain(context.subjects.get(value)) if isinstance(value, str) else None


def _message(value: Fact, context: Context) -> str | None:
    message = context.known.messages.get(value) if isinstance(value, str) else None
    return way(message, context.words).summary if message else None


def device(value: Fact, words: Language) -> str:
    """The kind of device that somebody signed in on; brands are called alike in every language."""
    return value if isinstance(value, str) and value in DEVICES else words.gettext(NO_DEVICE)


def _device(value: Fact, context: Context) -> str:
    return device(value, context.words)


def _found(value: Fact, context: Context) -> str | None:
    say = context.words.gettext
    return say("it opens none") if value is None else say("it opens some of them")


# Of each fact its label, and how it is shown. A version's number says nothing to a client; `found` reads it.
FACTS: dict[str, tuple[str, Show]] = {
    "to": (N_("Number"), _number),
    "before": (N_("Before"), _number),
    "message": (N_("Message"), _message),
    "letter": (N_("Letter"), _letter),
    "subject": (N_("Letter"), _letter),
    "kind": (N_("Request"), _one_of(REQUESTS)),
    "request": (N_("Number of the request"), _text),
    "policy": (N_("Policy"), _text),
    "broker": (N_("Broker"), _broker),
    "fields": (N_("What changed"), _fields),
    "language": (N_("Language"), _one_of(NAMES)),
    "device": (N_("Device"), _device),
    "use": (N_("What for"), _one_of(USES)),
    "how": (N_("How"), _one_of(HOW)),
    "purpose": (N_("What for"), _one_of(PURPOSES)),
    "what": (N_("How much"), _one_of(READINGS)),
    "why": (N_("Why"), _one_of(DISOWNED)),
    "reason": (N_("Why"), _one_of(SAID)),
    "ticket": (N_("Number of the case"), _text),
    "page": (N_("Page"), _one_of(PAGES)),
    "found": (N_("Answer"), _found),
}
# A fact that is read from one of another name.
READ_FROM = {"found": "version"}


def told(names: tuple[str, ...], facts: Mapping[str, Fact], context: Context) -> list[tuple[str, str]]:
    """Label and words of those of `names` that can be told."""
    lines = []
    for name in names:
        label, show = FACTS[name]
        key = READ_FROM.get(name, name)
        text = show(facts[key], context) if key in facts else None
        if text:
            lines.append((context.words.gettext(label), text))
    return lines
