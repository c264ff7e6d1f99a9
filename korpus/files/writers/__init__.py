"""Writers: one file per output format, and the table of them."""

from korpus.files.writers.bars import write_bars
from korpus.files.writers.charts import CHART_SUFFIXES, check_chart, write_chart
from korpus.files.writers.ids import MOST_IDS, Ids, ids_in
from korpus.files.writers.jsonl import json_bytes, json_line
from korpus.files.writers.pictures import (
    check_picture,
    write_cloud,
)
from korpus.files.writers.spool import flat, spooled, whole
from korpus.files.writers.spreadsheet import counted, disarmed
from korpus.files.writers.table import (
    NETWORKS,
    OUTPUT_FORMATS,
    RECORDS,
    TABLES,
    OutputFormat,
    find_output_format,
    output_format_of,
    output_formats,
)

__all__ = [
    "CHART_SUFFIXES",
    "MOST_IDS",
    "NETWORKS",
    "OUTPUT_FORMATS",
    "RECORDS",
    "TABLES",
    "Ids",
    "OutputFormat",
    "check_chart",
    "check_picture",
    "counted",
    "disarmed",
    "find_output_format",
    "flat",
    "ids_in",
    "json_bytes",
    "json_line",
    "output_format_of",
    "output_formats",
    "spooled",
    "whole",
    "write_bars",
    "write_chart",
    "write_cloud",
]
