"""What every answer of the zone must be, seen by whoever reads it: pages, fragments, headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

PAGE = "<!doctype html>"
POLICY = {
    "default-src": "'none'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
ADDRESSES = ("href", "src", "action", "data-hx-get", "data-hx-post")
UNLABELLED = {"hidden", "submit", "button"}
Tree = Any  # ElementTree's elements, as html5lib gives them
FORM_TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"]+')
# Pages that were well, without what is drawn anew each time: to parse one takes longer than to make it.
found_well: set[str] = set()


def inspect(app: Flask, response: TestResponse) -> None:
    """Fail with everything that is wrong with `response`."""
    problems = [*_headers(response), *_location(response)]
    if response.mimetype == "text/html" and response.text and not response.location:
        text = FORM_TOKEN.sub("", response.text.replace(_nonce(response), ""))
        if text not in found_well:
            problems += _markup(app, response)
        if not problems:
            found_well.add(text)
    assert not problems, f"{response.request.method} {response.request.path}: {problems}"


def policy(response: TestResponse) -> dict[str, str]:
    """The answer's content security policy by directive."""
    parts = response.headers["Content-Security-Policy"].split(";")
    return dict(part.strip().split(" ", 1) for part in parts)


def parse(text: str) -> Tree:
    """The elements of a page or a fragment; raises `html5lib.html5parser.ParseError`."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(text) if text.lstrip().startswith(PAGE) else parser.parseFragment(text, "main")


def _nonce(response: TestResponse) -> str:
    return policy(response)["script-src"].removeprefix("'nonce-").removesuffix("'")


def _headers(response: TestResponse) -> Iterator[str]:
    headers = response.headers
    told = policy(response)
    for directive, value in POLICY.items():
        if told.get(directive) != value:
            yield f"{directive} is {told.get(directive)}"
    for directive in ("script-src", "style-src"):
        if not re.fullmatch(r"'nonce-[\w-]{20,}'", told[directive]):
            yield f"{directive} is {told[directive]}"
    if "unsafe" in headers["Content-Security-Policy"]:
        yield "unsafe policy"
    if headers.get("X-Content-Type-Options") != "nosniff":
        yield "no nosniff"
    public = response.request.path.startswith("/static/") or response.request.path == "/brand.css"
    if not public and headers.get("Cache-Control") != "no-store":
        yield f"may be kept: {headers.get('Cache-Control')}"


def _location(response: TestResponse) -> Iterator[str]:
    location = response.headers.get("Location", "/")
    if urlsplit(location).netloc or not location.startswith("/") or location.startswith("//"):
        yield f"leads away to {location}"


def _markup(app: Flask, response: TestResponse) -> Iterator[str]:
    tree = parse(response.text)
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    if response.text.lstrip().startswith(PAGE):
        yield from _page(tree)
    yield from _ids(elements)
    yield from _headings(elements)
    nonce = _nonce(response)
    for element in elements:
        yield from _element(element, nonce)
    for form in (element for element in elements if element.tag == "form"):
        yield from _form(app, form)
    yield from _labels(elements)


def _page(tree: Tree) -> Iterator[str]:
    titles = [(title.text or "").strip() for title in tree.iter("title")]
    if len(titles) != 1 or not titles[0].split("–")[0].strip():
        yield f"titles {titles}"
    if tree.get("lang") not in ("sk", "en"):
        yield "no language"
    if len(list(tree.iter("h1"))) != 1 or len(list(tree.iter("main"))) != 1:
        yield "not exactly one h1 and one main"


def _ids(elements: list[Element]) -> Iterator[str]:
    ids = [element.get("id") for element in elements if element.get("id")]
    if len(ids) != len(set(ids)):
        yield f"ids twice: {sorted({str(name) for name in ids if ids.count(name) > 1})}"
    for element in elements:
        for name in ("aria-labelledby", "aria-describedby", "for", "data-reveal", "data-copy"):
            missing = set((element.get(name) or "").split()) - {str(one) for one in ids}
            if missing:
                yield f"{element.tag} {name} names {missing}, which is not there"


def _headings(elements: list[Element]) -> Iterator[str]:
    levels = [int(element.tag[1]) for element in elements if re.fullmatch("h[1-6]", element.tag)]
    for above, below in pairwise(levels):
        if below > above + 1:
            yield f"heading {below} below {above}"


def _element(element: Element, nonce: str) -> Iterator[str]:
    if element.tag in ("script", "style") or element.get("rel") == "stylesheet":
        if element.get("nonce") != nonce:
            yield f"{element.tag} without the nonce"
        if (element.text or "").strip():
            yield f"inline {element.tag}"
    for name in element.attrib:
        if name == "style" or name.startswith(("on", "hx-")):
            yield f"{element.tag} has {name}"
    for name in ADDRESSES:
        address = element.get(name, "/")
        if not address.startswith(("/", "#", "tel:", "mailto:")) or address.startswith("//"):
            yield f"{element.tag} {name} leads to {address}"


def _form(app: Flask, form: Element) -> Iterator[str]:
    method, action = form.get("method", "get").upper(), form.get("action") or ""
    try:
        app.url_map.bind("").match(urlsplit(action).path, method)
    except HTTPException:
        yield f"form leads nowhere: {method} {action}"
    names = [field.get("name") for field in form.iter("input")]
    # A form that only asks carries no token, for that would stand in the address.
    if names.count("csrf_token") != (method == "POST"):
        yield f"form to {action} has {names.count('csrf_token')} tokens"


def _labels(elements: list[Element]) -> Iterator[str]:
    labelled = {element.get("for") for element in elements if element.tag == "label"}
    for element in elements:
        if element.tag not in ("input", "select", "textarea") or element.get("type") in UNLABELLED:
            continue
        if element.get("id") not in labelled:
            yield f"{element.tag} {element.get('name')} has no label"
