import io

from ingest.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def shown(out, steps, seconds):
    clock = Clock()
    progress = Progress(out, clock)
    for share, rows in steps:
        clock.now += seconds
        progress.show(share, rows)
    progress.end()
    return out.getvalue()


def test_plain_lines_where_nobody_watches():
    assert shown(io.StringIO(), [(0.25, 1_000), (0.5, 2_000)], 5.0) == (
        "25% read, 1,000 rows, 200 rows per second\n50% read, 2,000 rows, 200 rows per second\n"
    )


def test_a_bar_on_a_terminal_that_is_wiped_at_the_end():
    text = shown(Terminal(), [(0.5, 1_000)], 1.0)
    assert "[###############...............]  50%  1,000 rows  1,000/s" in text and "\n" not in text
    assert text.endswith("\r" + " " * 70 + "\r")


def test_not_more_often_than_can_be_read():
    assert shown(io.StringIO(), [(0.1 * n, n) for n in range(10)], 0.1) == ""


def test_a_share_over_one_is_one():
    assert "100%" in shown(io.StringIO(), [(1.7, 10)], 5.0)
