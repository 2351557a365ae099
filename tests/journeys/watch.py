"""What no page may do behind a reader's back: complain in the console, fail to load, speak with other hosts."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

OF_THE_BROWSER = ("data", "blob", "chrome", "chrome-extension")  # its PDF viewer among others
STATUS = re.compile(r"the server responded with a status of (\d+)")


class Watch:
    """Listens to all pages of a browser context, and remembers what went wrong."""

    def __init__(self, context: BrowserContext, host: str) -> None:
        self._host = host
        self._problems: list[str] = []
        self.expected: set[int] = set()  # statuses of error that a journey provokes
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def check(self) -> None:
        """Fails when anything went wrong."""
        assert not self._problems, "\n".join(self._problems)

    def _console(self, message: ConsoleMessage) -> None:
        status = STATUS.search(message.text)
        if message.type in ("error", "warning") and not (status and int(status[1]) in self.expected):
            self._problems.append(f"console {message.type}: {message.text} ({message.location})")

    def _error(self, error: WebError) -> None:
        self._problems.append(f"script: {error.error}")

    def _request(self, request: Request) -> None:
        there = urlsplit(request.url)
        if there.scheme not in OF_THE_BROWSER and there.netloc != self._host:
            self._problems.append(f"another host: {request.url}")

    def _failed(self, request: Request) -> None:
        # A page that is left takes what it was asking for with it, and a download ends the visit that began it.
        if request.failure != "net::ERR_ABORTED":
            self._problems.append(f"failed: {request.method} {request.url}: {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self._problems.append(f"{response.status}: {response.request.method} {response.url}")
