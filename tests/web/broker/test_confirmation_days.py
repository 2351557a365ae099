"""For how long a confirmed phone number counts is the installation's to say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from peewee import Database

from tests.web.broker.conftest import NEW, at
from tests.web.browser import Browser, new_browser
from tests.web.people import PASSWORD, Person
from zone.app import create_app
from zone.clients.models import Phone, Policy
from zone.clock import now
from zone.config import Config, Limits


@pytest.fixture
def a_month(config: Config, database: Database) -> Iterator[Flask]:
    """A zone in which a confirmation counts for thirty days."""
    zone = create_app(replace(config, limits=Limits(phone_confirmation_valid=timedelta(days=30))))
    zone.test_client_class = Browser
    yield zone
    zone.extensions["zone"].intake.encryptor.close()
    zone.extensions["zone"].database.close_all()


@pytest.mark.parametrize(("days", "is_open"), [(29, True), (31, False)])
def test_the_next_step_opens_as_long_as_the_setting_says(
    a_month: Flask, broker: Person, policy: Policy, days: int, is_open: bool
) -> None:
    Phone.update(confirmed_at=now() - timedelta(days=days)).execute()
    portal = new_browser(a_month)
    portal.sign_in(broker.email, PASSWORD)
    answer = portal.get(at(policy, f"{NEW}/choice"))
    assert answer.location == (None if is_open else at(policy, f"{NEW}/phone"))
