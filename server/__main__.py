"""`python -m server`: see `python -m server --help`."""

import sys

if len(sys.argv) > 1 and sys.argv[1] == "run" and not {"-h", "--help"} & set(sys.argv):
    # sockets and locks become cooperative only if this comes before every other import
    from gevent import monkey

    monkey.patch_all()

from server.cli.main import main

sys.exit(main())
