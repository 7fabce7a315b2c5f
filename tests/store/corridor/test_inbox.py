from store.corridor.inbox import backlog, forget_settled, put, settle, waiting


def test_a_delivery_is_kept_once(store):
    assert put(store, "chat", "d1", {"a": "b"}, b"\x00raw", 5)
    assert not put(store, "chat", "d1", {}, b"other", 6)
    assert put(store, "post", "d1", {}, b"", 6)
    (found,) = waiting(store, "chat")
    assert (found.delivery_id, found.headers, found.body, found.received_at) == ("d1", {"a": "b"}, b"\x00raw", 5)
    assert backlog(store) == 2


def test_waiting_in_order(store):
    for number in range(5):
        put(store, "chat", f"d{number}", {}, b"", number)
    first = waiting(store, "chat", 2)
    assert [each.delivery_id for each in first] == ["d0", "d1"]
    settle(store, [first[0].id])
    assert [each.delivery_id for each in waiting(store, "chat")] == ["d1", "d2", "d3", "d4"]


def test_settled_ones_keep_their_id_only_and_are_known_again(store):
    put(store, "chat", "d1", {"a": "b"}, b"private", 5)
    settle(store, [waiting(store, "chat")[0].id])
    assert waiting(store, "chat") == [] and backlog(store) == 0
    assert not put(store, "chat", "d1", {}, b"private", 6)
    with store.connect() as connection:
        assert connection.exec_driver_sql("SELECT body, headers FROM inbox").all() == [(b"", "{}")]
    assert forget_settled(store, 5) == 0 and forget_settled(store, 6) == 1
    assert put(store, "chat", "d1", {}, b"", 7)
