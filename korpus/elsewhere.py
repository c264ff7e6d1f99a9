"""Documents that are on a cluster: stages that count have plans there, and are not run here."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

Options = ParamSpec("Options")
Result = TypeVar("Result")


class Elsewhere:
    """Documents that stay where they are, and the plans of the stages that can run there."""

    def planned(self, stage: str, options: dict[str, Any]) -> Any:
        """What the stage of this name gives with these options."""
        raise NotImplementedError


def elsewhere(stage: Callable[Options, Result]) -> Callable[Options, Result]:
    """Let a stage be given documents of a cluster, where its plan gives the same result."""
    signature = inspect.signature(stage)

    @wraps(stage)
    def run(*args: Options.args, **keywords: Options.kwargs) -> Result:
        if not args or not isinstance(args[0], Elsewhere):
            return stage(*args, **keywords)
        bound = signature.bind(*args, **keywords)
        bound.apply_defaults()
        options = dict(bound.arguments)
        documents = options.pop(next(iter(options)))
        return cast(Result, documents.planned(stage.__name__, options))

    return run
