"""Names of this machine: its address on the local network, and the name of its clock."""

from __future__ import annotations

import os
import socket
from pathlib import Path

_SOMEWHERE = ("192.0.2.1", 9)
"""An address kept for documentation: asking for the way there sends nothing."""
_BOOT = Path("/proc/sys/kernel/random/boot_id")


def lan_address() -> str | None:
    """The address under which phones of the same network reach this machine; None where there is no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_SOMEWHERE)
            found = str(probe.getsockname()[0])
        except OSError:
            return None
    return None if found.startswith(("127.", "0.")) else found


def clock_name() -> str:
    """The name of the monotonic clock: this boot of this machine, or this process where that has no name."""
    try:
        return _BOOT.read_text("utf-8").strip()
    except OSError:
        return os.urandom(16).hex()
