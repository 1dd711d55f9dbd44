"""A chain of analogue stages and lossy transitions: its noise figure, its output power, its efficiency.

References
----------
.. [1] H. T. Friis, "Noise figures of radio receivers", Proceedings of the IRE 32(7), 419-422, 1944,
   doi 10.1109/JRPROC.1944.232049.
.. [2] D. M. Pozar, "Microwave Engineering", 4th ed., Wiley, 2012, section 10.2: noise figure of a lossy line at a
   temperature of its own, eq. (10.20).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

STANDARD_K = 290.0  # of the source, by definition of the noise figure


def dbm(power_w: ArrayLike) -> NDArray[np.float64]:
    """Power over a milliwatt. [dB]"""
    return np.asarray(10.0 * np.log10(np.asarray(power_w, dtype=np.float64) / 1e-3))


def watts(power_dbm: ArrayLike) -> NDArray[np.float64]:
    """Power of a level over a milliwatt. [W]"""
    return np.asarray(1e-3 * 10.0 ** (np.asarray(power_dbm, dtype=np.float64) / 10.0))


def loss_noise_figure_db(loss_db: ArrayLike, temperature_k: ArrayLike) -> NDArray[np.float64]:
    """Noise figure of a matched loss at its own temperature, ``1 + (L - 1) T / T0``, eq. (10.20) of [2]_. [dB]

    Its loss where it is as warm as the standard source, more where it is hotter.
    """
    ratio = 10.0 ** (np.asarray(loss_db, dtype=np.float64) / 10.0)
    factor = 1.0 + (ratio - 1.0) * np.asarray(temperature_k, dtype=np.float64) / STANDARD_K
    return np.asarray(10.0 * np.log10(factor))


def noise_figure_db(gain_db: ArrayLike, stage_noise_figure_db: ArrayLike) -> NDArray[np.float64]:
    """Noise figure of stages one after the other, eq. (17) of [1]_. [dB]

    ``F = F1 + (F2 - 1) / G1 + (F3 - 1) / (G1 G2) + ...``

    Parameters
    ----------
    gain_db, stage_noise_figure_db : array_like, shape (..., n_stages)
        Available gain (negative for a loss) and noise figure of each, first to last.
    """
    gain = 10.0 ** (np.asarray(gain_db, dtype=np.float64) / 10.0)
    factor = 10.0 ** (np.asarray(stage_noise_figure_db, dtype=np.float64) / 10.0)
    gain, factor = np.broadcast_arrays(gain, factor)
    ahead = np.cumprod(gain, axis=-1) / gain
    return np.asarray(10.0 * np.log10(1.0 + np.sum((factor - 1.0) / ahead, axis=-1)))


def output_dbm(drive_dbm: ArrayLike, gain_db: ArrayLike, saturated_dbm: ArrayLike) -> NDArray[np.float64]:
    """Level at the end of a chain whose stages amplify until they saturate. [dB over 1 mW]

    Each stage gives its input times its gain, but no more than its saturated power: an upper bound near the knee,
    where real stages bend by a decibel or two.

    Parameters
    ----------
    drive_dbm : array_like, shape (...)
        At the input of the first; infinity drives every stage into saturation.
    gain_db, saturated_dbm : array_like, shape (..., n_stages)
        Infinity for what does not saturate, such as a line.
    """
    gain, most = np.broadcast_arrays(
        np.asarray(gain_db, dtype=np.float64), np.asarray(saturated_dbm, dtype=np.float64)
    )
    level = np.asarray(drive_dbm, dtype=np.float64)
    for number in range(gain.shape[-1]):
        level = np.minimum(level + gain[..., number], most[..., number])
    return np.asarray(level)


def added_efficiency(out_w: ArrayLike, drive_w: ArrayLike, supply_w: ArrayLike) -> NDArray[np.float64]:
    """Power-added efficiency, ``(out - drive) / supply``. [fraction]

    Raises
    ------
    ValueError
        A supply that is not above zero.
    """
    supply = np.asarray(supply_w, dtype=np.float64)
    if np.any(supply <= 0.0):
        raise ValueError("the supply must give power")
    out, drive = np.asarray(out_w, dtype=np.float64), np.asarray(drive_w, dtype=np.float64)
    return np.asarray((out - drive) / supply)
