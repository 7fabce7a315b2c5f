"""Figures that were measured: `python -m benchmarks NAME` prints a table and, on its last line, the same as JSON."""
