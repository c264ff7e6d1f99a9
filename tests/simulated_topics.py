"""Documents with known effects of columns on topics, and how often intervals have them."""

from collections.abc import Iterator

import numpy

from korpus.models import lda, topics_effects

K, TERMS, WORDS = 3, 60, 150
# Of the Dirichlet distribution of shares. With 8, hardly a document is mainly of one topic; then
# LDA finds topics that are too near to each other, and 89 % of the intervals have the effect.
CONCENTRATION = 3
# Change of the shares of the topics: of press 나 against 가, and per unit of x.
EFFECTS = {"press: 나": (0.15, -0.15, 0.0), "x": (0.0, 0.1, -0.1)}
MEAN = (0.3, 0.35, 0.35)


def documents(seed: int, number: int = 200) -> tuple[list[dict[str, object]], numpy.ndarray]:
    """Documents with `press` and `x`, and the topics that they were drawn from, K × TERMS."""
    dice = numpy.random.default_rng(seed)
    topic_term = dice.dirichlet(numpy.full(TERMS, 0.1), K)
    press, x = dice.integers(0, 2, number), dice.uniform(-1, 1, number)
    means = numpy.array(MEAN) + numpy.outer(press, EFFECTS["press: 나"])
    means += numpy.outer(x, EFFECTS["x"])
    records: list[dict[str, object]] = []
    for row, mean in enumerate(means):
        shares = dice.dirichlet(mean * CONCENTRATION)
        terms = dice.choice(TERMS, WORDS, p=shares @ topic_term)
        records.append(
            {
                "id": str(row),
                "tokens": [f"w{term:02}" for term in terms],
                "press": "가나"[press[row]],
                "x": float(x[row]),
            }
        )
    return records, topic_term


def estimates(seed: int) -> Iterator[tuple[float, float, float, float]]:
    """True value, estimate and 95 % interval of each effect in one simulation."""
    from scipy.optimize import linear_sum_assignment

    records, truth = documents(seed)
    model = lda(records, k=K, iterations=60, keep="press,x", seed=seed)
    columns = [int(term[1:]) for term in model.terms]
    ours, theirs = linear_sum_assignment(-model.topic_term @ truth[:, columns].T)
    topic = dict(zip(ours.tolist(), theirs.tolist(), strict=True))
    for row in topics_effects(model, formula="press + x").table():
        if row["effect"] in EFFECTS:
            true = EFFECTS[row["effect"]][topic[row["topic"] - 1]]
            yield true, row["estimate"], row["low"], row["high"]


def coverage(simulations: int) -> tuple[float, float]:
    """The share of intervals that have the true effect, and the mean of estimate - truth where the
    truth is above 0."""
    found = [row for seed in range(simulations) for row in estimates(seed)]
    inside = [low <= true <= high for true, _estimate, low, high in found]
    errors = [estimate - true for true, estimate, _low, _high in found if true > 0]
    return float(numpy.mean(inside)), float(numpy.mean(errors))
