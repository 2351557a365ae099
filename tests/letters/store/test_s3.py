"""What only a store across a network can do: be misnamed, closed, away, slow, or forget to answer."""

from __future__ import annotations

import logging
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.letters.faulty_proxy import Fault, half_an_answer, in_front_of, no_answer
from tests.letters.store.object_store import Bucket, bucket, s3_address
from zone.clock import now
from zone.environment import load
from zone.letters.store import FileGone, StoreAway, StoreUnusable, open_store
from zone.letters.store.s3 import S3Store, open_s3
from zone.letters.store.s3_settings import S3Settings

__all__ = ["bucket", "s3_address"]

NAME = "A" * 22 + ".source"
HOUR = timedelta(hours=1)


def opened(url: str) -> S3Store:
    return S3Store(S3Settings.parse(url))


def test_settings_are_read_from_the_url() -> None:
    url = "s3://AK%2FIA:a%2Fb%2Bc%3A%3F@s3.example.org:9000/zone-letters/here/2026/?region=eu-central-1&timeout=7.5"
    settings = S3Settings.parse(url)
    assert settings.endpoint == "https://s3.example.org:9000"
    assert (settings.bucket, settings.prefix, settings.region) == (
        "zone-letters",
        "here/2026/",
        "eu-central-1",
    )
    assert settings.key == "AK/IA"
    assert settings.secret is not None
    assert settings.secret.reveal() == "a/b+c:?"
    assert (settings.ca, settings.timeout) == (None, 7.5)
    assert "a/b" not in repr(settings)


def test_most_of_it_may_be_left_out() -> None:
    settings = S3Settings.parse("s3://[::1]/letters?tls=off")
    assert (settings.endpoint, settings.bucket, settings.prefix) == ("http://[::1]", "letters", "")
    assert (settings.key, settings.secret) == (None, None)


@pytest.mark.parametrize(
    "url",
    [
        "http://k:hunter2@h/bucket",
        "s3://k:hunter2@/bucket",
        "s3://k:hunter2@h",
        "s3://k:hunter2@h/",
        "s3://k:hunter2@h/Bucket",
        "s3://k:hunter2@h/bu",
        "s3://k:hunter2@h/bucket/../other",
        "s3://k:hunter2@h/bucket/a//b",
        "s3://k:hunter2@h:99999/bucket",
        "s3://k:hunter2@h:0/bucket",
        "s3://k:hunter2/x@h/bucket",
        "s3://k:12#hunter2@h/bucket",
        "s3://k:12?hunter2@h/bucket",
        "s3://k:hunter2@[h/bucket",
        "s3://k:hunter2\u2100@h/bucket",
        "s3://hunter2@h/bucket",
        "s3://:hunter2@h/bucket",
        "s3://k:hunter2@h/bucket?tls=no",
        "s3://k:hunter2@h/bucket?zone=eu",
        "s3://k:hunter2@h/bucket?timeout=0",
        "s3://k:hunter2@h/bucket?timeout=nan",
    ],
)
def test_a_bad_url_says_what_to_write_and_never_the_secret(url: str) -> None:
    with pytest.raises(StoreUnusable) as caught:
        S3Settings.parse(url)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value)).replace(repr(url), "")
    assert "s3://key:secret@host:port/bucket/prefix" in str(caught.value)


def test_it_is_opened_by_its_url_which_may_come_from_a_file(bucket: Bucket, tmp_path: Path) -> None:
    (tmp_path / "url").write_text(bucket.url)
    config = load(
        {"ZONE_MODE": "demo", "ZONE_VAR": str(tmp_path), "ZONE_LETTERS_URL_FILE": str(tmp_path / "url")}
    )
    store = open_store(config)
    assert isinstance(store, S3Store)
    store.put(NAME, b"sealed")
    found = bucket.client.list_objects_v2(Bucket=bucket.name)["Contents"]
    assert [one["Key"] for one in found] == [f"letters/{NAME}"]
    store.close()


def test_it_keeps_to_its_own_part_of_the_bucket(bucket: Bucket) -> None:
    others = (NAME, f"letters-old/{NAME}", "letters/README", f"letters/deeper/{NAME}")
    for key in others:
        bucket.client.put_object(Bucket=bucket.name, Key=key, Body=b"another's")
    with closing(opened(bucket.url)) as store:
        assert list(store.names(before=now() + HOUR)) == []
        store.put(NAME, b"ours")
        assert list(store.names(before=now() + HOUR)) == [NAME]
        store.delete(NAME)
    assert bucket.client.list_objects_v2(Bucket=bucket.name)["KeyCount"] == len(others)


def test_all_names_are_told_even_while_they_are_deleted(bucket: Bucket) -> None:
    """A listing comes in pages of a thousand."""
    names = {f"{number:022}.source" for number in range(1003)}
    with closing(opened(bucket.url)) as store, ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda name: store.put(name, b""), names))
        told: list[str] = []
        for name in store.names(before=now() + HOUR):
            if len(told) % 50 == 0:
                store.delete(name)
            told.append(name)
        assert (len(told), set(told)) == (1003, names)
        assert len(list(store.names(before=now() + HOUR))) == 982


@pytest.mark.parametrize("fault", [503, 500, no_answer])
def test_a_fault_that_passes_is_not_noticed(bucket: Bucket, fault: Fault) -> None:
    with in_front_of(bucket.url) as (url, faults), closing(opened(url)) as store:
        faults.next = [fault]
        store.put(NAME, b"sealed")
        faults.next = [fault]
        assert store.get(NAME) == b"sealed"
        faults.next = [fault]
        store.delete(NAME)
        assert faults.seen.count("PUT") == 2


def test_what_was_kept_though_the_answer_got_lost_counts_as_kept(bucket: Bucket) -> None:
    """The second attempt finds the name taken: by the first."""
    with in_front_of(bucket.url) as (url, faults), closing(opened(url)) as store:
        faults.next = [no_answer]
        store.put(NAME, b"sealed")
        assert faults.seen == ["PUT", "PUT", "GET"]
        assert store.get(NAME) == b"sealed"


@pytest.mark.parametrize(
    ("faults", "detail"), [([503] * 9, "503"), ([403] * 9, "403"), ([half_an_answer], "ResponseStreaming")]
)
def test_a_fault_that_stays_is_told_as_away_and_never_as_gone(
    bucket: Bucket, faults: list[Fault], detail: str
) -> None:
    with in_front_of(bucket.url) as (url, planned), closing(opened(url)) as store:
        store.put(NAME, b"sealed")
        planned.next = list(faults)
        with pytest.raises(StoreAway) as caught:
            store.get(NAME)
        assert caught.value.detail.startswith(detail)
        planned.next = []
        assert store.get(NAME) == b"sealed"
        store.delete(NAME)
        with pytest.raises(FileGone):
            store.get(NAME)


def test_a_server_that_hangs_is_given_up(bucket: Bucket) -> None:
    with in_front_of(bucket.url) as (url, faults), closing(opened(f"{url}&timeout=0.1")) as store:
        faults.next = [lambda _: faults.over.wait(20)] * 3
        with pytest.raises(StoreAway, match="few minutes") as caught:
            store.get(NAME)
        assert caught.value.detail == "ReadTimeoutError"
        assert len(faults.seen) == 3


@pytest.mark.parametrize(
    ("answer", "said"),
    [(403, "closed to this key"), (401, "know the key"), (400, "region"), (404, "not there")],
)
def test_a_bucket_that_cannot_be_used_keeps_the_zone_from_starting(
    bucket: Bucket, answer: int, said: str
) -> None:
    with in_front_of(bucket.url) as (url, faults):
        faults.next = [answer] * 9
        with pytest.raises(StoreUnusable, match=said) as caught:
            open_s3(url)
    assert bucket.name in str(caught.value)
    assert "a/b+c" not in "".join(traceback.format_exception(caught.value))


def test_a_bucket_that_was_never_made_is_told(bucket: Bucket) -> None:
    with pytest.raises(StoreUnusable, match="not there"):
        open_s3(bucket.url.replace(bucket.name, "another-one"))


def test_a_store_that_is_away_at_the_start_may_come_back(
    bucket: Bucket, caplog: pytest.LogCaptureFixture
) -> None:
    with in_front_of(bucket.url) as (url, faults), caplog.at_level(logging.WARNING):
        faults.next = [503] * 3
        with closing(open_s3(url)) as store:
            assert "the letter store does not work now: 503" in caplog.text
            store.put(NAME, b"sealed")
    with closing(open_s3(f"{url}&timeout=0.1")) as store:
        assert "does not answer now: EndpointConnectionError" in caplog.text
        with pytest.raises(StoreAway):
            store.get(NAME)
