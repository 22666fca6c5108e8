"""Web and worker together, by honcho; whatever ends it ends both.

Honcho starts each in a session of its own and stops them on SIGINT and SIGTERM only. A terminal
that was closed, a reader of our output that went away or a killed `make` would leave them running
unseen, with the port taken.
"""

import os
import select
import signal
import sys
import threading

from honcho.command import main


def stop_when_abandoned(*, parent: int) -> None:
    """Return never, or after telling this process to stop."""
    output = select.poll()
    output.register(1, 0)  # no event asked for: only its end is reported
    while os.getppid() == parent and not output.poll(1000):  # milliseconds
        pass
    stop()


def stop(*_signal_and_frame: object) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # or honcho would fail on its own farewell, and stop nothing
    os.dup2(nowhere, 2)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    signal.signal(signal.SIGHUP, stop)
    watch = threading.Thread(
        target=stop_when_abandoned, kwargs={"parent": os.getppid()}, daemon=True
    )
    watch.start()
    sys.argv[1:] = ["start"]
    try:
        main()
    except SystemExit as end:
        # Asked to stop, it stopped: that is no failure. 130 and 143 are SIGINT and SIGTERM.
        sys.exit(0 if end.code in {130, 143} else end.code)
