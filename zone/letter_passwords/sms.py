"""The SMS that carries a letter password. It is written at the moment of sending and kept nowhere."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from zone.audit import SYSTEM
from zone.clients import holds, phones
from zone.language import Language, language
from zone.letter_passwords.models import LetterPassword
from zone.letter_passwords.versions import NoLongerKept, open_password
from zone.messages.handover import Reason
from zone.messages.models import Kind, Message
from zone.messages.render import CannotRender, Renderer, Sms
from zone.messages.sms.text import SmsParts, parts
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Vault


def text(password: Secret, words: Language, *, earlier: LetterPassword | None = None) -> Secret:
    """The whole SMS. The password stands alone on the last line, no name and no policy number beside it.

    One that is no longer in force says that it opens older letters alone, and since when it was `earlier` set.
    """
    if earlier is None:
        opens = words.gettext("Password to open your letters:")
    else:
        day = {"day": words.short_day(earlier.set_at)}
        opens = words.gettext("Password of %(day)s, for your older letters:") % day
    return Secret(opens + "\n" + password.reveal())


def preview(password: Secret, words: Language) -> SmsParts:
    """How the SMS with this password would go out: its alphabet and number of parts."""
    return parts(text(password, words))


def renderer(vault: Vault, timezone: ZoneInfo) -> Renderer:
    """What the worker calls for each `Kind.LETTER_PASSWORD` and `Kind.EARLIER_PASSWORD`."""

    def render(message: Message) -> Sms:
        phone = phones.find(message.address_id)
        if phone is None:
            raise CannotRender(Reason.ADDRESS)
        # Placed while the carrier had the message and gave it back: then it could not be withdrawn.
        if holds.standing(phone.client_id) is not None:
            raise CannotRender(Reason.UNRENDERABLE)
        version = LetterPassword.get_or_none(LetterPassword.id == message.subject_id)
        earlier = message.kind == Kind.EARLIER_PASSWORD
        # Asked for as the current one, and replaced since: it would open nothing that comes from now on.
        if version is None or (version.replaced_at is not None and not earlier):
            raise CannotRender(Reason.UNRENDERABLE)
        try:
            with transaction():
                password = open_password(vault, SYSTEM, version, use="sms")
        except NoLongerKept as error:
            raise CannotRender(Reason.UNRENDERABLE) from error
        words = language(message.language, timezone)
        return Sms(to=phone.number, text=text(password, words, earlier=version if earlier else None))

    return render
