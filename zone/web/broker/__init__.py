"""The broker portal: the portfolio, policies and the requests made on them."""

from zone.web.broker import correspondence, phone, policies, portfolio, requests
from zone.web.broker.blueprint import broker

__all__ = ["broker", "correspondence", "phone", "policies", "portfolio", "requests"]
