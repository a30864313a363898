"""What is not a screenplay is refused with one clear line; every usual encoding is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shotwright.errors import ScreenplayError
from shotwright.screenplay.detect import LARGEST, read_file

SCRIPT = "INT. MILL - DAY\n\nÀda waits.\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b" \r\n\t\n", "is empty"),
        (b"%PDF-1.4\n...", "is a PDF"),
        (b"PK\x03\x04rest", "zip archive"),
        (b"{\\rtf1 x}", "rich text"),
        (b'<?xml version="1.0"?>\n<FinalDraft DocumentType="Script">', "Final Draft"),
        (b"<html><body>INT. MILL</body></html>", "web page"),
        (b"INT. MILL\x00\x01\x02", "binary"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (bytes(range(1, 32)) * 20, "binary"),
        (
            b"Once upon a time there was a mill.\n\nIt stood by a river.\n",
            "not a screenplay: no scene heading (INT./EXT.",
        ),
        (b"ADA\nHello there.\n\nBEN\nHi.\n", "has no scene heading (INT./EXT."),
        (b"\xff\xfe\x00\xd8\x00\x00", "damaged"),
    ],
)
def test_what_is_no_screenplay_is_refused_with_a_hint(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "a.fountain"
    path.write_bytes(data)
    with pytest.raises(ScreenplayError) as caught:
        read_file(path)
    assert message in caught.value.message
    assert caught.value.hint
    assert "\n" not in caught.value.message


def test_a_final_draft_file_says_which_reader_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "a.fdx"
    path.write_text('<?xml version="1.0"?><FinalDraft/>')
    with pytest.raises(ScreenplayError) as caught:
        read_file(path)
    assert "FDX is not read yet" in caught.value.hint


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ScreenplayError, match="there is no file"):
        read_file(tmp_path / "none.fountain")
    with pytest.raises(ScreenplayError, match="is a folder"):
        read_file(tmp_path)


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huge.fountain"
    with path.open("wb") as stream:
        stream.truncate(LARGEST * 5 // 2)
    monkeypatch.setattr(Path, "open", lambda *_args, **_kw: pytest.fail("the file was opened"))
    with pytest.raises(ScreenplayError, match="too large for a screenplay: 50 MB"):
        read_file(path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(ScreenplayError, match="not an ordinary file"):
        read_file(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_usual_encodings_give_the_same_text(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.fountain"
    path.write_bytes(SCRIPT.encode(encoding))
    assert read_file(path).elements[1].text == "Àda waits."


def test_the_missing_heading_error_says_where_the_script_begins(tmp_path: Path) -> None:
    path = tmp_path / "a.fountain"
    path.write_text("Title: A\n\nADA\nHello.\n")
    with pytest.raises(ScreenplayError) as caught:
        read_file(path)
    assert caught.value.line == 3
