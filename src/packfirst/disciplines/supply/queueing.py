"""Waiting for a line: closed forms where they are exact, and an approximation that says how far it holds.

Rates are per week, times in weeks; arrays broadcast. At a utilisation of one or more the queue grows without
end, and the wait is infinite.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# Allen-Cunneen against tabulated G/G/c queues: within about 10 % here (Whitt, Bell Syst. Tech. J. 62, 1983, p. 2779;
# Whitt, Prod. Oper. Manag. 2, 1993, p. 114). Below half load waits are short and the relative error grows.
VALIDATED = {"utilisation": (0.5, 0.99), "cv2_arrival": (0.5, 2.0), "cv2_service": (0.0, 2.0)}
VALID = {"utilisation": (0.0, 1.0), "cv2_arrival": (0.0, 10.0), "cv2_service": (0.0, 10.0)}


def _checked(name: str, value: ArrayLike, least: float = 0.0) -> Floats:
    array = np.asarray(value, dtype=np.float64)
    if not np.all(array >= least):
        raise ValueError(f"{name} is below {least:g}, or not a number")
    return array


def erlang_b(lines: int, load: ArrayLike) -> Floats:
    """Probability that all lines are busy and an order is lost, M/G/c/c.

    Parameters
    ----------
    lines : int
        Number of parallel lines, zero or more.
    load : array_like
        Offered load, arrival rate times mean service time. [erlang]

    Notes
    -----
    B(0) = 1, B(n) = a B(n-1) / (n + a B(n-1)) (Jagerman, Bell Syst. Tech. J. 53, 1974, p. 525): stable for any
    number of lines, where the factorials of Erlang's own form overflow.
    """
    if lines < 0:
        raise ValueError(f"{lines} lines: zero or more")
    a = _checked("load", load)
    blocked = np.ones_like(a)
    for n in range(1, lines + 1):
        blocked = a * blocked / (n + a * blocked)
    return np.asarray(blocked)


def erlang_c(lines: int, load: ArrayLike) -> Floats:
    """Probability that an order has to wait, M/M/c; one where the load reaches the number of lines.

    Notes
    -----
    C = B / (1 - rho (1 - B)) with rho = a / c (Cooper, Introduction to Queueing Theory, 2nd ed., 1981, eq. 3.5.8).
    """
    if lines < 1:
        raise ValueError(f"{lines} lines: at least one")
    a = _checked("load", load)
    rho = a / lines
    b = erlang_b(lines, a)
    with np.errstate(divide="ignore", invalid="ignore"):
        waits = b / (1.0 - rho * (1.0 - b))
    return np.asarray(np.where(rho < 1.0, waits, 1.0))


def mmc_wait_weeks(lines: int, arrivals_per_week: ArrayLike, service_weeks: ArrayLike) -> Floats:
    """Mean wait in an M/M/c queue, first come first served: C(c, a) s / (c - a). [weeks]"""
    rate, s = _checked("arrivals", arrivals_per_week), _checked("service", service_weeks)
    a = rate * s
    with np.errstate(divide="ignore", invalid="ignore"):
        wait = erlang_c(lines, a) * s / (lines - a)
    return np.asarray(np.where(a < lines, wait, np.inf))


def mmc_wait_above(
    lines: int, arrivals_per_week: ArrayLike, service_weeks: ArrayLike, weeks: ArrayLike
) -> Floats:
    """Probability that the wait in an M/M/c queue exceeds so many weeks: C exp(-(c - a) t / s)."""
    rate, s = _checked("arrivals", arrivals_per_week), _checked("service", service_weeks)
    t = _checked("weeks", weeks)
    a = rate * s
    with np.errstate(over="ignore"):
        tail = erlang_c(lines, a) * np.exp(-(lines - a) * t / s)
    return np.asarray(np.where(a < lines, tail, 1.0))


def mm1_wait_weeks(arrivals_per_week: ArrayLike, service_weeks: ArrayLike) -> Floats:
    """Mean wait in an M/M/1 queue: rho s / (1 - rho). [weeks]"""
    return mg1_wait_weeks(arrivals_per_week, service_weeks, 1.0)


def mg1_wait_weeks(arrivals_per_week: ArrayLike, service_weeks: ArrayLike, cv2_service: ArrayLike) -> Floats:
    """Mean wait in an M/G/1 queue: rho s (1 + cs2) / (2 (1 - rho)) (Pollaczek 1930, Khinchine 1932). [weeks]

    `cv2_service` is the squared coefficient of variation of the service time.
    """
    rate, s = _checked("arrivals", arrivals_per_week), _checked("service", service_weeks)
    cs2 = _checked("cv2_service", cv2_service)
    rho = rate * s
    with np.errstate(divide="ignore", invalid="ignore"):
        wait = rho * s * (1.0 + cs2) / (2.0 * (1.0 - rho))
    return np.asarray(np.where(rho < 1.0, wait, np.inf))


def ggc_wait_weeks(
    lines: int,
    arrivals_per_week: ArrayLike,
    service_weeks: ArrayLike,
    cv2_arrival: ArrayLike,
    cv2_service: ArrayLike,
) -> Floats:
    """Mean wait in a G/G/c queue, approximately: the M/M/c wait times (ca2 + cs2) / 2. [weeks]

    Notes
    -----
    Allen and Cunneen (Allen, Probability, Statistics, and Queueing Theory, 2nd ed., 1990, 5.3.3); for one line it
    is Kingman's heavy-traffic formula (Proc. Camb. Phil. Soc. 57, 1961, p. 902). Exact for M/M/c and M/G/1.
    `ggc_flags` says where the approximation is being stretched.
    """
    ca2, cs2 = _checked("cv2_arrival", cv2_arrival), _checked("cv2_service", cv2_service)
    return np.asarray(mmc_wait_weeks(lines, arrivals_per_week, service_weeks) * (ca2 + cs2) / 2.0)


def ggc_flags(utilisation: float, cv2_arrival: float, cv2_service: float) -> tuple[str, ...]:
    """What is outside the validated range of `ggc_wait_weeks`, in words; empty where it holds, and where exact."""
    if cv2_arrival == 1.0 and cv2_service == 1.0:
        return ()
    given = {"utilisation": utilisation, "cv2_arrival": cv2_arrival, "cv2_service": cv2_service}
    return tuple(
        f"{name} {value:g} is outside the validated range {VALIDATED[name][0]:g} to {VALIDATED[name][1]:g}"
        for name, value in given.items()
        if not VALIDATED[name][0] <= value <= VALIDATED[name][1]
    )


def lines_needed(
    arrivals_per_week: float,
    service_weeks: float,
    target_weeks: float,
    *,
    cv2_arrival: float = 1.0,
    cv2_service: float = 1.0,
    most: int = 10_000,
) -> int:
    """The fewest lines that hold the mean lead time, wait and service, at or under a target.

    Raises
    ------
    ValueError
        The target is shorter than the service itself, or more than `most` lines would be needed.
    """
    if target_weeks <= service_weeks:
        raise ValueError(
            f"a target of {target_weeks:g} weeks is no longer than the service, {service_weeks:g}: no number of "
            "lines reaches it"
        )
    load = arrivals_per_week * service_weeks
    blocked, a = 1.0, load
    for c in range(1, most + 1):
        blocked = a * blocked / (c + a * blocked)  # Erlang B, one line more each turn
        if c <= load:
            continue
        waits = blocked / (1.0 - (a / c) * (1.0 - blocked))
        wait = waits * service_weeks / (c - a) * (cv2_arrival + cv2_service) / 2.0
        if wait + service_weeks <= target_weeks:
            return c
    raise ValueError(f"more than {most} lines would be needed")


def overloaded_wait_weeks(utilisation: ArrayLike, weeks: ArrayLike) -> Floats:
    """Wait of an order placed after so many weeks of constant load, as a fluid: (rho - 1) t above one, else zero.

    Notes
    -----
    What is not served piles up, and the last order waits until it is worked off (Newell, Applications of Queueing
    Theory, 2nd ed., 1982, ch. 2). Randomness adds to it where the load is near one.
    """
    rho, t = _checked("utilisation", utilisation), _checked("weeks", weeks)
    return np.asarray(np.maximum(rho - 1.0, 0.0) * t)
