"""The API described in OpenAPI 3.1, from the tables that the views check requests by.

It is written as data and not drawn from a library: flask-smorest, APIFlask and spectree each bring a second way to
check what comes in, beside the one that the CSV import, the manifest and the watched folder share.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zone.accounts.api_keys import Scope
from zone.web.access import public
from zone.web.api import clients, letters, mandates
from zone.web.api.blueprint import api
from zone.web.api.fields import Field, Fields, schema
from zone.web.api.problems import CONTENT_TYPE
from zone.web.api.schemas import PROBLEM, SCHEMAS
from zone.web.here import parts

Json = dict[str, Any]

ALWAYS = ("400", "401", "403", "429", "500", "503")
OUTCOMES = {
    "400": "The request cannot be read.",
    "401": "There is no key, or it is not in force.",
    "403": "The key lacks the scope that `scope` names.",
    "404": "There is no such thing.",
    "409": "It does not go with what is there.",
    "413": "It is larger than the zone takes.",
    "415": "The body is of another kind.",
    "422": "Fields cannot be taken, `errors` says what to do about each; or the letter cannot be sent, see `reason`.",
    "429": "Too many wrong keys came from this address; see Retry-After.",
    "500": "Something broke in the zone. A repeat is harmless.",
    "503": "The zone cannot answer just now; see Retry-After.",
}
PROMISED = {"401": "WWW-Authenticate", "403": "WWW-Authenticate", "429": "Retry-After", "503": "Retry-After"}


@api.get("/openapi.json")
@public
def openapi() -> Json:
    """The description itself. It holds nothing of anybody, and those who write a program need it before a key."""
    return document(parts().config.public_url)


def document(public_url: str) -> Json:
    """The whole of it."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Zone",
            "version": "1",
            "description": "Clients, policies, mandates and letters in; what became of letters out.",
        },
        "servers": [{"url": f"{public_url}{api.url_prefix}"}],
        "security": [{"key": []}],
        "paths": {
            "/clients/{reference}": _thing("client", clients.REFERENCE, clients.CLIENT, "clients"),
            "/policies/{number}": _thing("policy", clients.NUMBER, clients.POLICY, "clients"),
            "/mandates/{reference}": _thing("mandate", mandates.REFERENCE, mandates.MANDATE, "mandates"),
            "/letters": {"get": _letters(), "post": _receive_letter()},
            "/letters/{reference}": {"get": _letter()},
        },
        "components": {
            "schemas": SCHEMAS | {"problem": PROBLEM},
            "responses": {status: _problem(status) for status in OUTCOMES},
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made by `flask --app wsgi api-keys create NAME --scope …`.",
                }
            },
        },
    }


def _thing(name: str, path: Fields, body: Fields, room: str) -> Json:
    """Reading, and making or replacing, one thing that the insurer has a name for."""
    answer = {"200": _answer("As it is now.", name)}
    content = {"application/json": {"schema": schema(body), "examples": {name: {"value": _example(body)}}}}
    return {
        "parameters": _parameters(path, "path"),
        "get": _operation(name, f"Read a {name}", Scope(f"{room}:read"), answer, ("404", "422")),
        "put": _operation(
            f"put_{name}",
            f"Make or replace a {name}",
            Scope(f"{room}:write"),
            answer | {"201": _answer("It is new.", name)},
            ("404", "409", "413", "415", "422"),
        )
        | {"requestBody": {"required": True, "content": content}},
    }


def _receive_letter() -> Json:
    body = schema(letters.LETTER)
    body["properties"][letters.FILE] = {"type": "string", "format": "binary", "description": "The PDF."}
    body["required"].append(letters.FILE)
    for told in body["properties"].values():
        told["type"] = "string"  # a form knows no null
        if None in told.get("enum", ()):
            told["enum"].remove(None)
    taken = _answer("It is in; a repeat is answered alike.", "receipt")
    taken["headers"] = {"Location": {"schema": {"type": "string"}, "required": True}}
    told = _operation(
        "receive_letter",
        "Hand a letter in",
        Scope.LETTERS_WRITE,
        {"201": taken},
        ("409", "413", "415", "422"),
    )
    content = {
        letters.MULTIPART: {"schema": body, "encoding": {letters.FILE: {"contentType": "application/pdf"}}}
    }
    return told | {
        "parameters": _parameters(letters.HEADERS, "header"),
        "requestBody": {"required": True, "content": content},
    }


def _letter() -> Json:
    told = _operation(
        "letter",
        "What became of a letter",
        Scope.LETTERS_READ,
        {"200": _answer("As it is now.", "letter")},
        ("404", "422"),
    )
    return told | {"parameters": _parameters(letters.REFERENCE, "path")}


def _letters() -> Json:
    told = _operation(
        "letters",
        "What became of letters, in the order in which they came in",
        Scope.LETTERS_READ,
        {"200": _answer("A page of them.", "letters")},
        ("422",),
    )
    return told | {"parameters": _parameters(letters.QUERY, "query")}


def _operation(name: str, summary: str, scope: Scope, answers: Json, failures: Iterable[str]) -> Json:
    refused = {status: {"$ref": f"#/components/responses/{status}"} for status in (*ALWAYS, *failures)}
    return {
        "operationId": name,
        "summary": summary,
        "description": f"Needs the scope `{scope}`.",
        "responses": answers | dict(sorted(refused.items())),
    }


def _answer(about: str, name: str) -> Json:
    content = {"schema": {"$ref": f"#/components/schemas/{name}"}}
    return {"description": about, "content": {"application/json": content}}


def _problem(status: str) -> Json:
    told: Json = {
        "description": OUTCOMES[status],
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/problem"}}},
    }
    if status in PROMISED:
        told["headers"] = {PROMISED[status]: {"schema": {"type": "string"}, "required": True}}
    return told


def _parameters(fields: Fields, where: str) -> list[Json]:
    return [_parameter(name, field, where) for name, field in fields.items()]


def _parameter(name: str, field: Field, where: str) -> Json:
    told = field.schema()
    del told["description"]
    told["type"] = "string"  # an address or a header knows no null
    return {
        "name": name,
        "in": where,
        "required": field.required,
        "description": field.about,
        "schema": told,
        "example": field.example,
    }


def _example(fields: Fields) -> Json:
    return {name: field.example for name, field in fields.items()}
