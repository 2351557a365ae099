"""A secret does not leak by the ways that values usually leak."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial

import pytest

from zone.secret import REDACTED, Secret

CANARY = "canary-žltý-kôň"
SECRET = Secret(CANARY)


@dataclass(frozen=True)
class Holder:
    """Something with a secret in it."""

    secret: Secret


SHOWN = {
    "str": str,
    "repr": repr,
    "ascii": ascii,
    "pprint": pprint.pformat,
    "placeholder": "{0!s}".format,
    "conversion": lambda value: f"{value!r}",
}
LEFT = {
    "format": "{}".format,
    "f-string": lambda secret: f"{secret}",
    "aligned": "{:>20}".format,
    "json": json.dumps,
    **{f"pickle {number}": partial(pickle.dumps, protocol=number) for number in range(6)},
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "asdict": lambda secret: asdict(Holder(secret)),
    "hash": hash,
    "vars": vars,
    "iter": iter,
    "len": len,
    "join": lambda secret: "".join(iter([secret])),
}


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
@pytest.mark.parametrize("value", [SECRET, [SECRET], {"a": SECRET}, Holder(SECRET)], ids=range(4))
def test_printed_it_is_redacted(show: Callable[[object], str], value: object) -> None:
    shown = show(value)
    assert CANARY not in shown
    assert "secret" in shown


def test_logged_it_is_redacted(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("test").error("the password is %s, %r", SECRET, SECRET)
    assert caplog.messages == [f"the password is {REDACTED}, {REDACTED}"]


@pytest.mark.parametrize("leave", LEFT.values(), ids=LEFT)
def test_other_ways_out_are_shut(leave: Callable[[Secret], object]) -> None:
    with pytest.raises(TypeError) as refused:
        leave(SECRET)
    assert CANARY not in "".join(traceback.format_exception(refused.value))


def test_it_compares_by_value_and_only_with_its_kind() -> None:
    assert Secret(CANARY) == SECRET
    assert Secret("other") != SECRET
    assert SECRET != CANARY
    assert SECRET.reveal() == CANARY
    assert (bool(SECRET), bool(Secret(""))) == (True, False)
