"""Entities: those of the library's pipeline, as tokens that other commands read."""

import pytest
from transformers import pipeline

from korpus.errors import UsageError
from korpus.models.tf import tf_tag
from korpus.tokens import freq
from tests.support import korpus
from tests.transformers import tiny
from tests.transformers.stages import Tiny


@pytest.mark.parametrize("aggregate", ["simple", "first", "average", "max"])
def test_entities_are_those_of_the_pipeline(tiny_model: Tiny, aggregate: str) -> None:
    texts = [part for part in tiny.reviews()[3].split(".") if part.strip()]
    pipe = pipeline("token-classification", model=tiny_model("tag"), aggregation_strategy=aggregate)
    found = list(tf_tag(texts, tiny_model("tag"), aggregate=aggregate))
    assert any(record["tokens"] for record in found)
    for record, theirs in zip(found, pipe(texts), strict=True):
        assert record["spans"] == [[one["start"], one["end"]] for one in theirs]
        assert record["tags"] == [one["entity_group"] for one in theirs]
        for score, one in zip(record["scores"], theirs, strict=True):
            assert abs(score - float(one["score"])) < 1e-5
        spans = [record["text"][start:end] for start, end in record["spans"]]
        assert record["tokens"] == spans


def test_long_texts_are_read_to_their_end(
    tiny_model: Tiny, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "korpus")
    text = " ".join(tiny.reviews()[:4])
    (record,) = tf_tag([text], tiny_model("tag"))
    assert record["spans"][-1][1] > len(text) * 0.8
    assert "1 text longer than the model takes: read in windows that overlap" in caplog.text


def test_entities_are_counted_as_words(tiny_model: Tiny) -> None:
    texts = [part for part in tiny.reviews()[3].split(".") if part.strip()]
    found = list(tf_tag([*texts, ""], tiny_model("tag")))
    assert found[-1]["tokens"] == []
    entities = [token for record in found for token in record["tokens"]]
    counted = {row["term"]: row["count"] for row in freq(found)}
    assert counted == {token: entities.count(token) for token in set(entities)}
    with pytest.raises(UsageError, match="--aggregate none is unknown"):
        tf_tag(texts, tiny_model("tag"), aggregate="none")


def test_tagged_output(tiny_model: Tiny) -> None:
    done = korpus(
        *("tf", "tag", "sample_data/reviews.csv", "-m", tiny_model("tag"), "-f", "tagged", "-q")
    )
    assert done.returncode == 0, done.stderr
    assert "/LOC" in done.stdout or "/PER" in done.stdout
