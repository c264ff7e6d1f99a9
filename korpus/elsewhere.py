"""Let stages run on documents that are on a cluster: the plan of the stage is called instead."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

Options = ParamSpec("Options")
Result = TypeVar("Result")


class Elsewhere:
    """Documents that are on a cluster."""

    def planned(self, stage: str, options: dict[str, Any]) -> Any:
        """Run the plan of the stage with this name, and return what the stage would."""
        raise NotImplementedError


def elsewhere(stage: Callable[Options, Result]) -> Callable[Options, Result]:
    """Decorate a stage: for documents on a cluster, its plan is called."""
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
