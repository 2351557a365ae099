"""A client is forgotten in the moment in which the insurer's system tells of a mandate on their policy."""

from __future__ import annotations

import pytest
from peewee import Database

from tests.people import PETER, make_client
from tests.together import together
from zone.audit import OPERATOR
from zone.clients import mandates
from zone.clients.mandates import UnknownPolicy
from zone.clients.models import Client, Mandate, Policy
from zone.clients.search_models import PortfolioTerm
from zone.clock import now
from zone.letters.erasure import erase
from zone.letters.store import LetterStore
from zone.vault import Vault


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize("moved", [False, True])
def test_one_of_them_is_first_and_nothing_is_left(
    database: Database, vault: Vault, store: LetterStore, moved: bool, turn: int
) -> None:
    gone, stays = make_client(vault), make_client(vault, PETER)
    policy = Policy.get(Policy.client == gone)
    if moved:  # the mandate was on the policy of a client who stays
        give(Policy.get(Policy.client == stays))

    def put() -> str:
        try:
            return f"new: {give(policy)}"
        except UnknownPolicy:
            return "unknown"

    def forget() -> str:
        erase(store, vault, OPERATOR, gone.reference)
        return "erased"

    acts = [put, forget] if turn % 2 else [forget, put]
    told = set(together(database, acts))
    assert told in ({"erased", f"new: {not moved}"}, {"erased", "unknown"})
    assert [client.id for client in Client.select()] == [stays.id]
    left = 1 if moved and "unknown" in told else 0
    assert Mandate.select().count() == left
    assert PortfolioTerm.select().where(PortfolioTerm.policy == policy.id).count() == 0


def give(policy: Policy) -> bool:
    """Whether the mandate is new."""
    return mandates.put(OPERATOR, "M-1", broker_id=7, policy=policy, starts=now(), ends=None)
