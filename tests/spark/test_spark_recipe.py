"""The recipe `spark`: its commands run, and give what the text says."""

import re
import shlex
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from tests.spark.conftest import Run
from tests.support import ROOT, korpus

pytest.importorskip("pyspark", reason="the extra spark is not installed")


def test_the_commands_of_the_recipe_run(
    on_spark: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (files("korpus.data") / "recipes" / "spark.en.md").read_text("utf-8")
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    monkeypatch.chdir(tmp_path)
    url = None
    done: list[str] = []
    for line in "".join(re.findall(r"^```sh\n(.*?)^```", text, re.S | re.M)).splitlines():
        program, *words = shlex.split(line)
        if program in ("export", "unset"):
            url = words[0].partition("=")[2] or None
            continue
        assert program == "korpus"
        if url or "--on" in words:
            given = words.index("--on") if "--on" in words else len(words)
            assert (url or words[given + 1]) == "local[2]"  # the session of these tests
            result = on_spark(*words[:given], *words[given + 2 :])
            assert result.code == 0, f"{line}\n{result.stderr}"
        else:
            alone = korpus(*words, cwd=tmp_path)
            assert alone.returncode == 0, f"{line}\n{alone.stderr}"
        done.append(words[0])
    assert {"morph", "stopwords", "freq", "tfidf", "lda", "lsa", "word2vec", "similar"} <= {*done}
    assert (tmp_path / "tokens.jsonl").is_dir() and (tmp_path / "keywords.csv").is_dir()
    assert len((tmp_path / "near.csv").read_text("utf-8").splitlines()) == 11
