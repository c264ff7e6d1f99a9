"""The stage triples: dependency trees → who does what to whom (subject, verb, object)."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from korpus.analyzers.tree import check_tree
from korpus.records import DocumentSource, Record, Row, Table, as_tokens

COLUMNS = ["id", "subject", "verb", "object", "negated", "passive"]

_SUBJECTS = ("nsubj", "csubj")
_OBJECT, _CONJUNCT, _OPEN = "obj", "conj", "xcomp"
_AUXILIARY, _COPULA = "aux", "cop"
_NEGATIVE_AUXILIARIES = {"않", "아니하", "못하", "못", "말", "아니"}
_NEGATIVE_ADVERBS = {"안", "못", "아니"}
_NEGATIVE_VERB = "아니"
# Second morphemes that make a verb or an adjective of a noun or a root; and their tags.
_DERIVING = {"하", "되", "시키", "당하", "스럽", "롭", "답"}
_DERIVING_TAGS = ("xsv", "xsm", "xsa")
_PREDICATE_TAGS = ("pv", "pa", "px", "vv", "va", "vx", "vcn")
_PREDICATES = {"VERB", "ADJ", "AUX"}


class _Tree(NamedTuple):
    """A sentence: forms, and per token its children, head and relation without subtype."""

    record: Record
    below: list[list[int]]
    heads: list[int]
    relations: list[str]


def triples(sentences: DocumentSource) -> Table:
    """Find subject, verb and object of each predicate in dependency trees. Holds the rows.

    Columns in: `id`, `tokens`, `tags`, `heads`, `relations` in the terms of Universal Dependencies;
    `lemmas`, `xpos` and `feats` if there are any. Columns out: `id`, `subject`, `verb`, `object`
    (empty where the sentence has none), `negated` and `passive` (1 or 0).

    A predicate is each word with a subject (nsubj, csubj) or an object (obj). Coordinated words
    (conj) give a row each. A coordinated predicate without a subject has that of the first; so has
    an open complement (xcomp) that of the clause above: its object, else its subject. Objects are
    not shared, nor are subjects of adverbial and relative clauses, which the tree does not tell.
    `passive`: the subject is that of a passive (nsubj:pass), whom the action befalls. `negated`: an
    odd number of 않다, 못하다, 말다, 아니다 (aux, cop, or the verb 아니다 itself), of 안 and 못
    (advmod), or of Polarity=Neg.
    Words are the first morpheme of the lemma (나 of 나+는), with a suffix such as 하 (공부하다),
    and as predicates with 다; without a lemma the form.
    Raises KorpusError for a record without a proper tree.
    """
    rows = lru_cache(lambda: list(_rows(as_tokens(sentences))))
    return Table(COLUMNS, rows)


def _rows(sentences: Iterable[Record]) -> Iterator[Row]:
    for record in sentences:
        check_tree(record)
        tree = _tree(record)
        for verb in range(1, len(tree.heads) + 1):
            subjects, passive = _subjects(tree, verb)
            own = bool(_below(tree, verb, _SUBJECTS))
            objects = _below(tree, verb, (_OBJECT,))
            if not own and not objects and not _is_inherited(tree, verb, subjects):
                continue
            pairs = product(
                [_word(record, one) for one in _with_conjuncts(tree, subjects)] or [""],
                [_word(record, one) for one in _with_conjuncts(tree, objects)] or [""],
            )
            for subject, object in pairs:
                negated = int(_is_negated(tree, verb))
                yield (record["id"], subject, _word(record, verb), object, negated, int(passive))


def _tree(record: Record) -> _Tree:
    heads: list[int] = record["heads"]
    below: list[list[int]] = [[] for _ in range(len(heads) + 1)]
    for number, head in enumerate(heads, 1):
        below[head].append(number)
    relations = ["", *(str(name).partition(":")[0] for name in record["relations"])]
    return _Tree(record, below, heads, relations)


def _below(tree: _Tree, head: int, relations: Iterable[str]) -> list[int]:
    return [word for word in tree.below[head] if tree.relations[word] in relations]


def _subjects(tree: _Tree, verb: int) -> tuple[list[int], bool]:
    """The subjects of a predicate, and whether it is passive; see `triples`."""
    seen = set()
    while verb not in seen:
        seen.add(verb)
        if found := _below(tree, verb, _SUBJECTS):
            names = (str(tree.record["relations"][word - 1]) for word in found)
            return found, any(":pass" in name for name in names)
        above = tree.heads[verb - 1]
        if not above or tree.relations[verb] not in (_CONJUNCT, _OPEN):
            break
        if tree.relations[verb] == _OPEN and (found := _below(tree, above, (_OBJECT,))):
            return found, False
        verb = above
    return [], False


def _is_inherited(tree: _Tree, verb: int, subjects: list[int]) -> bool:
    """Whether a word without a subject and an object of its own is a predicate of `subjects`."""
    return bool(subjects) and tree.relations[verb] in (_CONJUNCT, _OPEN) and verb not in subjects


def _with_conjuncts(tree: _Tree, words: Iterable[int]) -> Iterator[int]:
    """Words, each followed by those that are coordinated with it."""
    waiting = list(reversed(list(words)))
    while waiting:
        word = waiting.pop()
        yield word
        waiting += reversed(_below(tree, word, (_CONJUNCT,)))


def _is_negated(tree: _Tree, verb: int) -> bool:
    record = tree.record
    markers = int(_stem(record, verb) == _NEGATIVE_VERB or _has_negative_feature(record, verb))
    for word in tree.below[verb]:
        relation, stem = tree.relations[word], _stem(record, word)
        if relation in (_AUXILIARY, _COPULA):
            is_marker = stem in _NEGATIVE_AUXILIARIES
        else:
            is_marker = relation == "advmod" and stem in _NEGATIVE_ADVERBS
        markers += is_marker or (
            relation in (_AUXILIARY, _COPULA, "advmod") and _has_negative_feature(record, word)
        )
    return markers % 2 == 1


def _has_negative_feature(record: Record, word: int) -> bool:
    feats = record.get("feats")
    return feats is not None and "Polarity=Neg" in str(feats[word - 1]).split("|")


def _parts(record: Record, word: int) -> tuple[list[str], list[str]]:
    """The morphemes of a word by its lemma, else its form, and their tags if these are as many."""
    lemmas, xpos = record.get("lemmas"), record.get("xpos")
    form = record["tokens"][word - 1]
    lemma = str(lemmas[word - 1] or "") if lemmas else ""
    # A lemma that is the form may have a plus of its own: C++.
    parts = [] if lemma == form else [part for part in lemma.split("+") if part]
    parts = parts or [lemma or form]
    tags = str(xpos[word - 1] or "").lower().split("+") if xpos else []
    return parts, tags if len(tags) == len(parts) else []


def _stem(record: Record, word: int) -> str:
    """The first morpheme of a word; 다 is left out, as some lemmas are 않다 and others 않."""
    first = _parts(record, word)[0][0]
    return first.removesuffix("다") if len(first) > 1 else first


def _word(record: Record, word: int) -> str:
    """A word as the table shows it; see `triples`."""
    parts, tags = _parts(record, word)
    if len(parts) == 1:
        return parts[0]
    derives = tags[1].startswith(_DERIVING_TAGS) if tags else parts[1] in _DERIVING
    if derives:
        return f"{parts[0]}{parts[1]}다"
    upos = (record.get("tags") or [""] * word)[word - 1]
    if tags:
        is_predicate = tags[0].startswith(_PREDICATE_TAGS)
    else:
        is_predicate = upos in _PREDICATES and parts[1] != "이"
    return f"{parts[0]}다" if is_predicate else parts[0]
