"""Texts longer than a line: mails, from templates in the language of whom they go to."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from zone.language.language import Language

FOLDER = Path(__file__).resolve().parents[2] / "templates"


def render(template: str, words: Language, **facts: object) -> str:
    """The template (a path under `templates/`) in the language of `words`."""
    return _environment(words).get_template(template).render(facts).strip() + "\n"


def speak(
    environment: Environment, gettext: Callable[[str], str], ngettext: Callable[[str, str, int], str]
) -> None:
    """Let templates say `_("…")` and `ngettext("…", "…", count)`."""
    environment.add_extension("jinja2.ext.i18n")
    extended: Any = environment  # the extension adds the method that Jinja's types do not know
    extended.install_gettext_callables(gettext, ngettext, newstyle=True)


@cache
def _environment(words: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    speak(environment, words.gettext, words.ngettext)
    return environment
