"""Files that people put in on screen: raw words of customers, kept no longer than the import of them needs."""

from __future__ import annotations

from pathlib import Path

from config.active import UPLOADS
from ingest.opening import Place
from store.corridor.jobs import jobs

KEPT_MS = 86_400_000
OPEN = ("waiting", "running")


def forget_uploads(place: Place, now_ms: int, folder: Path = UPLOADS) -> int:
    """Remove what was put in over a day ago and no job still waits for; gives how many files went.

    What was imported is stored masked, and what could not be read is in quarantine: neither needs the file.
    """
    wanted = {str(job.arguments.get("file", "")) for job in jobs(place.engine) if job.state in OPEN}
    gone = 0
    for file in [path for path in sorted(folder.glob("*/*")) if path.is_file()]:
        if str(file) not in wanted and file.stat().st_mtime * 1000 < now_ms - KEPT_MS:
            file.unlink()
            gone += 1
            if not any(file.parent.iterdir()):
                file.parent.rmdir()
    return gone
