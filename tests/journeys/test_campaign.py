"""Support looks at who is on the default, invites them, watches how it goes; a client follows the invitation."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.running import Zone
from tests.journeys.steps import own_password, sign_in


def test_clients_on_the_default_are_invited_and_one_follows(zone: Zone, open_page: OpenPage) -> None:
    desk = open_page(zone)
    sign_in(desk, zone.persona("Viera Polláková"))
    desk.get_by_role("link", name="Na vybavenie", exact=True).click()
    desk.get_by_role("link", name="Klienti so základným nastavením").click()
    expect(desk.locator("#on-default tbody tr")).to_have_count(9)
    desk.get_by_label("Číslice").select_option("3")
    expect(desk.locator("#on-default tbody tr")).to_have_count(1)
    desk.get_by_role("link", name="Pozvať ich, aby si nastavili vlastné").click()
    desk.get_by_text("4 číslice", exact=True).click()
    desk.get_by_label("Koľko za hodinu").fill("5 000")
    desk.get_by_role("button", name="Pokračovať").click()
    expect(desk.locator("#chosen")).to_contain_text("4 číslice, všetky jazyky")
    desk.get_by_role("button", name="Spustiť kampaň").click()
    progress = desk.locator("#progress")
    expect(progress).to_contain_text("z 8")

    # Nobody touches the page: it looks by itself until the worker has sent and counted all of them.
    expect(progress).to_contain_text("Pozvaní: 8 z 8")
    expect(progress.locator(".tag")).to_have_text("hotovo")
    expect(progress).to_contain_text(re.compile(r"Odoslané e-maily\s*8"))
    expect(progress).not_to_have_attribute("data-hx-trigger", re.compile("."))

    peter = zone.persona("Peter Novák")
    (invitation,) = [
        mail
        for mail in zone.read(f"/demo/mailbox?to={peter.email}")
        if mail["subject"] == "Nastavte si vlastné heslo k listom"
    ]
    assert "posledné 4 číslice vášho rodného čísla" in " ".join(invitation["text"].split())
    assert "2341" not in invitation["text"]
    client = open_page(zone)
    sign_in(client, peter)
    own_password(client, "kaviareň pri jazere 84")
    desk.goto("/support/worklists/default-passwords?digits=4")
    expect(desk.locator("#on-default tbody tr")).to_have_count(7)
