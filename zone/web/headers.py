"""What every answer tells the browser."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g

from zone.config import Config


def register(app: Flask, config: Config) -> None:
    """Content security policy with a nonce, and nothing of a signed-in page kept by the browser."""

    @app.before_request
    def draw_nonce() -> None:
        g.csp_nonce = secrets.token_urlsafe(16)

    @app.after_request
    def protect(response: Response) -> Response:
        nonce = f"'nonce-{g.csp_nonce}'"
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; script-src {nonce}; style-src {nonce}; img-src 'self'; connect-src 'self'; "
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if not config.demo:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if not response.cache_control.public:
            response.headers["Cache-Control"] = "no-store"
        response.vary.update(("Cookie", "HX-Request"))
        return response
