"""Which letter passwords a client may set."""

from __future__ import annotations

import unicodedata
from datetime import date
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter

from zone.letter_passwords.acceptance import NotAccepted, OwnData, Problem, check, is_accepted, normalise
from zone.letter_passwords.saslprep import saslprep
from zone.secret import Secret

NOBODY = OwnData()
JANA = OwnData(
    names=("Mgr. Jana Kováčová", "Ján Vlk"),
    emails=("jana.k77@listovka.example",),
    digits=(Secret("815203/1239"), Secret("+421905123456"), Secret("PZ-66 043 718"), Secret("")),
    birth_date=date(1981, 2, 3),
)
GOOD = [
    "slnko nad Tatrami",
    "Žltý kôň úpel ďábelské",
    "f8$Kq!wLm2Vr",
    "{[~\\|^]}€ a ešte",
    "пароль-для-писем",
    "كلمةالسرالطويلة",
    "𐐀" * 31,
]


def problem(text: str, own: OwnData = NOBODY) -> NotAccepted:
    with pytest.raises(NotAccepted) as refused:
        check(Secret(text), own)
    return refused.value


@pytest.mark.parametrize("text", GOOD)
def test_accepted(text: str) -> None:
    check(Secret(text), JANA)


@pytest.mark.parametrize("text", GOOD)
def test_accepted_password_opens_the_letter(text: str) -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt(text, "owner", algorithm="AES-256")
    letter = BytesIO()
    writer.write(letter)
    with pikepdf.open(letter, password=text) as opened:
        assert opened.user_password_matched
        assert opened.encryption.R == 6


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 9, Problem.TOO_SHORT),
        ("a" * 33, Problem.TOO_LONG),
        ("tabulátor\tv hesle", Problem.INVISIBLE),
        ("pevná\u00a0medzera", Problem.INVISIBLE),
        ("mäkký\u00adrozdeľovník", Problem.INVISIBLE),
        ("polovica \ud800 páru", Problem.INVISIBLE),
        (" medzera pred", Problem.SPACE_AT_END),
        ("medzera za ňou ", Problem.SPACE_AT_END),
        ("latinka \u0627\u0628", Problem.MIXED),
        (unicodedata.normalize("NFD", "čučoriedka"), Problem.MIXED),
        ("𐐀" * 32, Problem.TOO_MANY_BYTES),
        ("1234567890", Problem.DIGITS_ONLY),
        ("+421 (2) 5910-1112", Problem.DIGITS_ONLY),
        ("٠١٢٣٤٥٦٧٨٩", Problem.DIGITS_ONLY),
    ],
)
def test_refused(text: str, expected: Problem) -> None:
    assert problem(text).problem is expected


@pytest.mark.parametrize("character", ["`", "😀", "ﬁ", "²", "…", "ẞ"])
def test_refused_character_is_named(character: str) -> None:
    refused = problem(f"dlhé heslo {character} tu")
    assert refused.problem is Problem.CHARACTER
    assert refused.facts == {"character": character}


@pytest.mark.parametrize("each", Problem)
def test_message_fills_in(each: Problem) -> None:
    facts = {"shortest": 10, "longest": 32, "character": "`"}
    assert "%" not in each.value % facts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("moja-KOVÁČOVÁ-42", Problem.OWN_NAME),
        ("starykovacdedo", Problem.OWN_NAME),
        ("heslo Jána je", Problem.OWN_NAME),
        ("les a VLK a más", Problem.OWN_NAME),
        ("mojaListovka!", Problem.OWN_EMAIL),
        ("rada 3. 2. 1981 tam", Problem.OWN_BIRTH_DATE),
        ("rada-1981-02-03", Problem.OWN_BIRTH_DATE),
        ("rada 03/02/81 tam", Problem.OWN_BIRTH_DATE),
        ("rada3281tam-hore", Problem.OWN_BIRTH_DATE),
        ("Tatry v roku 1981", Problem.OWN_BIRTH_DATE),
        ("heslo-1239-moje", Problem.OWN_NUMBER),
        ("heslo 81 52 moje", Problem.OWN_NUMBER),
        ("volaj 0905 123 456", Problem.OWN_NUMBER),
        ("zmluva 660/43", Problem.OWN_NUMBER),
    ],
)
def test_own_data_is_refused(text: str, expected: Problem) -> None:
    assert problem(text, JANA).problem is expected


@pytest.mark.parametrize(
    "text", ["pijan a vlkolak", "heslo 123 a 905 a", "jar a 81 a 52 lesa", "sk-example-heslo"]
)
def test_chance_likeness_to_own_data_is_no_obstacle(text: str) -> None:
    check(Secret(text), JANA)


def test_decomposed_letters_of_a_phone_are_composed() -> None:
    typed = unicodedata.normalize("NFD", "čučoriedka")
    assert normalise(typed) == Secret("čučoriedka")
    check(normalise(typed), NOBODY)


def test_refusal_does_not_repeat_the_password() -> None:
    refused = problem("moja-KOVÁČOVÁ-42", JANA)
    assert "KOV" not in f"{refused!r} {refused} {refused.facts}"


def test_own_data_does_not_print() -> None:
    assert "Kov" not in repr(JANA)


LETTERS = st.sampled_from("aábcčdďeéíkľlmnňoóôprŕsštťuúvyýzž AKŽ019.-!€")


ORDINARY = st.text(LETTERS, min_size=5, max_size=16)
ONE_ODD = st.tuples(ORDINARY, st.characters(), ORDINARY).map("".join)


@given(ORDINARY | ONE_ODD | st.text(st.characters(max_codepoint=0x24F) | st.characters(), max_size=34))
def test_whatever_is_accepted_reaches_every_reader_unchanged(typed: str) -> None:
    password = normalise(typed)
    if not is_accepted(password, JANA):
        return
    text = password.reveal()
    assert 10 <= len(text) <= 32
    assert len(text.encode()) <= 127
    assert text == unicodedata.normalize("NFC", text) == unicodedata.normalize("NFKC", text) == saslprep(text)
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cn", "Co", "Cs"} for character in text)
    assert "`" not in text
    assert text == text.strip()
    assert not text.isdecimal()


@given(st.text(LETTERS, min_size=10, max_size=32).filter(lambda text: text == text.strip()))
def test_ordinary_characters_are_only_refused_for_what_they_say(text: str) -> None:
    """None of them is refused as a character, so that the test above is about something."""
    if not is_accepted(Secret(text), NOBODY):
        assert problem(text).problem is Problem.DIGITS_ONLY
