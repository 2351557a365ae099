"""The ways in which a secret may be written where it must not be."""

from __future__ import annotations

import base64
from urllib.parse import quote, quote_plus


def disguises(secret: str) -> set[bytes]:
    """How `secret` may be written: as it is, in Base64 at any offset, as hexadecimal digits, in addresses, in JSON."""
    plain = secret.encode()
    written = {plain, plain.hex().encode(), plain.hex().upper().encode(), secret.encode("utf-16-le")}
    written |= {quote(secret).encode(), quote_plus(secret).encode()}
    written |= {secret.encode("ascii", "backslashreplace"), ascii(secret)[1:-1].encode()}
    for offset in range(3):
        inner = plain[offset : offset + (len(plain) - offset) // 3 * 3]
        written |= {base64.b64encode(inner), base64.urlsafe_b64encode(inner)}
    return written
