"""What people enter: short transactions, each with its audit row; nothing is overwritten, only followed by a newer version."""
