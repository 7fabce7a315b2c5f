from ingest.breaker import Breaker


def first_trip(*heard):
    breaker = Breaker()
    for number, (good, bad) in enumerate(heard):
        if why := breaker.heard(good, bad):
            return number, why
    return None


def test_a_run_of_fifty_trips_whatever_came_before():
    assert first_trip((10_000, 0), *[(0, 1)] * 50) == (50, "50 records in a row could not be read")
    assert first_trip((10_000, 0), *[(0, 49), (1, 0)] * 2) is None


def test_a_fifth_is_allowed_and_more_is_not():
    assert first_trip(*[(4, 1)] * 200) is None
    assert first_trip(*[(3, 1)] * 200) == (24, "25 of the last 100 records could not be read")


def test_few_records_say_nothing_yet():
    assert first_trip((5, 40)) is None


def test_what_lies_far_back_is_forgotten():
    number, why = first_trip(*[(100, 0)] * 100, *[(70, 30)] * 10)
    assert number < 106 and "of the last" in why
