"""The command `korpus`."""

import gc
import signal
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line. Ctrl-C ends it without a traceback from its first moment."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # until everything is imported
    # Records hold no reference cycles; Python's default threshold costs 10 % of a run.
    gc.set_threshold(50_000)
    from korpus.cli.main import main as run

    run()


if __name__ == "__main__":
    main()
