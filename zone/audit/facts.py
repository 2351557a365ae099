"""What events say: the names of all facts, and which of them tell something of a person.

A personal fact is sealed under its client's key of the trail and can be read as long as that is kept. All others stay
when the client is erased, so they are numbers, kinds and references that nobody can be found by.
"""

from __future__ import annotations

from collections.abc import Mapping

Fact = str | int | bool | None

PERSONAL = frozenset({"before", "device", "policy", "ticket", "to"})
PLAIN = frozenset(
    {
        "account",
        "arrived",
        "broker",
        "by",
        "campaign",
        "consented",
        "copy",
        "detail",
        "digits",
        "engine",
        "engine_reason",
        "fields",
        "hold",
        "how",
        "invited",
        "key",
        "kind",
        "language",
        "letter",
        "letters",
        "mandate",
        "mark",
        "message",
        "messages",
        "minutes",
        "most",
        "name",  # of an API key
        "note",
        "office",  # of one of the staff
        "origin",
        "page",
        "pages",
        "per_hour",
        "problem",
        "purpose",
        "reason",  # one of a list, never in words of somebody's own
        "removed",
        "request",
        "role",
        "rows",
        "scopes",
        "secrets",
        "sessions",
        "span",
        "state",
        "subject",
        "tries",
        "use",
        "version",
        "waits_for",
        "what",
        "why",
    }
)


def divided(facts: Mapping[str, Fact]) -> tuple[dict[str, Fact], dict[str, Fact]]:
    """The plain facts and the personal ones. Raises `ValueError` for one that is declared as neither."""
    unknown = facts.keys() - PLAIN - PERSONAL
    if unknown:
        raise ValueError(
            f"say in zone/audit/facts.py whether these are personal: {', '.join(sorted(unknown))}"
        )
    plain = {name: fact for name, fact in facts.items() if name in PLAIN}
    personal = {name: fact for name, fact in facts.items() if name in PERSONAL}
    return plain, personal
