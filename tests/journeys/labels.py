"""What stands on the pages, in both languages; the Slovak labels are the insurer's own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Labels:
    """The words by which a reader finds their way."""

    code: str
    switch: str
    email: str
    password: str
    sign_in: str
    sign_out: str
    settings: str
    correspondence: str
    panel: str
    send: str
    refresh: str
    letters: str
    own: str
    use: str
    another: str
    opens_own: str
    waiting: str
    sent: str
    delivered: str
    delivered_step: str
    error: str


SK = Labels(
    code="sk",
    switch="SK – Slovenčina",
    email="E-mail",
    password="Heslo",
    sign_in="Prihlásiť sa",
    sign_out="Odhlásiť sa",
    settings="Nastavenia",
    correspondence="Elektronická korešpondencia",
    panel="Aktuálne heslo pre elektronickú korešpondenciu",
    send="Zaslať heslo SMS správou",
    refresh="Obnoviť",
    letters="Listy",
    own="Nastaviť vlastné heslo",
    use="Použiť toto heslo",
    another="Iný návrh",
    opens_own="Vaše listy otvorí vaše vlastné heslo.",
    waiting="čaká na odoslanie",
    sent="odoslané",
    delivered="doručené",
    delivered_step="Doručené do telefónu",
    error="Chyba:",
)
EN = Labels(
    code="en",
    switch="EN – English",
    email="E-mail",
    password="Password",
    sign_in="Sign in",
    sign_out="Sign out",
    settings="Settings",
    correspondence="Electronic correspondence",
    panel="Current password for electronic correspondence",
    send="Send the password by SMS",
    refresh="Refresh",
    letters="Letters",
    own="Set your own password",
    use="Use this password",
    another="Another one",
    opens_own="Your letters open with your own password.",
    waiting="waiting to be sent",
    sent="sent",
    delivered="delivered",
    delivered_step="Delivered to the phone",
    error="Error:",
)
