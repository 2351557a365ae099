"""Where the pages of one client are."""

from __future__ import annotations

# A row number, not the client's reference, and by no means a name: those would stand in browsers' histories and
# proxies' logs.
CLIENT = "/clients/<int(max=9223372036854775807):client_id>"
