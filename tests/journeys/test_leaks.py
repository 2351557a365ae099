from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.leaks import leaks
from zone.demo.people import CLIENTS, PEOPLE

SMS = "Heslo na otvorenie listov:\nbreza-jasle-potok-mesto-lampa"


@pytest.mark.parametrize("secret", [SMS.splitlines()[-1], str(CLIENTS[0].birth_number), PEOPLE[0].password])
def test_the_search_finds_what_is_planted(tmp_path: Path, secret: str) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "sms.json").write_text(secret)
    assert leaks(tmp_path, "", [SMS]) == []
    (tmp_path / "zone.db").write_bytes(b"\0\1" + secret.encode() + b"\2")
    assert leaks(tmp_path, "", [SMS]) == [str(tmp_path / "zone.db")]


def test_the_search_reads_what_the_processes_printed(tmp_path: Path) -> None:
    assert leaks(tmp_path, f"sent {SMS}", [SMS]) == ["the output"]
