"""What is done with a letter when it comes in: looked through, mended or refused, and proven to encrypt."""

from __future__ import annotations

from typing import NamedTuple

from zone.config import Handling
from zone.letters.encryption.cross_reference import read_document
from zone.letters.encryption.errors import CannotEncrypt, Problem
from zone.letters.encryption.file_key import FileKey
from zone.letters.encryption.forbidden import SIGNATURE, forbidden
from zone.letters.encryption.locking import Locked, lock
from zone.letters.encryption.stripping import plain, stripped
from zone.letters.encryption.syntax import NotSpliceable


class Rules(NamedTuple):
    """What is let in."""

    max_pages: int
    active_content: Handling
    signatures: Handling


class Looked(NamedTuple):
    """A letter that may come in. `content` is the source itself unless something was `removed`."""

    content: bytes
    locked: Locked
    removed: tuple[str, ...] = ()


def examine(source: bytes, rules: Rules) -> Looked:
    """Look a letter through, and encrypt it under a key that nobody gets.

    Raises `CannotEncrypt`, or whatever pypdf raises on a document that it cannot read.
    """
    locked = lock(source, FileKey.thrown_away())
    if locked.pages > rules.max_pages:
        raise CannotEncrypt(Problem.TOO_MANY_PAGES, str(locked.pages))
    found = _forbidden(source, locked)
    if not found:
        return Looked(source, locked)
    refused = {kind for kind in found if _handling(kind, rules) is Handling.REFUSE}
    if refused:
        raise _refusal(refused)
    strict = rules._replace(active_content=Handling.REFUSE, signatures=Handling.REFUSE)
    return examine(stripped(source, locked.deleted), strict)._replace(removed=tuple(sorted(found)))


def _forbidden(source: bytes, locked: Locked) -> frozenset[str]:
    """What is forbidden in a letter as a reader will see it: in what pypdf writes, if pypdf wrote it."""
    try:
        if locked.engine == "splice" and locked.document:
            return forbidden(locked.document)
        return forbidden(read_document(plain(source, locked.deleted)))
    except NotSpliceable as unclear:
        raise CannotEncrypt(Problem.DAMAGED, unclear.reason) from unclear


def _handling(kind: str, rules: Rules) -> Handling:
    return rules.signatures if kind == SIGNATURE else rules.active_content


def _refusal(kinds: set[str]) -> CannotEncrypt:
    """Signed letters alone are refused as such: scripts weigh more."""
    if kinds == {SIGNATURE}:
        return CannotEncrypt(Problem.SIGNED, "ZONE_LETTER_SIGNATURES=strip lets it in without")
    return CannotEncrypt(Problem.ACTIVE_CONTENT, ", ".join(sorted(kinds)))
