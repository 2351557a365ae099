"""Flask-Login over our own sessions: the cookie holds a token, the database decides what it is worth."""

from __future__ import annotations

from flask import Flask, Response, request, session
from flask_login import LoginManager, UserMixin, login_user, logout_user

from zone.accounts import sessions
from zone.accounts.principal import Principal
from zone.accounts.sign_in import SignedIn
from zone.secret import Secret
from zone.web import access, overlay
from zone.web.here import BROWSER_COOKIE, parts

BROWSER_DAYS = 400  # the longest that browsers keep a cookie


class User(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """Whom Flask-Login knows: a principal, named by the session's token."""

    def __init__(self, principal: Principal, token: Secret) -> None:
        self.principal = principal
        self._token = token

    def get_id(self) -> str:
        """What the (signed) cookie carries."""
        return self._token.reveal()


def register(app: Flask) -> None:
    """Load the user of each request from the session's row."""
    manager = LoginManager(app, add_context_processor=False)  # templates get the principal from `pages`
    # "strong" would trust X-Forwarded-For; our rows end by themselves.
    manager.session_protection = None

    @manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
    def load(token: str) -> User | None:
        rule = access.of(request.endpoint)
        renew = not (rule and rule.polling)
        found = sessions.find(Secret(token), limits=parts().config.limits, renew=renew)
        if found is None:
            return None
        return User(overlay.lay_over(found, in_clients_pages=bool(rule and rule.is_clients)), Secret(token))


def begin(signed_in: SignedIn, response: Response) -> Response:
    """Sign this browser in: a fresh session, nothing carried over from before."""
    session.clear()
    login_user(User(signed_in.principal, signed_in.token))
    response.set_cookie(
        BROWSER_COOKIE,
        signed_in.browser.reveal(),
        max_age=BROWSER_DAYS * 86_400,
        path="/",
        secure=not parts().config.demo,
        httponly=True,
        samesite="Lax",
    )
    return response


def end() -> None:
    """Forget this browser's session."""
    logout_user()
    session.clear()
