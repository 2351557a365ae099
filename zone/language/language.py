"""One language at work. English texts are the keys; `sk/LC_MESSAGES/zone.po` holds the Slovak ones.

The catalogue is compiled in memory when first needed, so that no generated file lies about.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

LOCALES = {"sk": Locale("sk", "SK"), "en": Locale("en", "GB")}
# What each is called by who speaks it.
NAMES = {"sk": "Slovenčina", "en": "English"}
DEFAULT = "sk"


def N_(message: str) -> str:
    """Mark `message` for the catalogue; it is translated where it is shown."""
    return message


def known(code: str | None) -> str:
    """`code` if the zone speaks it, else the default language's."""
    return code if code in LOCALES else DEFAULT


class Language:
    """Texts, plurals and dates of one language, in one time zone."""

    def __init__(self, code: str, timezone: ZoneInfo) -> None:
        self.code = code
        self.locale = LOCALES[code]
        self.timezone = timezone
        translations = _translations(code)
        self.gettext = translations.ugettext
        self.ngettext = translations.ungettext

    def day(self, moment: datetime) -> str:
        """„3. mája 2026“, "3 May 2026"."""
        return format_date(moment.astimezone(self.timezone).date(), format="long", locale=self.locale)

    def calendar_day(self, day: date) -> str:
        """The same of a day that belongs to no time zone, such as a letter's."""
        return format_date(day, format="long", locale=self.locale)

    def short_day(self, moment: datetime) -> str:
        """„3. 5. 2026“, "3 May 2026": without accents, which an SMS pays for."""
        return format_date(moment.astimezone(self.timezone).date(), format="medium", locale=self.locale)

    def minute(self, moment: datetime) -> str:
        """The day and the time to the minute."""
        return f"{self.day(moment)}, {self.time(moment)}"

    def time(self, moment: datetime) -> str:
        """„14:35“, "14:35"."""
        return format_datetime(moment, "H:mm", tzinfo=self.timezone, locale=self.locale)

    def exact(self, moment: datetime) -> str:
        """The day and the time to the second, with the zone."""
        return f"{self.day(moment)}, {format_datetime(moment, 'H:mm:ss z', tzinfo=self.timezone, locale=self.locale)}"

    def number(self, value: float) -> str:
        """„1 234,5“, "1,234.5"."""
        return format_decimal(value, locale=self.locale)


@cache
def language(code: str, timezone: ZoneInfo) -> Language:
    """The language called `code`, or the default one."""
    return Language(known(code), timezone)


@cache
def _translations(code: str) -> NullTranslations:
    path = Path(__file__).with_name(code) / "LC_MESSAGES" / "zone.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return Translations(compiled)
