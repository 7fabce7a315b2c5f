import os
import subprocess
import sys

import pytest

from ingest.errors import AlreadyRuns
from ingest.lock import file_of, only_runner


def test_the_second_one_is_refused_and_told_who_runs(tmp_path):
    url = f"sqlite:///{tmp_path}/store.db"
    with only_runner(url), pytest.raises(AlreadyRuns, match=f"process {os.getpid()}"), only_runner(url):
        pass
    with only_runner(url):
        pass


def test_a_killed_process_holds_nothing(tmp_path):
    url = f"sqlite:///{tmp_path}/store.db"
    held = f"with only_runner({url!r}):\n print('held', flush=True)\n time.sleep(60)"
    code = f"import time\nfrom ingest.lock import only_runner\n{held}"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRuns), only_runner(url):
            pass
        other.kill()
        other.wait()
    with only_runner(url):
        pass


def test_two_stores_do_not_know_each_other(tmp_path):
    with only_runner(f"sqlite:///{tmp_path}/a.db"), only_runner(f"sqlite:///{tmp_path}/b.db"):
        pass


def test_a_store_without_a_file_has_no_lock():
    assert [file_of(url) for url in ("sqlite://", "sqlite:///:memory:", "postgresql://x/y")] == [None] * 3
    with only_runner("postgresql://x/y"), only_runner("postgresql://x/y"):
        pass
