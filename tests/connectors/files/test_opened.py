import gzip
import hashlib

import pytest

from connectors.files.errors import UnreadableFile
from connectors.files.opened import ALWAYS_ALLOWED, open_file, sha256_of


@pytest.fixture
def lay(tmp_path):
    def write(content, name="f"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize(
    ("start", "kind", "gzipped"),
    [
        (b"id,text\n", "text", False),
        (b"PK\x03\x04....", "xlsx", False),
        (b"PAR1....", "parquet", False),
        (gzip.compress(b"id,text\n", mtime=0), "text", True),
        (b"x", "text", False),
    ],
)
def test_the_bytes_say_what_it_is(lay, start, kind, gzipped):
    opened = open_file(lay(start, "misleading.pdf"))
    assert (opened.kind, opened.gzipped, opened.size) == (kind, gzipped, len(start))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "an empty file"),
        (gzip.compress(b"", mtime=0), "empty file within the gzip"),
        (gzip.compress(b"PK\x03\x04" + b"x" * 99, mtime=0), "a gzipped xlsx"),
        (gzip.compress(gzip.compress(b"id\n", mtime=0), mtime=0), "a gzipped gzip"),
        (b"\x1f\x8b not really", "a gzip that ends or breaks after 0 bytes"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 99, "old Excel"),
        (b"%PDF-1.7", "a PDF"),
    ],
)
def test_what_holds_no_table_is_refused_by_name(lay, content, told):
    with pytest.raises(UnreadableFile, match=told):
        open_file(lay(content))


def test_the_stream_can_be_read_again_from_its_start(lay):
    opened = open_file(lay(gzip.compress(b"id,text\n1,a\n")))
    for _ in range(2):
        with opened.stream() as stream:
            assert stream.read() == b"id,text\n1,a\n"
    assert opened.head() == b"id,text\n1,a\n"


def test_progress_counts_the_bytes_of_the_file_and_not_of_what_is_in_it(lay):
    packed = gzip.compress(b"id,text\n" + b"1,hello\n" * 100_000)
    heard = []
    with open_file(lay(packed)).stream(heard.append) as stream:
        stream.read()
    assert heard[-1] == len(packed)


def test_the_cap_leaves_room_for_every_small_file(lay):
    packed = gzip.compress(b"\n" * (ALWAYS_ALLOWED - 1))
    with open_file(lay(packed)).stream() as stream:
        assert sum(map(len, iter(lambda: stream.read(1 << 20), b""))) == ALWAYS_ALLOWED - 1
    with (
        open_file(lay(gzip.compress(b"\n" * (ALWAYS_ALLOWED + 1)))).stream() as stream,
        pytest.raises(UnreadableFile, match="unpacks to more"),
    ):
        while stream.read(1 << 20):
            pass


def test_several_gzips_in_one_file_are_one_text(lay):
    with open_file(lay(gzip.compress(b"id\n") + gzip.compress(b"1\n"))).stream() as stream:
        assert stream.read() == b"id\n1\n"


def test_the_hash_is_of_the_bytes_on_disk(lay):
    path = lay(b"id\n")
    assert sha256_of(path) == hashlib.sha256(b"id\n").hexdigest()


def test_a_file_that_may_not_be_read(lay, monkeypatch):
    path = lay(b"id\n")

    def denied(*arguments, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", denied)
    with pytest.raises(UnreadableFile, match="Permission denied, expected a file that may be read"):
        open_file(path)
