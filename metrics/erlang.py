"""Erlang: how many people a queue needs. C lets nobody leave; A lets the impatient go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MOST_STAFF, MOST_STATES = 5000, 20_000


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue in steady state: chance to wait, service level (share within the target), mean wait (s), occupancy, abandoned."""

    waiting: float
    service_level: float
    mean_wait: float
    occupancy: float
    abandoned: float = 0.0


class Unstable(ValueError):
    """More work than people: the queue grows without end. Add agents, or use Erlang A."""


def erlang_b(agents: int, load: float) -> float:
    """The share (0-1) of calls blocked with `agents` lines and no queue; load in erlangs (calls per second x handling time).

    >>> erlang_b(1, 1), erlang_b(2, 1)
    (0.5, 0.2)
    """
    blocked = 1.0
    for k in range(1, agents + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def erlang_c(calls: float, period: float, handling: float, agents: int, target: float) -> Queue:
    """The queue of `calls` per `period` s with `handling` s each, `agents` people and an answer target in s; nobody hangs up.

    Raises Unstable when the load is not below the number of agents.

    >>> queue = erlang_c(100, 1800, 180, 14, 20)
    >>> round(queue.service_level, 4), round(queue.mean_wait, 2)
    (0.8884, 7.84)
    """
    load = calls / period * handling
    if agents <= load:
        raise Unstable(f"Erlang C: {agents} agents for a load of {load:.2f} erlangs; expected more than {load:.2f}. Add agents.")
    blocked = erlang_b(agents, load)
    waiting = agents * blocked / (agents - load * (1 - blocked))
    level = 1 - waiting * float(np.exp(-(agents - load) * target / handling))
    return Queue(waiting, level, waiting * handling / (agents - load), load / agents)


def erlang_a(calls: float, period: float, handling: float, agents: int, target: float, patience: float) -> Queue:
    """The same queue where customers hang up after `patience` s on average (M/M/N+M, Palm 1957).

    Service level is the share of all offered answered within the target. Use it when more than 3% hang up.

    >>> queue = erlang_a(100, 1800, 180, 13, 20, 300)
    >>> round(queue.service_level, 3), round(queue.abandoned, 3), round(queue.mean_wait / 60, 3)
    (0.858, 0.025, 0.125)
    """
    rate, service, leave = calls / period, 1 / handling, 1 / patience
    states = _steady(rate, service, leave, agents)
    queue = np.maximum(0, np.arange(len(states)) - agents)
    abandoned = float(leave * (queue * states).sum() / rate)
    waiting = float(states[agents:].sum())
    level = float(states[:agents].sum()) + _answered_in(rate, service, leave, agents, target, states)
    return Queue(waiting, level, abandoned / leave, rate * (1 - abandoned) / service / agents, abandoned)


def patience_of(abandoned: float, wait_of_offered: float) -> float:
    """Mean patience in seconds: the summed wait of all offered over those who gave up (exponential, censored by the answer)."""
    return wait_of_offered / abandoned if abandoned else float("inf")


def staff_needed(
    calls: float,
    period: float,
    handling: float,
    target: float,
    share: float,
    *,
    patience: float | None = None,
    shrinkage: float = 0.0,
) -> int:
    """The fewest people on the roster for `share` answered within `target` s; `shrinkage` is the part of paid time not on calls.

    >>> staff_needed(100, 1800, 180, 20, 0.80), staff_needed(100, 1800, 180, 20, 0.80, shrinkage=0.3)
    (14, 20)
    """
    agents = 1 if patience is not None else int(calls / period * handling) + 1
    while agents < MOST_STAFF:
        if patience is None:
            queue = erlang_c(calls, period, handling, agents, target)
        else:
            queue = erlang_a(calls, period, handling, agents, target, patience)
        if queue.service_level >= share:
            return int(np.ceil(agents / (1 - shrinkage) - 1e-9))
        agents += 1
    raise Unstable(
        f"staff: {calls:g} calls need more than {MOST_STAFF} agents for {share:.0%}. Lower the target or split the queue."
    )


def _steady(rate: float, service: float, leave: float, agents: int) -> np.ndarray:
    """Probabilities of 0, 1, 2 ... customers present, as far as they matter."""
    most = agents + 64
    while True:
        k = np.arange(1, most + 1)
        done = np.minimum(k, agents) * service + np.maximum(0, k - agents) * leave
        logs = np.concatenate([[0.0], np.cumsum(np.log(rate / done))])
        states = np.exp(logs - logs.max())
        if states[-1] < 1e-14 or most > MOST_STATES:
            return states / states.sum()
        most *= 2


def _answered_in(rate: float, service: float, leave: float, agents: int, target: float, states: np.ndarray) -> float:
    """The share of arrivals that must wait and are answered within the target: an absorbing chain on the place in the queue."""
    from scipy.sparse import diags
    from scipy.sparse.linalg import expm_multiply

    onward = agents * service + np.arange(len(states) - agents) * leave
    chain = diags([np.append(0.0, -(onward + leave)), onward], [0, 1], format="csr")  # pyright: ignore[reportArgumentType] (the stubs know one offset only)
    return float(expm_multiply(chain * target, np.append(0.0, states[agents:]))[0])
