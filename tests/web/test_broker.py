"""The broker's portfolio."""

from __future__ import annotations

from tests.web.conftest import SignIn
from tests.web.people import Person


def test_a_broker_sees_the_policies_of_living_mandates(sign_in: SignIn, broker: Person, jana: Person) -> None:
    page = sign_in(broker).get("/broker/").text
    assert "PZ-2002" in page
    assert "PZ-2001" not in page
