"""A real S3 server on loopback, and stores of both kinds for the same tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from zone.letters.store import FolderStore, LetterStore
from zone.letters.store.s3 import S3Store
from zone.letters.store.s3_settings import S3Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class Bucket:
    """An empty bucket, what an attacker or an operator sees of it, and the URL that names its part `letters/`."""

    name: str
    client: S3Client
    url: str


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield ":".join(map(str, server.get_host_and_port()))
    server.stop()


@pytest.fixture
def bucket(s3_address: str) -> Iterator[Bucket]:
    name = f"zone-{uuid4()}"
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{s3_address}",
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="a/b+c",
    )
    client.create_bucket(Bucket=name)
    yield Bucket(name, client, f"s3://key:a%2Fb%2Bc@{s3_address}/{name}/letters?tls=off")
    client.close()


@dataclass(frozen=True)
class Kept:
    """A store, and its content as who breaks into it finds it: all by name, and whatever they make of it."""

    store: LetterStore
    bucket: Bucket | None
    folder: Path

    def names(self) -> set[str]:
        if self.bucket is None:
            return {path.name for path in self.folder.glob("*/*") if path.is_file()}
        found = self.bucket.client.list_objects_v2(Bucket=self.bucket.name).get("Contents", [])
        return {one["Key"].removeprefix("letters/") for one in found}

    def overwrite(self, name: str, content: bytes) -> None:
        if self.bucket is None:
            (self.folder / name[:2] / name).write_bytes(content)
        else:
            self.bucket.client.put_object(Bucket=self.bucket.name, Key=f"letters/{name}", Body=content)


@pytest.fixture(params=["folder", "s3"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    """Each test that asks runs on both kinds of stores."""
    folder = tmp_path / "letters"
    if request.param == "folder":
        yield Kept(FolderStore(folder), None, folder)
        return
    bucket: Bucket = request.getfixturevalue("bucket")
    store = S3Store(S3Settings.parse(bucket.url))
    yield Kept(store, bucket, folder)
    store.close()
