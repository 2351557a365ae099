"""What programs get when all went well."""

from __future__ import annotations

from datetime import datetime

from flask import Response, jsonify


def put(body: dict[str, object], *, created: bool) -> Response:
    """201 for what is new, 200 for what was there before (RFC 9110, 9.3.4)."""
    response = jsonify(body)
    response.status_code = 201 if created else 200
    return response


def moment(at: datetime | None) -> str | None:
    """As RFC 3339 writes it, in UTC, to the second."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else None
