"""Which bucket letters lie in and how it is reached, read from one URL."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from zone.letters.store.letter_store import StoreUnusable
from zone.secret import Secret

FORM = "s3://key:secret@host:port/bucket/prefix?region=…"
OPTIONS = ("region", "tls", "ca", "timeout")
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
PREFIX = re.compile(r"([A-Za-z0-9_-][A-Za-z0-9._-]*/)*")


@dataclass(frozen=True)
class S3Settings:
    """One bucket, and the part of it below `prefix` that is ours alone. `timeout` of each step, in seconds.

    Without `key` and `secret` boto3 looks for credentials: environment, `~/.aws`, the machine's role.
    """

    endpoint: str
    bucket: str
    prefix: str = ""
    region: str = "us-east-1"
    key: str | None = None
    secret: Secret | None = None
    ca: str | None = None
    timeout: float = 10

    @classmethod
    def parse(cls, url: str) -> S3Settings:
        """Read `s3://key:secret@host:port/bucket/prefix`; only host and bucket are needed.

        Key and secret are percent-encoded. `?region=` is of the bucket, `?ca=/path.pem` trusts that authority alone,
        `?timeout=` is seconds, and `?tls=off` speaks in clear, which suits none but a store on the same machine.

        Raises `StoreUnusable`, which repeats nothing of the URL.
        """
        parts = _split(url)
        options = _options(parts)
        bucket, _, rest = unquote(parts.path).removeprefix("/").partition("/")
        prefix = f"{rest.strip('/')}/" if rest.strip("/") else ""
        if not BUCKET.fullmatch(bucket) or not PREFIX.fullmatch(prefix):
            raise _bad("a bucket has 3 to 63 of a-z, 0-9, . and -; a prefix may have capitals, _ and / too")
        if bool(parts.username) != bool(parts.password):
            raise _bad("write both key and secret, or neither")
        return cls(
            endpoint=f"{'http' if 'tls' in options else 'https'}://{parts.netloc.rpartition('@')[2]}",
            bucket=bucket,
            prefix=prefix,
            region=options.get("region", cls.region),
            key=unquote(parts.username) if parts.username else None,
            secret=Secret(unquote(parts.password)) if parts.password else None,
            ca=options.get("ca"),
            timeout=_seconds(options),
        )


def _bad(problem: str) -> StoreUnusable:
    return StoreUnusable(f"ZONE_LETTERS_URL: {problem}. It reads {FORM}, key and secret percent-encoded")


def _split(url: str) -> SplitResult:
    with suppress(ValueError):  # its message may quote the secret
        parts = urlsplit(url)
        if parts.scheme == "s3" and parts.hostname and parts.port != 0 and not parts.fragment:
            return parts
    raise _bad("host or port cannot be read")


def _options(parts: SplitResult) -> dict[str, str]:
    with suppress(ValueError):
        options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
        if options.keys() <= set(OPTIONS) and options.get("tls", "off") == "off":
            return options
    raise _bad(f"the options after ? are {', '.join(OPTIONS)}; tls is off or left out")


def _seconds(options: dict[str, str]) -> float:
    with suppress(ValueError):
        seconds = float(options.get("timeout", S3Settings.timeout))
        if 0 < seconds <= 600:
            return seconds
    raise _bad("timeout is in seconds, more than 0 and at most 600")
