"""Slovak and English: catalogues, plurals, dates."""

from zone.language.language import DEFAULT, N_, Language, known, language
from zone.language.refusal import Away, Refusal

__all__ = ["DEFAULT", "N_", "Away", "Language", "Refusal", "known", "language"]
