"""Resolution: whether one contact was enough, seen from what the customer does in the seven days after."""

from __future__ import annotations

from collections.abc import Sequence

from metrics.contacts import Contact
from metrics.intervals import Interval, wilson

Case = tuple[Contact, ...]


def first_contact_resolution(cases: Sequence[Case]) -> Interval:
    """The share (0-1) of mature cases without a second contact, any channel, within 7 days; `contacts.cases` makes them.

    >>> once, twice = (Contact("a", "bag", 0),), (Contact("b", "bag", 0), Contact("b", "bag", 9))
    >>> first_contact_resolution([once, once, once, twice]).value
    0.75
    """
    return wilson(sum(len(case) == 1 for case in cases), len(cases))


def net_resolution(cases: Sequence[Case]) -> Interval:
    """First-contact resolution over the cases that the first line could have resolved at all (Medallia's net FCR)."""
    return first_contact_resolution([case for case in cases if case[0].resolvable])


def repeat_share(cases: Sequence[Case]) -> Interval:
    """The share (0-1) of mature cases that came back within 7 days: what was not resolved first time."""
    return wilson(sum(len(case) > 1 for case in cases), len(cases))


def transfer_share(cases: Sequence[Case]) -> Interval:
    """The share (0-1) of cases passed on at least once."""
    return wilson(sum(any(contact.transfers for contact in case) for case in cases), len(cases))
