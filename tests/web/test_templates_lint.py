"""House rules of the templates that Jinja itself does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))

JINJA_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
UNESCAPED = re.compile(r"\|\s*safe\b|\bMarkup\(|\bautoescape\s+false")
TAG = re.compile(r"""<[a-z][\w-]*(?:[^<>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
UNQUOTED = re.compile(r"""[\w-]+\s*=(?!\s*["'])""")
QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
HANDLER = re.compile(r"\s(?:on[a-z]+|(?:data-)?hx-on[\w:-]*)\s*=", re.IGNORECASE)
STYLE = re.compile(r"\sstyle\s*=", re.IGNORECASE)
POST_FORM = re.compile(r"""<form\b[^>]*\bmethod=["']post["'].*?</form>""", re.DOTALL | re.IGNORECASE)
CSRF_FIELD = re.compile(r"""<input type="hidden" name="csrf_token"|\.hidden_tag\(|\bform\.csrf_token\b""")
ROOT = re.compile(r"""<[a-z][\w-]*|\{%-?\s*call\b""")
PRINTS_NOTHING = re.compile(r"\{%-?\s*(?:set\s+\w+\s*-?%\}.*?endset|macro\b.*?endmacro)\s*-?%\}", re.DOTALL)
ID = re.compile(r"""\bid=["']([\w-]+)["']""")


@pytest.mark.parametrize("name", PAGES)
def test_template_keeps_the_house_rules(name: str) -> None:
    assert list(faults(name, (TEMPLATES / name).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("<a href={{ url }}>x</a>", "unquoted attribute"),
        ("<a href = /x>x</a>", "unquoted attribute"),
        ('<a class="x"{% if y %} id=z{% endif %}>x</a>', "unquoted attribute"),
        ("<p>{{ text|safe }}</p>", "unescaped text"),
        ("{% set text = text | safe %}", "unescaped text"),
        ("{% autoescape false %}{{ text }}{% endautoescape %}", "unescaped text"),
        ('<a href="javascript:void(0)">x</a>', "javascript: address"),
        ('<a href=" JavaScript:void(0)">x</a>', "javascript: address"),
        ('<p style="color: red">x</p>', "inline style or handler"),
        ('<p class="x"\n   STYLE="color: red">x</p>', "inline style or handler"),
        ('<button onclick="go()">x</button>', "inline style or handler"),
        ('<div data-hx-on:click="go()">x</div>', "inline style or handler"),
        ('<script src="/x.js"></script>', "script or stylesheet without nonce"),
        ("<style>p { color: red }</style>", "script or stylesheet without nonce"),
        ('<link rel="stylesheet" href="/x.css">', "script or stylesheet without nonce"),
        ('<form method="post" action="/x"><button>x</button></form>', "form without csrf_token"),
        ('<form class="a" method="POST">{{ field(form.csrf) }}</form>', "form without csrf_token"),
        (
            '<form method="post"></form><form method="post">{{ form.hidden_tag() }}</form>',
            "form without csrf_token",
        ),
    ],
)
def test_bad_markup_is_found(source: str, fault: str) -> None:
    assert list(faults("client/page.html", source)) == [fault]


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('<p style="color: red" onclick="go()">x</p>', "inline style or handler"),
        ("<style>p { color: red }</style><script>go()</script>", "script or stylesheet without nonce"),
        ('<link rel="stylesheet" href="/x.css">', "script or stylesheet without nonce"),
    ],
)
def test_a_mail_may_bring_its_style_and_nothing_more(source: str, fault: str) -> None:
    assert (
        list(faults("mail/letter.html", '<style>p { color: red }</style><p style="color: red">x</p>')) == []
    )
    assert list(faults("mail/letter.html", source)) == [fault]


@pytest.mark.parametrize(
    "source",
    [
        "<p>x</p>",
        '<div class="last-message">x</div>',
        '<div id="other"><p id="last-message">x</p></div>',
        "{% set last %}<p id='last-message'>x</p>{% endset %}<p>x</p>",
        "{% set last = 'x' %}<p>x</p>{% set kept %}x{% endset %}<p id='last-message'>x</p>",
        "{% call card(_('Message'), id='other') %}<p id=\"last-message\">x</p>{% endcall %}",
        "{% from '_components/panels.html' import tag %}{{ tag('x') }}",
    ],
)
def test_a_partial_without_its_name_as_root_id_is_found(source: str) -> None:
    assert list(faults("client/_last_message.html", source)) == ["partial without its name as root id"]


@pytest.mark.parametrize(
    "source",
    [
        '{# onclick=x and |safe #}<div id="last-message" class="{{ \'a\' if b > c }}">x</div>',
        '<div id="last_message"{% if polls %} data-hx-trigger="every 1s"{% endif %}>on time = x</div>',
        "{% call card(_('Message'), id='last-message', main=True) %}x{% endcall %}",
        '<form id="last-message" method="post">{{ form.hidden_tag() }}</form>',
        '<form id="last-message" method="post"><input type="hidden" name="csrf_token" value="x"></form>',
        '{% set last %}<br>x{% endset %}{% macro a(b) %}<i>x</i>{% endmacro %}<p id="last-message">{{ last }}</p>',
        '<form id="last-message" method="get"><input name="q"></form>',
        '<div id="last-message"><script src="/x.js" nonce="{{ csp_nonce }}"></script></div>',
    ],
)
def test_good_markup_passes(source: str) -> None:
    assert list(faults("client/_last_message.html", source)) == []


def faults(name: str, source: str) -> Iterator[str]:
    """What is wrong with the template `name`; each kind of fault once."""
    source = JINJA_COMMENT.sub("", source)
    # An expression leaves a value without quotes, so that href={{ url }} is still seen.
    tags = TAG.findall(JINJA.sub("", source.replace("{{", "x{{")))
    bare = [QUOTED.sub('""', tag) for tag in tags]
    if any(UNQUOTED.search(tag) for tag in bare):
        yield "unquoted attribute"
    if UNESCAPED.search(source):
        yield "unescaped text"
    if "javascript:" in source.lower():
        yield "javascript: address"
    # No policy of ours reaches into a mailbox, and mail programs know no style but what stands in the mail.
    in_mail = name.startswith("mail/")
    if any(HANDLER.search(tag) or (STYLE.search(tag) and not in_mail) for tag in bare):
        yield "inline style or handler"
    if any(_loads_code(tag) and "nonce=" not in tag for tag in tags if not (in_mail and tag == "<style>")):
        yield "script or stylesheet without nonce"
    if not all(CSRF_FIELD.search(form) for form in POST_FORM.findall(source)):
        yield "form without csrf_token"
    if _is_partial(name) and not _has_root_id(name, source):
        yield "partial without its name as root id"


def _loads_code(tag: str) -> bool:
    return tag.startswith(("<script", "<style")) or 'rel="stylesheet"' in tag


def _is_partial(name: str) -> bool:
    path = Path(name)
    return path.name.startswith("_") and path.parent.name not in ("", "_components")


def _has_root_id(name: str, source: str) -> bool:
    source = PRINTS_NOTHING.sub("", source)
    root = ROOT.search(source)
    if not root:
        return False
    end = source.index("%}" if "%" in root.group() else ">", root.start())
    found = ID.search(source, root.start(), end)
    return found is not None and found.group(1).replace("_", "-") == Path(name).stem[1:].replace("_", "-")
