"""The demo's own pages: its people, the phones that their SMS come to, the mailboxes of their e-mails.

All three answer JSON to who would rather have it than HTML, so that programs can read them.
"""

from __future__ import annotations

import hashlib
import re
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    make_response,
    render_template,
    request,
    send_file,
    url_for,
)

from zone.demo.people import BROKERS, CLIENTS, PEOPLE, SUPPORT
from zone.demo.person import Person
from zone.language import N_
from zone.messages.handover import Status
from zone.messages.mail import mailbox as mailboxes
from zone.messages.mail.mailbox import DemoMail
from zone.messages.sms import phone as phones
from zone.messages.sms.phone import DemoText
from zone.web.access import public
from zone.web.here import parts, wants_partial, words

demo = Blueprint("demo", __name__, url_prefix="/demo")

GROUPS = (
    (N_("Clients"), [client for client in CLIENTS if not client.sms_fails]),
    (N_("Clients whose SMS goes wrong"), [client for client in CLIENTS if client.sms_fails]),
    (N_("Brokers"), BROKERS),
    (N_("Support"), SUPPORT),
)
STATUSES = {
    Status.SENT: (N_("not delivered yet"), "info"),
    Status.DELIVERED: (N_("delivered"), "success"),
    Status.FAILED: (N_("never delivered"), "danger"),
}


@demo.get("/")
@public
def index() -> str | Response:
    """Who there is, and what each of them shows."""
    if _wants_json():
        return jsonify([_person(person) for person in PEOPLE])
    return render_template("demo/index.html", groups=GROUPS)


@demo.get("/phone")
@public
def phone() -> str | Response:
    """The SMS of `?number=`, or of everybody by number, newest first."""
    number = _number(request.args.get("number", ""))
    texts = [text for text in phones.messages(_folder()) if number in (None, text.to)]
    if _wants_json():
        return jsonify([_text(text) for text in texts])
    by_number: dict[str, list[DemoText]] = {number: []} if number else {}
    for text in texts:
        by_number.setdefault(text.to, []).append(text)
    names = {client.phone_now: client.name for client in CLIENTS}
    state = [(text.reference, text.status) for text in texts]
    return _live("phone", state, by_number=by_number, number=number, names=names, statuses=STATUSES)


@demo.get("/mailbox")
@public
def mailbox() -> str | Response:
    """The e-mails to `?to=`, or to everybody, newest first."""
    to = request.args.get("to")
    mails = [mail for mail in mailboxes.mails(_folder()) if to in (None, mail.to)]
    if _wants_json():
        return jsonify([_mail(mail) for mail in mails])
    return _live("mailbox", [mail.reference for mail in mails], mails=mails, to=to)


@demo.get("/mailbox/<reference>/<name>")
@public
def attachment(reference: str, name: str) -> Response:
    """A file that came with an e-mail."""
    try:
        content = mailboxes.attachment(_folder(), reference, name)
    except LookupError:
        abort(404)
    response = send_file(BytesIO(content), "application/octet-stream", as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"  # send_file would allow keeping it
    return response


@demo.app_template_filter("spaced")
def spaced(number: str) -> str:
    """+421 911 000 101."""
    return re.sub(r"(?<=\d)(?=(\d{3})+$)", "\u00a0", number)


def _live(name: str, state: list[Any], **facts: Any) -> Response:
    """The page, or the partial that asks for itself again and gets nothing as long as `state` is what it has seen."""
    seen = hashlib.sha256(repr(state).encode()).hexdigest()[:16]
    if wants_partial() and request.args.get("seen") == seen:
        return make_response("", 204)
    template = f"demo/_{name}.html" if wants_partial() else f"demo/{name}.html"
    return make_response(render_template(template, seen=seen, **facts))


def _folder() -> Path:
    return parts().config.var / "demo"


def _number(text: str) -> str | None:
    """In an address a plus means a space, and people write spaces: only the digits count."""
    digits = re.sub(r"\D", "", text)
    return f"+{digits}" if digits else None


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _person(person: Person) -> dict[str, str | None]:
    return {
        "role": person.role,
        "name": person.name,
        "email": person.email,
        "password": person.password,
        "phone": person.phone_now,
        "note": words().gettext(person.note),
    }


def _text(text: DemoText) -> dict[str, str]:
    return {"to": text.to, "text": text.text, "at": text.at.isoformat(), "status": text.status}


def _mail(mail: DemoMail) -> dict[str, Any]:
    files = [
        {"name": name, "url": url_for("demo.attachment", reference=mail.reference, name=name)}
        for name in mail.attachments
    ]
    return {
        "to": mail.to,
        "subject": mail.subject,
        "text": mail.text,
        "at": mail.at.isoformat(),
        "attachments": files,
    }
