"""The names of everything that leaves an event."""

from __future__ import annotations

from enum import StrEnum


class Tag(StrEnum):
    """`what:happened`."""

    SIGN_IN = "account:sign_in"
    SIGN_IN_REFUSED = "account:sign_in_refused"
    SIGN_OUT = "account:sign_out"
    STEP_UP = "account:step_up"
    STEP_UP_REFUSED = "account:step_up_refused"
    ACCOUNT_CREATED = "account:created"
    LANGUAGE = "account:language"
    CLIENT_CREATED = "client:created"
    CLIENT_CHANGED = "client:changed"
    PHONE_CHANGED = "phone:changed"
    PHONE_CODE = "phone:code_requested"
    PHONE_CODE_WRONG = "phone:code_wrong"
    PHONE_CONFIRMED = "phone:confirmed"
    MANDATE_GIVEN = "mandate:given"
    PASSWORD_DEFAULT = "letter_password:default"
    PASSWORD_GENERATED = "letter_password:generated"
    PASSWORD_SET = "letter_password:set"
    PASSWORD_RESET = "letter_password:reset"
    PASSWORD_RESEND = "letter_password:resend"
    PASSWORD_TRIED = "letter_password:tried"
    PASSWORD_OPENED = "letter_password:opened"
    LETTER_RECEIVED = "letter:received"
    LETTER_DOWNLOADED = "letter:downloaded"
