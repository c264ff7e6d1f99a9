"""A process that has imported what any command does and large libraries, and no more of korpus.

Its forks import the rest as new interpreters do, and hash strings differently from those of
server.py: python -m tests.runner.bare ADDRESS CHARTS. `CHARTS`: of the process that draws. They
would not see that korpus uses a module of a library without importing it: tests/test_house.py does.
"""

import os
import sys

from tests.runner.charts import use_charts
from tests.runner.server import (
    LARGE_LIBRARIES,
    become,
    import_all,
    imported_by,
    listener_at,
    prepare_charts,
    run,
    serve,
)


def main() -> None:
    """Serve at the socket in the first argument until standard input ends. Its folder goes then."""
    listener = listener_at(sys.argv[1])
    import_all(("korpus.__main__",))
    import_all(imported_by(["no-command"]))
    import_all(LARGE_LIBRARIES)
    use_charts(sys.argv[2])
    prepare_charts()
    print("ready", flush=True)  # noqa: T201
    if child := serve(listener):
        become(child)
        os._exit(run())


if __name__ == "__main__":
    main()
