"""Measures of texts and labels, beside sacrebleu, rouge-score, scikit-learn and worked examples."""

import csv
import json
import random
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
import sacrebleu
from rouge_score.rouge_scorer import RougeScorer
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score, matthews_corrcoef

from korpus import evaluate
from korpus.errors import KorpusError, UsageError
from korpus.models.evaluate.texts import Pair, cer, rouge, wer
from tests.support import korpus

# Papineni et al. (2002), example 1 and 2.
CANDIDATES = [
    "It is a guide to action which ensures that the military always obeys the commands of the "
    "party",
    "the the the the the the the",
]
REFERENCES = [
    [
        "It is a guide to action that ensures that the military will forever heed Party commands",
        "It is the guiding principle which guarantees the military forces always being under the "
        "command of the Party",
    ],
    ["The cat is on the mat", "There is a cat on the mat"],
]
ROWS = [
    {"id": str(n), "hypothesis": text, "reference": one, "other": other}
    for n, (text, (one, other)) in enumerate(zip(CANDIDATES, REFERENCES, strict=True), 1)
]
# Of rouge-score's own tests (rouge_scorer_test.py and testdata).
ROUGE_EXAMPLES = [
    ("testing one two", "testing"),
    ("testing one two", "testing one two"),
    ("testing one two", "one three"),
    ("testing one two", "testing one three two"),
    ("", "testing one two"),
    ("testing one two", ""),
    ("police killed the gunman", "police kill the gunman"),
    ("police killed the gunman", "the gunman kill police"),
    ("police killed the gunman", "the gunman police killed"),
    ("w1 w2 w3 w4 w5", "w1 w2 w6 w7 w8"),
    ("w1 w2 w3 w4 w5", "w1 w3 w8 w9 w5"),
]


def rows_of(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


class Words:
    """A tokenizer for rouge-score."""

    def tokenize(self, text: str) -> list[str]:
        return text.split()


def values(rows: object, **options: object) -> dict[str, float]:
    found = evaluate(rows, replicates=0, tokenize="space", **options)
    return {(row["measure"] + " " + row["label"]).strip(): row["value"] for row in found}


def made(number: int, seed: int = 0) -> list[dict[str, str]]:
    """Documents of random words, the hypothesis a damaged reference."""
    dice = random.Random(seed)
    words = ["나는", "학교에", "갔다", "비가", "온다", "영화", "정말", "재미있다", "그", "가"]
    rows = []
    for n in range(number):
        reference = dice.choices(words, k=dice.randint(1, 12))
        own = [dice.choice(words) if dice.random() < 0.3 else word for word in reference]
        other = dice.sample(own, len(own))
        rows.append({"id": n, "hypothesis": " ".join(own[1:]), "reference": " ".join(reference)})
        rows[-1]["other"] = " ".join(other)
    return rows


@pytest.mark.parametrize("columns", [["reference"], ["reference", "other"]])
def test_bleu_and_chrf_are_those_of_sacrebleu(columns: list[str]) -> None:
    for rows in (ROWS, made(40)):
        found = values(rows, reference=columns, measures="bleu,chrf")
        texts = [row["hypothesis"] for row in rows]
        references = [[row[name] for row in rows] for name in columns]
        bleu = sacrebleu.corpus_bleu(texts, references, tokenize="none", force=True)
        assert found["bleu"] == bleu.score
        assert found["chrf"] == sacrebleu.corpus_chrf(texts, references).score
        each = list(evaluate(rows, reference=columns, tokenize="space", replicates=0).each)
        for row, text, own in zip(each, texts, zip(*references, strict=True), strict=True):
            sentence = sacrebleu.sentence_bleu(text, own, tokenize="none")
            assert row["bleu"] == sentence.score
            assert row["chrf"] == sacrebleu.sentence_chrf(text, own).score


def test_a_text_with_fewer_references_than_others() -> None:
    rows = [ROWS[0], {**ROWS[1], "other": None}]
    found = values(rows, reference=["reference", "other"], measures="bleu")
    references = [[row[name] for row in rows] for name in ("reference", "other")]
    bleu = sacrebleu.corpus_bleu(CANDIDATES, references, tokenize="none", force=True)
    assert found["bleu"] == bleu.score


def test_rouge_is_that_of_rouge_score() -> None:
    kinds = ["rouge1", "rouge2", "rougeL"]
    scorer = RougeScorer(kinds, tokenizer=Words())
    examples = [*ROUGE_EXAMPLES, *((row["reference"], row["hypothesis"]) for row in made(30))]
    for target, text in examples:
        pair = Pair(text, [target], text.split(), [target.split()])
        found = {m.name: m.score_each(m.counts[0]) for m in rouge([pair])}
        for kind, score in scorer.score(target, text).items():
            assert found[kind] == pytest.approx(score.fmeasure, abs=1e-12)
            assert found[f"{kind}_precision"] == pytest.approx(score.precision, abs=1e-12)
            assert found[f"{kind}_recall"] == pytest.approx(score.recall, abs=1e-12)


def test_rouge_of_several_references_is_the_best() -> None:
    rows = made(20)
    scorer = RougeScorer(["rouge1", "rouge2", "rougeL"], tokenizer=Words())
    found = values(rows, reference=["reference", "other"], measures="rouge")
    for kind in ("rouge1", "rouge2", "rougeL"):
        best = [
            scorer.score_multi([row["reference"], row["other"]], row["hypothesis"])[kind]
            for row in rows
        ]
        assert found[kind] == pytest.approx(sum(s.fmeasure for s in best) / len(rows), abs=1e-12)


def test_error_rates_by_hand() -> None:
    """One word replaced and one left out of four; letters as they differ; put in beyond 1."""
    pair = Pair("나는 학교 갔다", ["나는 어제 학교에 갔다"], [], [])
    (words,), (letters, spaceless) = wer([pair]), cer([pair])
    assert words.counts.tolist() == [[2, 4]]
    assert letters.counts.tolist() == [[4, 12]]  # 어제, a space, 에
    assert spaceless.counts.tolist() == [[3, 9]]
    more = Pair("가 나 다", ["가"], [], [])
    (words,) = wer([pair, more])
    assert words.score_each(words.counts[1]) == 2
    assert words.score(words.counts.sum(axis=0)) == 4 / 5
    nearest = Pair("가 나", ["다 라", "가 나 다", "가 라 마 바"], [], [])
    assert next(wer([nearest])).counts.tolist() == [[1, 3]]


def test_labels_are_measured_as_scikit_learn_does() -> None:
    dice = random.Random(1)
    true = [dice.choice("가나다") for _number in range(60)]
    given = [label if dice.random() < 0.6 else dice.choice("가나다") for label in true]
    rows = [
        {"id": n, "label": a, "predicted": b}
        for n, (a, b) in enumerate(zip(true, given, strict=True))
    ]
    found = values(rows, reference="label", hypothesis="predicted", measures="labels")
    assert found["accuracy"] == accuracy_score(true, given)
    assert found["macro_f1"] == pytest.approx(f1_score(true, given, average="macro"), abs=1e-12)
    assert found["mcc"] == pytest.approx(matthews_corrcoef(true, given), abs=1e-12)
    assert found["cohen_kappa"] == pytest.approx(cohen_kappa_score(true, given), abs=1e-12)
    scores = f1_score(true, given, average=None)
    assert [found[f"f1 {name}"] for name in "가나다"] == pytest.approx(list(scores), abs=1e-12)


def test_one_label_has_no_kappa_and_missing_ones_are_counted(tmp_path: Path) -> None:
    rows = [{"id": n, "reference": 1, "hypothesis": "1"} for n in range(3)]
    found = values([*rows, {"id": 9, "reference": None, "hypothesis": "2"}], measures="labels")
    assert (found["accuracy"], found["cohen_kappa"], found["f1 1"]) == (1, None, 1)
    source = tmp_path / "codes.csv"
    source.write_text("id,a,b\n1,가,가\n2,,나\n3,나,가\n")
    done = korpus("evaluate", source, "--reference", "a", "--hypothesis", "b", "--measures=labels")
    assert "1 document without both labels left out" in done.stderr
    assert "accuracy,,2,0.5" in done.stdout


def test_predictions_of_a_classifier_by_group(tmp_path: Path) -> None:
    """What classify predict writes, with intervals that are wider than nothing."""
    rows = [
        {"id": n, "year": 2020 + n % 2, "label": "가나"[n % 2], "predicted": "가나"[n % 3 % 2]}
        for n in range(24)
    ]
    source = tmp_path / "predicted.jsonl"
    source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    done = korpus(
        *("evaluate", source, "--reference", "label", "--hypothesis", "predicted"),
        *("--measures", "labels", "--by", "year"),
    )
    found = list(csv.DictReader(done.stdout.splitlines()))
    assert [row["year"] for row in found] == sorted(row["year"] for row in found)
    accuracy = [row for row in found if row["measure"] == "accuracy"]
    assert [row["documents"] for row in accuracy] == ["12", "12"]
    assert all(float(row["low"]) < float(row["value"]) < float(row["high"]) for row in accuracy)


def test_two_files_are_matched_by_line(tmp_path: Path) -> None:
    system, human, other = (tmp_path / f"{name}.txt" for name in ("system", "human", "other"))
    system.write_text("영화가 재미있다\n비가 온다\n")
    human.write_text("영화가 정말 재미있었다\n비가 내린다\n")
    other.write_text("영화가 재미있다\n비가 온다\n")
    done = korpus("evaluate", system, human, "--measures", "bleu,wer", "-f", "jsonl")
    bleu, rate = rows_of(done.stdout)
    assert rate["value"] == 3 / 5 and 0 < bleu["value"] < 100
    assert "bleu: nrefs:1|case:mixed|eff:no|tok:morph-mecab|smooth:exp|version:" in done.stderr
    done = korpus("evaluate", system, human, other, "--measures", "bleu,wer", "-f", "jsonl")
    assert [row["value"] for row in rows_of(done.stdout)] == [pytest.approx(100), 0]
    human.write_text("영화가 정말 재미있었다\n")
    done = korpus("evaluate", system, human, "--measures", "wer", "-f", "jsonl")
    assert rows_of(done.stdout)[0]["documents"] == 1
    assert "1 document without a row in the table: left out" in done.stderr


def test_tokens_of_bleu_and_rouge() -> None:
    """Morphemes share stems that words do not; letters share more."""
    row = {"id": 1, "reference": "학교에 갔다", "hypothesis": "학교로 갔다"}
    found = {}
    for name in ("morph", "space", "char"):
        rows = evaluate([row], tokenize=name, measures="rouge", replicates=0)
        found[name] = next(iter(rows))["value"]
    assert found["space"] == 0.5 and found["morph"] == 0.75 and found["char"] == pytest.approx(0.8)


def test_texts_that_are_missing_or_spelled_otherwise() -> None:
    rows = [
        {"id": 1, "reference": normalize("NFD", "비가 온다"), "hypothesis": "비가 온다"},
        {"id": 2, "reference": "가", "hypothesis": None},
        {"id": 3, "reference": "", "hypothesis": "가"},
    ]
    found = list(evaluate(rows, measures="wer,bleu", replicates=20))
    assert next((row["documents"], row["value"]) for row in found) == (2, 1 / 3)
    for empty in ([{"id": 1, "reference": "", "hypothesis": "가"}], []):
        with pytest.raises(KorpusError):
            evaluate(empty)
    with pytest.raises(KorpusError, match="no column 'hypothesis'"):
        evaluate([{"id": 1, "reference": "가"}])
    with pytest.raises(UsageError, match="one --reference"):
        evaluate(rows, reference=["a", "b"], measures="labels")


def test_the_same_seed_gives_the_same_intervals() -> None:
    rows = made(30)
    first, again = (list(evaluate(rows, tokenize="char", replicates=50)) for _time in range(2))
    assert first == again
    assert all(row["low"] <= row["value"] <= row["high"] for row in first if row["value"])
    assert first != list(evaluate(rows, tokenize="char", replicates=50, seed=1))


def test_an_analyzer_runs_only_for_measures_of_tokens() -> None:
    rows = [{"id": "1", "reference": "가 나", "hypothesis": "가"}]
    assert next(iter(evaluate(rows, measures="wer", analyzer="none", replicates=0)))["value"] == 0.5
    with pytest.raises(UsageError, match="unknown analyzer"):
        evaluate(rows, measures="wer,rouge", analyzer="none")


def test_labels_have_no_measures_of_each_document(tmp_path: Path) -> None:
    done = korpus("evaluate", "--measures", "labels", "--documents", tmp_path / "d.csv", stdin="{}")
    assert done.returncode == 2
    assert "--documents does nothing with --measures labels" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--tokenize space -a kiwi", "--analyzer does nothing with --tokenize space"),
        ("--measures labels --tokenize morph", "--tokenize does nothing with --measures labels"),
        ("--measures wer,cer -a kiwi", "--analyzer does nothing with --measures wer,cer"),
        ("--measures perplexity", "run: korpus lm perplexity"),
    ],
)
def test_options_without_effect_are_errors(options: str, said: str) -> None:
    done = korpus("evaluate", *options.split(), stdin="reference,hypothesis\n가 나,가 다\n")
    assert done.returncode == 2 and said in done.stderr


def test_a_table_without_ids_is_numbered(tmp_path: Path) -> None:
    each, table = tmp_path / "each.csv", tmp_path / "table.csv"
    table.write_text("reference,hypothesis\n가 나,가 다\n가,가\n", encoding="utf-8")
    line = ["--measures", "wer", "--replicates", "0", "--documents", each]
    done = korpus("evaluate", table, *line)
    assert done.returncode == 0, done.stderr
    assert each.read_text().splitlines() == ["id,wer", "1,0.5", "2,0.0"]
