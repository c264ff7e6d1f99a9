"""Names of nodes in formats of lines, which cannot hold all characters."""

import logging

from korpus.files.writers.spool import whole
from korpus.messages import _, plural
from korpus.records import Network

logger = logging.getLogger("korpus")


def line_labels(network: Network) -> list[str]:
    """The names without line ends, and with ' for each \": formats of lines have no escapes.

    Logs how many names were changed.
    """
    names = [str(row[0]) for row in network.nodes.rows]
    labels = [whole(" ".join(name.split()).replace('"', "'")) for name in names]
    changed = sum(name != label for name, label in zip(names, labels, strict=True))
    if changed:
        logger.info(
            _("%s: quotes and line ends replaced, which this format cannot hold"),
            plural(changed, "name"),
        )
    return labels


def modes(network: Network) -> tuple[int, int] | None:
    """How many nodes are of the first kind, and of the second; None if all are of one."""
    if "mode" not in network.nodes.columns:
        return None
    place = network.nodes.columns.index("mode")
    found = [row[place] for row in network.nodes.rows]
    first = found.count(found[0]) if found else 0
    return first, len(found) - first
