"""The wall: one frame of numbers, built when something changed, pushed to every screen, drawn without a rerun."""
