"""Tell broken JSON from too little memory to parse it: orjson raises one error for both."""

import orjson

PARSE_ERRORS = (orjson.JSONDecodeError, SystemError)


def broken_json(error: orjson.JSONDecodeError | SystemError) -> orjson.JSONDecodeError:
    """The error of `orjson.loads` for broken JSON. Raises MemoryError if it means that instead."""
    if isinstance(error, SystemError) or "Not enough memory" in error.msg:
        raise MemoryError from None
    return error
