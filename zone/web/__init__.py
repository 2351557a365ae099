"""The entrances: where people come in. Nothing here knows the domain's rules."""

from zone.web.register import register

__all__ = ["register"]
