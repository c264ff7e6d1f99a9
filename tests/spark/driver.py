"""Run commands on a cluster in one session: each is a list in JSON, a line of standard input.

python -m tests.spark.driver URL

Writes the exit code of each as a line.
"""

import json
import sys

from tests.spark.conftest import run_here

if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(f"{run_here(*json.loads(line), '--on', sys.argv[1])}\n")
        sys.stdout.flush()
