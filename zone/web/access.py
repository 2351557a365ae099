"""Who may come to which route. Deny by default: a route that does not say fails the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, make_response, redirect, request, url_for
from werkzeug.routing import Rule

from zone.accounts.api_keys import Scope
from zone.audit import Role
from zone.web import overlay
from zone.web.api import bearer
from zone.web.here import find_principal, wants_partial
from zone.web.rights import Impersonated

View = TypeVar("View", bound=Callable[..., Any])
STAFF_AND_CLIENTS = (Role.CLIENT, Role.BROKER, Role.SUPPORT)


class UndeclaredAccess(Exception):
    """A route without an access rule."""


@dataclass(frozen=True)
class Access:
    """The rule of one route. `roles` None means everybody, signed in or not.

    A `polling` route is asked by the page itself: it never keeps a session alive, and answers 401 when that has ended.
    A route with a `scope` is for programs whose key has it; no session opens it.
    A route of the client's says what it is to a support agent who acts for them, and what it is to post to it, if that
    is something else.
    """

    roles: frozenset[Role] | None
    polling: bool = False
    scope: Scope | None = None
    impersonated: Impersonated | None = None
    posted: Impersonated | None = None

    @property
    def is_clients(self) -> bool:
        """Whether this is a page of the client's, where support is only under impersonation."""
        return self.roles is not None and Role.CLIENT in self.roles and Role.SUPPORT not in self.roles

    def under_impersonation(self, method: str) -> Impersonated | None:
        """What it is to an agent who comes by that method."""
        return self.posted or self.impersonated if method == "POST" else self.impersonated


def public(view: View) -> View:
    """Everybody may."""
    return _declare(view, Access(None))


def allow(
    *roles: Role,
    polling: bool = False,
    impersonated: Impersonated | None = None,
    posted: Impersonated | None = None,
) -> Callable[[View], View]:
    """Those who are signed in under one of `roles` may; `impersonated` is for the client's routes.

    `posted` says what posting to the route is, where that is something else than looking at it.
    """
    rule = Access(frozenset(roles), polling, impersonated=impersonated, posted=posted)
    return lambda view: _declare(view, rule)


def program(scope: Scope) -> Callable[[View], View]:
    """Programs whose API key has `scope` may."""
    return lambda view: _declare(view, Access(frozenset({Role.PROGRAM}), scope=scope))


def _declare(view: View, access: Access) -> View:
    view.__dict__["access"] = access
    return view


def of(endpoint: str | None) -> Access | None:
    """The rule of `endpoint`; none when there is no such route."""
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, "access", None)


def check_declared(app: Flask) -> None:
    """Raises `UndeclaredAccess` naming the routes that say nothing about who may."""
    silent = sorted(name for name, view in app.view_functions.items() if not hasattr(view, "access"))
    if silent:
        raise UndeclaredAccess(f"declare @public, @allow(…) or @program(…) for: {', '.join(silent)}")
    open_ended = sorted({rule.endpoint for rule in app.url_map.iter_rules() if _is_open_ended(app, rule)})
    if open_ended:
        raise UndeclaredAccess(f"declare what is under impersonation, for: {', '.join(open_ended)}")


def _is_open_ended(app: Flask, rule: Rule) -> bool:
    """Whether it is a client's route and does not say what an agent who acts for the client may do there.

    Looking is no answer for a form.
    """
    access = app.view_functions[rule.endpoint].__dict__["access"]
    if not access.is_clients:
        return access.impersonated is not None or access.posted is not None
    posts = "POST" in (rule.methods or ())
    said = access.under_impersonation("POST" if posts else "GET")
    return access.impersonated is None or said is None or (posts and said is Impersonated.LOOK)


def register(app: Flask) -> None:
    """Guard every request."""

    @app.before_request
    def guard() -> Response | None:
        access = of(request.endpoint)
        if access is None or access.roles is None:
            return None  # no route: the error page says so; or everybody may
        if access.scope is not None:
            bearer.admit(access.scope)
            return None
        someone = find_principal()
        if someone is None:
            return _ask_to_sign_in(access)
        if access.is_clients and overlay.is_left_behind() and someone.role is not Role.SUPPORT:
            return overlay.leave()
        if access.is_clients and someone.role is Role.SUPPORT:
            right = access.under_impersonation(request.method)
            return overlay.admit(right, polling=access.polling)
        if someone.role not in access.roles:
            abort(403)
        return None


def _ask_to_sign_in(access: Access) -> Response:
    if wants_partial() or access.polling:
        response = make_response("", 401)
        response.headers["HX-Redirect"] = url_for("auth.sign_in")
        return response
    come_back = request.full_path.rstrip("?") if request.method == "GET" else None
    return make_response(redirect(url_for("auth.sign_in", next=come_back), 303))
