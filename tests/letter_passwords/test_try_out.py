"""Trying a remembered password."""

from __future__ import annotations

import pytest
import time_machine
from peewee import Database

from tests.conftest import CHEAP
from tests.letter_passwords.watchful import WatchfulVault
from tests.people import PETER, make_client
from zone.accounts.models import Throttle
from zone.accounts.throttle import TRY_WAITS, TooManyAttempts
from zone.audit import Actor, Role
from zone.audit.models import Event
from zone.clients.models import Client
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.reset import reset
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.try_out import VERSIONS_TRIED, Tried, try_out
from zone.secret import Secret
from zone.vault import Busy, Context, Keyring, Vault

ACTOR = Actor(Role.CLIENT, 1)


class NeverOpened(WatchfulVault):
    """Its entries cannot be read."""

    def get(self, context: Context) -> bytes:
        raise AssertionError(f"the vault was opened for {context.purpose}")


class Full(WatchfulVault):
    """Has no place left."""

    def verify(self, purpose: str, password: Secret, hashed: str | None) -> bool:
        raise Busy("too many passwords are being checked")


def tried(vault: Vault, client: Client, candidate: str) -> Tried:
    return try_out(vault, ACTOR, client.id, Secret(candidate))


def test_current_earlier_or_none_without_opening_the_vault(
    jana: Client, vault: WatchfulVault, keyring: Keyring
) -> None:
    own = set_own(vault, ACTOR, jana.id, Secret("slnko nad Tatrami"))
    shut = NeverOpened(keyring, CHEAP)
    assert tried(shut, jana, "slnko nad Tatrami").is_current
    earlier = tried(shut, jana, "2375")
    assert not earlier.is_current
    assert earlier.version is not None
    assert earlier.until == own.set_at
    none = tried(shut, jana, "Slnko nad Tatrami")
    assert (none.version, none.is_current, none.since, none.until) == (None, False, None, None)


@pytest.mark.parametrize("candidate", ["", "x" * 129, "x" * 100_000, "2375 ", "02375", "\x00", "💣" * 40])
def test_whatever_is_typed_gets_an_answer(jana: Client, vault: WatchfulVault, candidate: str) -> None:
    set_own(vault, ACTOR, jana.id, Secret("slnko nad Tatrami"))
    assert tried(vault, jana, candidate).version is None


def test_another_clients_password_is_none(jana: Client, vault: WatchfulVault) -> None:
    make_client(vault, PETER)
    assert tried(vault, jana, "3744").version is None


def test_after_a_reset_the_same_digits_are_the_current_ones(jana: Client, vault: WatchfulVault) -> None:
    set_own(vault, ACTOR, jana.id, Secret("slnko nad Tatrami"))
    reset(vault, ACTOR, jana.id, limits=Limits())
    assert tried(vault, jana, "2375").is_current


def test_only_the_latest_versions_are_tried(jana: Client, vault: WatchfulVault) -> None:
    for number in range(VERSIONS_TRIED):
        set_own(vault, ACTOR, jana.id, Secret(f"slnko nad Tatrami {number}"))
    assert tried(vault, jana, "2375").version is None
    assert tried(vault, jana, "slnko nad Tatrami 0").version is not None


def test_each_try_leaves_an_event_that_says_which_and_not_what(jana: Client, vault: WatchfulVault) -> None:
    tried(vault, jana, "2375")
    tried(vault, jana, "slnko nad Tatrami")
    events = Event.select().where(Event.tag == "letter_password:tried").order_by(Event.id)
    assert [event.facts for event in events] == ['{"version": 1}', '{"version": null}']


def test_guessing_is_slowed_down_also_for_who_knows_an_old_password(
    jana: Client, vault: WatchfulVault
) -> None:
    set_own(vault, ACTOR, jana.id, Secret("slnko nad Tatrami"))
    with time_machine.travel(now(), tick=False):
        for guess in range(TRY_WAITS.free - 1):
            tried(vault, jana, f"{guess:04}")
            assert tried(vault, jana, "2375").version is not None
        tried(vault, jana, "9999")
        for candidate in ("9998", "2375", "slnko nad Tatrami"):
            with pytest.raises(TooManyAttempts):
                tried(vault, jana, candidate)


def test_what_was_not_judged_does_not_count(jana: Client, vault: WatchfulVault, keyring: Keyring) -> None:
    set_own(vault, ACTOR, jana.id, Secret("slnko nad Tatrami"))
    with time_machine.travel(now(), tick=False):
        for _ in range(TRY_WAITS.free + 5):
            with pytest.raises(Busy):
                tried(Full(keyring, CHEAP), jana, "0000")
        assert tried(vault, jana, "slnko nad Tatrami").is_current
        assert Throttle.get().waits_until is None


def test_one_clients_guesses_do_not_slow_another(database: Database, vault: WatchfulVault) -> None:
    clients = [make_client(vault) for _ in range(2)]
    with time_machine.travel(now(), tick=False):
        for guess in range(TRY_WAITS.free):
            tried(vault, clients[0], f"{guess:04}")
        assert tried(vault, clients[1], "3744").is_current
