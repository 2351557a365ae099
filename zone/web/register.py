"""Putting the entrances onto the application, in the order in which a request passes them."""

from __future__ import annotations

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from zone.config import Config
from zone.web import (
    access,
    assets,
    connection,
    errors,
    forms,
    headers,
    not_me,
    pages,
    root,
    signed_in,
    traces,
)
from zone.web.api import register as api
from zone.web.auth.views import auth
from zone.web.broker import broker
from zone.web.client import client
from zone.web.demo.views import demo
from zone.web.support import impersonation, support


def register(app: Flask, config: Config) -> None:
    """Settings, guards and pages. Raises `UndeclaredAccess` when a route says nothing about who may."""
    app.config.update(
        SESSION_COOKIE_NAME="zone" if config.demo else "__Host-zone",
        SESSION_COOKIE_SECURE=not config.demo,
        SESSION_COOKIE_HTTPONLY=True,
        # Lax, not Strict: who follows the link of a letter's mail should arrive signed in.
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=config.limits.form_bytes,
        MAX_FORM_MEMORY_SIZE=config.limits.form_bytes,
        MAX_FORM_PARTS=50,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session it belongs to
    )
    headers.register(app, config)  # first, since the page of a refusal needs its nonce as well
    connection.register(app)
    signed_in.register(app)
    api.prepare(app, config)
    access.register(app)
    traces.register(app)
    csrf = CSRFProtect(app)
    forms.register(app)
    assets.register(app, config)
    pages.register(app, config)
    errors.register(app)
    for blueprint in (root.root, not_me.not_me, auth, client, broker, support, impersonation.blueprint):
        app.register_blueprint(blueprint)
    api.register(app, csrf)
    if config.demo:
        app.register_blueprint(demo)
    access.check_declared(app)
