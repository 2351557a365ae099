"""What texts become so that they can be found."""

from __future__ import annotations

import pytest

from zone import search_terms
from zone.search_terms import LONGEST, NAME, NUMBER, PHONE, fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Kováčová", "kovacova"),
        ("  Jana\t KOVÁČOVÁ ", "jana kovacova"),
        ("Drevo Kysuce, s. r. o.", "drevo kysuce s r o"),
        ("Łukasz Großmann", "lukasz grossmann"),
        ("Kova\u0301c\u030cova\u0301", "kovacova"),
        ("ﬁlip", "filip"),
        ("\u210cana", "hana"),
        ("Иван", "иван"),
        ("\U0001f600 %_*", ""),
        ("a\0b", "a b"),
        ("\ud800", ""),
    ],
)
def test_text_is_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_each_word_and_each_pair_of_words_of_a_name_begins_a_term() -> None:
    terms = search_terms.policy_terms("Ing. Jana Kováčová", "1", None)
    names = {term[1:].decode() for term in terms if term.startswith(NAME)}
    pairs = {" ".join(name.split()[:2]) for name in names}
    assert len(names) == 6
    assert pairs == {"ing jana", "ing kovacova", "jana ing", "jana kovacova", "kovacova ing", "kovacova jana"}


def test_a_long_name_has_a_term_for_each_word_and_none_is_too_long_for_an_index() -> None:
    terms = search_terms.policy_terms(" ".join("abcdefghij"), "1", None)
    assert sum(term.startswith(NAME) for term in terms) == 10
    longest = search_terms.client_terms("ﷺ" * 200, "r" * 64, "e" * 254, ["n" * 32], None)
    assert max(map(len, longest)) == LONGEST


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("123", "123"),
        ("12", ""),
        ("0101", "0101"),
        ("0905 100 101", "905100101"),
        ("+421 905 100 101", "421905100101"),
        ("00421905100101", "421905100101"),
        ("905-100", "905100"),
        ("PZ 123", ""),
        ("١٢٣", ""),
    ],
)
def test_a_phone_is_looked_for_to_its_end_and_by_support_backwards(typed: str, digits: str) -> None:
    of_policies = [PHONE + digits.encode() + b"$"] if digits else []
    of_clients = [PHONE + digits[::-1].encode()] if digits else []
    assert [each for each in search_terms.policy_prefixes(typed) if each.startswith(PHONE)] == of_policies
    assert [each for each in search_terms.client_prefixes(typed) if each.startswith(PHONE)] == of_clients


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        ("+421905100101", {"101", "905100101", "421905100101"}),
        ("+420777123456", {"456", "777123456", "420777123456"}),
        ("+436641234567", {"567", "6641234567", "436641234567"}),
    ],
)
def test_a_policy_has_a_phones_last_three_digits_and_all_of_it(phone: str, digits: set[str]) -> None:
    terms = search_terms.policy_terms("Jana", "1", phone)
    assert {term[1:-1].decode() for term in terms if term.startswith(PHONE)} == digits


@pytest.mark.parametrize("typed", ["", " ", "\t\n"])
def test_nothing_typed_means_each_policy_once_and_no_client(typed: str) -> None:
    assert search_terms.policy_prefixes(typed) == [NUMBER]
    assert search_terms.client_prefixes(typed) == []


@pytest.mark.parametrize("typed", ["%%%", "\U0001f600", "x" * 10_000])
def test_what_nobody_can_be_called_means_nobody(typed: str) -> None:
    assert search_terms.policy_prefixes(typed) == []


@pytest.mark.parametrize("typed", ["Kováčová", "pz-2001", "123", "a@b", "0905 100 101"])
def test_prefixes_come_in_the_order_of_terms(typed: str) -> None:
    prefixes = search_terms.client_prefixes(typed)
    assert prefixes == sorted(prefixes)
