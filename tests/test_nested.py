"""Records and texts inside nested JSON."""

import json
from pathlib import Path
from typing import Any

import pandas
import pytest

from korpus.analyzers import morph
from korpus.errors import KorpusError
from korpus.files import read
from tests.support import korpus, lines, records

NEWS = {
    "id": "N1",
    "metadata": {"title": "신문"},
    "document": [
        {"id": "N1.1", "paragraph": [{"id": "a", "form": "물가가"}, {"id": "b", "form": "올랐다"}]},
        {"id": "N1.2", "paragraph": [{"id": "c", "form": "전시회"}]},
        {"id": "N1.3", "paragraph": []},
    ],
}
TALK = {
    "data": [
        {
            "header": {"id": "h1"},
            "body": {"dialogue": [{"utterance": "안녕"}, {"utterance": "응"}]},
        },
        {"header": {"id": "h2"}, "body": {"dialogue": [{"utterance": "잘 가"}]}},
    ]
}


def written(tmp_path: Path, value: object) -> Path:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1))
    return path


@pytest.mark.parametrize("value", [NEWS, [NEWS]])
def test_text_that_is_a_list_is_an_error_that_shows_the_paths(
    tmp_path: Path, value: object
) -> None:
    done = korpus("read", written(tmp_path, value), "--as", "none")
    assert done.returncode == 1 and done.stdout == ""
    assert "document 1: column 'document' is a list, not text" in done.stderr
    assert "hint: its texts are at -c document[].paragraph[].form," in done.stderr


def test_an_object_as_text_and_a_list_as_id() -> None:
    done = korpus("read", stdin='{"text":{"form":"가나"}}\n')
    assert "column 'text' is an object, not text" in done.stderr
    assert "hint: its texts are at -c text.form" in done.stderr
    assert records(korpus("read", "-c", "text.form", stdin='{"text":{"form":"가"}}\n').stdout) == [
        {"id": "1", "text": "가", "text_": {"form": "가"}}
    ]
    done = korpus("read", stdin='{"id":["a"],"text":"가"}\n')
    assert done.returncode == 1 and "its id is a list" in done.stderr


def test_a_path_to_objects_shows_the_paths_inside_them() -> None:
    done = korpus("read", "-c", "a[]", stdin='{"id":"1","a":[{"b":"가나"}]}\n')
    assert "column 'a[]' is a list, not text" in done.stderr
    assert "hint: its texts are at -c a[].b" in done.stderr
    rows = korpus("read", "-c", "a[].b", stdin='{"id":"1","a":[{"b":"가나"}]}\n')
    assert records(rows.stdout)[0]["text"] == "가나"


def test_a_missing_column_shows_the_paths(tmp_path: Path) -> None:
    for options in ([], ["-c", "utterance"]):
        done = korpus("read", written(tmp_path, TALK), *options, "--as", "none")
        assert done.returncode == 1
        assert "hint: its texts are at -c data[].body.dialogue[].utterance" in done.stderr


@pytest.mark.parametrize(
    "path", ["data[].body.dialogue[].utterance", "data.body.dialogue[].utterance"]
)
def test_each_item_of_the_last_list_is_a_document(tmp_path: Path, path: str) -> None:
    found = list(read(written(tmp_path, TALK), column=path))
    assert found == [
        {"id": "1", "text": "안녕", "header": {"id": "h1"}},
        {"id": "2", "text": "응", "header": {"id": "h1"}},
        {"id": "3", "text": "잘 가", "header": {"id": "h2"}},
    ]


def test_outer_fields_are_kept_beside_inner_ones_of_the_same_name(tmp_path: Path) -> None:
    done = korpus("read", written(tmp_path, NEWS), "-c", "document[].paragraph[].form")
    assert [record["id"] for record in records(done.stdout)] == ["a", "b", "c"]
    first = records(done.stdout)[0]
    assert first == {
        **{"id": "a", "text": "물가가", "id_": "N1.1", "id__": "N1"},
        "metadata": {"title": "신문"},
    }


def test_records_join_the_strings_of_a_text(tmp_path: Path) -> None:
    options = ("--records", "document[]", "-c", "paragraph[].form")
    done = korpus("read", written(tmp_path, NEWS), *options)
    assert done.returncode == 0, done.stderr
    assert [(r["id"], r["text"], r["id_"]) for r in records(done.stdout)] == [
        ("N1.1", "물가가\n올랐다", "N1"),
        ("N1.2", "전시회", "N1"),
        ("N1.3", "", "N1"),
    ]


def test_records_of_json_lines_and_of_strings() -> None:
    row = {"id": "x", "items": [{"text": "가"}, {"text": "나"}], "notes": ["다", "라"]}
    found = records(korpus("read", "--records", "items[]", stdin=lines(row)).stdout)
    assert [(r["id"], r["text"], r["id_"]) for r in found] == [("1", "가", "x"), ("2", "나", "x")]
    found = records(korpus("read", "-c", "notes[]", stdin=lines(row)).stdout)
    assert [(r["id"], r["text"]) for r in found] == [("1", "다"), ("2", "라")]
    done = korpus("morph", "-c", "notes[]", "-f", "plain", stdin=lines(row))
    assert done.stdout == "다\n라\n"


def test_a_column_whose_name_looks_like_a_path() -> None:
    found = records(korpus("read", "-c", "a.b", stdin='{"a.b":"가","a":{"b":"나"}}\n').stdout)
    assert found == [{"id": "1", "text": "가", "a": {"b": "나"}}]
    assert korpus("read", "-c", "a.b", stdin="a.b,c\n가,1\n").returncode == 0


def test_a_path_that_leads_nowhere_is_an_error_or_said(tmp_path: Path) -> None:
    done = korpus("read", written(tmp_path, TALK), "--records", "documents[]")
    assert done.returncode == 1 and "nothing at documents[]" in done.stderr
    row = '{"items":[{"text":"가"}]}\n{"other":1}\n'
    done = korpus("read", "--records", "items[]", stdin=row)
    assert len(records(done.stdout)) == 1 and "1 object without items[] left out" in done.stderr


@pytest.mark.parametrize("orient", ["records", "columns", "split", "index", "table"])
@pytest.mark.parametrize("labels", [None, [7, 8]])
def test_tables_of_pandas(tmp_path: Path, orient: Any, labels: list[int] | None) -> None:
    frame = pandas.DataFrame({"no": ["a", "b"], "text": ["첫 글", None]}, index=labels)
    frame.to_json(tmp_path / "a.json", orient=orient, force_ascii=False)
    found = list(read(tmp_path / "a.json", id_column="no"))
    assert [(r["id"], r["text"]) for r in found] == [("a", "첫 글"), ("b", "")]
    if labels and orient != "records":
        assert [str(r["index"]) for r in found] == ["7", "8"]
    else:
        assert all(r.keys() <= {"id", "text", "index"} for r in found)


def test_what_only_looks_like_a_table_of_pandas(tmp_path: Path) -> None:
    for value in ({"text": {"ko": "가"}, "title": {"ko": "나"}}, {"a": {}, "b": {}}):
        with pytest.raises(KorpusError):
            list(read(written(tmp_path, value)))


def test_an_object_over_several_lines_on_standard_input() -> None:
    done = korpus("read", "--records", "document[]", "-c", "id", stdin=json.dumps(NEWS, indent=2))
    assert [record["text"] for record in records(done.stdout)] == ["N1.1", "N1.2", "N1.3"]


@pytest.mark.parametrize("text", [["가"], {"form": "가"}])
def test_texts_that_are_lists_in_python(text: object) -> None:
    with pytest.raises(KorpusError, match="not text"):
        list(morph([{"id": "1", "text": text}]))
