"""`python -m server` and the installed command `still-here`: see `--help`."""

from __future__ import annotations

import sys


def run() -> int:
    """Run the command that was typed; returns the exit status."""
    if len(sys.argv) > 1 and sys.argv[1] == "run" and not {"-h", "--help"} & set(sys.argv):
        # sockets and locks become cooperative only if this comes before every other import
        from gevent import monkey

        monkey.patch_all()
    from server.cli.main import main

    return main()


if __name__ == "__main__":
    sys.exit(run())
