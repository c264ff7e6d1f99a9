import csv
import io
import math
import statistics
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import numpy
import pytest
import scipy.sparse
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from korpus.analyzers import morph
from korpus.statistics import lexical as measures
from korpus.tokens import lexical
from tests.support import TOKENS, korpus, lines, records, shell
from tests.test_cooccurrences import document

# Gries (2008, 2020): five parts of a corpus of 50 words.
PARTS = ["bamnibeup", "basatbewqn", "bcagabesta", "baghabeaat", "bahaabeaxat"]


def mtld_one_way(tokens: list[int]) -> float:
    """McCarthy & Jarvis (2010), with ratios instead of sets that are cleared."""
    factors, start = 0.0, 0
    for end in range(1, len(tokens) + 1):
        ratio = len(set(tokens[start:end])) / (end - start)
        if ratio < 0.72:
            factors, start = factors + 1, end
    if start < len(tokens):
        factors += (1 - len(set(tokens[start:])) / (len(tokens) - start)) / 0.28
    return len(tokens) / factors if factors else math.nan


@given(st.lists(st.integers(0, 6), max_size=60), st.integers(1, 12))
def test_diversity_equals_plain_definitions(tokens: list[int], window: int) -> None:
    types = numpy.array(tokens, dtype=int)
    windows = [tokens[at : at + window] for at in range(len(tokens) - window + 1)]
    if windows:
        wanted = numpy.mean([len(set(found)) / window for found in windows])
        assert measures.mattr(types, window) == pytest.approx(wanted, rel=1e-9)
    else:
        assert measures.mattr(types, window) is None
    both = [mtld_one_way(tokens), mtld_one_way(tokens[::-1])]
    found = measures.mtld(types)
    if found is None:
        assert numpy.isnan(both).all()
    else:
        assert found == pytest.approx(numpy.nanmean(both), rel=1e-9)
    counts = numpy.array(list(Counter(tokens).values()), dtype=int)
    size = len(tokens)
    if size:
        spectrum = Counter(counts.tolist())
        repeats = sum(times * (count / size) ** 2 for count, times in spectrum.items())
        assert measures.yule_k(counts) == pytest.approx(
            1e4 * (repeats - 1 / size), rel=1e-9, abs=1e-9
        )
        shares = counts / size
        assert measures.entropy(counts) == pytest.approx(
            -(shares * numpy.log2(shares)).sum(), abs=1e-9
        )
    if size >= 42:
        absent = [math.comb(size - int(n), 42) / math.comb(size, 42) for n in counts]
        assert measures.hdd(counts) == pytest.approx(sum(1 - p for p in absent) / 42, rel=1e-9)
    else:
        assert measures.hdd(counts) is None


def test_published_dispersion() -> None:
    letters = sorted(set("".join(PARTS)))
    counts = scipy.sparse.csr_matrix([[part.count(letter) for part in PARTS] for letter in letters])
    sizes = numpy.array(list(map(len, PARTS)))
    d = dict(zip(letters, measures.juilland_d(counts, sizes), strict=True))
    dp = dict(zip(letters, measures.deviation_of_proportions(counts, sizes), strict=True))
    assert (round(d["a"], 3), round(dp["a"], 2)) == (0.785, 0.18)
    assert (round(d["x"], 3), round(dp["x"], 2)) == (0, 0.78)
    for letter, row in zip(letters, counts.toarray(), strict=True):
        shares = row / sizes
        assert d[letter] == pytest.approx(1 - scipy.stats.variation(shares) / 2, abs=1e-9)
        change = numpy.abs(row / row.sum() - sizes / sizes.sum())
        assert dp[letter] == pytest.approx(change.sum() / 2, abs=1e-9)


def test_interval_of_a_ratio_is_that_of_a_bootstrap() -> None:
    random = numpy.random.default_rng(1)
    below = random.integers(5, 40, 400)
    above = random.binomial(below, random.beta(6, 6, 400))
    value, low, high = measures.ratio(above, below)
    drawn = random.integers(0, 400, (2000, 400))
    found = above[drawn].sum(axis=1) / below[drawn].sum(axis=1)
    assert value is not None and low is not None and high is not None
    assert numpy.quantile(found, [0.025, 0.975]) == pytest.approx([low, high], abs=0.003)
    assert measures.ratio(above[:1], below[:1])[1:] == (None, None)
    assert measures.ratio(above[:0], below[:0]) == (None, None, None)


def rows(*arguments: object, stdin: str) -> list[dict[str, str]]:
    done = korpus("lexical", *arguments, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_density_and_sentence_length() -> None:
    tokens = lines(*morph(["배우가 웃었다. 영화가 좋다!", "아이들이 웃었다."], spans=True))
    (row,) = rows(stdin=tokens)
    found = [record["tags"] for record in records(tokens)]
    signs = sum(tag == "SF" for tags in found for tag in tags)
    total = sum(map(len, found))
    content = sum(tag[:2] in ("NN", "VV", "VA") for tags in found for tag in tags)
    assert float(row["density"]) == pytest.approx(content / (total - signs))
    assert float(row["sentence_length"]) == pytest.approx(total / 3)
    assert float(row["density_low"]) < float(row["density"]) < float(row["density_high"])


def test_groups_and_their_order() -> None:
    records: list[dict[str, Any]] = [
        {"id": str(n), "rating": n % 11, "tokens": ["가"] * n, "tags": ["NNG"] * n}
        for n in range(1, 23)
    ]
    table = list(lexical(records, by="rating"))
    assert [row["rating"] for row in table] == [str(n) for n in range(11)]
    assert [row["tokens"] for row in table][:3] == [11 + 22, 1 + 12, 2 + 13]
    assert table[0]["ttr"] == 1 / 33 and table[0]["density"] == 1
    assert table[0]["sentence_length"] is None


def test_dispersion_over_documents_and_groups() -> None:
    texts = [
        {"id": str(n), "part": n, **document([[(c, 1) for c in p]])} for n, p in enumerate(PARTS)
    ]
    for arguments in ([], ["--by", "part"]):
        found = rows("--dispersion", *arguments, stdin=lines(*texts))
        assert list(found[0]) == ["term", "tag", "count", "df", "juilland_d", "dp"]
        assert (found[0]["term"], found[0]["count"], found[0]["df"]) == ("a", "15", "5")
        assert round(float(found[0]["juilland_d"]), 3) == 0.785
        assert round(float(found[0]["dp"]), 2) == 0.18
    assert len(rows("--dispersion", "--min-count", 9, "--top", 9, stdin=lines(*texts))) == 2
    (one,) = rows("--dispersion", "--top", 1, stdin=lines(texts[0]))
    assert (one["juilland_d"], one["dp"]) == ("", "0.0")


def test_little_input() -> None:
    empty = rows(stdin="")
    assert (empty[0]["documents"], empty[0]["ttr"]) == ("0", "")
    assert rows("--dispersion", stdin="") == rows("--by", "id", stdin="") == []
    (row,) = rows(stdin=TOKENS)
    assert (row["types"], row["ttr"], row["mattr"], row["hdd"]) == ("2", "1.0", "", "")
    (row,) = rows(stdin='{"id":"1","tokens":["가","가"]}\n')
    assert (row["density"], row["entropy"]) == ("", "0.0")


def test_errors() -> None:
    for arguments in (["--window", "0"], ["--top", "0"], ["--min-count", "0"]):
        assert korpus("lexical", *arguments, stdin=TOKENS).returncode == 2
    done = korpus("lexical", "--by", "raiting", stdin=TOKENS)
    assert done.returncode == 1 and "has no column 'raiting'" in done.stderr


def test_processes_make_no_difference(tmp_path: Path, sample_tokens: Path) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text(sample_tokens.read_text() * 12)
    for more in ("--by category", "--dispersion"):
        outputs = {shell(f"korpus lexical -q {more} {many} -j {jobs}").stdout for jobs in (1, 2)}
        assert len(outputs) == 1 and len(outputs.pop().splitlines()) > 5


def test_intervals_are_those_of_a_plain_bootstrap() -> None:
    dice = numpy.random.default_rng(5)
    texts = [dice.zipf(1.6, size=n).clip(0, 60).tolist() for n in dice.integers(3, 15, 30)]
    lengths = numpy.array(list(map(len, texts)))
    joined = numpy.array([*chain(*texts)])
    found = measures.bootstrap_intervals(joined, lengths, replicates=80, seed=3)

    def plain(tokens: list[int]) -> dict[str, float]:
        counts = Counter(tokens).values()
        size = len(tokens)
        absent = [math.comb(size - n, 42) / math.comb(size, 42) for n in counts]
        return {
            "ttr": len(counts) / size,
            "mtld": (mtld_one_way(tokens) + mtld_one_way(tokens[::-1])) / 2,
            "hdd": sum(1 - p for p in absent) / 42,
            "yule_k": 1e4 * (sum(n * n for n in counts) - size) / size**2,
            "entropy": -sum(n / size * math.log2(n / size) for n in counts),
        }

    draws = numpy.random.default_rng(3)
    samples = [
        plain([*chain(*(texts[at] for at in draws.integers(0, 30, 30)))])
        for _replicate in range(80)
    ]
    for name, value in plain([*chain(*texts)]).items():
        error = scipy.stats.norm.ppf(0.975) * statistics.stdev(s[name] for s in samples)
        assert found[name] == pytest.approx((value - error, value + error), rel=1e-9)


def test_replicates_give_intervals_to_groups_with_enough_documents() -> None:
    given = [
        {"id": str(n), "tokens": ["가", "나", f"{n}"][: n % 4], "tags": ["N"] * min(n % 4, 3)}
        | {"g": "a" if n < 3 else "b"}
        for n in range(40)
    ]
    done = korpus("lexical", "--by", "g", "--replicates", 20, stdin=lines(*given))
    assert "fewer than 10 documents, no interval by --replicates: a" in done.stderr
    few, many = csv.DictReader(io.StringIO(done.stdout))
    assert few["ttr"] and not few["ttr_low"] and not few["entropy_high"]
    assert float(many["ttr_low"]) < float(many["ttr"]) < float(many["ttr_high"]) <= 1
    again = korpus("lexical", "--by", "g", "--replicates", 20, stdin=lines(*given[3:], *given[:3]))
    assert done.stdout == again.stdout  # a group's interval is its own
    other = korpus("lexical", "--replicates", 20, "--seed", 1, stdin=lines(*given[3:]))
    assert many["ttr_low"] not in other.stdout
    columns = next(csv.reader(io.StringIO(korpus("lexical", stdin=lines(*given)).stdout)))
    assert "ttr" in columns and "ttr_low" not in columns
