"""topics effects: regressions of topic shares on columns of the documents."""

import csv
import io
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy
import pytest

from korpus.errors import KorpusError, UsageError
from korpus.files import read
from korpus.models import (
    DmrModel,
    LdaModel,
    PlsaModel,
    TopicModel,
    lda,
    lsa,
    nmf,
    plsa,
    tfidf,
    topics_effects,
    topics_trend,
)
from korpus.models.topics.formula import Factor, parse_formula
from korpus.statistics.regression import (
    dependent_column,
    pooled_regression,
    spline_basis,
    spline_knots,
)
from tests.bench.peers.stm_documents import rows
from tests.simulated_topics import coverage
from tests.support import ROOT, korpus, lines

COLUMNS = {"언론사": "가나다라", "기사 수": "1234567", "-x;": "나다가"}


def records(number: int = 60) -> list[dict[str, object]]:
    """Documents of two topics; 나 writes of the second more often, and more so later."""
    dice = numpy.random.default_rng(3)
    found: list[dict[str, object]] = []
    for n in range(number):
        press = "가나다"[n % 3]
        second = dice.random(30) < (0.2 + 0.4 * (press == "나") + 0.3 * n / number)
        words = [["국물", "맛집"] if s else ["병원", "의사"] for s in second]
        found.append(
            {
                "id": f"n{n}",
                "일자": f"2025-{1 + n // 6:02}-{1 + n % 28:02}",
                "언론사": press,
                "기사 수": n % 7,
                "tokens": [dice.choice(pair) for pair in words],
            }
        )
    return [
        {**row, "tokens": [str(t) for t in row["tokens"]], "tags": ["NNG"] * 30}  # type: ignore[attr-defined]
        for row in found
    ]


@pytest.fixture(scope="module")
def model() -> TopicModel:
    return lda(records(), k=2, iterations=80, keep="일자,언론사,기사 수")


@pytest.fixture(scope="module")
def path(model: TopicModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("effects") / "lda.safetensors"
    model.save(file)
    return file


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# Statistics


def test_one_draw_is_statsmodels_least_squares() -> None:
    import statsmodels.api

    dice = numpy.random.default_rng(0)
    design = numpy.column_stack([numpy.ones(50), dice.normal(size=(50, 4))])
    outcomes = dice.normal(size=(50, 3))
    found = pooled_regression(design, [outcomes])
    _values, low, high = found.intervals(design[:5])
    f, p = found.wald(slice(2, 5))
    for column in range(3):
        fit = statsmodels.api.OLS(outcomes[:, column], design).fit()
        assert found.coefficients[column] == pytest.approx(fit.params, rel=1e-9)
        assert found.covariances[column] == pytest.approx(fit.cov_params(), rel=1e-9)
        interval = fit.get_prediction(design[:5]).conf_int()
        assert low[column] == pytest.approx(interval[:, 0], rel=1e-9)
        assert high[column] == pytest.approx(interval[:, 1], rel=1e-9)
        test = fit.f_test(numpy.eye(5)[2:])
        assert (f[column], p[column]) == pytest.approx((test.fvalue, test.pvalue), rel=1e-9)
    assert found.freedom == 45


def test_draws_are_pooled_as_a_mixture() -> None:
    """Its mean and variance are those of coefficients drawn from the normal of each regression."""
    dice = numpy.random.default_rng(1)
    design = numpy.column_stack([numpy.ones(40), dice.normal(size=40)])
    draws = [dice.normal(size=(40, 1)) + 0.5 * design[:, 1:] for _ in range(200)]
    found = pooled_regression(design, draws)
    sampled = []
    for draw in draws:
        one = pooled_regression(design, [draw])
        sampled.append(dice.multivariate_normal(one.coefficients[0], one.covariances[0], 500))
    values = numpy.concatenate(sampled)
    assert found.coefficients[0] == pytest.approx(values.mean(axis=0), abs=0.005)
    assert found.covariances[0] == pytest.approx(numpy.cov(values.T), abs=0.002)


@pytest.mark.parametrize("df", [3, 4, 10])
def test_splines_are_rs_bs(df: int) -> None:
    from patsy import bs

    values = numpy.random.default_rng(2).exponential(size=200)
    ours = spline_basis(values, spline_knots(values, df))
    assert ours == pytest.approx(bs(values, df=df, degree=3), abs=1e-12)


def test_columns_that_follow_from_others_are_found() -> None:
    x = numpy.random.default_rng(0).normal(size=(20, 3))
    assert dependent_column(x) is None
    assert dependent_column(numpy.column_stack([x, x[:, 0] - 2 * x[:, 2], x[:, 1]])) == 3
    assert dependent_column(numpy.column_stack([x[:, 0], numpy.zeros(20)])) == 1


# Simulations


def test_known_effects_are_recovered_and_covered() -> None:
    """20 simulations; tests/bench/effects.py makes 200."""
    inside, error = coverage(20)
    assert 0.9 <= inside <= 0.99
    assert abs(error) < 0.01


# Formulas


def test_formulas() -> None:
    a, b, c = Factor("a"), Factor("b"), Factor("c")
    assert parse_formula("a + b+a") == [(a,), (b,)]
    assert parse_formula("~ a*b") == parse_formula("a + b + a:b") == [(a,), (b,), (a, b)]
    assert parse_formula("a*b*c")[-1] == (a, b, c)
    assert parse_formula("`기사 수` + Q('-x;') + `a``b`") == [
        (Factor("기사 수"),), (Factor("-x;"),), (Factor("a`b"),),
    ]  # fmt: skip
    assert parse_formula('spline(일자, 5) + factor(언론사, "나") + number(`x y`)') == [
        (Factor("일자", "spline", "5"),),
        (Factor("언론사", "factor", "나"),),
        (Factor("x y", "number"),),
    ]


@pytest.mark.parametrize(
    "formula",
    [
        *('__import__("os").system("touch hacked")', "os.system('touch hacked')", "eval('1')"),
        *("[x for x in ()]", "lambda: 1", "a; b", "a = b", "a.b()", "f'{a}'", "exec(a)", "a @ b"),
        *("", " ", "+", "a +", "a b", "a:b", "a - 1", "(a)", "1 + a", "spline(spline(a))", "`a"),
        *("spline(a, b)", "factor(a, 3)", "Q(a)", "spline(a", "a + spline(a)", "log(a)", "a ** 2"),
        *("a*b*c*d*e", "a + " * 4000 + "a", "a" * 20_000),
    ],
)
def test_formulas_run_no_code(
    formula: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError):
        parse_formula(formula)
    assert os.listdir() == []  # noqa: PTH208


# The command


def test_kept_columns_and_documents_given_again(path: Path, tmp_path: Path) -> None:
    formula = ["--formula", "언론사 + spline(일자, 4)*`기사 수`"]
    kept = korpus("topics", "effects", path, *formula)
    assert kept.returncode == 0, kept.stderr
    assert "korpus: 언론사: 3 groups, compared with 가\n" in kept.stderr
    assert "korpus: 일자: dates from 2025-01-01 to 2025-10-28, per year\n" in kept.stderr
    assert "korpus: 기사 수: numbers from 0 to 6\n" in kept.stderr
    again = korpus("topics", "effects", path, "-", *formula, stdin=lines(*reversed(records())))
    assert again.stdout == kept.stdout
    source = tmp_path / "documents.csv"
    table = ["번호,일자,언론사,기사 수"]
    table += [f"{r['id']},{r['일자']},{r['언론사']},{r['기사 수']}" for r in records()]
    source.write_text("\n".join(table), encoding="utf-8")
    other = korpus("topics", "effects", path, source, *formula, "--id-column", "번호")
    assert other.stdout == kept.stdout, other.stderr


def test_effects_are_found(path: Path, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("t.csv", "e.csv", "p.svg")]
    tests, expected, plot = files
    done = korpus(
        *("topics", "effects", path, "--formula", "언론사*일자"),
        *("--tests", tests, "--expected", expected, "--plot", plot),
    )
    rows = rows_of(done.stdout)
    assert [row["effect"] for row in rows[:6]] == [
        *("intercept", "언론사: 나", "언론사: 다"),
        *("일자", "언론사: 나 × 일자", "언론사: 다 × 일자"),
    ]
    by = {(row["terms"].split()[0] in ("국물", "맛집"), row["effect"]): row for row in rows}
    assert float(by[True, "언론사: 나"]["estimate"]) == pytest.approx(0.45, abs=0.15)
    assert float(by[True, "언론사: 나"]["q"]) < 0.01
    assert float(by[True, "일자"]["estimate"]) > 0 > float(by[False, "일자"]["estimate"])
    found = {(row["topic"], row["effect"]): row for row in rows_of(tests.read_text())}
    assert float(found["1", "언론사"]["p"]) < 0.01 < float(found["1", "언론사 × 일자"]["p"])
    assert found["1", "언론사"]["df"] == "2"
    shown = rows_of(expected.read_text())
    assert {(row["column"], row["by"]) for row in shown} == {("언론사", ""), ("일자", "언론사")}
    assert all(float(row["low"]) <= float(row["share"]) <= float(row["high"]) for row in shown)
    by_value = {}
    for row in shown:
        by_value.setdefault((row["column"], row["value"], row["group"]), []).append(row["share"])
    for shares in by_value.values():
        assert sum(map(float, shares)) == pytest.approx(1, abs=1e-6)
    assert "국물" in plot.read_text(encoding="utf-8")


def test_a_reference_can_be_chosen(model: TopicModel) -> None:
    table = list(topics_effects(model, formula='factor(언론사, "나")').table())
    assert [row["effect"] for row in table[1:3]] == ["언론사: 가", "언론사: 다"]
    plain = list(topics_effects(model, formula="언론사").table())
    assert table[1]["estimate"] == pytest.approx(-plain[1]["estimate"], abs=0.02)


def test_seeds_and_draws(model: TopicModel) -> None:
    def found(**more: int) -> list[float]:
        return [row["estimate"] for row in topics_effects(model, formula="언론사", **more).table()]

    assert found() == found(seed=0, draws=25) != found(seed=1)
    assert found(draws=2000) == pytest.approx(found(draws=2000, seed=1), abs=0.002)


def test_topics_with_names_and_priors_by_group() -> None:
    names = {"맛": ["국물", "맛집"]}
    more = {"seeds": names, "by": "언론사", "iterations": 40}
    model = lda(records(), k=2, keep="일자", **more)  # type: ignore[arg-type]
    found = topics_effects(model, formula="언론사 + 일자")
    table = list(found.table())
    assert {row["topic"] for row in table} in ({"맛", "1"}, {"맛", "2"})
    (row,) = (row for row in table if (row["topic"], row["effect"]) == ("맛", "언론사: 나"))
    assert row["low"] > 0.2
    certainty = model.certainty()
    assert certainty is not None and (certainty > model.document_tokens).all()
    assert len({round(float(value), 6) for value in certainty}) == 3  # a prior per group
    assert {row["topic"] for row in topics_trend(model, date="일자").table()} == {
        row["topic"] for row in table
    }


def test_posterior_of_lda_is_of_its_counts(model: TopicModel) -> None:
    assert isinstance(model, LdaModel)
    counts = model.document_topic * model.certainty()[:, None] - model.alpha
    assert counts == pytest.approx(counts.round(), abs=1e-4)
    assert counts.sum(axis=1) == pytest.approx(model.document_tokens, abs=1e-3)


def test_posterior_of_priors_by_group_is_of_its_counts() -> None:
    model = lda(records(), k=2, by="언론사", iterations=20)
    assert isinstance(model, DmrModel)
    mean, groups = model.effects[:, 0], model.effects[:, 1:]
    prior = numpy.exp(mean + groups.T[model.document_groups[:, 0]])
    numpy.testing.assert_allclose(model.certainty(), model.document_tokens + prior.sum(axis=1))
    counts = model.document_topic * model.certainty()[:, None] - prior
    numpy.testing.assert_allclose(counts, counts.round(), atol=1e-3)


def test_models_without_a_posterior_take_shares_as_they_are(
    caplog: pytest.LogCaptureFixture,
) -> None:
    import statsmodels.api

    caplog.set_level("INFO", "korpus")
    model = nmf(records(), k=2, keep="기사 수")
    table = list(topics_effects(model, formula="`기사 수`").table())
    assert "nmf models have no posterior" in caplog.text
    design = statsmodels.api.add_constant(numpy.array(model.kept["기사 수"], dtype=float))
    fit = statsmodels.api.OLS(model.document_topic[:, 0].astype(float), design).fit()
    assert [row["estimate"] for row in table[:2]] == pytest.approx(fit.params, rel=1e-9)
    assert [row["p"] for row in table[:2]] == pytest.approx(fit.pvalues, rel=1e-9)
    certain = plsa(records(), k=2, keep="기사 수")
    assert isinstance(certain, PlsaModel)
    assert certain.certainty().tolist() == [30] * 60
    assert list(topics_effects(certain, formula="`기사 수`").table())


def test_what_is_left_out_is_said(path: Path) -> None:
    given: list[dict[str, object]] = [{**row, "x": n} for n, row in enumerate(records())][2:]
    given[0]["x"] = " "
    given += [{**given[3], "id": "new"}]
    done = korpus("topics", "effects", path, "-", "--formula", "x", stdin=lines(*given))
    assert done.returncode == 0
    assert "1 document that the model has not seen left out: new\n" in done.stderr
    assert "2 documents of the model not among those given: left out\n" in done.stderr
    assert "3 documents without x left out\n" in done.stderr


def test_broken_lines_are_set_aside(path: Path, tmp_path: Path) -> None:
    source = tmp_path / "broken.jsonl"
    source.write_text('{"id": "x", \n' + lines(*records()), encoding="utf-8")
    done = korpus("topics", "effects", path, source, "--formula", "언론사", cwd=tmp_path)
    assert done.returncode == 3 and "broken.jsonl: line 1: broken JSON" in done.stderr
    assert done.stdout == korpus("topics", "effects", path, "--formula", "언론사").stdout


def test_short_documents_are_said_to_have_much_prior(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "korpus")
    short = [{**row, "tokens": ["국물", "병원", "의사"], "tags": ["NNG"] * 3} for row in records()]
    model = lda(short, k=2, alpha=1.0, keep="기사 수", iterations=5)
    list(topics_effects(model, formula="`기사 수`").table())
    assert "short documents: 40 % of their shares are prior, which pulls" in caplog.text
    by_press = lda(short, k=2, by="언론사", keep="기사 수", iterations=5)
    assert isinstance(by_press, DmrModel)
    by_press.effects[:, 0] = 1.0
    list(topics_effects(by_press, formula="언론사 + `기사 수`").table())
    assert "learned by 언론사 and pulls effects of other columns to 0" in caplog.text


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("언론사 + 없음", "there is no column '없음'|has no column '없음'|kept no column '없음'"),
        ("spline(언론사)", "언론사 '가' is not a number"),
        ("number(일자)", "일자 '2025-01-01' is not a number"),
        ("factor(언론사, '라')", "언론사 has no value '라'"),
        ("spline(`기사 수`, 9)", "9 columns for 7 different values"),
        ("id", "60 documents are too few for 60 coefficients"),
    ],
)
def test_columns_that_do_not_fit(model: TopicModel, formula: str, message: str) -> None:
    with pytest.raises((KorpusError, UsageError), match=message):
        topics_effects(model, formula=formula)


def test_edges(model: TopicModel) -> None:
    rows = records(8)
    same = [{**row, "press": "가", "y": row["기사 수"], "z": row["기사 수"]} for row in rows]
    with pytest.raises(KorpusError, match="press has one value only"):
        topics_effects(nmf(same, k=1, keep="press"), formula="press")
    with pytest.raises(KorpusError, match="the effect of 'z' cannot be told apart"):
        topics_effects(nmf(same, k=1, keep="y,z"), formula="y + z")
    with pytest.raises(UsageError, match="an lsa model has dimensions, not shares"):
        topics_effects(lsa(same, k=2, keep="y"), formula="y")
    with pytest.raises(UsageError, match="tfidf models have no topics"):
        topics_effects(tfidf(same), formula="y")
    with pytest.raises(KorpusError, match="none of 1 document given is in the model"):
        topics_effects(model, [{"id": "?", "tokens": ["가"], "y": 1}], formula="y")
    empty = [*same, {"id": "e", "tokens": [], "tags": [], "y": 3}]
    found = topics_effects(nmf(empty, k=1, keep="y"), formula="y")
    assert found.design.used.tolist() == [True] * 8 + [False]
    assert [row["estimate"] for row in found.table()] == pytest.approx([1, 0], abs=1e-6)


def test_repeated_ids_are_matched_in_order(model: TopicModel) -> None:
    rows = [{**row, "id": str(n // 2), "y": n} for n, row in enumerate(records(12))]
    fitted = nmf(rows, k=1)
    found = topics_effects(fitted, rows, formula="y")
    assert found.design.variables["y"].values.tolist() == list(range(12))


# R's stm: figures made by tests/bench/peers/stm_effects.R


@pytest.fixture(scope="module")
def stm() -> dict[str, numpy.ndarray]:
    text = (ROOT / "tests" / "data" / "stm_effects.json").read_text()
    return {name: numpy.array(values) for name, values in json.loads(text).items()}


@pytest.fixture(scope="module")
def dated(sample_nouns: Path) -> list[dict[str, object]]:
    documents = list(read(sample_nouns))
    days = [int(row[3]) for row in rows(documents)]
    return [{**row, "day": day} for row, day in zip(documents, days, strict=True)]


def test_regressions_are_those_of_stm(
    stm: dict[str, numpy.ndarray], dated: list[dict[str, object]]
) -> None:
    """Of stm's own shares, without uncertainty, with a spline."""
    model = replace(nmf(dated, k=5, keep="category,rating,day"), document_topic=stm["theta"])
    table = list(topics_effects(model, formula="category + rating + spline(day, 4)").table())
    ours = numpy.array([[row["estimate"], row["se"]] for row in table]).reshape(5, 10, 2)
    assert ours[:, :, 0] == pytest.approx(stm["plain_estimate"], abs=1e-7)
    assert ours[:, :, 1] == pytest.approx(stm["plain_se"], abs=1e-7)


def test_effects_are_those_of_stm(
    stm: dict[str, numpy.ndarray], dated: list[dict[str, object]]
) -> None:
    """Of topics that korpus found, with uncertainty, beside those that stm found."""
    model = lda(dated, k=5, keep="category,rating", iterations=200)
    table = list(topics_effects(model, formula="category + rating").table())
    ours = numpy.array([[row["estimate"], row["se"]] for row in table]).reshape(5, 6, 2)
    same = numpy.corrcoef(stm["theta"].T, model.document_topic.T)[:5, 5:].argmax(axis=1)
    assert sorted(same.tolist()) == [0, 1, 2, 3, 4]
    estimate, error = ours[same, 1:, 0], ours[same, 1:, 1]
    theirs, their_error = stm["estimate"][:, 1:], stm["se"][:, 1:]
    assert numpy.corrcoef(estimate.ravel(), theirs.ravel())[0, 1] > 0.95
    clear = (abs(estimate) > 2 * error) & (abs(theirs) > 2 * their_error)
    assert clear.sum() >= 8
    assert (numpy.sign(estimate) == numpy.sign(theirs))[clear].all()
    assert 0.5 < numpy.median(error / their_error) < 1  # its posterior is wider, with 210 documents


def test_a_share_that_never_changes_has_no_effects() -> None:
    documents = [
        {"id": str(n), "tokens": ["가", "나"][: 1 + n % 2], "g": "xyz"[n % 3]} for n in range(30)
    ]
    fitted = lda(documents, k=1, iterations=5, keep="g")
    for row in topics_effects(fitted, formula="g").table():
        exact = 1.0 if row["effect"] == "intercept" else 0.0
        assert (row["estimate"], row["se"]) == (pytest.approx(exact, abs=1e-12), 0)
        assert (row["t"], row["p"], row["q"]) == (None, None, None)
