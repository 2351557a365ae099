from __future__ import annotations

import traceback

import pytest

from zone.messages.mail.settings import BadMailUrl, SmtpSettings


def test_settings_are_read_from_the_url() -> None:
    settings = SmtpSettings.parse(
        "smtps://jana%40x:a%2Fb%3Ac@mail.example.org:4650?ca=/etc/ca.pem&timeout=7.5"
    )
    assert (settings.host, settings.port, settings.user) == ("mail.example.org", 4650, "jana@x")
    assert settings.password is not None
    assert settings.password.reveal() == "a/b:c"
    assert (settings.ca, settings.timeout, settings.final_timeout) == ("/etc/ca.pem", 7.5, 300)
    assert "a/b" not in repr(settings)


@pytest.mark.parametrize(("url", "port"), [("smtp://mail.example.org", 587), ("smtps://[::1]/", 465)])
def test_ports_have_defaults(url: str, port: int) -> None:
    assert SmtpSettings.parse(url).port == port


@pytest.mark.parametrize(
    "url",
    [
        "http://u:hunter2@h",
        "hunter2",
        "smtp://",
        "smtp://u:hunter2@",
        "smtp://u:hunter2@h:99999",
        "smtp://u:hunter2@h:0",
        "smtp://u:hunter2/x@h",
        "smtp://u:12/hunter2@h",
        "smtp://u:12#hunter2@h",
        "smtp://u:12?hunter2=x@h",
        "smtp://u:12?hunter2@h",
        "smtp://u:hunter2\u2100@h",
        "smtp://u:hunter2%C4%BE@h",
        "smtp://u:hunter2%0A@h",
        "smtp://u:hunter2@[h",
        "smtp://u:hunter2@" + "h" * 64,
        "smtp://u@h",
        "smtp://:hunter2@h",
        "smtp://u:hunter2@h?tls=off",
        "smtps://u:hunter2@h?tls=off",
        "smtp://u:hunter2@h?tls=no",
        "smtp://u:hunter2@h?timeout=0",
        "smtp://u:hunter2@h?timeout=nan",
        "smtp://u:hunter2@h?final_timeout=soon",
    ],
)
def test_bad_url_says_what_to_write_and_never_the_password(url: str) -> None:
    with pytest.raises(BadMailUrl) as caught:
        SmtpSettings.parse(url)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value)).replace(repr(url), "")
    assert len(str(caught.value)) > 20
