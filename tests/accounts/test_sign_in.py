from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import time_machine
from peewee import Database

from tests.accounts.conftest import ELSEWHERE, HOME, JANA, LIMITS, PASSWORD, Add, Door
from tests.accounts.counting import BusyVault, CountingVault
from tests.conftest import CHEAP
from zone.accounts import sessions
from zone.accounts.models import Account, Session, Throttle
from zone.accounts.sign_in import SignedIn, WrongCredentials
from zone.accounts.throttle import ADDRESS, CLOSE, TooManyAttempts
from zone.audit import Role
from zone.audit.models import Event
from zone.config import Argon2Cost
from zone.secret import Secret
from zone.storage import using
from zone.vault import Busy, Vault
from zone.vault.keyring import FileKeyring


def _outcome(
    door: Door, password: str = PASSWORD, *, email: str = JANA, address: str = HOME
) -> type[Exception] | None:
    try:
        door(password, email=email, address=address)
    except (WrongCredentials, TooManyAttempts) as refusal:
        return type(refusal)
    return None


def _fail(door: Door, times: int, *, email: str = JANA, address: str = HOME) -> None:
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            door("wrong", email=email, address=address)


@pytest.fixture
def counting(vault: Vault, tmp_path: Path) -> CountingVault:
    return CountingVault(FileKeyring(tmp_path / "keys.json"))


def test_the_right_password_opens_a_session(jana: Account, door: Door) -> None:
    signed_in = door(email="  JANA@example.org ")
    principal = sessions.find(signed_in.token, limits=LIMITS, renew=True)
    assert principal == signed_in.principal
    assert principal.role is Role.CLIENT
    assert principal.client_id == jana.client_id
    assert principal.actor.account_id == jana.id


def test_a_password_typed_in_another_unicode_form_is_the_same(door: Door) -> None:
    door("S\u030ctyri zelene\u0301 lampa\u0301s\u030ce")


def test_every_sign_in_has_a_fresh_token_that_the_database_does_not_know(door: Door) -> None:
    tokens = {door().token.reveal() for _ in range(4)}
    assert len(tokens) == 4
    assert all(len(token) >= 43 for token in tokens)  # 256 bits in base64
    assert not tokens & {row.token_hash for row in Session.select()}


@pytest.mark.parametrize("email", [JANA, "nobody@example.org", "", "a\0b", "' OR 1=1 --", "ľ" * 50_000])
def test_neither_answer_tells_whether_the_account_exists(door: Door, email: str) -> None:
    with pytest.raises(WrongCredentials, match=r"^The e-mail or the password is not right\.$"):
        door("wrong", email=email)


def test_a_wrong_name_costs_exactly_what_a_wrong_password_costs(
    door: Door, counting: CountingVault, caplog: pytest.LogCaptureFixture
) -> None:
    door = Door(counting)
    work = []
    for email in (JANA, "nobody@example.org"):
        caplog.clear()
        before = counting.verified
        with caplog.at_level(logging.DEBUG, "peewee"):
            _fail(door, 1, email=email, address=f"{email}'s")
        statements = [record.args for record in caplog.records if record.name == "peewee"]
        work.append(
            (counting.verified - before, [_sql(message) for message in caplog.messages], len(statements))
        )
    assert work[0] == work[1]
    assert work[0][0] == 1
    assert len(work[0][1]) > 3


def _sql(message: str) -> str:
    return message.split(", [")[0]


def test_waits_are_the_same_with_and_without_an_account(door: Door) -> None:
    emails = (JANA, "nobody@example.org")
    refusals = [
        [_outcome(door, password="wrong", email=email, address=f"at {email}") for _ in range(8)]
        for email in emails
    ]
    assert refusals[0] == refusals[1]
    assert refusals[0] == [WrongCredentials] * 5 + [TooManyAttempts] * 3


def test_during_a_wait_the_right_password_is_refused_and_judged_by_nobody(
    door: Door, counting: CountingVault
) -> None:
    door = Door(counting)
    with time_machine.travel("2026-05-01T10:00:00Z", tick=False) as clock:
        _fail(door, 5)
        with pytest.raises(TooManyAttempts) as refusal:
            door()
        assert counting.verified == 5
        clock.move_to(refusal.value.until)
        door()


def test_of_fifty_wrong_guesses_at_once_only_as_many_are_judged_as_the_table_allows(
    door: Door, counting: CountingVault, database: Database
) -> None:
    def guess(number: int) -> type[Exception] | None:
        with using(database):
            return _outcome(Door(counting), password=f"guess {number}")

    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(guess, range(50)))
    assert outcomes.count(WrongCredentials) == counting.verified == CLOSE.free
    assert outcomes.count(TooManyAttempts) == 50 - CLOSE.free


def test_fifty_people_behind_one_address_sign_in_at_once(add: Add, vault: Vault, database: Database) -> None:
    emails = [f"client{number}@example.org" for number in range(50)]
    for email in emails:
        add(email)

    def enter(email: str) -> SignedIn:
        with using(database):
            return Door(vault)(email=email)

    with ThreadPoolExecutor(50) as pool:
        entered = list(pool.map(enter, emails))
    assert len({signed_in.token.reveal() for signed_in in entered}) == 50
    assert Session.select().count() == 50
    assert Throttle.select().where(Throttle.waits_until.is_null(False)).count() == 0


def test_a_known_browser_does_not_feel_strangers_who_hammer(door: Door) -> None:
    browser = door().browser
    for number in range(60):
        _outcome(door, password="wrong", address=f"203.0.113.{number}")
    assert _outcome(door, address=ELSEWHERE) is TooManyAttempts
    assert door(browser=browser).browser == browser


def test_strangers_cannot_keep_a_new_browser_out_for_longer_than_half_a_minute(door: Door) -> None:
    with time_machine.travel("2026-05-01T10:00:00Z", tick=False) as clock:
        for number in range(5_000):
            _outcome(door, password="wrong", address=f"10.0.{number // 250}.{number % 250}")
            clock.shift(0.25)
        with pytest.raises(TooManyAttempts):
            door(address=ELSEWHERE)
        clock.shift(30)
        door(address=ELSEWHERE)


def test_a_known_browser_guesses_no_faster_than_others(door: Door) -> None:
    browser = door().browser
    for _ in range(CLOSE.free):
        with pytest.raises(WrongCredentials):
            door("wrong", browser=browser)
    with pytest.raises(TooManyAttempts):
        door(browser=browser)


@pytest.mark.parametrize("forged", ["", "name.", ".", "name.0000", "ľščť.ľščť"])
def test_a_forged_browser_is_a_stranger(door: Door, forged: str) -> None:
    _fail(door, CLOSE.free)
    with pytest.raises(TooManyAttempts):
        door("wrong", browser=Secret(forged))


def test_a_browser_known_to_one_account_is_a_stranger_to_another(add: Add, door: Door) -> None:
    browser = door().browser
    add("eva@example.org")
    _fail(door, CLOSE.free, email="eva@example.org")
    with pytest.raises(TooManyAttempts):
        door(email="eva@example.org", browser=browser)
    assert door(email="eva@example.org", address=ELSEWHERE, browser=browser).browser != browser


def test_one_address_that_sprays_many_accounts_has_to_wait(door: Door) -> None:
    for number in range(ADDRESS.free):
        _fail(door, 1, email=f"client{number}@example.org")
    with pytest.raises(TooManyAttempts):
        door()
    door(address=ELSEWHERE)


def test_signing_in_to_an_own_account_buys_no_guesses_at_others(add: Add, door: Door) -> None:
    add("mallory@example.org")
    refused_after = 0
    while _outcome(door, password="wrong", email=f"victim{refused_after}@example.org") is WrongCredentials:
        refused_after += 1
        _outcome(door, email="mallory@example.org")
    assert refused_after == ADDRESS.free


@pytest.mark.parametrize("neighbours", [("2001:db8:1:2::3", "2001:db8:1:2::ffff"), (HOME, f"::ffff:{HOME}")])
def test_addresses_of_one_subscriber_count_together(door: Door, neighbours: tuple[str, str]) -> None:
    _fail(door, CLOSE.free, address=neighbours[0])
    with pytest.raises(TooManyAttempts):
        door(address=neighbours[1])
    door(address="2001:db8:1:3::3")


def test_being_busy_is_nobodys_failure(door: Door, tmp_path: Path) -> None:
    busy = Door(BusyVault(FileKeyring(tmp_path / "keys.json"), CHEAP))
    for _ in range(20):
        with pytest.raises(Busy):
            busy()
    door()


def test_a_hash_of_yesterdays_parameters_is_renewed(jana: Account, door: Door, tmp_path: Path) -> None:
    stronger = Vault(FileKeyring(tmp_path / "keys.json"), Argon2Cost(memory_kib=16, rounds=2))
    Door(stronger)()
    renewed = Account.get_by_id(jana.id).password_hash
    assert renewed != jana.password_hash
    assert not stronger.outdated(renewed)
    Door(stronger)()
    assert Account.get_by_id(jana.id).password_hash == renewed


def test_each_attempt_leaves_an_event_without_what_was_typed(jana: Account, door: Door) -> None:
    door()
    _fail(door, 1)
    _fail(door, 1, email="nobody@example.org")
    events = [(event.tag, event.actor_id, event.client_id) for event in Event.select().order_by(Event.id)]
    assert events[-3:] == [
        ("account:sign_in", jana.id, jana.client_id),
        ("account:sign_in_refused", jana.id, jana.client_id),
        ("account:sign_in_refused", None, None),
    ]
    assert all("example.org" not in event.facts and PASSWORD not in event.facts for event in Event.select())


def test_no_address_and_no_email_lies_in_the_throttle(door: Door) -> None:
    _fail(door, 1)
    assert Throttle.select().count() == 3
    assert all(len(bytes.fromhex(row.key)) == 32 for row in Throttle.select())
