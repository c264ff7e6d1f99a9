import csv
import io
import math
from pathlib import Path
from typing import Any

import numpy
import pytest
import scipy.stats
import wordfreq

from korpus.errors import KorpusError, UsageError
from korpus.statistics import keyness as measures
from korpus.statistics.significance import q_values
from korpus.tokens import freq, keyness
from tests.support import korpus, lines

PAIRS = [(30, 5, 400, 900), (1, 40, 400, 900), (7, 0, 50, 60), (0, 9, 50, 60), (10, 20, 100, 200)]


def documents(**groups: str) -> list[dict[str, Any]]:
    """A document per word of each group; the tag of all tokens is N."""
    return [
        {"id": f"{name}{n}", "group": name, "tokens": [token], "tags": ["N"]}
        for name, text in groups.items()
        for n, token in enumerate(text.split())
    ]


def rows_of(output: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(output)))


SOURCE = documents(a="가 가 가 나 다", b="나 나 라 라 라 라 다", c="나 다 마")


@pytest.mark.parametrize(("count", "other", "size", "other_size"), PAIRS)
def test_measures_against_scipy(count: int, other: int, size: int, other_size: int) -> None:
    target = [{"id": "1", "tokens": ["가"] * count + ["나"] * (size - count)}]
    rest = [{"id": "2", "tokens": ["가"] * other + ["나"] * (other_size - other)}]
    row = next(row for row in keyness(target, rest, min_count=1) if row["term"] == "가")
    table = [[count, size - count], [other, other_size - other]]
    sign = 1 if count / size >= other / other_size else -1
    for name, kind in (("g2", "log-likelihood"), ("chi2", "pearson")):
        statistic, p, *_ = scipy.stats.chi2_contingency(table, correction=False, lambda_=kind)
        assert row[name] == pytest.approx(sign * statistic, abs=1e-9)
        if name == "g2":
            assert row["p"] == pytest.approx(p, rel=1e-9)
            assert row["bic"] == pytest.approx(statistic - math.log(size + other_size), abs=1e-9)
    shares = [(found or 0.5) / whole for found, whole in ((count, size), (other, other_size))]
    assert row["log_ratio"] == pytest.approx(math.log2(shares[0] / shares[1]), abs=1e-9)
    if other:
        share, other_share = count / size, other / other_size
        assert row["percent_diff"] == pytest.approx(100 * (share / other_share - 1), abs=1e-9)
        ratio = scipy.stats.contingency.odds_ratio(table, kind="sample").statistic
        assert row["odds_ratio"] == pytest.approx(ratio, abs=1e-9)
    else:
        assert row["percent_diff"] is None is row["odds_ratio"]


def test_log_odds_against_loops() -> None:
    """The formulas of Monroe, Colaresi & Quinn, term by term."""
    first, second = {"가": 9, "나": 3, "다": 20}, {"가": 2, "나": 30, "라": 5}
    found = keyness(
        [{"id": "1", "tokens": [t for t, n in first.items() for _ in range(n)]}],
        [{"id": "2", "tokens": [t for t, n in second.items() for _ in range(n)]}],
        min_count=1,
    )
    n, m = sum(first.values()), sum(second.values())
    for row in found:
        y, z = first.get(row["term"], 0), second.get(row["term"], 0)
        alpha, alphas = (y + z) * min(n, m) / (n + m), min(n, m)
        delta = math.log((y + alpha) / (n + alphas - y - alpha))
        delta -= math.log((z + alpha) / (m + alphas - z - alpha))
        variance = 1 / (y + alpha) + 1 / (z + alpha)
        assert row["log_odds"] == pytest.approx(delta / math.sqrt(variance), abs=1e-9)


def test_false_discovery_rates_against_scipy() -> None:
    p = numpy.random.default_rng(0).uniform(size=200) ** 3
    expected = scipy.stats.false_discovery_control(p)
    assert numpy.allclose(q_values(p), expected, atol=1e-12)
    holes = numpy.concatenate([p, [numpy.nan]])
    assert numpy.allclose(q_values(holes)[:-1], expected, atol=1e-12)
    assert numpy.isnan(q_values(holes)[-1]) and len(q_values(p[:0])) == 0


def test_bayes_factor_grows_with_the_corpus() -> None:
    assert measures.bayes_factor(numpy.array(-10.0), math.e**4) == pytest.approx(6)


def test_each_group_against_the_others() -> None:
    done = korpus("keyness", "--by", "group", "--min-count", 1, "--top", 1, stdin=lines(*SOURCE))
    rows = rows_of(done.stdout)
    assert [(row["group"], row["term"]) for row in rows] == [("a", "가"), ("b", "라"), ("c", "마")]
    assert (rows[0]["count"], rows[0]["reference_count"]) == ("3", "0")
    assert "b: 7 tokens; reference: 8 tokens; 5 terms compared" in done.stderr


def test_one_group_has_both_ends() -> None:
    rows = list(keyness(SOURCE, by="group", target="b", min_count=1, top=1))
    assert [(row["group"], row["term"]) for row in rows] == [("b", "라"), ("b", "가")]
    assert rows[1]["g2"] < 0 and rows[1]["count"] == 0
    everything = [row["g2"] for row in keyness(SOURCE, by="group", target="b", min_count=1)]
    assert everything == sorted(everything, reverse=True) and len(everything) == 5


def test_two_sources_are_as_two_groups(tmp_path: Path) -> None:
    path = tmp_path / "b.jsonl"
    path.write_text(lines(*(r for r in SOURCE if r["group"] == "b")))
    ours = lines(*(r for r in SOURCE if r["group"] == "a"))
    done = korpus("keyness", "-", path, "--min-count", 1, "--sort", "log_odds", stdin=ours)
    two = [r for r in SOURCE if r["group"] != "c"]
    expected = keyness(two, by="group", target="a", min_count=1, sort="log_odds")
    found = rows_of(done.stdout)
    assert [row["term"] for row in found] == [row["term"] for row in expected]
    assert [float(row["g2"]) for row in found] == [row["g2"] for row in expected]
    assert "12 documents in" not in done.stdout and "5 tokens; reference: 7 tokens" in done.stderr


def test_a_table_as_the_reference(tmp_path: Path) -> None:
    path = tmp_path / "freq.csv"
    rest = [r for r in SOURCE if r["group"] != "a"]
    path.write_text("term,tag,count\n" + "".join(
        f"{row['term']},{row['tag']},{row['count']}\n" for row in freq(rest)
    ))  # fmt: skip
    ours = [r for r in SOURCE if r["group"] == "a"]
    done = korpus("keyness", "--reference", path, "--min-count", 1, stdin=lines(*ours))
    expected = {row["term"]: row["g2"] for row in keyness(ours, rest, min_count=1)}
    found = {row["term"]: float(row["g2"]) for row in rows_of(done.stdout)}
    assert found == {term: pytest.approx(expected[term]) for term in ("가", "나", "다")}
    # Without tags, or with those of another tagset, words are compared alone.
    for tag in ({}, {"tag": "Noun"}):
        table = [{"term": row["term"], "count": str(row["count"]), **tag} for row in freq(rest)]
        untagged = keyness(ours, reference=table, min_count=1)
        assert {row["term"]: row["g2"] for row in untagged} == found
        assert {row["tag"] for row in untagged} == {""}


def test_general_korean() -> None:
    """Only terms that both sides know are compared, and only their tokens count."""
    words = {"영화": 5, "것": 2, "없는낱말임": 3}
    document = {"id": "1", "tokens": [w for w, n in words.items() for _ in range(n)]}
    arguments = ["--reference", "wordfreq", "--min-count", 1]
    done = korpus("keyness", *arguments, stdin=lines({**document, "tags": ["NNG"] * 10}))
    known = {word: wordfreq.get_frequency_dict("ko")[word] for word in ("영화", "것")}
    rows = {row["term"]: row for row in rows_of(done.stdout)}
    assert set(rows) == set(known)
    for word, share in known.items():
        assert float(rows[word]["share"]) == words[word] / 7
        assert float(rows[word]["reference_count"]) == pytest.approx(share * 1e8)
        found = float(rows[word]["reference_share"])
        assert found == pytest.approx(share / sum(known.values()))
    assert "wordfreq lacks 1 term (30.0% of the tokens): left out" in done.stderr
    assert "7 tokens; reference: " in done.stderr
    python = keyness([document], reference="wordfreq", min_count=1)
    assert [row["g2"] for row in python] == [float(row["g2"]) for row in rows.values()]


def test_nothing_that_general_korean_has() -> None:
    source = lines({"id": "1", "tokens": ["없는낱말임"], "tags": ["NNG"]})
    done = korpus("keyness", "--reference", "wordfreq", stdin=source)
    assert done.returncode == 1 and "the target has no tokens" in done.stderr
    assert "wordfreq lacks 1 term (100.0% of the tokens)" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "compares with one of: a second SOURCE"),
        (["--by", "group", "--reference", "wordfreq"], "compares with one of"),
        (
            ["--reference", "wordfreq", "--target", "a"],
            "--target names a group, but no --by is given",
        ),
        (["--by", "group", "--sort", "p"], "--sort p is unknown"),
        (["--by", "group", "--top", "0"], "--top 0 is less than 1"),
    ],
)
def test_usage_errors(arguments: list[str], message: str) -> None:
    done = korpus("keyness", *arguments, stdin=lines(*SOURCE))
    assert done.returncode == 2 and message in done.stderr and done.stdout == ""


@pytest.mark.parametrize(
    ("source", "arguments", "message"),
    [
        (SOURCE, ["--target", "z"], "no document has group 'z'"),
        ([], [], "all tokens are in one group"),
        (documents(a="가 나"), [], "all tokens are in one group"),
        (documents(a="가 나"), ["--target", "a"], "the reference has no tokens"),
        ([*SOURCE, {"id": "x", "group": "e", "tokens": []}], ["--target", "e"], "the target has"),
    ],
)
def test_data_errors(source: list[Any], arguments: list[str], message: str) -> None:
    done = korpus("keyness", "--by", "group", *arguments, stdin=lines(*source))
    assert done.returncode == 1 and message in done.stderr and done.stdout == ""


def test_a_group_without_tokens_is_left_out_and_said() -> None:
    source = [*SOURCE, {"id": "x", "group": "e", "tokens": []}]
    done = korpus("keyness", "--by", "group", "--min-count", 1, stdin=lines(*source))
    assert "e has no tokens: left out" in done.stderr
    assert {row["group"] for row in rows_of(done.stdout)} == {"a", "b", "c"}


def test_what_is_no_table_of_frequencies() -> None:
    with pytest.raises(KorpusError, match="no column 'count'"):
        keyness(SOURCE, reference=[{"term": "가"}])
    with pytest.raises(KorpusError, match="the count 'x' for '가'"):
        keyness(SOURCE, reference=[{"term": "가", "count": "x"}])
    with pytest.raises(UsageError):
        keyness(SOURCE)


def test_terms_below_the_minimum_are_said() -> None:
    done = korpus("keyness", "--by", "group", "--target", "b", stdin=lines(*SOURCE))
    assert "--min-count 5: 5 terms left out" in done.stderr
    assert done.stdout.count("\n") == 1 and done.returncode == 0


def test_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "k.svg"
    arguments = ["--by", "group", "--min-count", 1, "--plot", path]
    assert korpus("keyness", *arguments, stdin=lines(*SOURCE)).returncode == 0
    svg = path.read_text()
    assert all(f">{term}<" in svg for term in "가나다라마") and ">G²<" in svg
