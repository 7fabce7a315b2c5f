"""The paper as files: each format written whole beside its place and then moved there, so that no half file is ever read."""

from __future__ import annotations

from pathlib import Path

from reports.mail import html, plain
from reports.paper import Paper
from reports.pdf import pdf, png
from reports.sheets import csv_text, xlsx


def write(paper: Paper, folder: Path, stem: str) -> list[Path]:
    """Write every format as `folder/stem.*` and return the files; a CSV per table carries its number."""
    folder.mkdir(parents=True, exist_ok=True)
    document = pdf(paper)
    contents: dict[str, bytes] = {
        f"{stem}.pdf": document,
        f"{stem}.png": png(document),
        f"{stem}.html": html(paper).encode(),
        f"{stem}.txt": plain(paper).encode(),
        f"{stem}.xlsx": xlsx(paper),
    }
    for i, table in enumerate(paper.tables, start=1):
        contents[f"{stem}-{i}.csv"] = csv_text(table).encode("utf-8-sig")
    return [_write(folder / name, content) for name, content in contents.items()]


def _write(file: Path, content: bytes) -> Path:
    fresh = file.with_name(file.name + ".new")
    fresh.write_bytes(content)
    fresh.replace(file)
    return file
