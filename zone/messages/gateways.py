"""Which gateway a URL names. A new carrier is one file and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

from zone.config import CannotStart, Config
from zone.messages.mail.demo import DemoMail
from zone.messages.mail.gateway import MailGateway
from zone.messages.mail.smtp import BadMailUrl, SmtpGateway, SmtpSettings
from zone.messages.sms.demo import DemoSms
from zone.messages.sms.gateway import SmsGateway

G = TypeVar("G")


class UnknownGateway(CannotStart):
    """A setting names a gateway that there is not; the message says what is accepted, nothing of the URL."""


def open_sms(config: Config) -> SmsGateway:
    """The carrier that `ZONE_SMS_URL` names. Raises `UnknownGateway`."""
    return _open(SMS, "ZONE_SMS_URL", config.sms_url, config)


def open_mail(config: Config) -> MailGateway:
    """The mail server that `ZONE_MAIL_URL` names. Raises `UnknownGateway`, `BadMailUrl`."""
    return _open(MAIL, "ZONE_MAIL_URL", config.mail_url, config)


def _demo_sms(config: Config) -> SmsGateway:
    return DemoSms(config.var / "demo")


def _demo_mail(config: Config) -> MailGateway:
    return DemoMail(config.var / "demo")


def _smtp(config: Config) -> MailGateway:
    try:
        return SmtpGateway(SmtpSettings.parse(config.mail_url))
    except BadMailUrl as error:
        raise BadMailUrl(f"ZONE_MAIL_URL: {error}") from error


DEMO = "demo"
SMS: Mapping[str, Callable[[Config], SmsGateway]] = {DEMO: _demo_sms}
MAIL: Mapping[str, Callable[[Config], MailGateway]] = {DEMO: _demo_mail, "smtp": _smtp, "smtps": _smtp}


def _open(gateways: Mapping[str, Callable[[Config], G]], setting: str, url: str, config: Config) -> G:
    accepted = [scheme for scheme in gateways if scheme != DEMO or config.demo]
    scheme = urlsplit(url).scheme
    if scheme not in accepted:
        known = ", ".join(f"{scheme}:" for scheme in accepted) or "none in this version"
        raise UnknownGateway(f"{setting} names no gateway of this zone; accepted: {known}")
    return gateways[scheme](config)
