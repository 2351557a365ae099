"""The mail that invites a client to set a letter password of their own. It asks for nothing, and knows no secret."""

from __future__ import annotations

from zone.clients.models import Client
from zone.config import Config
from zone.language import Language, language
from zone.letter_passwords import cracking
from zone.letter_passwords.in_words import which
from zone.letter_passwords.models import LetterPassword, Origin
from zone.letter_passwords.versions import find_current
from zone.letters.cover_mail import PAGE
from zone.messages.handover import Reason
from zone.messages.mail.notice import notice
from zone.messages.models import Message
from zone.messages.render import CannotRender, Mail, Renderer


def renderer(config: Config) -> Renderer:
    """What the worker calls for each `Kind.INVITATION`. Who has left the default since is not invited any more."""

    def render(message: Message) -> Mail:
        client = Client.get_or_none(Client.id == message.client_id)
        version = find_current(client.id) if client else None
        if client is None or version is None or version.origin != Origin.DEFAULT:
            raise CannotRender(Reason.UNRENDERABLE)
        words = language(message.language, config.timezone)
        return notice(
            config,
            message,
            to=client.email,
            words=words,
            title=words.gettext("Set your own password for your letters"),
            paragraphs=_paragraphs(version, words),
            link=(words.gettext("Electronic correspondence in your zone"), config.public_url + PAGE),
        )

    return render


def _paragraphs(version: LetterPassword, words: Language) -> list[str]:
    say = words.gettext
    cost = cracking.of_default(version.digits or 0)
    facts = {
        "which": which(version, words),
        "count": words.number(cost.possibilities),
        "time": cracking.in_words(cost.on_core, words),
    }
    return [
        say("the letters that we send you by e-mail open with %(which)s.") % facts,
        say(
            "That keeps a letter that went to a wrong address from a casual look, but not from somebody who tries: "
            "there are only %(count)s possibilities, and an ordinary computer tries them all in %(time)s."
        )
        % facts,
        say("A password of your own is far safer, and setting one takes a minute."),
        say(
            "Open the zone as you always do, sign in, and choose Settings, then Electronic correspondence, then Set "
            "your own password. We suggest one that is easy to remember."
        ),
        say(
            "We do not ask you for any password, neither in this e-mail nor by phone. Please do not reply with one."
        ),
    ]
