"""Thousands of random documents and of spoilt ones, under random passwords."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.letters.encryption.documents import PASSWORDS, documents
from tests.letters.encryption.mutations import mutated_active_letters, mutated_letters
from tests.letters.encryption.sameness import assert_same, assert_same_objects
from tests.letters.encryption.test_child import KEY, PASSWORD, assert_answered
from tests.letters.encryption.test_examination import assert_no_script_goes_out
from zone.config import Handling
from zone.letter_passwords.letter_key import derive
from zone.letters.encryption import CannotEncrypt
from zone.letters.encryption.cross_reference import read_document
from zone.letters.encryption.file_key import fresh_file_key
from zone.letters.encryption.locking import lock
from zone.letters.encryption.splice import splice
from zone.letters.encryption.syntax import NotSpliceable
from zone.secret import Secret

pytestmark = pytest.mark.torture


def thousands(count: int) -> settings:
    return settings(max_examples=count, suppress_health_check=list(HealthCheck))


@thousands(5_000)
@given(source=documents(), password=PASSWORDS)
def test_any_document_under_any_password_stays_what_it_was(source: bytes, password: str) -> None:
    locked = lock(source, fresh_file_key(derive(Secret(password))))
    assert locked.engine == "splice"
    assert_same(source, locked.content, password)
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(BytesIO(locked.content))


@thousands(30_000)
@given(source=mutated_letters())
def test_a_spoilt_letter_ends_as_a_known_problem_or_opens(source: bytes) -> None:
    assert_answered(source)


@thousands(30_000)
@given(source=mutated_letters() | mutated_active_letters())
def test_what_the_splice_takes_of_spoilt_letters_it_takes_as_qpdf_does(source: bytes) -> None:
    try:
        content, _ = splice(read_document(source), fresh_file_key(KEY))
    except (NotSpliceable, CannotEncrypt):
        return
    with pikepdf.open(BytesIO(source)) as before, pikepdf.open(BytesIO(content), password=PASSWORD) as after:
        assert_same_objects(before, after)


@thousands(30_000)
@given(source=mutated_active_letters(), active_content=st.sampled_from(Handling))
def test_however_it_is_spoilt_no_script_goes_out(source: bytes, active_content: Handling) -> None:
    assert_no_script_goes_out(source, active_content)
