"""What a WSGI server and the `flask` command start: `gunicorn wsgi:app`, `flask --app wsgi …`."""

from __future__ import annotations

import sys

from zone.app import create_app
from zone.config import CannotStart

try:
    app = create_app()
except CannotStart as error:
    sys.exit(str(error))
