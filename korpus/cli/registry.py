"""The table of commands. Help, the Python API, README's table and the contract tests read it."""

import os
from collections.abc import Iterator
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NamedTuple

# In the order of help, which is the way that data flows.
GROUPS = (
    "Read",
    "Prepare",
    "Analyze",
    "Count",
    "Explore",
    "Model",
    "Predict",
    "Transformers",
    "Draw",
    "Inspect",
    "Workflow",
)

# Of the first words of names of two words.
SUMMARIES = {
    "words": "Word tables (단어표): new words, synonyms, words to merge and to drop.",
    "subword": "Pieces of words (서브워드): train a tokenizer, encode texts with it.",
    "topics": "Topics of a model (토픽): korpus topics MODEL is korpus topics show MODEL.",
    "classify": "Classes of documents (분류, 감성분석): train, predict, evaluate, explain.",
    "lm": "Language models (언어 모델): how likely a text is, and what comes next.",
    "tf": "Transformers (트랜스포머), with the extra transformers: vectors, labels, texts.",
}
# The second words that may be left out.
DEFAULTS = {"topics": "show"}


class Command(NamedTuple):
    """One command.

    `name`: as typed; two words make a subcommand of a group, as in `lm train`. `group`: its heading
    in help, and the folder of its file. `summary`: one line of help. `columns_in`, `columns_out`:
    what it needs (empty: no input) and gives. `stage`: the function for Python, as
    `module:function`. `extra`: the extra of the package that it needs, if any.
    """

    name: str
    group: str
    summary: str
    columns_in: str
    columns_out: str
    stage: str
    extra: str = ""

    @property
    def target(self) -> str:
        """The command's function, as `module:function`."""
        function = self.name.replace("-", "_").replace(" ", "_")
        return f"korpus.commands.{self.group.lower()}.{function}:{function}"


COMMANDS = (
    Command(
        "read",
        "Read",
        "Join and convert files to documents, one JSON object per line.",
        "any",
        "id, text, source (if several files are read), and all other columns",
        "korpus.files:read",
    ),
    Command(
        "clean",
        "Prepare",
        "Clean text: HTML, invisible characters, boilerplate, URLs, emoji, repeats (정제).",
        "id, text",
        "the same columns; every document stays",
        "korpus.documents:clean",
    ),
    Command(
        "space",
        "Prepare",
        "Correct the spacing between words (띄어쓰기) with Kiwi.",
        "id, text",
        "the same columns; every document stays",
        "korpus.documents:space",
    ),
    Command(
        "spell",
        "Prepare",
        "Correct frequent misspellings (맞춤법) with Kiwi.",
        "id, text",
        "the same columns; every document stays",
        "korpus.documents:spell",
    ),
    Command(
        "sentences",
        "Prepare",
        "Split documents into sentences (문장 분리) with Kiwi.",
        "id, text",
        "id (7#1, 7#2 …), text, document, start, end (in characters), and all other columns",
        "korpus.documents:sentences",
    ),
    Command(
        "dedupe",
        "Prepare",
        "Remove documents that repeat another, exactly or nearly (중복 제거).",
        "id, text",
        "the same columns; fewer documents; --groups: group, id, kept, similarity, text",
        "korpus.documents:dedupe",
    ),
    Command(
        "where",
        "Prepare",
        "Keep the documents that meet a condition: rating >= 8 and date < 2020.",
        "those of the condition",
        "the same columns",
        "korpus.documents:where",
    ),
    Command(
        "sample",
        "Prepare",
        "Take some documents at random (표본 추출).",
        "any",
        "the same columns",
        "korpus.documents:sample",
    ),
    Command(
        "split",
        "Prepare",
        "Split documents for training and testing, or in a file per group.",
        "any",
        "the same columns; in one output also part: train, test or the group",
        "korpus.documents:split",
    ),
    Command(
        "join",
        "Prepare",
        "Put the columns of a table onto documents, by id.",
        "id, or the column of --on",
        "the same columns and those of the table",
        "korpus.documents:join",
    ),
    Command(
        "head",
        "Prepare",
        "Take the first documents.",
        "any",
        "the same columns",
        "korpus.documents:head",
    ),
    Command(
        "morph",
        "Analyze",
        "Split documents into morphemes with their part of speech (형태소 분석).",
        "id, text",
        "the same, with tokens, tags, analyzer, analysis",
        "korpus.analyzers:morph",
    ),
    Command(
        "stopwords",
        "Analyze",
        "Remove stopwords (불용어): particles, endings, light verbs and words that you list.",
        "tokens, tags",
        "the same columns with fewer tokens; every document stays",
        "korpus.tokens:stopwords",
    ),
    Command(
        "tree",
        "Analyze",
        "Draw and parse dependency trees (구문 분석), and list who does what (의미역).",
        "those of .conllu: id, text, heads, relations …; with -m id, text",
        "a record per sentence: heads, relations, lemmas …; --triples: id, subject, verb, object, "
        "negated, passive",
        "korpus.analyzers:tree",
    ),
    Command(
        "units",
        "Analyze",
        "Show a text in words, morphemes, subwords, syllables and jamo (분석 단위), with counts.",
        "id, text",
        "unit, tokens, types, length, pieces (of the first document)",
        "korpus.analyzers:units",
    ),
    Command(
        "subword train",
        "Analyze",
        "Learn pieces of words from texts (서브워드): BPE, WordPiece, Unigram.",
        "text",
        "code, piece",
        "korpus.analyzers:subword_train",
    ),
    Command(
        "subword encode",
        "Analyze",
        "Split texts into the pieces of a tokenizer, with their numbers.",
        "id, text",
        "the same columns, tokens, codes, analyzer; every document stays",
        "korpus.analyzers:subword_encode",
    ),
    Command(
        "words learn",
        "Analyze",
        "Find candidates for new words (신조어), as a word table to edit.",
        "text",
        "form, tag, score, becomes, drop (for morph --words); methods, count, df, contexts …",
        "korpus.analyzers.words.learn:words_learn",
    ),
    Command(
        "words apply",
        "Analyze",
        "Join, merge and drop tokens as a word table (단어표) says.",
        "tokens, tags, text",
        "the same columns; every document stays",
        "korpus.tokens:words_apply",
    ),
    Command(
        "words check",
        "Analyze",
        "Show what a word table (단어표) does to each of its words.",
        "form, tag, score, becomes, drop",
        "form, analyzer, before, after, effect, count (with SOURCE)",
        "korpus.analyzers:words_check",
    ),
    Command(
        "words synonyms",
        "Analyze",
        "Suggest terms that may be one (유의어, 표기 변이), as a word table to edit.",
        "tokens, tags",
        "form, tag, score, becomes, drop (for morph --words); count, spelling, kiwi, word2vec …",
        "korpus.models.synonyms:words_synonyms",
    ),
    Command(
        "phrases",
        "Analyze",
        "Find compounds and set phrases of two tokens, as a word table to edit.",
        "tokens, tags; with morph --spans also their places",
        "form, tag, score, becomes, drop (for morph --words); count, first_count, second_count",
        "korpus.tokens:phrases",
    ),
    Command(
        "code",
        "Analyze",
        "Code documents by rules: a column per concept (코딩 규칙).",
        "tokens, tags (text for strings)",
        "the same columns, 1 or 0 per concept, codes (the concepts it has); every document stays",
        "korpus.tokens:code",
    ),
    Command(
        "freq",
        "Count",
        "Count terms: their occurrences and the documents that contain them (빈도 분석).",
        "tokens, tags",
        "term, tag, count, df (documents with the term), share",
        "korpus.tokens:freq",
    ),
    Command(
        "ngrams",
        "Count",
        "Count sequences of tokens (n-그램), or join tokens to them.",
        "tokens, tags; with morph --spans also their places",
        "n, term, tag, count, df (documents with the term), share; --join: documents",
        "korpus.tokens:ngrams",
    ),
    Command(
        "lexical",
        "Count",
        "Measure vocabulary: diversity (어휘 다양도), density, sentence length, dispersion.",
        "tokens, tags; with morph --spans also their places",
        "documents, tokens, types, ttr, mattr, mtld, hdd, yule_k, entropy, density, "
        "sentence_length; --dispersion: term, tag, count, df, juilland_d, dp",
        "korpus.tokens:lexical",
    ),
    Command(
        "tfidf",
        "Count",
        "Weight terms by TF-IDF. The defaults are those of scikit-learn.",
        "id, tokens",
        "id, term, tf, df, idf, tfidf, highest weight first",
        "korpus.models:tfidf",
    ),
    Command(
        "encode",
        "Count",
        "Turn tokens into numbers (정수 인코딩): ids, one-hot vectors, bags of words.",
        "id, tokens",
        "id, codes; --one-hot: id, term, a column per term; --bag: id, a column per term; "
        "--matrix: code, term, count",
        "korpus.models:encode",
    ),
    Command(
        "keyness",
        "Explore",
        "Find the terms that set documents apart from others (핵심어).",
        "tokens, tags",
        "term, tag, count, reference_count, g2, p, q, bic, log_ratio, percent_diff, log_odds …",
        "korpus.tokens:keyness",
    ),
    Command(
        "collocations",
        "Explore",
        "Rank pairs of words that occur near each other (연어).",
        "tokens, tags; with morph --spans also their places",
        "term, tag, collocate, collocate_tag, count, term_count, collocate_count, expected, and "
        "the measures",
        "korpus.tokens:collocations",
    ),
    Command(
        "kwic",
        "Explore",
        "Show a word or a pattern of tokens in its context (용례).",
        "id, tokens, tags; with morph --spans also the places in text",
        "id, left, keyword, right, tags, and all other columns",
        "korpus.tokens:kwic",
    ),
    Command(
        "trend",
        "Explore",
        "Find the terms or concepts that rise and fall over time, and their bursts (추세).",
        "tokens, tags (or --concept), and the column of --date",
        "term, tag, count, share, trend (hot, cold), z, p, q, tau, slope, bursts …",
        "korpus.tokens:trend",
    ),
    Command(
        "crosstab",
        "Explore",
        "Cross concepts with groups: shares, χ², residuals, Cramer's V (교차표).",
        "those of CONCEPT and --by",
        "concept, value, the group, count, group_documents, share, expected, residual",
        "korpus.tokens.crosstab:crosstab",
    ),
    Command(
        "correspondence",
        "Explore",
        "Map terms or concepts and groups by correspondence analysis (대응 분석).",
        "tokens, tags (or --concept), and the column of --by",
        "kind (term, group), name, tag, count, mass, inertia, d1, cos2_1, contribution_1 …",
        "korpus.tokens:correspondence",
    ),
    Command(
        "similar",
        "Explore",
        "Find the terms or documents nearest to words or to a document (유사어).",
        "a model of word2vec, tf embed, lsa, lda, nmf or plsa",
        "rank, term or id, similarity (cosine)",
        "korpus.models:similar",
    ),
    Command(
        "network",
        "Explore",
        "Make a network of words that occur together, or of any edges (동시출현 네트워크).",
        "tokens, tags (sentences and windows: of morph --spans); or source, target, weight",
        "source, target, weight, count; --nodes: node, frequency, degree, strength, betweenness, "
        "closeness, eigenvector, pagerank, clustering, community …; --summary: measure, value",
        "korpus.networks:network",
    ),
    Command(
        "concor",
        "Explore",
        "Find blocks of words or people with similar ties (CONCOR, 구조적 등위성).",
        "tokens, tags; or source, target, weight",
        "block, name, node, frequency, degree, strength; --density and --image: block, name, "
        "nodes, 1, 2 …",
        "korpus.networks:concor",
    ),
    Command(
        "cluster",
        "Explore",
        "Put documents or words that are alike into clusters (군집 분석).",
        "id, tokens",
        "cluster, size, share, silhouette, terms, examples; --members: id or term, cluster, "
        "silhouette",
        "korpus.models:cluster",
    ),
    Command(
        "compare",
        "Explore",
        "Find the most similar pairs of documents, of two sources or of one (문서 유사도).",
        "id, tokens; with --measure edit id, text",
        "rank, a, b, similarity; with --text text_a, text_b",
        "korpus.models:compare",
    ),
    Command(
        "keywords",
        "Explore",
        "Find the keywords of each document or group: TextRank, YAKE, TF-IDF, vectors (핵심어).",
        "id, tokens, tags; with morph --spans also the places in text",
        "id or the column of --by, rank, term, score, count",
        "korpus.models:keywords",
    ),
    Command(
        "summarize",
        "Explore",
        "Choose the most important sentences of each document or group (요약).",
        "id, text, tokens, tags, and the sentences of morph --spans",
        "id or the column of --by, sentences, kept, summary; --each: document, sentence, rank, "
        "score, text",
        "korpus.models:summarize",
    ),
    Command(
        "index",
        "Explore",
        "Make an index of documents for search (색인).",
        "id, text, tokens; with morph --spans also the places in text",
        "a model for search (-m)",
        "korpus.models:index",
    ),
    Command(
        "search",
        "Explore",
        "Find the documents of an index that answer queries, by words or meaning (검색).",
        "an index, and queries",
        "rank, score, id, passage, all columns, text; --context: rank, score, id, text, start, "
        "end, all columns; of several queries also query_id, query",
        "korpus.models:search",
    ),
    Command(
        "lda",
        "Model",
        "Find topics by latent Dirichlet allocation (토픽 모델).",
        "id, tokens, and the columns of --by",
        "topic, rank, term, weight, share (of all tokens); --documents: id, topic, weight; "
        "--priors: column, group, documents, topic, prior, share, ratio",
        "korpus.models:lda",
    ),
    Command(
        "nmf",
        "Model",
        "Find topics by non-negative matrix factorisation of TF-IDF.",
        "id, tokens",
        "topic, rank, term, weight, share (of all tokens); --documents: id, topic, weight",
        "korpus.models:nmf",
    ),
    Command(
        "plsa",
        "Model",
        "Find topics by probabilistic latent semantic analysis.",
        "id, tokens",
        "topic, rank, term, weight, share (of all tokens); --documents: id, topic, weight",
        "korpus.models:plsa",
    ),
    Command(
        "lsa",
        "Model",
        "Find latent dimensions by SVD of TF-IDF (잠재 의미 분석).",
        "id, tokens",
        "topic, rank, term, weight (signed), variance (share explained); --documents: id, d1 … dk",
        "korpus.models:lsa",
    ),
    Command(
        "dtm",
        "Model",
        "Find topics whose words change over time (동적 토픽 모델).",
        "id, tokens, and the column of --date",
        "topic, period, rank, term, weight, share; --periods: topic, period, documents, tokens, "
        "share, npmi; --documents: id, topic, weight",
        "korpus.models:dtm",
    ),
    Command(
        "stm",
        "Model",
        "Find topics whose shares depend on metadata (구조적 토픽 모델), as R's stm does.",
        "id, tokens, and the columns of --formula",
        "topic, rank, term, weight, share (of all tokens); --documents: id, topic, weight",
        "korpus.models:stm",
    ),
    Command(
        "choose-k",
        "Model",
        "Compare numbers of topics and suggest one (토픽 수 정하기).",
        "id, tokens",
        "k, npmi and c_v (coherence), perplexity (held out), diversity, stability",
        "korpus.models:choose_k",
    ),
    Command(
        "topics show",
        "Model",
        "Print the topics of a model: terms, shares, typical documents.",
        "a model of lda, lsa, nmf, plsa, stm or topics embed",
        "topic, share, terms, examples; with --terms topic, rank, term, weight, share",
        "korpus.models:topics",
    ),
    Command(
        "topics effects",
        "Model",
        "Regress shares of topics on columns of the documents, as stm does (토픽 회귀).",
        "a model of lda, nmf, plsa or stm; the columns of the formula, kept or of id and DOCUMENTS",
        "topic, terms, effect, estimate, se, low, high, t, p, q",
        "korpus.models:topics_effects",
    ),
    Command(
        "topics trend",
        "Model",
        "Follow shares of topics over time: hot and cold topics (토픽 추세).",
        "a model of lda, nmf, plsa or stm; the columns of --date and --by, kept or of DOCUMENTS",
        "topic, terms, documents, share, trend, z, p, q, tau, slope; with --by the group",
        "korpus.models:topics_trend",
    ),
    Command(
        "topics label",
        "Model",
        "Name topics by characteristic terms, bigrams and titles (토픽 이름).",
        "a model of lda, nmf, plsa, stm or topics embed; a column of titles, kept or of DOCUMENTS",
        "topic, share, documents (largest topic of), label, terms, frex, lift, relevance, bigrams, "
        "titles",
        "korpus.models:topics_label",
    ),
    Command(
        "topics validate",
        "Model",
        "Test with people whether topics make sense: intruders (토픽 타당화).",
        "a model of lda, nmf, plsa, stm or topics embed; a text, kept or of id and DOCUMENTS",
        "id, task, text, choice1 …, the coders; --score: task, topic, coder, items, answers, "
        "chance, precision, log_odds, alpha",
        "korpus.models:topics_validate",
    ),
    Command(
        "topics compare",
        "Model",
        "Match the topics of two models (토픽 비교).",
        "two models of lda, nmf, plsa, stm or topics embed",
        "a, b (topics), cosine, distance, jaccard, shared, a_share, b_share, a_terms, b_terms",
        "korpus.models:topics_compare",
    ),
    Command(
        "topics embed",
        "Model",
        "Find topics by clusters of document vectors (임베딩 토픽), as BERTopic does.",
        "id, tokens",
        "topic, rank, term, weight, share (of all tokens); --documents: id, topic, weight",
        "korpus.models:topics_embed",
    ),
    Command(
        "word2vec",
        "Model",
        "Train word vectors (단어 임베딩).",
        "id, tokens",
        "a model for similar and infer (-m), or vectors for other programs (--export)",
        "korpus.models:word2vec",
    ),
    Command(
        "vectors",
        "Model",
        "Load the word vectors that come with Kiwi: 70,000 morphemes (사전 학습 단어 벡터).",
        "",
        "a model for similar, infer and cluster (-m), or vectors for other programs (--export)",
        "korpus.models.kiwi_vectors:vectors",
    ),
    Command(
        "infer",
        "Predict",
        "Apply a fitted model to new documents, in its vocabulary.",
        "id, tokens; of a model of tf embed id, text",
        "id, topic, weight (lda, nmf, plsa); id, d1 … (lsa, word2vec, tf embed); "
        "id, term, tf, df, idf, tfidf (tfidf); id, codes, or a column per term (encode)",
        "korpus.models:infer",
    ),
    Command(
        "classify train",
        "Predict",
        "Train a classifier on documents with labels (분류, 감성분석).",
        "id, tokens, tags, text, and the column of --label",
        "measure, label, documents, value, low, high: by cross-validation",
        "korpus.models.classify:classify_train",
    ),
    Command(
        "classify predict",
        "Predict",
        "Give documents the class that a classifier finds likeliest.",
        "id, tokens, tags, text",
        "the same columns, predicted, probability; every document stays (--active: only N)",
        "korpus.models.classify:classify_predict",
    ),
    Command(
        "classify evaluate",
        "Predict",
        "Measure a classifier on documents whose class is known, or compare two.",
        "id, tokens, tags, text, and the label",
        "measure, label, documents, value, low, high",
        "korpus.models.classify:classify_evaluate",
    ),
    Command(
        "classify explain",
        "Predict",
        "Show the words behind each decision of a classifier, or its most telling words.",
        "id, tokens, tags, text",
        "id, predicted, probability, word, start, end, weight; --telling: label, rank, term, "
        "weight",
        "korpus.models.classify:classify_explain",
    ),
    Command(
        "sentiment",
        "Predict",
        "Tell the feeling of documents by a lexicon (감성 사전), without labels.",
        "id, tokens, tags; by sentence also those of morph --spans",
        "id, group, sentence, aspect, sentiment, score, positive, negative, words (and polarity)",
        "korpus.models.sentiment:sentiment",
    ),
    Command(
        "lm train",
        "Predict",
        "Train a language model of n-grams (언어 모델) on morphemes, syllables or words.",
        "id, tokens, tags; --unit syllable or word: id, text",
        "a model (-m); order, ngrams, once, twice, discount_1, discount_2, discount_3",
        "korpus.models.lm:lm_train",
    ),
    Command(
        "lm score",
        "Predict",
        "Tell how likely each text is to a language model.",
        "id, tokens, tags; for a model of syllables or words, and Kiwi's: id, text",
        "id, sentence (of --each), units, oov, zeros, log_probability, perplexity, text",
        "korpus.models.lm:lm_score",
    ),
    Command(
        "lm perplexity",
        "Predict",
        "Measure the perplexity of a corpus (혼잡도) to a language model.",
        "id, tokens, tags; for a model of syllables or words, and Kiwi's: id, text",
        "the column of --by, documents, sentences, units, oov, zeros, log_probability, "
        "perplexity, perplexity_known",
        "korpus.models.lm:lm_perplexity",
    ),
    Command(
        "lm complete",
        "Predict",
        "Show what a language model expects after a text.",
        "",
        "rank, token, tag, probability",
        "korpus.models.lm:lm_complete",
    ),
    Command(
        "lm correct",
        "Predict",
        "Rank spellings near that of a text by a language model (맞춤법).",
        "",
        "rank, text, change, distance, oov, log_probability",
        "korpus.models.lm:lm_correct",
    ),
    Command(
        "lm generate",
        "Predict",
        "Make sentences up with a language model.",
        "",
        "id, text",
        "korpus.models.lm:lm_generate",
    ),
    Command(
        "tf embed",
        "Transformers",
        "Make a vector of each document by a transformer (문서 임베딩).",
        "id, text",
        "a model (-o), which similar, index, search, cluster, topics embed and infer take",
        "korpus.models.tf:tf_embed",
        extra="transformers",
    ),
    Command(
        "tf attention",
        "Transformers",
        "Draw which pieces of a text attend to which (어텐션).",
        "",
        "a picture (-o); --table: layer, head, from, to, from_piece, to_piece, weight",
        "korpus.models.tf:tf_attention",
        extra="transformers",
    ),
    Command(
        "tf fill",
        "Transformers",
        "Fill gaps in texts by a masked language model (빈칸 채우기).",
        "id, text",
        "the same columns, filled, candidates, model; every document stays",
        "korpus.models.tf:tf_fill",
        extra="transformers",
    ),
    Command(
        "tf classify",
        "Transformers",
        "Tell the class of texts by a transformer (분류), also of labels that you name.",
        "id, text",
        "the same columns, predicted, probability, model, "
        "with --scores scores; every document stays",
        "korpus.models.tf:tf_classify",
        extra="transformers",
    ),
    Command(
        "tf tag",
        "Transformers",
        "Find names in texts by a transformer (개체명 인식).",
        "id, text",
        "the same columns, tokens, tags, spans, scores, analyzer, model; every document stays",
        "korpus.models.tf:tf_tag",
        extra="transformers",
    ),
    Command(
        "tf answer",
        "Transformers",
        "Find the span of each text that answers a question (질의응답).",
        "id, text, question (or --question)",
        "the same columns, question, answer, start, end, score, model",
        "korpus.models.tf:tf_answer",
        extra="transformers",
    ),
    Command(
        "tf summarize",
        "Transformers",
        "Write a summary of each text by a transformer (생성 요약).",
        "id, text",
        "the same columns, summary, model; every document stays",
        "korpus.models.tf:tf_summarize",
        extra="transformers",
    ),
    Command(
        "tf translate",
        "Transformers",
        "Translate texts by a transformer (기계 번역).",
        "id, text",
        "the same columns, translation, model; every document stays",
        "korpus.models.tf:tf_translate",
        extra="transformers",
    ),
    Command(
        "tf generate",
        "Transformers",
        "Continue texts by a causal language model, also in a chat (텍스트 생성).",
        "id, text, or the columns of --template",
        "the same columns, generated, model",
        "korpus.models.tf:tf_generate",
        extra="transformers",
    ),
    Command(
        "tf pretrain",
        "Transformers",
        "Train a transformer from scratch on your texts (사전 학습): masked or causal.",
        "id, text",
        "a folder (-o) for all of korpus tf; measure, label, documents, value, low, high",
        "korpus.models.tuning:tf_pretrain",
        extra="transformers",
    ),
    Command(
        "tf finetune",
        "Transformers",
        "Train a transformer further for a task (미세조정): classes, tags, language; LoRA.",
        "id, text, and the column of --label; --task tag: lists of words and of labels",
        "a folder (-o) for all of korpus tf; measure, label, documents, value, low, high",
        "korpus.models.tuning:tf_finetune",
        extra="transformers",
    ),
    Command(
        "tf align",
        "Transformers",
        "Let a language model follow feedback (정렬, RLHF): SFT, rewards, DPO, RLOO.",
        "prompt, and response (sft), or chosen and rejected (reward, dpo)",
        "a folder (-o) for all of korpus tf; step, loss, reward, kl, accuracy, margin, length",
        "korpus.models.tuning:tf_align",
        extra="transformers",
    ),
    Command(
        "wordcloud",
        "Draw",
        "Draw a word cloud (워드 클라우드) in a font that has Korean.",
        "tokens, or a table with term and count, tfidf or weight",
        "a picture (-o)",
        "korpus.views:wordcloud",
    ),
    Command(
        "info",
        "Inspect",
        "Describe a file: documents, tokens, a table or a model.",
        "any",
        "property, value",
        "korpus.files:info",
    ),
    Command(
        "doctor",
        "Inspect",
        "Check that every analyzer, the Java runtime, the font and the word cloud work here.",
        "",
        "part, works, version, remedy; exit 1 if the default chain would not work",
        "korpus.cli.installation:doctor",
    ),
    Command(
        "agree",
        "Inspect",
        "Compare analyzers: where their nouns, counts and keywords differ (분석기 비교).",
        "id, text",
        "a, b, documents, tokens_a, tokens_b, agreement, terms_a, terms_b, terms_both, "
        "rank_correlation, top_shared, keywords_shared",
        "korpus.analyzers:agree",
    ),
    Command(
        "reliability",
        "Inspect",
        "Tell how far coders agree (코더 간 신뢰도), or write sheets for them: α, κ.",
        "a column per coder; with --sample: id, text",
        "measure, coders, units, value, low, high; with --sample: id, text, and the coders",
        "korpus.documents:reliability",
    ),
    Command(
        "new",
        "Workflow",
        "Make a folder to start a study from: study file, word table, README.",
        "",
        "file, kind; the files of the folder",
        "korpus.cli.new_study:new",
    ),
    Command(
        "run",
        "Workflow",
        "Run a study file (연구 파일): a chain of steps, and only what has changed.",
        "a study file",
        "step, command, state, reason; the files that the steps write",
        "korpus.cli.study:run",
    ),
    Command(
        "report",
        "Workflow",
        "Make one interactive page of documents: words, topics, networks, trends (보고서).",
        "id, text, or what morph made of it; those of options",
        "an HTML page that opens offline",
        "korpus.reports:report",
    ),
    Command(
        "methods",
        "Workflow",
        "Write the methods section (연구방법) of what was run, with its references.",
        "a lock file of korpus run, a model or a report",
        "text: data, analysis, software, a table of parameters, references",
        "korpus.reports:methods",
    ),
    Command(
        "evaluate",
        "Inspect",
        "Compare texts or labels with those of people: BLEU, ROUGE, WER, F1, κ (평가).",
        "id, and the columns of --reference and --hypothesis",
        "measure, label, documents, value, low, high; --documents: id, and a column per measure",
        "korpus.models.evaluate:evaluate",
    ),
    Command(
        "recipe",
        "Workflow",
        "Print a worked recipe: a whole chain of commands to copy.",
        "",
        "recipe, description; or the text of one recipe",
        "korpus.cli.recipes:recipe",
    ),
)


def load(target: str) -> Any:
    """The function that `module:function` names."""
    module, _, function = target.partition(":")
    return getattr(import_module(module), function)


def stages() -> dict[str, str]:
    """The functions of the Python API by name, as `module:function`."""
    return {command.stage.partition(":")[2]: command.stage for command in COMMANDS}


def full_name(arguments: list[str]) -> list[str]:
    """Arguments with the second word of the command, where it may be left out.

    `topics MODEL` is `topics show MODEL`, and `topics FILE --embed` is `topics embed FILE`. A slip
    such as `topics shwo` stays, unless it is a file.
    """
    first, *rest = arguments or [""]
    words = dict(within((first,))) if first in DEFAULTS else {}
    if not words or not rest or rest[0] in (*words, "-h", "--help"):
        return arguments
    flag = next((item for item in rest if item.startswith("--") and item[2:] in words), None)
    if flag is None:
        is_slip = get_close_matches(rest[0], words) and not os.path.exists(rest[0])  # noqa: PTH110
        return arguments if is_slip else [first, DEFAULTS[first], *rest]
    rest.remove(flag)
    return [first, flag[2:], *rest]


def within(words: tuple[str, ...]) -> Iterator[tuple[str, list[Command]]]:
    """The next word of each command that begins with `words`, and the commands that share it."""
    found: dict[str, list[Command]] = {}
    for command in COMMANDS:
        path = tuple(command.name.split())
        if path[: len(words)] == words:
            found.setdefault(path[len(words)], []).append(command)
    yield from found.items()
