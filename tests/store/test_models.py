"""A company's own models: one of each name, byte for byte."""

from store.models import keep_model, kept_model


def test_a_model_is_kept_byte_for_byte_and_replaced_by_the_next(store):
    assert kept_model(store, "sentiment") is None
    for number, file in enumerate((bytes(range(256)) * 40, b"next")):
        keep_model(store, "sentiment", file, 1_000 + number)
        assert kept_model(store, "sentiment") == file
    assert kept_model(store, "stage-airline") is None
