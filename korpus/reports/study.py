"""What was run: the record that a methods section is written from."""

import re
import shlex
from typing import Any, TypedDict

from korpus.analyzers.table import packages
from korpus.records import Record
from korpus.tokens import split_analysis


class Step(TypedDict, total=False):
    """A command that was run.

    `command`: its name in the registry. `options`: its parameters with the values really used, by
    their names in Python. `inputs`, `outputs`: the number of records by the name of each file, None
    where it is unknown. `set_aside`: documents that were. `messages`: what it said.
    """

    command: str
    options: dict[str, Any]
    inputs: dict[str, int | None]
    outputs: dict[str, int | None]
    set_aside: int
    messages: list[str]


class Study(TypedDict, total=False):
    """What was run, as JSON: the steps in order, counts, and versions of software.

    `documents`, `tokens`: of the corpus that was analysed. `korpus`: the version. `versions`: of
    the libraries and analyzers, by name.
    """

    korpus: str
    versions: dict[str, str]
    documents: int
    tokens: int
    steps: list[Step]


# Libraries whose versions are told: those that compute results.
_TOLD = ("numpy", "scipy", "scikit-learn", "gensim", "tomotopy", "igraph")
# Kinds of models whose command has another name.
_COMMANDS = {
    "dmr": "lda",
    "embed": "topics embed",
    "classify": "classify train",
    "lm": "lm train",
}
_NUMBER_OF = re.compile(r"\[([\d,]+) words\]")


def study_of_header(header: Record) -> Study:
    """The study that the header of a model file records."""
    kind = str(header["kind"])
    fit: Step = {"command": _COMMANDS.get(kind, kind), "options": _flat(header.get("options", {}))}
    study: Study = {"korpus": header["korpus"], "versions": header.get("versions", {})}
    study["steps"] = [*steps_of(header.get("analyzer"), header.get("analysis")), fit]
    for name in ("documents", "tokens"):
        if isinstance(header.get(name), int):
            study[name] = header[name]
    return study


def study_of_lock(lock: Record) -> Study:
    """The study that the lock file of `korpus run` records; see `korpus.studies.Lock`."""
    versions = lock["versions"]
    study: Study = {"korpus": versions["korpus"], "versions": {"Python": lock["python"]}}
    study["versions"] |= {name: versions[name] for name in _TOLD if name in versions}
    study["steps"] = []
    made = {name for step in lock["steps"] for name in step["outputs"]}
    for step in lock["steps"]:
        options = dict(step["options"])
        used = [name for name in packages(str(options.get("analyzer"))) if name in versions]
        if step["command"] == "morph" and used:
            options["analyzer_version"] = ", ".join(f"{name} {versions[name]}" for name in used)
        told: Step = {"command": step["command"], "options": options}
        records = step["records"]
        told["inputs"] = {name: records.get(name) for name in step["sources"] if name not in made}
        told |= {"set_aside": step["set_aside"], "messages": step["messages"]}
        study["steps"].append(told)
        for name, count in step["corpus"].items():
            study[name] = count  # type: ignore[literal-required]
    return study


def _flat(options: Record) -> Record:
    """Options of a header as of the command: those of stm's formula are nested there."""
    found = dict(options)
    if isinstance(found.get("prevalence"), dict):
        found["formula"] = found.pop("prevalence").get("formula")
    found.pop("groups", None)
    return found


def steps_of(analyzer: str | None, analysis: str | None) -> list[Step]:
    """The steps that a column `analysis` tells of: `--pos noun | stopwords --min-length 2`."""
    if not analyzer:
        return []
    options, later = split_analysis(analysis)
    steps: list[Step] = [
        {"command": "morph", "options": {"analyzer": analyzer, **_parsed(shlex.split(options))}}
    ]
    for text in filter(None, (part.strip() for part in later.split(" | "))):
        words = shlex.split(_NUMBER_OF.sub(r"[\1_words]", text))
        at = next((at for at, word in enumerate(words) if word.startswith("-")), len(words))
        command, rest = " ".join(words[:at]), words[at:]
        found = _parsed([word.replace("_words]", " words]") for word in rest])
        if command.startswith("words apply "):
            command, found["words"] = "words apply", command.removeprefix("words apply ")
        steps.append({"command": command, "options": found})
    return steps


def _parsed(words: list[str]) -> Record:
    """The options of a command line by their names in Python; those without a value are True."""
    found: Record = {}
    name = ""
    for word in words:
        if word.startswith("-"):
            name = word.lstrip("-").replace("-", "_")
            found[name] = True
        elif name:
            found[name] = word
    return found
