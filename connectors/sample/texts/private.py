"""Made-up personal data, of the right shape and with right check digits, to prove that masking takes it away.

None of it points to anybody: the bank code, the mail domain and the number ranges are in no one's use.
"""

from __future__ import annotations

LETTERS = "ABCDEGHJKLMNPRTVWXZ"  # postcodes have no S followed by A, D or S
SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
BANK = "NOVL"


def filled(pattern: str, seed: int) -> str:
    """`pattern` with {pnr}, {phone}, {iban}, {mail}, {postcode} and {ticket} filled in; `seed` decides them.

    >>> filled("Bel {phone}", 1234)
    'Bel 06-00001234'
    """
    return pattern.format(
        pnr=_code(seed),
        phone=f"06-0000{seed % 10_000:04d}",
        iban=iban(seed % 10**10),
        mail=f"klant{seed % 100_000}@voorbeeld.example",
        postcode=f"{1000 + seed % 8999} {LETTERS[seed % 19]}{LETTERS[seed // 19 % 19]}",
        ticket=f"999-{seed % 10**10:010d}",
    )


def iban(account: int) -> str:
    """A Dutch IBAN with right check digits (ISO 13616, modulo 97) at a bank that does not exist.

    >>> number = iban(1234567890); moved = number[4:] + number[:4]
    >>> int("".join(str(int(sign, 36)) for sign in moved)) % 97
    1
    """
    body = f"{BANK}{account:010d}"
    digits = "".join(str(int(sign, 36)) for sign in f"{body}NL00")
    return f"NL{98 - int(digits) % 97:02d}{body}"


def _code(seed: int) -> str:
    """A booking code of six signs, at least one of them a figure."""
    signs = [SIGNS[seed >> shift & 31] for shift in range(0, 25, 5)]
    return f"{''.join(signs)}{seed % 8 + 2}"
