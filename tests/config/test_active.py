"""Which store is open, and how it is shown."""

from config import active


def test_the_environment_decides(monkeypatch, tmp_path):
    monkeypatch.setattr(active, "CHOICE", tmp_path / "active-store")
    active.choose_store("sqlite:///chosen.db", tmp_path / "active-store")
    monkeypatch.delenv("KLANTBLIK_STORE_URL", raising=False)
    assert active.active_store() == "sqlite:///chosen.db"
    monkeypatch.setenv("KLANTBLIK_STORE_URL", active.settings().store.url)
    assert active.active_store() == active.settings().store.url


def test_without_a_choice_the_setting_holds(monkeypatch, tmp_path):
    monkeypatch.delenv("KLANTBLIK_STORE_URL", raising=False)
    monkeypatch.setattr(active, "CHOICE", tmp_path / "active-store")
    assert active.active_store() == active.settings().store.url


def test_a_password_is_never_shown():
    assert "s3cret" not in active.shown_store("postgresql+psycopg://me:s3cret@db/klantblik")
    assert active.shown_store("sqlite:///data/demo.db") == "sqlite:///data/demo.db"
