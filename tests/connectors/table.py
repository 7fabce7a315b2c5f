"""The table of the shared suite: a connector a line, a check a column."""


def show(table: dict[str, dict[str, str]], checks: list[str], elsewhere: dict[str, str]) -> str:
    lines = [f"{n}. {check.replace('_', ' ')}" for n, check in enumerate(checks, 1)]
    lines.append(f"{'connector':16}" + "".join(f"{n:>7}" for n in range(1, len(checks) + 1)))
    lines += [f"{name:16}" + "".join(f"{row.get(check, ''):>7}" for check in checks) for name, row in table.items()]
    lines += [f"{name:16}  {why}" for name, why in elsewhere.items()]
    return "\n".join(lines)
