"""The engine, with its real child process."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from functools import cache
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given, settings

from tests.letters.encryption.hostile import HOSTILE, REFUSED, big, slow
from tests.letters.encryption.mutations import mutated_letters
from tests.letters.samples import AUTHOR, TITLE, letter_pdf, letter_text, reportlab_letter
from tests.readers import READERS, WrongPassword
from zone.config import LetterRules
from zone.letter_passwords.letter_key import derive
from zone.letters.encryption import CannotEncrypt, Encrypted, Encryptor, Problem
from zone.secret import Secret

PRODUCERS: dict[str, Callable[[int], bytes]] = {"fpdf2": letter_pdf, "reportlab": reportlab_letter}
PASSWORDS = ["1234", "123", "a b~[]{}\\^|@!", "Čerešňa-na-lúke"]
MEBIBYTE = 1024 * 1024
USUAL = LetterRules()


def encrypted(source: bytes, password: str = "1234", rules: LetterRules = USUAL) -> Encrypted:
    """The letter comes in, and goes out, through one child."""
    with Encryptor(rules) as encryptor:
        letter = encryptor.examine(source)
        result = encryptor.encrypt(letter.content, derive(Secret(password)))
    assert (letter.pages, letter.engine, letter.reason) == (result.pages, result.engine, result.reason)
    return result


def assert_encrypted_or_refused(source: bytes) -> None:
    try:
        letter = encrypted(source)
    except CannotEncrypt:
        return
    with pikepdf.open(BytesIO(letter.content), password="1234") as opened:
        assert len(opened.pages) == letter.pages


@cache
def sealed(producer: str, password: str) -> bytes:
    return encrypted(PRODUCERS[producer](2), password).content


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("password", PASSWORDS)
@pytest.mark.parametrize("producer", PRODUCERS)
def test_every_reader_opens_the_letter_with_its_password_alone(
    producer: str, password: str, reader: str
) -> None:
    read, letter = READERS[reader], sealed(producer, password)
    assert read(letter, password) == read(PRODUCERS[producer](2), None)
    for wrong in (None, "", password[:-1], password.swapcase() + "x"):
        with pytest.raises(WrongPassword):
            read(letter, wrong)


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_finds_the_slovak_text(reader: str) -> None:
    assert READERS[reader](sealed("fpdf2", "1234"), "1234") == letter_text(2)


def test_it_is_revision_6_with_everything_under_aes_256_and_an_owner_password_of_its_own() -> None:
    with pikepdf.open(BytesIO(sealed("fpdf2", "1234")), password="1234") as letter:
        aes = pikepdf.models.EncryptionMethod.aesv3
        how = letter.encryption
        assert (how.R, how.stream_method, how.string_method, how.file_method) == (6, aes, aes, aes)
        assert letter.user_password_matched
        assert not letter.owner_password_matched
        assert all(letter.allow)
        assert letter.docinfo["/Title"] == TITLE


@pytest.mark.parametrize("producer", PRODUCERS)
def test_nothing_of_the_letter_stands_in_clear(producer: str) -> None:
    source, result = PRODUCERS[producer](2), sealed(producer, "1234")
    with pikepdf.open(BytesIO(source)) as letter:
        streams = [thing.read_raw_bytes() for thing in letter.objects if isinstance(thing, pikepdf.Stream)]
    known = [content for content in streams if len(content) > 8]
    assert known
    assert all(content in source and content not in result for content in known)
    for words in (TITLE, AUTHOR):
        assert words.encode() not in result
        assert words.encode("utf-16-be") not in result


def test_two_encryptions_of_one_letter_share_no_key() -> None:
    one, other = (encrypted(letter_pdf()).content for _ in range(2))
    entries = []
    for content in (one, other):
        with pikepdf.open(BytesIO(content), password="1234") as letter:
            entries.append((letter.encryption.encryption_key, bytes(letter.trailer.Encrypt.O)))
    assert entries[0][0] != entries[1][0]
    assert entries[0][1] != entries[1][1]


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_encrypted_is_refused_with_its_reason(kind: str) -> None:
    problem, make = REFUSED[kind]
    with pytest.raises(CannotEncrypt) as refused:
        encrypted(make())
    assert refused.value.problem is problem


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_letter_is_refused_or_encrypted_within_its_limits(kind: str) -> None:
    source = HOSTILE[kind]()
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    assert_encrypted_or_refused(source)
    assert time.monotonic() - begun < 2 * USUAL.cpu_seconds
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


@pytest.mark.parametrize(
    ("make", "rules", "problem", "detail"),
    [
        (
            slow,
            LetterRules(cpu_seconds=2),
            Problem.TOOK_TOO_LONG,
            {"signal 24", "4.0 s"},
        ),  # the processor's time, or on a busy machine the clock's
        (big, LetterRules(memory_mib=8), Problem.TOO_MUCH_MEMORY, {"MemoryError"}),
        (big, LetterRules(max_bytes=MEBIBYTE), Problem.TOO_LARGE, {"19000403 bytes"}),
    ],
)
def test_a_letter_that_takes_too_much_is_given_up(
    make: Callable[[], bytes], rules: LetterRules, problem: Problem, detail: set[str]
) -> None:
    source, begun = make(), time.monotonic()
    with pytest.raises(CannotEncrypt) as refused:
        encrypted(source, rules=rules)
    assert refused.value.problem is problem
    assert refused.value.detail in detail
    assert time.monotonic() - begun < 10


def test_a_refusal_quotes_neither_letter_nor_password() -> None:
    source = letter_pdf().replace(TITLE.encode()[:6], b"(((((\\")
    with pytest.raises(CannotEncrypt) as refused:
        encrypted(source[:-30], "1234-canary")
    assert (str(refused.value), refused.value.detail) == (Problem.DAMAGED.value, "PdfReadError")


@settings(max_examples=8)
@given(source=mutated_letters())
def test_a_letter_with_random_faults_is_encrypted_or_refused(source: bytes) -> None:
    assert_encrypted_or_refused(source)
