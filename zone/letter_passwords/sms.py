"""The SMS that carries a letter password. It is written at the moment of sending and kept nowhere."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from zone.audit import SYSTEM
from zone.clients import phones
from zone.language import Language, language
from zone.letter_passwords.models import LetterPassword
from zone.letter_passwords.versions import NoLongerKept, open_password
from zone.messages.handover import Reason
from zone.messages.models import Message
from zone.messages.render import CannotRender, Renderer, Sms
from zone.messages.sms.text import SmsParts, parts
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Vault


def text(password: Secret, words: Language) -> Secret:
    """The whole SMS. The password stands alone on the last line, no name and no policy number beside it."""
    return Secret(words.gettext("Password to open your letters:") + "\n" + password.reveal())


def preview(password: Secret, words: Language) -> SmsParts:
    """How the SMS with this password would go out: its alphabet and number of parts."""
    return parts(text(password, words))


def renderer(vault: Vault, timezone: ZoneInfo) -> Renderer:
    """What the worker calls for each `Kind.LETTER_PASSWORD`."""

    def render(message: Message) -> Sms:
        phone = phones.find(message.address_id)
        if phone is None:
            raise CannotRender(Reason.ADDRESS)
        version = LetterPassword.get_or_none(
            LetterPassword.id == message.subject_id, LetterPassword.replaced_at.is_null()
        )
        if version is None:
            raise CannotRender(Reason.UNRENDERABLE)
        try:
            with transaction():
                password = open_password(vault, SYSTEM, version, use="sms")
        except NoLongerKept as error:
            raise CannotRender(Reason.UNRENDERABLE) from error
        return Sms(to=phone.number, text=text(password, language(message.language, timezone)))

    return render
