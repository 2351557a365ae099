"""Keep the catalogues in step with the texts in the sources.

python tools/catalogue.py            adds new texts to each catalogue, drops those that are gone
python tools/catalogue.py --check    changes nothing; exit status 1 when that is due, or a translation is
                                     missing or its placeholders differ
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ROOT / "zone" / "language"
SOURCES = {"zone": ("**.py", "python"), "templates": ("**", "jinja2")}
# `say` is what the sources call a gettext that they use often.
KEYWORDS = {**DEFAULT_KEYWORDS, "say": None}
OPTIONS = {"**": {"silent": "false"}}  # a template that does not parse is an error, not an empty one


def extract() -> Catalog:
    """Every marked text of the sources, with the files it stands in."""
    found = Catalog(project="zone", charset="utf-8")
    for folder, method in SOURCES.items():
        texts = extract_from_dir(
            ROOT / folder,
            [method],
            OPTIONS,
            keywords=KEYWORDS,
            comment_tags=["Translators:"],
            directory_filter=lambda _: True,  # Babel's own leaves out _components
        )
        for file, _, message, comments, context in texts:
            found.add(message, locations=[(f"{folder}/{file}", 0)], auto_comments=comments, context=context)
    return found


def updated(path: Path, texts: Catalog) -> Catalog:
    """The catalogue at `path` with exactly `texts`, keeping their translations."""
    code = path.parent.parent.name
    with path.open("rb") as file:
        catalogue = read_po(file, locale=code)
    catalogue.update(texts, no_fuzzy_matching=True, update_creation_date=False)
    return catalogue


def rendered(catalogue: Catalog) -> bytes:
    """The file's text, without line numbers, so that it changes only when a text does."""
    out = BytesIO()
    write_po(out, catalogue, width=110, include_lineno=False, ignore_obsolete=True, sort_by_file=True)
    return out.getvalue()


def faults(catalogue: Catalog) -> Iterator[str]:
    """What a translator still has to do."""
    for message in catalogue:
        if not message.id:
            continue
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.fuzzy or not all(strings):
            yield f"not translated: {message.id!r}"
        else:
            yield from (f"{fault}: {message.id!r}" for fault in message.check(catalogue))


def main(arguments: list[str]) -> int:
    """Update or check every catalogue; the exit status."""
    check = arguments == ["--check"]
    paths = sorted(LANGUAGES.glob("*/LC_MESSAGES/zone.po"))
    if not paths:
        sys.exit("There is no catalogue: begin with an empty zone/language/sk/LC_MESSAGES/zone.po")
    texts = extract()
    status = 0
    for path in paths:
        name = path.relative_to(ROOT)
        catalogue = updated(path, texts)
        problems = list(faults(catalogue))
        fresh = rendered(catalogue)
        if check and path.read_bytes() != fresh:
            problems.append("not in step with the sources; run: make i18n")
        if not check:
            path.write_bytes(fresh)
        for problem in problems:
            print(f"{name}: {problem}")
        print(f"{name}: {len(catalogue)} texts, {len(problems)} to settle")
        status |= check and bool(problems)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
