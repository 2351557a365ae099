"""Letters in an object store that speaks S3: AWS, MinIO, Ceph and others."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config as Behaviour
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
    SSLError,
)

from zone.letters.store.letter_store import NAME, FileGone, StoreAway, StoreUnusable, checked
from zone.letters.store.s3_settings import S3Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

log = logging.getLogger(__name__)

ATTEMPTS = 3
# As many as the web has threads.
CONNECTIONS = 32
# What the store's answer at the start means that no waiting would cure.
UNFIT = {
    400: "refuses the request; check ?region=, tls and the key",
    401: "does not know the key; check it",
    403: "is closed to this key; it needs s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject",
    404: "is not there; create it, or check its name",
}


class S3Store:
    """One object for each file. What goes wrong is tried again a few times, then it is `StoreAway`."""

    def __init__(self, settings: S3Settings) -> None:
        self._bucket, self._prefix = settings.bucket, settings.prefix
        self._client: S3Client = boto3.session.Session().client(
            "s3",
            endpoint_url=settings.endpoint,
            region_name=settings.region,
            verify=settings.ca,
            aws_access_key_id=settings.key,
            aws_secret_access_key=settings.secret.reveal() if settings.secret else None,
            config=Behaviour(
                connect_timeout=settings.timeout,
                read_timeout=settings.timeout,
                retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
                max_pool_connections=CONNECTIONS,
                s3={"addressing_style": "path"},
                # Not every store knows AWS's newer checksums. What is read proves itself when it is unsealed.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def check(self) -> None:
        """Raises `StoreUnusable` where the bucket cannot be used. A store that is away may come back by itself."""
        try:
            self._client.head_bucket(Bucket=self._bucket)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status in UNFIT:
                raise StoreUnusable(f"the letter store's bucket {self._bucket} {UNFIT[status]}") from error
            log.warning("the letter store does not work now: %s", status)
        except (NoCredentialsError, PartialCredentialsError) as error:
            raise StoreUnusable(
                "ZONE_LETTERS_URL has no key and secret, and there are none where AWS's tools look"
            ) from error
        except SSLError as error:
            raise StoreUnusable("the letter store's certificate is not trusted; set ?ca=/path.pem") from error
        except BotoCoreError as error:
            log.warning("the letter store does not answer now: %s", type(error).__name__)

    def put(self, name: str, content: bytes) -> None:
        """As `LetterStore.put`. Stores that do not know `If-None-Match` pass over it: names are random anyway."""
        with _working():
            try:
                self._client.put_object(
                    Bucket=self._bucket, Key=self._key(name), Body=content, IfNoneMatch="*"
                )
            except ClientError as error:
                # After a broken connection it may be our own first attempt that is there.
                if _code(error) != "PreconditionFailed":
                    raise
                if self.get(name) != content:
                    raise FileExistsError(name) from error

    def get(self, name: str) -> bytes:
        with _working():
            try:
                return self._client.get_object(Bucket=self._bucket, Key=self._key(name))["Body"].read()
            except self._client.exceptions.NoSuchKey as error:
                raise FileGone(name) from error

    def delete(self, name: str) -> None:
        with _working():
            self._client.delete_object(Bucket=self._bucket, Key=self._key(name))

    def names(self, *, before: datetime) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2")
        with _working():
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix):
                for found in page.get("Contents", ()):
                    name = found["Key"].removeprefix(self._prefix)
                    if found["LastModified"] < before and NAME.fullmatch(name):
                        yield name

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _key(self, name: str) -> str:
        return self._prefix + checked(name)


@contextmanager
def _working() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        raise StoreAway(_code(error)) from error
    except BotoCoreError as error:
        raise StoreAway(type(error).__name__) from error


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def open_s3(url: str) -> S3Store:
    """The store that an `s3://` URL names. Raises `StoreUnusable`."""
    store = S3Store(S3Settings.parse(url))
    store.check()
    return store
