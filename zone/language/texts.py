"""Texts longer than a line: mails, from templates in the language of whom they go to."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from zone.language.language import Language

FOLDER = Path(__file__).resolve().parents[2] / "templates"


def render(template: str, words: Language, **facts: object) -> str:
    """The template (a path under `templates/`) in the language of `words`."""
    return _environment(words).get_template(template).render(facts).strip() + "\n"


@cache
def _environment(words: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return environment
