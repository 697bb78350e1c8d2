"""A sealed stream: what was written comes back, and nothing else ever does."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopdesk.backup import sealed
from shopdesk.backup.errors import NotABackup
from shopdesk.backup.sealed import HEADER, TAG, Seal, SealedWriter, unsealed

SMALL = 16

with pytest.MonkeyPatch.context() as patch:
    # A cheap key: how dear it is to guess is not what is tried here.
    patch.setattr(sealed, "LOG_N", 14)
    SEAL, OTHER = Seal.new(b"a key of the tests"), Seal.new(b"a key of the tests")


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many chunks in few bytes."""
    monkeypatch.setattr(sealed, "CHUNK", SMALL)


def seal_up(words: bytes, seal: Seal = SEAL, piece: int = 7) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, seal)
    for start in range(0, len(words), piece):
        writer.write(words[start : start + piece])
    writer.close()
    return file.getvalue()


def open_up(sealed_words: bytes, seal: Seal = SEAL) -> bytes:
    file = io.BytesIO(sealed_words)
    assert file.read(HEADER) == seal.header
    return b"".join(unsealed(file, seal))


def chunks(file: bytes) -> list[bytes]:
    step = SMALL + TAG
    return [file[start : start + step] for start in range(HEADER, len(file), step)]


@given(words=st.binary(max_size=200), piece=st.integers(1, 60))
def test_what_was_written_comes_back(words: bytes, piece: int) -> None:
    assert open_up(seal_up(words, piece=piece)) == words


@given(words=st.binary(max_size=200), draw=st.data())
def test_a_changed_byte_is_noticed(words: bytes, draw: Any) -> None:
    file = bytearray(seal_up(words))
    place = draw.draw(st.integers(HEADER, len(file) - 1))
    file[place] ^= draw.draw(st.integers(1, 255))
    with pytest.raises(NotABackup):
        open_up(bytes(file))


@given(words=st.binary(max_size=200), draw=st.data())
def test_a_file_that_was_cut_off_is_noticed(words: bytes, draw: Any) -> None:
    file = seal_up(words)
    with pytest.raises(NotABackup):
        open_up(file[: draw.draw(st.integers(HEADER, len(file) - 1))])


@given(words=st.binary(max_size=200), more=st.binary(min_size=1, max_size=80))
def test_a_file_that_was_added_to_is_noticed(words: bytes, more: bytes) -> None:
    with pytest.raises(NotABackup):
        open_up(seal_up(words) + more)


@given(words=st.binary(min_size=SMALL + 1, max_size=200), draw=st.data())
def test_chunks_that_were_moved_left_out_or_repeated_are_noticed(words: bytes, draw: Any) -> None:
    parts = chunks(seal_up(words))
    order = draw.draw(st.lists(st.integers(0, len(parts) - 1), max_size=len(parts) + 2))
    if order == list(range(len(parts))):
        return
    with pytest.raises(NotABackup):
        open_up(SEAL.header + b"".join(parts[number] for number in order))


@given(words=st.binary(min_size=1, max_size=100), draw=st.data())
def test_a_chunk_of_another_file_under_the_same_secret_is_noticed(words: bytes, draw: Any) -> None:
    mine, theirs = chunks(seal_up(words)), chunks(seal_up(words, OTHER))
    place = draw.draw(st.integers(0, len(mine) - 1))
    mine[place] = theirs[place]
    with pytest.raises(NotABackup):
        open_up(SEAL.header + b"".join(mine))


@given(place=st.integers(0, HEADER - 1), change=st.integers(1, 255))
def test_a_changed_header_is_noticed(place: int, change: int) -> None:
    file = bytearray(seal_up(b"words"))
    file[place] ^= change
    # A higher cost of scrypt would be tried, and be slow; what comes of another key is the test of the salt.
    if place == len(sealed.MAGIC) and file[place] in range(15, 21):
        return
    stream = io.BytesIO(bytes(file))
    with pytest.raises(NotABackup):
        list(unsealed(stream, Seal.of_file(b"a key of the tests", stream)))


def test_another_key_opens_nothing() -> None:
    stream = io.BytesIO(seal_up(b"words"))
    with pytest.raises(NotABackup, match="key"):
        list(unsealed(stream, Seal.of_file(b"another key", stream)))


def test_no_two_files_have_a_key_or_a_byte_in_common() -> None:
    assert SEAL.key != OTHER.key
    assert seal_up(b"words" * 10)[HEADER:] != seal_up(b"words" * 10, OTHER)[HEADER:]


@pytest.mark.parametrize("file", [b"", b"SQLite format 3\x00" + bytes(100), b"SHOPDESK-BACKUP\x02" + bytes(100)])
def test_what_is_no_backup_is_said_to_be_none(file: bytes) -> None:
    with pytest.raises(NotABackup):
        Seal.of_file(b"a key of the tests", io.BytesIO(file))


def test_a_header_cannot_ask_for_all_memory() -> None:
    header = sealed.MAGIC + bytes([40]) + bytes(sealed.SALT)
    with pytest.raises(NotABackup):
        Seal.of_file(b"a key of the tests", io.BytesIO(header))
