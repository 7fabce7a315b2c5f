"""The one error of configuration: it names the key, the value, what was expected and what to do."""


class ConfigError(ValueError):
    """A setting, journey or language file that cannot be used as it stands.

    The message reads: where, the value found, what was expected, and what to do next.
    """

    def __init__(self, where: str, value: object, expected: str, todo: str = "") -> None:
        self.where, self.value, self.expected, self.todo = where, value, expected, todo
        advice = f" {todo}" if todo else ""
        super().__init__(f"{where}: found {value!r}, expected {expected}.{advice}")
