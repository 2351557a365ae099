"""What a browser says it is, as coarsely as its owner would: "Firefox, Windows".

No version, model or language: enough to tell one's own devices apart, too little to know a person by.
"""

from __future__ import annotations

# The first that fits counts, as browsers name those that they want to be taken for after themselves.
BROWSERS = (
    ("Edge", ("Edg/", "EdgA/", "EdgiOS/", "Edge/")),
    ("Opera", ("OPR/", "OPT/", "Opera/")),
    ("Samsung Internet", ("SamsungBrowser/",)),
    ("Firefox", ("Firefox/", "FxiOS/")),
    ("Chrome", ("Chrome/", "CriOS/")),
    ("Safari", ("Safari/",)),
)
SYSTEMS = (
    ("iPhone", ("iPhone",)),
    ("iPad", ("iPad",)),
    ("Android", ("Android",)),
    ("Windows", ("Windows",)),
    ("Mac", ("Macintosh",)),
    ("ChromeOS", ("CrOS",)),
    ("Linux", ("Linux",)),
)
LOOKED_AT = 500  # characters: whoever sends more is no browser
DEVICES = frozenset(
    ", ".join(filter(None, (browser, system)))
    for browser in (*(name for name, _ in BROWSERS), None)
    for system in (*(name for name, _ in SYSTEMS), None)
) - {""}


def device_of(user_agent: str | None) -> str | None:
    """Browser and system by the header `User-Agent`, one of `DEVICES`; none when it tells neither."""
    said = (user_agent or "")[:LOOKED_AT]
    known = (_first(BROWSERS, said), _first(SYSTEMS, said))
    return ", ".join(name for name in known if name) or None


def _first(table: tuple[tuple[str, tuple[str, ...]], ...], said: str) -> str | None:
    return next((name for name, signs in table if any(sign in said for sign in signs)), None)
