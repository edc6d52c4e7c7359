"""`python no_sockets.py ARGUMENT…`: Python with these arguments, ended by the kernel when anything asks for a socket.

A filter of system calls (seccomp) holds for the process and all that it starts, in whatever language they are written.
A pair of sockets that are joined to each other, as pipes are, is another call and stays allowed.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys

SOCKET_CALLS = {"x86_64": 41, "aarch64": 198}
KILLED_BY = 31
"""SIGSYS."""

_NO_NEW_PRIVILEGES, _SET_FILTER, _FILTER_MODE = 38, 22, 2
_LOAD_NUMBER, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_KILL_PROCESS, _ALLOW = 0x80000000, 0x7FFF0000


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def can_watch() -> bool:
    """Tell whether this system has such filters, and this module knows the number of the call."""
    return sys.platform == "linux" and platform.machine() in SOCKET_CALLS


def forbid_sockets() -> None:
    """Have the kernel end this process, or any that it starts, with SIGSYS when it calls `socket`."""
    steps = (
        (_LOAD_NUMBER, 0, 0, 0),
        (_JUMP_IF_EQUAL, 0, 1, SOCKET_CALLS[platform.machine()]),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_RETURN, 0, 0, _ALLOW),
    )
    program = _Program(len(steps), b"".join(struct.pack("HBBI", *step) for step in steps))
    kernel = ctypes.CDLL(None, use_errno=True)
    for call in ((_NO_NEW_PRIVILEGES, 1, 0, 0, 0), (_SET_FILTER, _FILTER_MODE, ctypes.byref(program))):
        if kernel.prctl(*call):
            raise OSError(ctypes.get_errno(), "the filter could not be set")


if __name__ == "__main__":
    forbid_sockets()
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
