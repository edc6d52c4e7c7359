"""scale-held: see `sockets`."""

from .sockets import measure_held as measure

__all__ = ["measure"]
