"""What passes between the engine and its child: the lengths of header and body, a header in JSON, a body."""

from __future__ import annotations

import json
import struct
from typing import Any, Final, Literal

# Which engine wrote a letter.
Engine = Literal["splice", "pypdf"]

PREFIX: Final = struct.Struct(">IQ")


def prefixed(header: dict[str, Any], size: int) -> bytes:
    """A message up to its body, which is of `size` bytes."""
    encoded = json.dumps(header).encode()
    return PREFIX.pack(len(encoded), size) + encoded
