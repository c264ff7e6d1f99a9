"""A word cloud of a token file, with json, Counter and the wordcloud package."""

import json
import sys
from collections import Counter

from wordcloud import WordCloud


def main(source: str, output: str, font: str) -> None:
    counts: Counter[str] = Counter()
    with open(source, encoding="utf-8") as lines:  # noqa: PTH123
        for line in lines:
            counts.update(json.loads(line)["tokens"])
    cloud = WordCloud(
        font_path=font, width=1200, height=800, background_color="white", random_state=0
    )
    cloud.generate_from_frequencies(counts)
    cloud.to_file(output)


if __name__ == "__main__":
    main(*sys.argv[1:])
