"""Seeded defects (mutants.toml): python -m tests.mutants [WORD]. Each is put into a copy of the tree, where its test must fail.

Prints one line per defect; exits 1 when one survived, or when a test fails without any defect.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(__file__).with_name("mutants.toml")
FAILED = 1  # what pytest answers when a test failed; anything higher is a run that never came so far


@dataclass(frozen=True)
class Mutant:
    name: str
    file: str
    old: str
    new: str
    test: str

    def seeded(self, source: str) -> str:
        """The source with the defect; ValueError when what it replaces does not stand there exactly once."""
        if source.count(self.old) != 1:
            raise ValueError(f"{self.name}: found {source.count(self.old)} times in {self.file}, expected once")
        return source.replace(self.old, self.new)


def mutants() -> list[Mutant]:
    return [Mutant(**each) for each in tomllib.loads(FILE.read_text(encoding="utf8"))["mutant"]]


def copied(folder: Path) -> Path:
    """The tree as git knows it, with what is new, beside the same environment."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


def answer(tree: Path, *tests: str) -> int:
    """What pytest answers to these tests, in that tree."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    return subprocess.run(command, cwd=tree, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode


def killed(tree: Path, mutant: Mutant) -> bool:
    file = tree / mutant.file
    whole = file.read_text(encoding="utf8")
    file.write_text(mutant.seeded(whole), encoding="utf8")
    try:
        return answer(tree, mutant.test) == FAILED
    finally:
        file.write_text(whole, encoding="utf8")


def main(words: list[str]) -> int:
    chosen = [mutant for mutant in mutants() if all(word in mutant.name for word in words)]
    with tempfile.TemporaryDirectory() as folder:
        tree = copied(Path(folder))
        if answer(tree, *sorted({mutant.test for mutant in chosen})):
            print("The tests of the mutants do not all pass without a defect: mend those first.")
            return 1
        survived = 0
        for mutant in chosen:
            good = killed(tree, mutant)
            survived += not good
            print(f"{'killed' if good else 'SURVIVED':<9} {mutant.name}", flush=True)
    print(f"Mutants: {len(chosen)} seeded, {survived} survived")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
