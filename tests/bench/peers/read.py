"""A CSV file as JSON lines, with pandas."""

import sys

import pandas


def main(source: str, output: str) -> None:
    table = pandas.read_csv(source)
    table.to_json(output, orient="records", lines=True, force_ascii=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
