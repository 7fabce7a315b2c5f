"""A secret is a type that masks itself."""


class Secret:
    """Text that shows as ten stars in every log, repr and traceback; `reveal()` gives it back.

    >>> Secret("s3cret")
    Secret('**********')
    >>> f"{Secret('s3cret')}"
    '**********'
    """

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The text itself; call it at the moment of use only."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret('**********')"

    def __str__(self) -> str:
        return "**********"
