"""What sign-in asks for."""

from __future__ import annotations

from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired

from zone.language import N_
from zone.web.forms import TranslatedForm, at_most


class SignInForm(TranslatedForm):
    """E-mail and sign-in password. Lengths are capped before anything is hashed."""

    email = EmailField(N_("E-mail"), [InputRequired(N_("Enter your e-mail.")), at_most(254)])
    password = PasswordField(N_("Password"), [InputRequired(N_("Enter your password.")), at_most(128)])
    next = HiddenField()


class ProveForm(TranslatedForm):
    """The sign-in password once more."""

    password = PasswordField(
        N_("Sign-in password"), [InputRequired(N_("Enter your password.")), at_most(128)]
    )
    next = HiddenField()
