"""The methods section (연구방법) of a study, from the record of what was run."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, NamedTuple

from korpus.checks import check_choice
from korpus.messages import printable
from korpus.records import Record
from korpus.reports.study import Step, Study
from korpus.tagsets import KOREAN

LANGUAGES = ("ko", "en")
_CITED = re.compile(r"@(\w+)")
_UNWRITTEN = re.compile("[\ufffe\uffff\ue000]")
_ADVICE = re.compile(r"; --[a-z][a-z-]* .*")  # at the end of a message: another option
BRACKET = "\ue000"  # stands for a [ that begins no citation
_TITLES = {
    "ko": ("연구방법", "자료", "분석 절차", "소프트웨어", "분석 조건", "참고문헌"),
    "en": ("Methods", "Data", "Analysis", "Software", "Parameters", "References"),
}
_COLUMNS = {"ko": ("단계", "항목", "값"), "en": ("Step", "Option", "Value")}
_SOFTWARE = {
    "ko": ("분석에는 korpus {version} 프로그램을 사용하였다.", "소프트웨어 버전: {versions}."),
    "en": ("The analysis was done with korpus {version}.", "Software versions: {versions}."),
}
_ASIDE = {
    "ko": "{command} 단계에서 처리할 수 없는 문서 {count}건을 제외하였다.",
    "en": "In the step {command}, {count} documents that could not be processed were set aside.",
}
_READ = {
    "ko": "{name}에서 문서 {count}건을 읽었다.",
    "en": "{count} documents were read from {name}.",
}
_MESSAGES = {"ko": "실행 기록", "en": "What the run said"}
# Values of options in words, by the name of the option.
_UNITS = {"document": "문서", "paragraph": "문단", "sentence": "문장"}
_UNITS |= {"syllable": "음절", "morpheme": "형태소", "word": "어절"}
_KOREAN_VALUES = {
    "pos": {english: korean for korean, english in KOREAN.items()},
    "every": {"year": "연", "quarter": "분기", "month": "월", "week": "주", "day": "일"},
    "join": {"negation": "부정", "number": "숫자"},
    "unit": _UNITS,
    "features": {"both": "토큰과 글자 n-그램", "tokens": "토큰", "characters": "글자 n-그램"}
    | {"lsa": "LSA", "tfidf": "TF-IDF", "vectors": "단어 벡터", "topics": "토픽 비율"},
    "weight": {"count": "함께 나온 횟수", "cosine": "코사인 유사도", "g2": "로그우도비(G²)"}
    | {"jaccard": "자카드 계수", "dice": "다이스 계수", "pmi": "PMI", "npmi": "NPMI"},
    "measure": (_MEASURES := {"g2": "G²", "pmi": "PMI", "npmi": "NPMI", "logdice": "logDice"}),
    "reduce": {"pca": "PCA", "umap": "UMAP", "none": "없음"},
    "method": {"kmeans": "k-평균", "hdbscan": "HDBSCAN"},
    "loss": (_LOSSES := {"frobenius": "Frobenius", "kullback": "Kullback"}),
}
_ENGLISH_VALUES = {
    "pos": {"term": "nouns, foreign words and roots"},
    "features": {"both": "tokens and character n-grams", "characters": "character n-grams"}
    | {"lsa": "LSA", "tfidf": "TF-IDF", "vectors": "word vectors", "topics": "shares of topics"},
    "weight": {"count": "co-occurrences", "cosine": "cosine similarity", "g2": "G²"}
    | {"jaccard": "the Jaccard coefficient", "dice": "the Dice coefficient"}
    | {"pmi": "PMI", "npmi": "NPMI"},
    "measure": _MEASURES,
    "reduce": {"pca": "PCA", "umap": "UMAP"},
    "method": {"kmeans": "k-means", "hdbscan": "HDBSCAN"},
    "loss": _LOSSES,
}
_VALUES = {"ko": _KOREAN_VALUES, "en": _ENGLISH_VALUES}
_YES = {"ko": "예", "en": "yes"}
_KOREAN_VALUES["pos"] |= {"punctuation": "문장 부호", "symbol": "기호", "web": "웹 주소"}
_KOREAN_VALUES["pos"] |= {"unknown": "분석 불능", "term": "명사, 외국어, 어근"}
_KOREAN_VALUES["drop_pos"] = _KOREAN_VALUES["pos"]
_DATA_STEPS = ("read", "clean", "space", "spell", "dedupe", "where", "sample", "split")
_MOST_LISTED = 12
# Options that choose where and how fast, not what.
_UNTOLD = {"jobs", "force", "no_clobber", "restart", "resume", "timeout", "excel", "format"}
_UNTOLD |= {"output", "source", "sources", "plot", "rejects", "java_heap"}


class Reference(NamedTuple):
    """A publication: its key, and its fields as in `references.toml`."""

    key: str
    fields: Record


class Section(NamedTuple):
    """A heading and its paragraphs, with citations as [@key; @key]."""

    heading: str
    paragraphs: list[str]


@dataclass(frozen=True)
class Methods:
    """A methods section.

    `columns`, `parameters`: the table of what each step was run with. `references`: those cited, in
    the order of their names. `headings`: of the parameters, the references.
    """

    language: str
    title: str
    sections: list[Section]
    headings: tuple[str, str]
    columns: tuple[str, str, str]
    parameters: list[tuple[str, str, str]]
    references: list[Reference]


def methods(study: Study, *, lang: str = "ko") -> Methods:
    """Write the methods section of a study in Korean (`ko`) or English (`en`).

    Only what the study records is said: a sentence that needs more is left out.
    Out: title, sections of sentences, a table of parameters, references; see `render`.
    Raises UsageError for another language.
    """
    check_choice("--lang", lang, LANGUAGES)
    title, data, analysis, software, *rest = _TITLES[lang]
    corpus: Step = {"command": "corpus", "options": dict(study)}
    found: dict[str, list[str]] = {data: _sentences(corpus, lang), analysis: []}
    for step in study.get("steps", []):
        found[data] += [
            _READ[lang].format(name=quoted(name), count=f"{count:,}")
            for name, count in step.get("inputs", {}).items()
            if count is not None
        ]
        heading = data if step["command"] in _DATA_STEPS else analysis
        found[heading] += _sentences(step, lang)
    found[software] = _software(study, lang)
    sections = [
        Section(heading, [" ".join(dict.fromkeys(lines))])
        for heading, lines in found.items()
        if lines
    ]
    steps = study.get("steps", [])
    if said := [
        quoted(f"{step['command']}: {_ADVICE.sub('', line)}")
        for step in steps
        for line in step.get("messages", [])
    ]:
        sections.append(Section(_MESSAGES[lang], said))
    cited = {key for section in sections for text in section.paragraphs for key in keys_of(text)}
    references = [Reference(key, _data("references")[key]) for key in cited]
    return Methods(
        lang,
        title,
        sections,
        (rest[0], rest[1]),
        _COLUMNS[lang],
        [row for step in study.get("steps", []) for row in _parameters(step, lang)],
        sorted(references, key=lambda item: (item.fields["authors"], item.fields["year"])),
    )


def keys_of(text: str) -> list[str]:
    """The keys of the references that a text cites."""
    return [key for cited in re.findall(r"\[(@[^]]+)\]", text) for key in _CITED.findall(cited)]


@cache
def _data(name: str) -> Record:
    return tomllib.loads((files("korpus.data") / "methods" / f"{name}.toml").read_text("utf-8"))


def _sentences(step: Step, language: str) -> list[str]:
    """What is to be said of a step."""
    options = dict(step.get("options", {}))
    entries = _data("sentences").get(step["command"], [])
    entries = [*entries, *(_data("sentences")["vocabulary"] if entries else [])]
    lines = [
        entry[language].format_map(
            {name: _told(name, it, language) for name, it in options.items()}
        )
        for entry in entries
        if _applies(entry, options)
    ]
    if step.get("set_aside"):
        line = _ASIDE[language]
        lines.append(line.format(command=quoted(step["command"]), count=f"{step['set_aside']:,}"))
    return lines


def _told(name: str, value: Any, language: str) -> str:
    """A value in a sentence: with spaces after its commas, and names in its language."""
    text = quoted(re.sub(r",(?=[^\s\d])", ", ", shown(value)))
    if known := _VALUES[language].get(name):
        text = re.sub(r"\w+", lambda word: known.get(word[0], word[0]), text)
    return text


def _applies(entry: Record, options: Record) -> bool:
    """Whether a sentence is true of the options, and all that it names is known."""
    for name, wanted in entry.get("when", {}).items():
        if options.get(name) not in (wanted if isinstance(wanted, list) else [wanted]):
            return False
    if not all(options.get(name) for name in entry.get("given", [])):
        return False
    for name, wanted in entry.get("names", {}).items():
        if not {*str(options.get(name)).split(",")} & {*wanted}:
            return False
    numbers = {name: _number(options.get(name)) for name in options}
    above, below = entry.get("above", {}), entry.get("below", {})
    if not all((n := numbers.get(name)) is not None and n > least for name, least in above.items()):
        return False
    if not all((n := numbers.get(name)) is not None and n < most for name, most in below.items()):
        return False
    named = {name for _text, name, _spec, _form in Formatter().parse(entry["en"]) if name}
    return all(options.get(name) not in (None, "", []) for name in named)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def shown(value: Any) -> str:
    """A value of an option as text."""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        items = [shown(item) for item in value[:_MOST_LISTED]]
        return ", ".join(items) + (f" … ({len(value):,})" if len(value) > _MOST_LISTED else "")
    if isinstance(value, dict):
        return ", ".join(f"{name}: {shown(item)}" for name, item in value.items())
    return " ".join(_clean(str(value)).split())


def _clean(text: str) -> str:
    """Text that every format can hold: no control characters, halves of characters, U+FFFE."""
    return _UNWRITTEN.sub("", printable(text).encode("utf-8", "replace").decode())


def quoted(text: str) -> str:
    """Text of a study within a sentence, where `[@` would begin a citation."""
    return _clean(text).replace("[@", f"{BRACKET}@")


def _parameters(step: Step, language: str) -> list[tuple[str, str, str]]:
    return [
        (shown(step["command"]), shown(name), _YES[language] if value is True else shown(value))
        for name, value in step.get("options", {}).items()
        if name not in _UNTOLD and (value or value == 0) and value is not False
    ]


def _software(study: Study, language: str) -> list[str]:
    first, others = _SOFTWARE[language]
    lines = [first.format(version=quoted(study["korpus"]))] if study.get("korpus") else []
    if versions := study.get("versions"):
        named = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
        lines.append(others.format(versions=quoted(named)))
    return lines
