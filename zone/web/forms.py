"""The base of all forms: labels and messages in the language of the page."""

from __future__ import annotations

import secrets
from itertools import chain
from typing import Any

from flask import Flask, abort, request
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from zone.language import N_
from zone.web.here import words


def register(app: Flask) -> None:
    """Refuse what no text is."""

    @app.before_request
    def refuse_nul() -> None:
        # PostgreSQL keeps no NUL and compares with none.
        fields = chain.from_iterable(request.values.items(multi=True))
        if any("\0" in text for text in chain([request.path], fields)):
            abort(400)


def at_most(characters: int) -> Length:
    """No longer than that, before anything costly is done with it."""
    return Length(max=characters, message=N_("This is too long."))


class _Catalogue:
    """What WTForms asks for its messages; the same texts as everywhere else."""

    def gettext(self, text: str) -> str:
        return words().gettext(text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return words().ngettext(one, many, count)


class TranslatedForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form whose labels and messages are texts of the catalogue."""

    class Meta:
        def get_translations(self, _: Any) -> _Catalogue:
            """Instead of the catalogue that comes with WTForms."""
            return _Catalogue()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.label.text = words().gettext(field.label.text) if field.label.text else ""

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """As WTForms does, with the messages of our own validators in the reader's language."""
        valid = bool(super().validate(*args, **kwargs))
        for field in self:
            field.errors = [words().gettext(message) for message in field.errors]
        return valid

    def add_error(self, name: str, message: str) -> None:
        """Put `message` (already in the reader's language) beside the field."""
        self[name].errors = [*self[name].errors, message]


def new_token() -> str:
    """The name of a form that is opened now."""
    return secrets.token_urlsafe(16)


class OnceForm(TranslatedForm):
    """A form that makes one thing, however often it is sent."""

    token = HiddenField(
        validators=[
            InputRequired(N_("The form did not arrive whole. Please send it once more.")),
            at_most(32),
        ]
    )

    def prepare(self) -> None:
        """Give a form that was just opened its name."""
        if not self.token.data or self.token.errors:
            self.token.data = new_token()


class CodeForm(TranslatedForm):
    """The code from an SMS."""

    code = StringField(
        N_("Code from the SMS"), [InputRequired(N_("Enter the six digits from the SMS.")), at_most(20)]
    )
