"""Worklists: messages that did not arrive, letters that cannot go out."""

from __future__ import annotations

from flask import render_template

from zone.audit import Role
from zone.letters import waiting
from zone.letters.dispatch import Obstacle
from zone.letters.encryption import Problem
from zone.messages.attention import needing_attention
from zone.messages.models import Kind
from zone.web.access import allow
from zone.web.here import words
from zone.web.letter_words import FOR_SUPPORT, kind
from zone.web.message_words import KINDS, way
from zone.web.support.blueprint import support


@support.get("/")
@allow(Role.SUPPORT)
def messages() -> str:
    """What failed or is unknown, and what to do about it."""
    rows = [
        (message, words().gettext(KINDS[Kind(message.kind)]), way(message, words()))
        for message in needing_attention()
    ]
    return render_template("support/messages.html", rows=rows)


@support.get("/letters")
@allow(Role.SUPPORT)
def letters() -> str:
    """The worklist: letters that wait, and those that were rejected, with what to do about each."""
    say = words().gettext
    waits = [
        (copy, kind(copy.letter.kind, words()), *map(say, FOR_SUPPORT[Obstacle(copy.waits_for or "")]))
        for copy in waiting.worklist()
    ]
    rejected = [
        (letter, kind(letter.kind, words()), say(Problem[letter.reason or ""].value))
        for letter in waiting.rejected()
    ]
    return render_template("support/letters.html", waiting=waits, rejected=rejected)
