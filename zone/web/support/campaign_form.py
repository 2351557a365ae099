"""What a campaign is started by: whom it invites, how many, and how fast."""

from __future__ import annotations

from typing import Any

from wtforms import IntegerField, RadioField
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import TextInput

from zone.campaigns.start import FASTEST
from zone.campaigns.whom import Criteria
from zone.language import N_
from zone.language.language import NAMES
from zone.letter_passwords.on_default import DIGITS
from zone.web.campaign_words import ALL_LANGUAGES
from zone.web.campaign_words import DIGITS as SAID_DIGITS
from zone.web.forms import OnceForm, TranslatedForm
from zone.web.here import words

USUAL_PACE = 200
MANY = 10_000_000
NOT_OFFERED = N_("Choose one of these.")


class WholeNumber(IntegerField):
    """A number as people write it, with spaces if they like."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """As WTForms does it, with our words for what is no number."""
        digits = "".join("".join(valuelist).split())
        if not digits:
            return
        self.data = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None
        if self.data is None:
            raise ValueError(N_("Write a whole number, such as 200."))


class CampaignForm(TranslatedForm):
    """All of it has a meaning when left as it is."""

    digits = RadioField(
        N_("Which default"),
        [AnyOf(["", *map(str, DIGITS)], message=NOT_OFFERED)],
        default="",
        validate_choice=False,
    )
    language = RadioField(
        N_("Language of the client"),
        [AnyOf(["", *NAMES], message=NOT_OFFERED)],
        default="",
        validate_choice=False,
    )
    most = WholeNumber(
        N_("How many at most"),
        [Optional(), NumberRange(1, MANY, message=N_("Invite at least one, or leave it empty for all."))],
    )
    per_hour = WholeNumber(
        N_("How many an hour"),
        [InputRequired(N_("Say how many an hour."))],
        default=USUAL_PACE,
    )

    class Meta(TranslatedForm.Meta):
        csrf = False  # looking at what was chosen changes nothing; starting is guarded as every POST is

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say = words().gettext
        self.digits.choices = [(str(each or ""), say(SAID_DIGITS[each])) for each in (None, *DIGITS)]
        self.language.choices = [("", say(ALL_LANGUAGES)), *NAMES.items()]

    def validate_per_hour(self, field: WholeNumber) -> None:
        """The pace lies where campaigns may go. Called by WTForms."""
        if field.data is not None and not 1 <= field.data <= FASTEST:
            said = words().gettext("Choose a pace from 1 to %(fastest)s an hour.")
            raise ValidationError(said % {"fastest": words().number(FASTEST)})

    @property
    def criteria(self) -> Criteria:
        """Whom it invites."""
        return Criteria(int(self.digits.data) if self.digits.data else None, self.language.data or None)

    @property
    def pace(self) -> int:
        """How many an hour."""
        return self.per_hour.data or USUAL_PACE

    def chosen(self) -> dict[str, Any]:
        """What was chosen, for an address."""
        fields = (self.digits, self.language, self.most, self.per_hour)
        return {field.name: field.data for field in fields if field.data}


class StartForm(CampaignForm, OnceForm):
    """The same once more, from the page that asks whether it is right."""
