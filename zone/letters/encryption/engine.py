"""Looks letters through and encrypts them, in child processes that cannot hang or eat the machine."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any, Final, Self
from weakref import WeakMethod

from zone.config import LetterRules
from zone.letter_passwords.letter_key import LetterKey
from zone.letters.encryption.confined import UNINTELLIGIBLE, Confined
from zone.letters.encryption.errors import CannotEncrypt, EncryptorAway, Problem
from zone.letters.encryption.file_key import fresh_file_key
from zone.letters.encryption.messages import Engine

# What may be the fault of a child that had letters before. The letter is then given to a fresh one.
NOT_BY_ITSELF: Final = frozenset({Problem.TOO_MUCH_MEMORY, Problem.FAILED})

# What is no fault of a letter that was proven at the door: the machine has less for it now than it had then.
NOT_AFTER_THE_DOOR: Final = NOT_BY_ITSELF | {Problem.TOOK_TOO_LONG}

# After so many letters a child is replaced, so that nothing that one of them left behind lives long.
LETTERS_EACH: Final = 200

# So many children has a process at most, busy and idle together: each can keep a processor busy, and hold
# `LetterRules.memory_mib`. A letter waits so many seconds for one of them.
MOST_CHILDREN: Final = os.cpu_count() or 4
LONGEST_WAIT: Final = 30.0

USUAL: Final = LetterRules()


@dataclass(frozen=True)
class Encrypted:
    """A letter that only its password opens, and which engine wrote it.

    The splice is the rule. What it does not understand, for the `reason` it gives, pypdf has written anew.
    """

    content: bytes
    pages: int
    engine: Engine
    reason: str = ""


@dataclass(frozen=True)
class Examined:
    """A letter that may come in, as plain as it came, and which engine is going to encrypt it.

    `content` is the source itself, unless something was `removed`: "JavaScript", "Launch", "Signature" and the like.
    """

    content: bytes
    pages: int
    engine: Engine
    reason: str = ""
    removed: tuple[str, ...] = ()


class Encryptor:
    """Keeps children at hand, for to start one costs a hundred times what a letter does. Threads may share it.

    Can one letter come to light in the answer to another? A child has one letter at a time. It keeps no reference
    to a letter that it has answered (only `re` and the allocator remember that there was one), and each answer is
    built of that letter's bytes, cut to a length that the parent checks. What is left is a letter that takes the child
    over, through a fault in CPython, zlib or OpenSSL: it could see, and answer as it likes for, the letters that the
    child gets later, with their file keys, never a password or a letter key. So a child is not used again after
    anything but a clean splice, in which pypdf took no part, nor after `LETTERS_EACH` letters.

    What else could it do? It cannot write a file, dump core, nor use more time and memory than the rules say; it
    cannot open a file or a connection either, for it has no file descriptor left, nor start a process, unless the
    zone runs as root. These are limits, not a sandbox: no seccomp and no Landlock is used, and the child is the same
    user as its parent. By system calls of its own it could still close one of its pipes and put a file that this user
    may read, or a connection to the network, in its place; and it could remove files, send signals, and look into
    the user's other processes where the kernel lets it.

    At most `most_children` work at once; other letters wait up to `longest_wait` seconds. A process that is forked
    off starts children of its own.
    """

    def __init__(
        self,
        rules: LetterRules = USUAL,
        *,
        most_children: int = MOST_CHILDREN,
        longest_wait: float = LONGEST_WAIT,
    ) -> None:
        self._rules = rules
        self._most_children = most_children
        self._longest_wait = longest_wait
        self._places = BoundedSemaphore(most_children)
        self._idle: deque[Confined] = deque()
        left_behind = WeakMethod(self._leave)
        os.register_at_fork(after_in_child=lambda: (leave := left_behind()) and leave())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the children that are idle."""
        while self._idle:
            self._idle.pop().kill()

    def examine(self, source: bytes) -> Examined:
        """Look a letter through when it comes in, and make sure that it can be encrypted.

        Active content (scripts, and actions that reach beyond the letter) and signatures are refused or taken out, as
        the rules say.
        Raises `CannotEncrypt`, which is a verdict on the letter, or `EncryptorAway`: no child could be had, or two
        fresh ones were ended from elsewhere, which says nothing of the letter.
        """
        if len(source) > self._rules.max_bytes:
            raise CannotEncrypt(Problem.TOO_LARGE, f"{len(source)} bytes")
        header, content = self._ask(
            {
                "task": "examine",
                "max_pages": self._rules.max_pages,
                "active_content": self._rules.active_content,
                "signatures": self._rules.signatures,
            },
            source,
        )
        removed = header.get("removed")
        if not isinstance(removed, list):
            raise CannotEncrypt(Problem.FAILED, UNINTELLIGIBLE)
        return Examined(content if removed else source, *_outcome(header), tuple(map(str, removed)))

    def encrypt(self, source: bytes, key: LetterKey) -> Encrypted:
        """Encrypt an examined PDF with AES-256, revision 6, under a client's letter key (DESIGN.md, rule 11).

        Raises `CannotEncrypt`; the letter must then not be sent. Raises `EncryptorAway` as `examine` does, and where
        time or memory did not suffice or the child failed, for at the door they sufficed and it did not.
        """
        try:
            header, content = self._ask({"task": "encrypt", "key": fresh_file_key(key).to_hex()}, source)
            return Encrypted(content, *_outcome(header))
        except CannotEncrypt as refused:
            if refused.problem not in NOT_AFTER_THE_DOOR:
                raise
            raise EncryptorAway(f"{refused.problem.name}: {refused.detail}") from refused

    def _ask(self, question: dict[str, Any], source: bytes) -> tuple[dict[str, Any], bytes]:
        with self._place():
            if (child := self._idle_child()) is not None:
                try:
                    return self._answer(child, question, source)
                except (CannotEncrypt, EncryptorAway) as failed:
                    if isinstance(failed, CannotEncrypt) and failed.problem not in NOT_BY_ITSELF:
                        raise
            try:
                return self._answer(Confined(self._rules), question, source)
            except EncryptorAway:
                return self._answer(Confined(self._rules), question, source)

    @contextmanager
    def _place(self) -> Iterator[None]:
        """A place among the children. Who starts one holds a place and found none idle, so they are never more."""
        places = self._places
        if not places.acquire(timeout=self._longest_wait):
            raise EncryptorAway(f"all {self._most_children} children were busy for {self._longest_wait} s")
        try:
            yield
        finally:
            places.release()

    def _answer(
        self, child: Confined, question: dict[str, Any], source: bytes
    ) -> tuple[dict[str, Any], bytes]:
        header, content = child.ask(question, source)
        if header.get("engine") == "splice" and not header.get("removed") and child.letters < LETTERS_EACH:
            self._idle.append(child)
        else:
            child.kill()
        if "problem" in header:
            raise _refusal(header)
        return header, content

    def _idle_child(self) -> Confined | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _leave(self) -> None:
        """The children, busy and idle, are those of the process that this one was forked off."""
        self._places = BoundedSemaphore(self._most_children)
        while self._idle:
            self._idle.pop().leave()


# What a child says is not trusted: a hostile document may have taken it over.
def _refusal(header: dict[str, Any]) -> CannotEncrypt:
    try:
        return CannotEncrypt(Problem[header["problem"]], str(header["detail"]))
    except (KeyError, TypeError):
        return CannotEncrypt(Problem.FAILED, UNINTELLIGIBLE)


def _outcome(header: dict[str, Any]) -> tuple[int, Engine, str]:
    try:
        engine: Engine = "splice" if header["engine"] == "splice" else "pypdf"
        return int(header["pages"]), engine, str(header["reason"])
    except (ValueError, KeyError, TypeError) as error:
        raise CannotEncrypt(Problem.FAILED, UNINTELLIGIBLE) from error
