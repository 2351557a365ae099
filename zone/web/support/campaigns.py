"""Campaigns: the list, a new one in two steps, and one of them with its progress."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from zone.audit import Role
from zone.campaigns import overview, start, whom
from zone.campaigns.models import State
from zone.campaigns.whom import NOT_AGAIN_WITHIN, Criteria
from zone.language import N_
from zone.web import campaign_words
from zone.web.access import allow
from zone.web.counts import count_in_words
from zone.web.forms import new_token
from zone.web.here import principal, row_number, words
from zone.web.support.blueprint import support
from zone.web.support.campaign_form import CampaignForm, StartForm

CAMPAIGN = "/campaigns/<reference>"
ACTS = {
    "pause": (start.pause, N_("The campaign is paused. What is on its way still goes.")),
    "resume": (start.resume, N_("The campaign goes on.")),
    "stop": (start.stop, N_("The campaign is stopped. What is on its way still goes.")),
}

STOP = ("stop", N_("Stop for good"), "danger")
# Which of them a campaign offers as it stands: the act, its label, the kind of its button. Once it is over, none.
OFFERED = {
    State.RUNNING: (("pause", N_("Pause"), "primary"), STOP),
    State.PAUSED: (("resume", N_("Go on"), "primary"), STOP),
}


@support.get("/campaigns")
@allow(Role.SUPPORT)
def campaigns() -> str:
    """All of them, newest first."""
    before = request.args.get("before", type=row_number)
    page = overview.page(before=before)
    rows = [
        (
            seen,
            campaign_words.whom(seen.campaign.digits, seen.campaign.language, words()),
            campaign_words.state(seen.campaign, words()),
        )
        for seen in page.campaigns
    ]
    older = url_for("support.campaigns", before=page.older) if page.older else None
    newest = url_for("support.campaigns") if before is not None else None
    return render_template("support/campaigns/campaigns.html", rows=rows, older=older, newest=newest)


@support.get("/campaigns/new")
@allow(Role.SUPPORT)
def new_campaign() -> Response:
    """Whom to invite, and how fast; as it was chosen before, for who comes back."""
    return _new(CampaignForm(request.args))


@support.get("/campaigns/check")
@allow(Role.SUPPORT)
def check_campaign() -> Response:
    """What was chosen, and what it comes to, before anything is sent."""
    form = CampaignForm(request.args)
    return _check(form) if form.validate() else _new(form)


@support.post("/campaigns")
@allow(Role.SUPPORT)
def start_campaign() -> Response:
    """Start it, and go to its page."""
    form = StartForm()
    if not form.validate():
        return _new(form)
    campaign = start.start(
        principal().actor,
        form.criteria,
        per_hour=form.pace,
        most=form.most.data,
        token=form.token.data or "",
    )
    return make_response(redirect(url_for("support.campaign", reference=campaign.reference), 303))


@support.get(CAMPAIGN)
@allow(Role.SUPPORT)
def campaign(reference: str) -> str:
    """One campaign, whom it invites and how far it has come."""
    return render_template("support/campaigns/campaign.html", **_progress(reference))


@support.get(f"{CAMPAIGN}/progress")
@allow(Role.SUPPORT, polling=True)
def campaign_progress(reference: str) -> str:
    """How far it has come, which the page asks for until that is final."""
    return render_template("support/campaigns/_progress.html", **_progress(reference))


@support.post(f"{CAMPAIGN}/<any({', '.join(ACTS)}):act>")
@allow(Role.SUPPORT)
def change_campaign(reference: str, act: str) -> Response:
    """Pause it, let it go on, or stop it; where that came too late, the page says how it is."""
    change, done = ACTS[act]
    if change(principal().actor, reference):
        flash(words().gettext(done), "success")
    return make_response(redirect(url_for("support.campaign", reference=reference), 303))


def _new(form: CampaignForm) -> Response:
    found = count_in_words(whom.count(Criteria()), words())
    page = render_template(
        "support/campaigns/new.html",
        form=form,
        found=found,
        not_again_days=NOT_AGAIN_WITHIN.days,
        fastest=start.FASTEST,
    )
    return make_response(page, 422 if form.errors else 200)


def _check(form: CampaignForm) -> Response:
    invited = campaign_words.how_many(whom.count(form.criteria), form.most.data)
    page = render_template(
        "support/campaigns/check.html",
        chosen=form.chosen(),
        whom=campaign_words.whom(form.criteria.digits, form.criteria.language, words()),
        most=form.most.data,
        per_hour=form.pace,
        nobody=invited.count == 0,
        invited=count_in_words(invited, words()),
        not_again_days=NOT_AGAIN_WITHIN.days,
        takes=campaign_words.takes(invited, form.pace, words()),
        token=new_token(),
    )
    return make_response(page)


def _progress(reference: str) -> dict[str, object]:
    seen = overview.one(reference)
    campaign, say = seen.campaign, words().gettext
    return {
        "seen": seen,
        "planned": campaign_words.planned(seen, words()),
        "state": campaign_words.state(campaign, words()),
        "whom": campaign_words.whom(campaign.digits, campaign.language, words()),
        "acts": [(act, say(label), kind) for act, label, kind in OFFERED.get(State(campaign.state), ())],
        "poll": campaign_words.poll(seen),
    }
