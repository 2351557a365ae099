"""A proxy in front of an HTTP server, which now and then does not do what it should."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

# A status to answer with instead of passing the request on; or what to do instead of passing the answer back.
Fault = Callable[[BaseHTTPRequestHandler], object] | int


@dataclass
class Faults:
    """What befalls the next requests, and the methods of those that came. When the proxy ends `over` is set."""

    next: list[Fault] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


def half_an_answer(request: BaseHTTPRequestHandler) -> None:
    """The server breaks down while it speaks."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")


def no_answer(request: BaseHTTPRequestHandler) -> None:
    """The request was obeyed, and the connection broke."""
    request.connection.close()


@contextmanager
def in_front_of(url: str) -> Iterator[tuple[str, Faults]]:
    """Yields the URL that leads to the same through the proxy, and its faults."""
    port = urlsplit(url).port
    assert port is not None
    with _Proxy(port) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=[0.01])
        thread.start()
        try:
            yield url.replace(f":{port}", f":{proxy.server_port}"), proxy.faults
        finally:
            proxy.faults.over.set()
            proxy.shutdown()
            thread.join()


class _Proxy(ThreadingHTTPServer):
    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.behind = port
        self.faults = Faults()


class _Request(BaseHTTPRequestHandler):
    server: _Proxy

    def log_message(self, *_: object) -> None: ...

    def handle_one_request(self) -> None:
        self.close_connection = True
        self.raw_requestline = self.rfile.readline(65537)
        if self.raw_requestline and self.parse_request():
            self._pass_on()

    def _pass_on(self) -> None:
        faults = self.server.faults
        faults.seen.append(self.command)
        fault = faults.next.pop(0) if faults.next else None
        if isinstance(fault, int):
            self._answer(fault, [("Content-Length", "0")], b"")
            return
        answer = self._ask()
        if fault is None:
            self._answer(*answer)
        else:
            fault(self)

    def _ask(self) -> tuple[int, list[tuple[str, str]], bytes]:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with closing(HTTPConnection("127.0.0.1", self.server.behind)) as server:
            server.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name != "Expect":  # it was answered here
                    server.putheader(name, value)
            server.endheaders(body)
            answer = server.getresponse()
            return answer.status, answer.getheaders(), answer.read()

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
