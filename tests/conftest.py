import os
import signal
import sys
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.runner import share_server
from tests.runner.java import start_java_fast
from tests.support import SAMPLE, SHARED, STARTED

# No test fails because the machine is slow.
settings.register_profile("korpus", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("korpus")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh", action="store_true", help="write the golden chains' output anew")


def pytest_configure() -> None:
    # Background jobs of a shell ignore Ctrl-C, and so would the commands that tests interrupt.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # New interpreters, of which tests start hundreds, keep what they compile, as users' do.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """The processes of xdist share the server that runs commands, which loads every library."""
    share_server()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Tests that share a fixture of their module run in one process, which makes it once.

    So do those marked with xdist_group, with pytest 9.2 too: xdist 3.8 adds the group to `_nodeid`
    of each test, which pytest 9.2 does not read any more (pytest-dev/pytest-xdist#1386).
    """
    for item in items:
        if _shares_a_fixture(item) and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    yield
    for item in items:
        if name := vars(item).get("_nodeid"):
            node: Any = item
            node._id = type(node._id).parse(name)


def _shares_a_fixture(item: Any) -> bool:
    fixtures = item._fixtureinfo.name2fixturedefs.values()
    return any(fixture.scope == "module" for (*_, fixture) in fixtures)


@pytest.fixture(scope="session")
def shared_reviews() -> Path:
    """300,000 film reviews, where they are beside the checkout."""
    path = SHARED / "reviews.csv.gz"
    if not path.is_file():
        pytest.skip(f"no {path}: this test compares with a library on real reviews")
    return path


@pytest.fixture(scope="session")
def sample_tokens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample data after korpus morph."""
    from korpus.analyzers import morph
    from korpus.files import read, write_records

    path = tmp_path_factory.mktemp("sample") / "tokens.jsonl"
    write_records(morph(read(SAMPLE)), str(path))
    return path


@pytest.fixture(autouse=True)
def no_process_is_left() -> Iterator[None]:
    """Commands that a failed test leaves running are killed."""
    yield
    while STARTED:
        process = STARTED.pop()
        process.kill()
        process.wait()


@pytest.fixture(autouse=True)
def signals_are_as_before() -> Iterator[None]:
    """No test leaves its handlers: commands that later tests start would ignore signals."""
    numbers = [
        getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
    ]
    before = [signal.getsignal(number) for number in numbers]
    yield
    after = [signal.getsignal(number) for number in numbers]
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)
    assert after == before


@pytest.fixture(scope="session", autouse=True)
def no_java_home() -> None:
    """No Java of the machine: the analyzers must bring their own."""
    for name in ("JAVA_HOME", "KORPUS_JAVA_HOME", "JDK_HOME"):
        os.environ.pop(name, None)


@pytest.fixture(scope="session", autouse=True)
def shared_taggers() -> Iterator[None]:
    """Tests in this process share the taggers that they load; commands load their own.

    Tests that load slow ones are marked with xdist_group("taggers"), to run in one process.
    """
    import kiwipiepy
    import konlpy.tag

    # With the usual 1 GB for all four, Java spends most of its time on collecting garbage.
    start_java_fast("-Xmx2g", "-Xmn600m")
    with pytest.MonkeyPatch.context() as patch:
        kiwi = cache(partial(kiwipiepy.Kiwi, num_workers=max(2, os.cpu_count() or 1)))
        patch.setattr(kiwipiepy, "Kiwi", lambda **_: kiwi())  # one for all numbers of threads
        for name in ("Hannanum", "Kkma", "Komoran", "Okt"):
            patch.setattr(konlpy.tag, name, cache(getattr(konlpy.tag, name)))
        yield


@pytest.fixture(scope="session")
def one_bundle() -> Iterator[None]:
    """Vega is bundled for the pages of this process once, which takes two seconds."""
    import vl_convert

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vl_convert, "javascript_bundle", cache(vl_convert.javascript_bundle))
        yield


@pytest.fixture(scope="session")
def sample_nouns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nouns of two syllables and more of the sample data: what topic models are fitted on."""
    from korpus.analyzers import morph
    from korpus.files import read, write_records
    from korpus.tokens import stopwords

    path = tmp_path_factory.mktemp("sample") / "nouns.jsonl"
    tokens = stopwords(morph(read(SAMPLE), pos=["noun"]), min_length=2)
    write_records(tokens, str(path))
    return path
