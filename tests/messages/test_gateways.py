from __future__ import annotations

from pathlib import Path

import pytest

from zone.config import Config, Mode
from zone.messages.gateways import UnknownGateway, open_mail, open_sms
from zone.messages.mail.demo import DemoMail
from zone.messages.mail.smtp import SmtpGateway
from zone.messages.sms.demo import DemoSms
from zone.secret import Secret


def config(folder: Path, mode: Mode = Mode.DEMO, *, sms: str = "demo:", mail: str = "demo:") -> Config:
    return Config(
        mode=mode,
        var=folder,
        database_url="",
        sms_url=sms,
        mail_url=mail,
        keys_url="",
        letters_url="",
        secret_key=Secret(""),
        public_url="",
        assets=folder,
    )


def test_the_demo_has_its_own_gateways(tmp_path: Path) -> None:
    assert isinstance(open_sms(config(tmp_path)), DemoSms)
    assert isinstance(open_mail(config(tmp_path)), DemoMail)


@pytest.mark.parametrize("url", ["smtp://mail.example.org", "smtps://mail.example.org"])
def test_a_mail_server_is_named_by_its_url(tmp_path: Path, url: str) -> None:
    assert isinstance(open_mail(config(tmp_path, Mode.PRODUCTION, mail=url)), SmtpGateway)


def test_production_refuses_the_demo(tmp_path: Path) -> None:
    with pytest.raises(UnknownGateway, match="accepted: smtp:, smtps:"):
        open_mail(config(tmp_path, Mode.PRODUCTION))
    with pytest.raises(UnknownGateway, match="none in this version"):
        open_sms(config(tmp_path, Mode.PRODUCTION))


def test_what_is_refused_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(UnknownGateway) as refusal:
        open_sms(config(tmp_path, sms="pigeon://user:hunter2@loft"))
    assert "hunter2" not in str(refusal.value)
    assert "ZONE_SMS_URL" in str(refusal.value)
    assert "demo:" in str(refusal.value)
