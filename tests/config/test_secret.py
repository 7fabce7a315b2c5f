"""A secret never shows itself."""

from config.secret import Secret


def test_a_secret_masks_itself_everywhere_but_in_reveal():
    secret = Secret("hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {[secret]} {secret!s}"
    assert secret.reveal() == "hunter2"


def test_an_empty_secret_is_false():
    assert not Secret("")
    assert Secret("x")
