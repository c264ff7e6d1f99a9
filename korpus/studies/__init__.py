"""Study files (연구 파일): which commands to run, in what order, and which of them again.

Nothing here reads or writes a file: `korpus.cli` gives the text of the study, and what is on the
disk.
"""

from typing import TYPE_CHECKING

from korpus.rooms import load_when_used

if TYPE_CHECKING:
    from korpus.studies.changes import Lock, StepLock, differences, why_again
    from korpus.studies.commands import CommandSpec, Parameter
    from korpus.studies.graph import mermaid, needs_of, units_of, writer_of
    from korpus.studies.history import Ran, history_steps
    from korpus.studies.plan import PlannedStep, plan
    from korpus.studies.study_file import StudyFile, parse_study
    from korpus.studies.write import study_text
else:
    load_when_used(__name__)

__all__ = [
    "CommandSpec",
    "Lock",
    "Parameter",
    "PlannedStep",
    "Ran",
    "StepLock",
    "StudyFile",
    "differences",
    "history_steps",
    "mermaid",
    "needs_of",
    "parse_study",
    "plan",
    "study_text",
    "units_of",
    "why_again",
    "writer_of",
]
