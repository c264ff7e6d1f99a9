"""korpus lm train: language models of n-grams, beside plain Python, nltk and a reader of ARPA."""

import gzip
import itertools
import json
import math
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest
from nltk.lm import MLE, Lidstone, NgramCounter, Vocabulary
from nltk.util import everygrams
from safetensors.numpy import load_file, save_file

import korpus as api
from korpus.models.lm import as_arpa, from_arpa
from korpus.models.lm.ngram_model import NgramModel
from korpus.statistics.ngram_smoothing import _discounts
from tests.support import SAMPLE, korpus, lines, records

Probability = Callable[[str, tuple[str, ...]], float]
START, END, UNKNOWN = "<s>", "</s>", "<unk>"
SMALL = ["나는 학교에 간다", "나는 집에 간다", "나는 학교에 있다", "너는 집에 있다"]


def some_sentences(count: int, seed: int = 0) -> list[str]:
    """Sentences of words by the law of Zipf, for which all counts of counts are there."""
    dice = random.Random(seed)
    words = [chr(0xAC00 + 50 * number) for number in range(60)]
    weights = [1 / (rank + 2) for rank in range(60)]
    return [" ".join(dice.choices(words, weights, k=dice.randint(1, 12))) for _ in range(count)]


def trained(sentences: list[str], **options: Any) -> NgramModel:
    return api.lm_train(sentences, unit="word", **options).model


def probability_of(model: NgramModel) -> Probability:
    """The probability of a word after others."""
    marks = dict(zip((END, UNKNOWN, START), model.marks, strict=True))
    number = model.numbers | marks

    def found(word: str, context: tuple[str, ...]) -> float:
        return float(model.distribution([number[each] for each in context])[number[word]])

    return found


def contexts(model: NgramModel, count: int = 30) -> list[tuple[str, ...]]:
    """Contexts that were seen, and some at random."""
    dice = random.Random(1)
    words = [*model.terms, UNKNOWN]
    at_random = [
        tuple(dice.choices(words, k=dice.randint(0, model.order + 1))) for _ in range(count)
    ]
    return [(START,), *((START, word) for word in words[:5]), *at_random]


def kneser_ney(sentences: list[str], order: int) -> Probability:
    """Chen & Goodman's formulas, word for word and without arrays."""
    grams: list[Counter[tuple[str, ...]]] = [Counter() for _ in range(order + 2)]
    for sentence in sentences:
        padded = (START, *sentence.split(), END)
        for size in range(1, order + 1):
            for at in range(len(padded) - size + 1):
                grams[size][padded[at : at + size]] += 1
    words = {word for (word,) in grams[1]} - {START} | {UNKNOWN}

    def a(gram: tuple[str, ...]) -> int:
        if len(gram) == order or gram[0] == START:
            return grams[len(gram)][gram]
        return len({longer[0] for longer in grams[len(gram) + 1] if longer[1:] == gram})

    discounts: dict[int, tuple[float, ...]] = {}
    for size in range(1, order + 1):
        n = Counter(a(gram) for gram in grams[size] if gram != (START,))
        discounts[size] = (0.5, 1, 1.5)
        if n[1] and n[2] and n[3]:
            y = n[1] / (n[1] + 2 * n[2])
            d = (1 - 2 * y * n[2] / n[1], 2 - 3 * y * n[3] / n[2], 3 - 4 * y * n[4] / n[3])
            if all(0 <= d[at] <= at + 1 for at in range(3)):
                discounts[size] = d

    def taken(size: int, count: int) -> float:
        return discounts[size][min(count, 3) - 1] if count else 0

    def p(word: str, context: tuple[str, ...]) -> float:
        context = context[-(order - 1) :] if order > 1 else ()
        size = len(context) + 1
        counts = {v: a((*context, v)) for v in words}
        total = sum(counts.values())
        lower = p(word, context[1:]) if context else 1 / len(words)
        if not total:
            return lower
        gamma = sum(taken(size, count) for count in counts.values()) / total
        return (counts[word] - taken(size, counts[word])) / total + gamma * lower

    return p


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("sentences", [SMALL, some_sentences(40)], ids=["small", "larger"])
def test_kneser_ney_is_the_papers(sentences: list[str], order: int) -> None:
    model = trained(sentences, order=order)
    ours, theirs = probability_of(model), kneser_ney(sentences, order)
    for context in contexts(model):
        for word in [*model.terms[:8], END, UNKNOWN]:
            assert ours(word, context) == pytest.approx(theirs(word, context), abs=1e-12)


def test_kneser_ney_by_hand() -> None:
    """Two sentences, "가 나" and "가 다", as bigrams; discounts are assumed, 0.5, 1, 1.5.

    After 가: 나 and 다 once each of two, so each keeps (1 - 0.5) / 2 and 0.5 is left to share.
    One word: distinct words before 가, 나, 다 are 1 (<s>, 가, 가), and 2 before </s> (나, 다); of
    these 5, 3 × 0.5 + 1 are taken and shared by 가, 나, 다, </s>, <unk>.
    """
    p = probability_of(trained(["가 나", "가 다"], order=2))
    shared = 2.5 / 5 / 5
    assert p("나", ()) == pytest.approx(0.5 / 5 + shared)
    assert p(END, ()) == pytest.approx(1 / 5 + shared)
    assert p("나", ("가",)) == pytest.approx(0.25 + 0.5 * (0.1 + shared))
    assert p(UNKNOWN, ("가",)) == pytest.approx(0.5 * shared)


@pytest.mark.parametrize(
    "counts, expected",
    [
        ([1, 1, 1, 1, 2, 2, 3, 4], (0.5, 1.25, 1.0)),  # y = 4 / 8
        ([1, 1, 2, 2, 3], (1 / 3, 1.5, 3.0)),  # none of 4; y = 2 / 6
        ([1, 1, 2, 2], None),
        ([1, 2, 2, 2, 3], (1 - 6 / 7, 2 - 3 / 7 / 3, 3.0)),
        ([1, 2, 3, 3, 3, 3], None),  # 2 - 3 · y · 4 = -2
        ([5], None),
    ],
)
def test_discounts(counts: list[int], expected: tuple[float, ...] | None) -> None:
    found = _discounts(numpy.array(counts))
    assert found == (None if expected is None else pytest.approx(expected))


def test_assumed_discounts_are_said() -> None:
    done = korpus("lm", "train", "--unit", "word", stdin="\n".join(SMALL))
    assert done.returncode == 0
    assert "too few n-grams to estimate discounts at order 1, 3: taken as" in done.stderr


@pytest.mark.parametrize("smoothing", ["kneser-ney", "add-k"])
@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_probabilities_sum_to_one(smoothing: str, order: int) -> None:
    for sentences in (SMALL, some_sentences(300)):
        model = trained(sentences, order=order, smoothing=smoothing, k=0.3)
        number = dict(zip((UNKNOWN, START), model.marks[1:], strict=True)) | model.numbers
        for context in contexts(model, 100):
            found = model.distribution([number[word] for word in context])
            assert found.sum() == pytest.approx(1, abs=1e-9) and found.min() > 0


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("k", [0, 0.1, 1])
def test_maximum_likelihood_and_add_k_are_those_of_nltk(order: int, k: float) -> None:
    sentences = some_sentences(50)
    padded = [(START, *sentence.split(), END) for sentence in sentences]
    # The start of a sentence is never predicted.
    words = [word for sentence in padded for word in sentence[1:]]
    counter = NgramCounter(list(everygrams(sentence, max_len=order)) for sentence in padded)
    counter.unigrams.pop(START)
    kind: Any = MLE if not k else lambda *a, **b: Lidstone(k, *a, **b)
    theirs = kind(order, vocabulary=Vocabulary(words), counter=counter)
    name = "add-k" if k else "mle"
    ours = probability_of(trained(sentences, order=order, smoothing=name, k=k or 1.0))
    seen = {s[max(0, at - order + 1) : at] for s in padded for at in range(1, len(s))}
    some = ["가", END, *words[:4], padded[-1][-2]]
    for context, word in itertools.product(sorted(seen)[:80], some):
        its = context if order > 1 else ()
        assert ours(word, context) == pytest.approx(theirs.unmasked_score(word, its), abs=1e-9)


def test_what_was_not_seen_is_impossible_by_maximum_likelihood() -> None:
    """The lecture's problem: one new pair of words, and the whole sentence has probability 0."""
    for smoothing, expected in (("mle", 0.0), ("add-k", 1 / 9), ("kneser-ney", None)):
        p = probability_of(trained(SMALL, order=2, smoothing=smoothing))
        if expected is None:
            assert 0 < p("집에", ("너는",)) < 1
        else:
            assert p("학교에", ("너는",)) == pytest.approx(expected)
        assert p("집에", ("너는",)) > p("학교에", ("너는",))


def arpa(text: str) -> tuple[dict[int, dict[tuple[str, ...], tuple[float, float]]], list[int]]:
    """The n-grams of an ARPA file, and how many it claims: a reader of its own."""
    sizes: list[int] = []
    found: dict[int, dict[tuple[str, ...], tuple[float, float]]] = {}
    size = 0
    for line in text.split("\\data\\\n")[1].splitlines():
        if line.startswith("ngram "):
            sizes.append(int(line.split("=")[1]))
        elif line.endswith("-grams:"):
            size = int(line[1:].split("-")[0])
            found[size] = {}
        elif line and not line.startswith("\\"):
            log, gram, *weight = line.split("\t")
            words = tuple(gram.split(" "))
            assert len(words) == size
            found[size][words] = (10 ** float(log), 10 ** float(weight[0]) if weight else 1.0)
    assert text.endswith("\\end\\\n")
    return found, sizes


@pytest.mark.parametrize("smoothing", ["kneser-ney", "add-k", "mle"])
def test_arpa_says_what_the_model_does(smoothing: str, tmp_path: Path) -> None:
    sentences = some_sentences(60)
    path, model = tmp_path / "m.arpa", tmp_path / "m.safetensors"
    more = ["--unit", "word", "--smoothing", smoothing, "--arpa", path, "-m", model]
    done = korpus("lm", "train", *more, stdin="\n".join(sentences))
    assert done.returncode == 0, done.stderr
    table, sizes = arpa(path.read_text())
    assert [len(table[size]) for size in (1, 2, 3)] == sizes

    def backed_off(word: str, context: tuple[str, ...]) -> float:
        gram = (*context, word)
        if gram in table[len(gram)]:
            found = table[len(gram)][gram][0]
            return found if found > 1e-98 else 0.0
        weight = table[len(context)].get(context, (0, 1.0))[1] if context else 1.0
        return weight * backed_off(word, context[1:])

    fitted, again = api.load(model), api.load(path)
    assert isinstance(fitted, NgramModel) and isinstance(again, NgramModel)
    ours, theirs = probability_of(fitted), probability_of(again)
    for context in contexts(fitted):
        for word in [*fitted.terms[:8], END]:
            expected = ours(word, context)
            assert backed_off(word, context[-2:]) == pytest.approx(expected, abs=1e-11)
            assert theirs(word, context) == pytest.approx(expected, abs=1e-11)
    assert again.header() == fitted.header()
    assert "\n".join([*as_arpa(again), ""]) == path.read_text()


def test_arpa_of_strange_units() -> None:
    strange = ["<s>", "</s>", "<unk>", "\\", "\\x20;", "가 나", "가\u00a0나", "다/라", "\t", "1.5"]
    documents = [{"id": str(n), "tokens": [token, token]} for n, token in enumerate(strange)]
    model = api.lm_train(documents).model
    again = from_arpa(list(as_arpa(model)))
    assert again.terms == model.terms == sorted(strange)
    numpy.testing.assert_allclose(again.probabilities, model.probabilities, rtol=1e-10)


OF_OTHERS = """some text before

\\data\\
ngram 1=4
ngram 2=2

\\1-grams:
-99\t<s>\t-0.3010299956639812
-0.6020599913279624\t</s>
-0.3010299956639812\t나는\t0
-0.6020599913279624\t간다\\n

\\2-grams:
-0.1\t<s> 나는
-0.2\t나는 간다\\n

\\end\\
"""


def test_arpa_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "theirs.arpa.gz"
    path.write_bytes(gzip.compress(OF_OTHERS.encode()))
    model = api.load(path)
    assert isinstance(model, NgramModel)
    p = probability_of(model)
    assert p("나는", (START,)) == pytest.approx(10**-0.1)
    assert p("간다\\n", (START,)) == pytest.approx(0.125)
    assert p(UNKNOWN, ()) == 0
    done = korpus("lm", "score", "-m", path, stdin="나는 간다\n나는 간다\\n\n")
    assert done.returncode == 0 and "1 of 6 units have the probability 0" in done.stderr


@pytest.mark.parametrize(
    "old, new, reason",
    [
        ("\\end\\", "", "its end is missing"),
        ("ngram 2=2", "ngram 2=3", "do not agree"),
        ("<s> 나는", "<s> 너는", "너는"),
        ("-0.1\t<s> 나는", "x\t<s> 나는", "could not convert"),
        ("-0.1\t<s> 나는", "0.1\t<s> 나는", "do not fit together"),
        ("-0.1\t<s> 나는", "nan\t<s> 나는", "do not fit together"),
        ("-0.2\t나는 간다\\n", "-0.2\t<s> 나는", "an n-gram twice"),
        ("\\2-grams:", "\\3-grams:", "3-grams"),
        (OF_OTHERS, "", "its end is missing"),
        ("some text before", '# korpus {"options": 1}', "options"),
        ("some text before", "# korpus []", "[]"),
    ],
)
def test_a_damaged_arpa_file(tmp_path: Path, old: str, new: str, reason: str) -> None:
    path = tmp_path / "m.arpa"
    path.write_text(OF_OTHERS.replace(old, new, 1))
    done = korpus("lm", "complete", "나는", "-m", path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"korpus: error: {path}: not an ARPA file, or damaged (")
    assert reason in done.stderr


def test_arpa_without_the_shorter_ngram(tmp_path: Path) -> None:
    text = OF_OTHERS.replace("ngram 2=2", "ngram 2=2\nngram 3=1")
    text = text.replace("\\end\\", "\\3-grams:\n-0.1\t간다\\n 나는 나는\n\n\\end\\")
    (tmp_path / "m.arpa").write_text(text)
    done = korpus("lm", "complete", "나는", "-m", tmp_path / "m.arpa")
    assert done.returncode == 1 and "no n-gram 간다\\n 나는)" in done.stderr


def test_counts_are_those_of_plain_python(tmp_path: Path) -> None:
    sentences = some_sentences(200)
    path = tmp_path / "m.safetensors"
    done = korpus(
        *["lm", "train", "--unit", "word", "--order", "4", "-f", "jsonl", "-m"],
        path,
        stdin="\n".join(sentences),
    )
    rows = records(done.stdout)
    for size, row in enumerate(rows, start=1):
        counts: Counter[tuple[str, ...]] = Counter()
        for sentence in sentences:
            padded = (START, *sentence.split(), END)
            grams = (padded[at : at + size] for at in range(len(padded) - size + 1))
            counts.update(gram for gram in grams if gram != (START,))
        often = Counter(counts.values())
        assert (row["order"], row["ngrams"]) == (size, len(counts))
        assert (row["once"], row["twice"]) == (often[1], often[2])
        assert 0 < row["discount_1"] < row["discount_2"]
    header = api.load(path).header()
    assert header["documents"] == 200 and header["options"]["order"] == 4
    assert header["options"]["discounts"][0][0] == pytest.approx(rows[0]["discount_1"])


def test_the_saved_model_gives_the_same_bytes(tmp_path: Path) -> None:
    korpus("morph", SAMPLE, "-o", tmp_path / "t.jsonl")
    for jobs in (1, 2):
        korpus(
            "lm", "train", tmp_path / "t.jsonl", "-m", tmp_path / f"{jobs}.safetensors", "-j", jobs
        )
    one, two = ((tmp_path / f"{jobs}.safetensors").read_bytes() for jobs in (1, 2))
    assert one == two
    model = api.load(tmp_path / "1.safetensors")
    model.save(tmp_path / "3.safetensors")
    assert (tmp_path / "3.safetensors").read_bytes() == one
    assert model.header()["analyzer"] == "mecab"
    info = korpus("info", tmp_path / "1.safetensors").stdout
    assert "model (lm)" in info and "kneser-ney" in info


def damaged(name: str, arrays: dict[str, Any]) -> dict[str, Any]:
    if name == "sizes":
        arrays["sizes"] = arrays["sizes"] + 1
    elif name == "order":
        arrays["codes"] = arrays["codes"][::-1].copy()
    elif name == "large":
        arrays["codes"][-1] = 1 << 60
    elif name == "probability":
        arrays["probabilities"][0] = 7
    elif name == "nan":
        arrays["backoffs"][0] = math.nan
    elif name == "empty":
        arrays = {key: array[:0] for key, array in arrays.items()}
    return arrays


@pytest.mark.parametrize("name", ["sizes", "order", "large", "probability", "nan", "empty"])
def test_a_damaged_model_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "m.safetensors"
    trained(SMALL).save(path)
    arrays = damaged(name, dict(load_file(path)))
    header = json.dumps({"kind": "lm", "format": 1, "korpus": "0", **trained(SMALL).header()})
    save_file(arrays, path, {"korpus": header})
    done = korpus("lm", "complete", "나는", "-m", path)
    assert done.returncode == 1 and "not a complete lm model" in done.stderr


def test_rare_units_are_one_unknown_unit() -> None:
    sentences = ["가 나", "가 다", "가 나"]
    p = probability_of(trained(sentences, order=2, smoothing="mle", min_count=2))
    assert p("나", ("가",)) == pytest.approx(2 / 3) and p(UNKNOWN, ("가",)) == pytest.approx(1 / 3)
    done = korpus(
        *["lm", "train", "--unit", "word", "--min-count", "2"], stdin="\n".join(sentences)
    )
    assert "1 type rarer than --min-count: one unknown unit" in done.stderr
    done = korpus(
        *["lm", "train", "--unit", "word", "--min-count", "9"], stdin="\n".join(sentences)
    )
    assert done.returncode == 1 and "no unit occurs 9 times" in done.stderr


def test_units_of_text() -> None:
    text = "가 나\n\n 나다  가\n"
    assert trained([text]).terms == ["가", "나", "나다"]
    model = api.lm_train([text], unit="syllable").model
    assert model.terms == ["▁", "가", "나", "다"]
    decomposed = api.lm_train(["\u1100\u1161"], unit="syllable").model
    assert decomposed.terms == ["가"]
    p = probability_of(trained([text], order=2, smoothing="mle"))
    assert p("가", (START,)) == 0.5  # lines are sentences


def test_sentences_of_tokens_are_those_of_morph(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("id,text\n1,갔다. 왔다.\n2,\n")
    for more, count in (["--spans"], 2), ([], 1):
        korpus("morph", source, *more, "-o", tmp_path / "t.jsonl")
        done = korpus("lm", "train", tmp_path / "t.jsonl", "-f", "jsonl")
        assert f"2 documents, {count} sentence" in done.stderr
        assert ("1 document without places" in done.stderr) == (not more)


@pytest.mark.parametrize(
    "options, message",
    [
        ("--unit jamo", "--unit jamo is unknown"),
        ("--smoothing good-turing", "--smoothing good-turing is unknown"),
        ("--order 0", "--order 0 is less than 1"),
        ("--order 11", "--order 11 is more than 10"),
        ("--min-count 0", "--min-count 0 is less than 1"),
        ("--smoothing add-k --k 0", "--k must be above 0"),
        ("--smoothing add-k --k nan", "--k must be above 0"),
        ("--k 2", "--k does nothing with --smoothing kneser-ney"),
        ("--arpa x.txt", "must end in .arpa"),
    ],
)
def test_wrong_options(options: str, message: str) -> None:
    done = korpus("lm", "train", *options.split(), stdin=lines({"id": "1", "tokens": ["가"]}))
    assert done.returncode == 2 and message in done.stderr


def test_nothing_to_train_on() -> None:
    done = korpus("lm", "train", stdin=lines({"id": "1", "tokens": []}, {"id": "2", "tokens": []}))
    assert done.returncode == 1 and "no unit in 2 documents" in done.stderr


def test_half_a_character_in_a_token(tmp_path: Path) -> None:
    half = '{"id":"1","tokens":["\\ud83d","가"]}\n'
    done = korpus("lm", "train", "-m", tmp_path / "m.safetensors", stdin=half)
    assert done.returncode == 0, done.stderr
    assert "가" in api.load(tmp_path / "m.safetensors").header()["vocabulary"]
