"""Wiring: the one place that knows every room."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from zone import commands, web
from zone.accounts import impersonation, impersonation_notice
from zone.campaigns import advance, figures, invitation
from zone.clients import change_phone, phone_code_sms, phone_notices, search_index
from zone.clock import now
from zone.config import PROJECT, Config
from zone.environment import from_environment
from zone.letter_passwords import sms as password_sms
from zone.letters import retention, sending, waiting
from zone.letters.encryption import Encryptor
from zone.letters.intake import Intake
from zone.letters.store import open_store
from zone.messages.chores import Chore
from zone.messages.gateways import open_mail, open_sms
from zone.messages.mail import trail_head
from zone.messages.mail.gateway import MailGateway
from zone.messages.models import Kind
from zone.messages.sms.gateway import SmsGateway
from zone.parts import Parts
from zone.requests import notice as request_notice
from zone.storage import accompany, open_database
from zone.vault import Vault, open_keyring


def create_app(
    config: Config | None = None, *, sms: SmsGateway | None = None, mail: MailGateway | None = None
) -> Flask:
    """One installation, ready to serve. Without `config` the environment gives it; gateways may be passed in.

    Raises `CannotStart` with what to do.
    """
    config = config or from_environment()
    parts = assemble(config, sms=sms, mail=mail)
    app = Flask("zone", static_folder=None, template_folder=str(PROJECT / "templates"))
    app.extensions["zone"] = parts
    app.secret_key = config.secret_key.reveal()
    if config.trusted_proxies:
        hops = config.trusted_proxies
        # Flask's documented place for WSGI middleware is this method, which mypy takes for one that nobody sets.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    commands.register(app)
    web.register(app, config)
    return app


def assemble(config: Config, *, sms: SmsGateway | None = None, mail: MailGateway | None = None) -> Parts:
    """Open every part that `config` names; the web and the worker are made of the same."""
    vault = Vault(open_keyring(config), config.argon2)
    intake = Intake(vault, open_store(config), Encryptor(config.letters), config.letters, config.limits)
    earlier_or_current = password_sms.renderer(vault, config.timezone)
    database = open_database(config.database_url)
    accompany(database, vault)
    return Parts(
        config=config,
        database=database,
        vault=vault,
        intake=intake,
        sms=sms or open_sms(config),
        mail=mail or open_mail(config),
        renderers={
            Kind.LETTER_PASSWORD: earlier_or_current,
            Kind.EARLIER_PASSWORD: earlier_or_current,
            Kind.PHONE_CODE: phone_code_sms.renderer(vault, config.timezone),
            Kind.PHONE_CHANGED: phone_notices.renderer(vault, config),
            Kind.LETTER: sending.renderer(intake, config),
            Kind.REQUEST: request_notice.renderer(vault, config),
            Kind.IMPERSONATION: impersonation_notice.renderer(config),
            Kind.AUDIT_HEAD: trail_head.renderer(config),
            Kind.INVITATION: invitation.renderer(config),
        },
        chores=_chores(intake, config),
    )


def _chores(intake: Intake, config: Config) -> tuple[Chore, ...]:
    """What the worker does besides sending."""
    store, vault = intake.store, intake.vault
    return (
        Chore("letters that wait", 2, lambda: waiting.release(vault, limits=intake.limits)),
        Chore("letters whose time is over", 60, lambda: retention.purge(store, vault, at=now(), most=1000)),
        Chore("numbers that nobody confirmed", 600, change_phone.forget_expired),
        Chore("terms and looks that are over", 60, search_index.sweep),
        Chore("impersonations that are over", 60, impersonation.close_over),
        Chore("signed heads", trail_head.LOOK_EVERY, lambda: trail_head.make_if_due(vault, config)),
        Chore("campaigns that go on", 15, advance.advance),
        Chore("what came of campaigns", 15, figures.count),
        # It lists the whole store, so not at each start.
        Chore("files of no letter", 6 * 3600, lambda: retention.sweep(store, at=now()), at_once=False),
    )
