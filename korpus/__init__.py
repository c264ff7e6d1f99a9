"""korpus: Korean text mining. Each command is also a function here, for use from Python.

>>> import korpus
>>> tokens = korpus.stopwords(korpus.morph(korpus.read("reviews.csv"), pos=["noun"]))
>>> korpus.freq(tokens).to_pandas()
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# The stages and their rooms. They load on first use, so that `import korpus` costs nothing.
_STAGES = {
    "read": "korpus.files",
    "morph": "korpus.analyzers",
    "stopwords": "korpus.tokens",
    "freq": "korpus.tokens",
    "tfidf": "korpus.models",
    "lda": "korpus.models",
    "nmf": "korpus.models",
    "plsa": "korpus.models",
    "lsa": "korpus.models",
    "choose_k": "korpus.models",
    "topics": "korpus.models",
    "word2vec": "korpus.models",
    "similar": "korpus.models",
    "infer": "korpus.models",
    "wordcloud": "korpus.views",
    "info": "korpus.files",
    "doctor": "korpus.installation",
}
__all__ = [*_STAGES, "__version__"]


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> Any:
    if name in _STAGES:
        return getattr(import_module(_STAGES[name]), name)
    raise AttributeError(f"module 'korpus' has no attribute {name!r}")
