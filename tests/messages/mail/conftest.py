"""A real SMTP server for each test, and gateways to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.certificates import Certificates, make_certificates
from tests.smtp_server import SmtpServer, running
from zone.messages.mail.smtp import SmtpGateway, SmtpSettings


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def server(certificates: Certificates) -> Iterator[SmtpServer]:
    """Offers STARTTLS and asks nobody to sign in."""
    with running(SmtpServer(), certificates) as server:
        yield server


@pytest.fixture
def gateway(certificates: Certificates) -> Iterator[Callable[..., SmtpGateway]]:
    """Makes gateways to a server, and closes them."""
    with ExitStack() as stack:

        def make(
            server: SmtpServer, scheme: str = "smtp", credentials: str = "", **options: str
        ) -> SmtpGateway:
            given = {"ca": str(certificates.ca), "timeout": "5", "final_timeout": "5"} | options
            query = "&".join(f"{name}={value}" for name, value in given.items() if value)
            url = f"{scheme}://{credentials}127.0.0.1:{server.port}/?{query}"
            gateway = SmtpGateway(SmtpSettings.parse(url))
            stack.callback(gateway.close)
            return gateway

        yield make
