"""`flask --app wsgi audit …`, `keys add-signing-key`, and what `db upgrade` does for a trail from before the chain."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.audit.trails import disarm, write
from tests.people import JANA, make_client
from zone import commands
from zone.app import create_app
from zone.audit import heads
from zone.audit.models import Event, SignedHead
from zone.clients.models import Client
from zone.commands.keys import make_app
from zone.environment import load
from zone.messages.models import Kind, Message
from zone.parts import Parts
from zone.storage import using
from zone.storage.migrate import downgrade, upgrade
from zone.vault.keyring import FileKeyring

Run = Callable[..., Result]
AUDITOR = "auditor@example.org"


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    """Jana, and what happened to five others."""
    var, auditor = str(tmp_path / "var"), AUDITOR
    app = create_app(load({"ZONE_MODE": "demo", "ZONE_VAR": var, "ZONE_AUDITOR_EMAIL": auditor}))
    parts: Parts = app.extensions["zone"]
    with using(parts.database) as database:
        upgrade(database)
        make_client(parts.vault, JANA)
        write(10)
        yield parts
    parts.intake.encryptor.close()


@pytest.fixture
def run(parts: Parts) -> Run:
    app = Flask("zone")
    app.extensions["zone"] = parts
    commands.register(app)

    def invoke(*arguments: str) -> Result:
        return app.test_cli_runner().invoke(args=arguments)

    return invoke


@pytest.fixture
def kept(run: Run, tmp_path: Path) -> Path:
    """A head that was written to a file outside."""
    file = tmp_path / "head.json"
    assert run("audit", "head", "--to", str(file)).exit_code == 0
    return file


@pytest.fixture
def public_key(run: Run, tmp_path: Path) -> Path:
    file = tmp_path / "public.pem"
    file.write_text(run("audit", "public-key").output)
    return file


def test_a_whole_trail_is_told_so_with_what_was_not_checked(run: Run) -> None:
    result = run("audit", "verify")
    assert result.exit_code == 0
    assert f"The trail is whole: {Event.select().count()} events, 0 signed heads." in result.output
    assert "no head from outside" in result.output
    assert "no signed head at all" in result.output


def test_a_head_from_outside_and_the_auditors_key_leave_little_unchecked(
    run: Run, kept: Path, public_key: Path
) -> None:
    result = run("audit", "verify", "--head", str(kept), "--public-key", str(public_key))
    assert result.exit_code == 0
    assert [line for line in result.output.splitlines() if line.startswith("Not checked")] == [
        "Not checked: sealed facts are not opened; their hashes hold, those of erased clients too."
    ]


def test_who_signed_and_what_came_since_is_said_to_be_unchecked(run: Run, kept: Path) -> None:
    write(3)
    result = run("audit", "verify", "--head", str(kept))
    assert result.exit_code == 0
    assert "Not checked: heads were checked with the keyring's own key;" in result.output
    assert "Not checked: 3 events after the last head (number 1," in result.output


def test_the_first_bad_event_is_named(run: Run, kept: Path, parts: Parts) -> None:
    disarm(parts.database)
    later = Event.update(facts='{"version": 99}').where(Event.client_id == 2, Event.number == 2)
    assert later.execute() == 1
    bad = Event.get(Event.client_id == 3, Event.tag == "letter_password:resend")
    Event.update(facts='{"version": 99}').where(Event.id == bad.id).execute()
    result = run("audit", "verify", "--head", str(kept))
    assert result.exit_code == 1
    assert f"The first bad event: shard 3, number {bad.number} (id {bad.id}) of 20" in result.output
    assert "it was changed" in result.output


def test_a_trail_that_was_cut_with_its_heads_is_found_by_the_one_outside(
    run: Run, kept: Path, parts: Parts
) -> None:
    disarm(parts.database)
    Event.delete().where(Event.client_id == 2).execute()
    SignedHead.delete().execute()
    assert run("audit", "verify").exit_code == 0
    result = run("audit", "verify", "--head", str(kept))
    assert result.exit_code == 1
    assert "shard 2, number 1" in result.output
    assert "no longer kept here" in result.output


def test_openssl_agrees_about_the_signature(kept: Path, public_key: Path, tmp_path: Path) -> None:
    head = heads.parse(kept.read_text())
    (tmp_path / "signed").write_bytes(head.signed)
    (tmp_path / "signature").write_bytes(head.signature)
    asked = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(public_key), "-rawin"]
    files = ["-in", str(tmp_path / "signed"), "-sigfile", str(tmp_path / "signature")]
    done = subprocess.run([*asked, *files], capture_output=True, text=True, timeout=30)
    assert "Verified Successfully" in done.stdout, done.stderr


def test_a_file_is_never_replaced_and_what_is_no_head_is_refused(
    run: Run, kept: Path, public_key: Path
) -> None:
    before = kept.read_bytes()
    again = run("audit", "head", "--to", str(kept))
    assert (again.exit_code, kept.read_bytes()) == (1, before)
    assert "exists already" in again.output
    assert "no signed head" in run("audit", "verify", "--head", str(public_key)).output
    assert "no public key" in run("audit", "verify", "--public-key", str(kept)).output


def test_a_head_is_sent_to_the_auditor_on_demand(run: Run) -> None:
    assert run("audit", "head", "--mail").exit_code == 0
    message = Message.get(Message.kind == Kind.AUDIT_HEAD)
    assert (message.client_id, message.subject_id, message.to_masked) == (None, 1, AUDITOR)


def test_reading_the_trail_is_itself_an_event(run: Run, parts: Parts, tmp_path: Path) -> None:
    jana = Client.get(Client.reference == JANA.reference)
    shown = run("audit", "show", "--client", JANA.reference)
    assert shown.exit_code == 0
    assert f"for client {jana.id}" in shown.output
    file = tmp_path / "trail.jsonl"
    assert run("audit", "export", "--client", JANA.reference, "--to", str(file)).exit_code == 0
    read = Event.select().where(Event.tag == "trail:read", Event.client_id == jana.id)
    assert [json.loads(event.facts) for event in read.order_by(Event.id)] == [
        {"what": "show"},
        {"what": "export"},
    ]
    assert [json.loads(line)["tag"] for line in file.read_text().splitlines()][-1] == "trail:read"
    assert file.stat().st_mode & 0o077 == 0


def test_an_export_opens_personal_facts_only_when_asked(run: Run) -> None:
    resend = ("audit", "export", "--tag", "letter_password:resend", "--since", "2026-01-01")
    assert "+421" not in run(*resend).output
    opened = [json.loads(line) for line in run(*resend, "--opened").output.splitlines()]
    assert len(opened) == 10
    assert sum("to" in line["opened"] for line in opened) == 4


def test_damaged_events_are_read_around(run: Run, parts: Parts) -> None:
    disarm(parts.database)
    Event.update(facts="{").where(Event.client_id == 2).execute()
    Event.update(tag="x:y").where(Event.client_id == 3).execute()
    Event.update(actor_role="x").where(Event.client_id == 4).execute()
    shown = run("audit", "show")
    exported = run("audit", "export", "--opened")
    assert (shown.exit_code, exported.exit_code) == (0, 0)
    assert "somebody 7 for client 4" in shown.output
    lines = [line for line in exported.output.splitlines() if line.startswith("{")]
    assert len(lines) == Event.select().count()


def test_nobody_of_that_reference(run: Run) -> None:
    result = run("audit", "show", "--client", "K-0")
    assert result.exit_code == 1
    assert "--client-number" in result.output


@pytest.mark.parametrize("command", ["show", "export"])
@pytest.mark.parametrize("number", ["0", "-1", str(2**63), "9" * 30])
def test_a_number_that_no_client_has_is_refused(run: Run, command: str, number: str) -> None:
    result = run("audit", command, "--client-number", number)
    assert result.exit_code == 2
    assert "is not in the range" in result.output


def test_a_keyring_from_before_gains_a_signing_key(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    made = make_app().test_cli_runner().invoke(args=["keys", "create", str(path)])
    assert made.exit_code == 0
    content = json.loads(path.read_text())
    del content["signing"]
    path.write_text(json.dumps(content))
    assert FileKeyring(path).public_keys() == {}
    added = make_app().test_cli_runner().invoke(args=["keys", "add-signing-key", str(path)])
    assert added.exit_code == 0
    assert len(FileKeyring(path).public_keys()) == 1
    assert path.stat().st_mode & 0o077 == 0


def test_the_key_in_use_is_the_last_and_what_earlier_ones_signed_holds(
    run: Run, kept: Path, parts: Parts
) -> None:
    path = Path(parts.config.keys_url.removeprefix("file:"))
    assert make_app().test_cli_runner().invoke(args=["keys", "add-signing-key", str(path)]).exit_code == 0
    app = create_app(parts.config)
    anew = app.test_cli_runner()
    assert anew.invoke(args=["audit", "head"]).exit_code == 0
    assert anew.invoke(args=["audit", "verify", "--head", str(kept)]).exit_code == 0
    assert anew.invoke(args=["audit", "public-key"]).output.count("BEGIN PUBLIC KEY") == 2


def test_events_from_before_the_chain_are_linked_and_covered_by_a_head(run: Run, parts: Parts) -> None:
    """More than one chunk of them, of the same shards and of none."""
    write(1200)
    downgrade(parts.database, "0010_chain")
    upgraded = run("db", "upgrade")
    assert upgraded.exit_code == 0
    assert "0010_chain" in upgraded.output
    assert "head 1 is signed" in upgraded.output
    write(3)
    result = run("audit", "verify")
    assert result.exit_code == 0, result.output
    assert f"{Event.select().count() - 3} events are older than the chain" in result.output
    disarm(parts.database)
    SignedHead.delete().execute()
    without = run("audit", "verify")
    assert without.exit_code == 1
    assert "no signed head covers it" in without.output
