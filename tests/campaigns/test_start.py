"""Starting, pausing, resuming and stopping."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from peewee import Database

from tests.campaigns.conftest import MakeClients, Start, fresh
from tests.together import together
from zone.audit import OPERATOR, Actor, Role
from zone.audit.models import Event
from zone.campaigns.advance import advance
from zone.campaigns.models import Campaign, State
from zone.campaigns.start import NoSuchCampaign, pause, resume, start, stop
from zone.campaigns.whom import Criteria

Act = Callable[[Actor, str], bool]


def events() -> list[tuple[str, str | None]]:
    found = Event.select().where(Event.tag.startswith("campaign:")).order_by(Event.id)
    return [(event.tag, json.loads(event.facts).get("state")) for event in found]


def test_one_form_starts_one_campaign(begin: Start, database: Database, clients: MakeClients) -> None:
    clients(3)
    started = together(database, [begin] * 4)
    assert {campaign.id for campaign in started} == {started[0].id}
    assert (started[0].planned, started[0].state, Campaign.select().count()) == (3, State.RUNNING, 1)
    assert events() == [("campaign:started", None)]
    assert begin(token="another").id != started[0].id


def test_it_plans_no_more_than_it_may_invite(begin: Start, clients: MakeClients) -> None:
    clients(3)
    assert begin(most=2).planned == 2
    assert begin(most=9, token="u").planned == 3
    assert begin(Criteria(digits=3), token="v").planned == 0


@pytest.mark.parametrize(
    "actor", [Actor(Role.CLIENT, 1), Actor(Role.BROKER, 1), OPERATOR, Actor(Role.SUPPORT)]
)
def test_nobody_but_an_agent_may(begin: Start, actor: Actor) -> None:
    campaign = begin()
    with pytest.raises(PermissionError):
        start(actor, Criteria(), per_hour=1, most=None, token="x")
    for act in (pause, resume, stop):
        with pytest.raises(PermissionError):
            act(actor, campaign.reference)
    assert fresh(campaign).state == State.RUNNING


@pytest.mark.parametrize(("per_hour", "most"), [(0, None), (5001, None), (-1, None), (1, 0), (1, -1)])
def test_a_pace_that_is_none_is_refused(begin: Start, per_hour: int, most: int | None) -> None:
    with pytest.raises(ValueError, match="invites somebody"):
        begin(per_hour=per_hour, most=most)


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ((pause,), State.PAUSED),
        ((pause, pause), State.PAUSED),
        ((resume,), State.RUNNING),
        ((pause, resume), State.RUNNING),
        ((stop,), State.STOPPED),
        ((pause, stop), State.STOPPED),
        ((stop, resume, pause), State.STOPPED),
    ],
)
def test_each_act_does_its_work_once(begin: Start, agent: Actor, acts: tuple[Act, ...], state: State) -> None:
    campaign = begin()
    for act in acts:
        act(agent, campaign.reference)
    found = fresh(campaign)
    assert found.state == state
    assert (found.finished_at is not None) == (state is State.STOPPED)
    changes = [to for tag, to in events() if tag == "campaign:changed"]
    assert len(changes) == len(set(changes))
    assert changes[-1:] == ([state] if acts != (resume,) else [])


def test_what_is_over_is_not_taken_up_again(begin: Start, agent: Actor) -> None:
    campaign = begin()
    advance()
    assert fresh(campaign).state == State.DONE
    for act in (pause, resume, stop):
        act(agent, campaign.reference)
    assert fresh(campaign).state == State.DONE


def test_there_must_be_such_a_campaign(agent: Actor) -> None:
    for act in (pause, resume, stop):
        with pytest.raises(NoSuchCampaign):
            act(agent, "nothing")
