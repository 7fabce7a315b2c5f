from sqlalchemy import text

from store.bulk import taking_turns
from store.corridor.jobs import ask, cancel, claim, close, jobs, progress, put_back


def test_jobs_are_done_in_turn(store):
    first, second = ask(store, "import", {"file": "a"}, 5), ask(store, "retry", {}, 6)
    job = claim(store, 10, 60)
    assert (job.id, job.kind, job.arguments, job.state, job.started_at) == (first, "import", {"file": "a"}, "running", 10)
    assert claim(store, 11, 60).id == second and claim(store, 12, 60) is None
    close(store, first, "done", {"stored": 3}, 20)
    found = {each.id: each for each in jobs(store)}
    assert (found[first].state, found[first].result, found[first].finished_at) == ("done", {"stored": 3}, 20)


def test_progress_is_a_heartbeat_and_keeps_what_a_next_worker_needs(store):
    id = ask(store, "rescore", {}, 1)
    claim(store, 10, 60)
    assert progress(store, id, 500, 1_000, 40, {"after": 77})
    assert claim(store, 90, 60) is None
    again = claim(store, 101, 60)
    assert (again.id, again.done, again.total, again.result, again.started_at) == (id, 500, 1_000, {"after": 77}, 10)
    assert progress(store, id, 600, 1_000, 110) and jobs(store)[0].result == {"after": 77}


def test_cancelling_a_waiting_job_ends_it_and_a_running_one_hears_of_it(store):
    waiting, running = ask(store, "a", {}, 1), ask(store, "b", {}, 1)
    assert cancel(store, waiting, 5) and not cancel(store, waiting, 6)
    assert claim(store, 10, 60).id == running
    assert cancel(store, running, 11) and not progress(store, running, 1, 2, 12)
    close(store, running, "cancelled", {}, 13)
    assert [each.state for each in jobs(store)] == ["cancelled", "cancelled"]


def test_a_cancelled_job_whose_worker_died_is_closed(store):
    id = ask(store, "a", {}, 1)
    claim(store, 10, 60)
    cancel(store, id, 11)
    assert claim(store, 100, 60) is None and jobs(store)[0].state == "cancelled"


def test_a_job_can_be_put_back_for_the_next_process(store):
    id = ask(store, "a", {}, 1)
    claim(store, 10, 60)
    put_back(store, id)
    assert claim(store, 11, 60).id == id


def test_looking_for_a_job_waits_for_no_writer(store):
    """Whoever looks every second must neither wait for a long import nor hold one up."""
    with taking_turns(store) as connection:
        connection.execute(text("UPDATE pulse SET version = version + 1"))
        assert claim(store, 10, 60) is None
