"""Die yield from random defects: the five laws in common use, side by side.

Every law takes the mean number of killing faults per die, ``faults = area x density x critical-area
ratio``, and gives the share of good die. A density is worth nothing without the law that it was
fitted with: at one fault per die the five differ by a factor of 1.4.
"""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

VALIDATED: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"faults": (0.0, 1.6), "cluster_alpha": (2.0, 10.0)}
)  # as far as the published workings go that the laws are compared with
VALID: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"faults": (0.0, 10.0), "cluster_alpha": (0.1, np.inf), "critical_layers": (1.0, 100.0)}
)  # beyond ten faults per die the laws spread over orders of magnitude and none describes a product


def mean_faults(
    area_m2: ArrayLike, defect_density_per_m2: ArrayLike, critical_area_ratio: ArrayLike = 1.0
) -> NDArray[np.float64]:
    """Mean number of killing faults per die. [-]

    Parameters
    ----------
    area_m2 : array_like
        Die area.
    defect_density_per_m2 : array_like
        Defects per area (per layer, when the law is Bose-Einstein).
    critical_area_ratio : array_like
        Share of the area in which a defect kills. One when the density counts killers only.

    Raises
    ------
    ValueError
        If the product is negative or not a number.
    """
    area = np.asarray(area_m2, dtype=np.float64)
    density = np.asarray(defect_density_per_m2, dtype=np.float64)
    return _checked(area * density * np.asarray(critical_area_ratio, dtype=np.float64))


def poisson(faults: ArrayLike) -> NDArray[np.float64]:
    """Yield when defects fall independently. [-]

    Notes
    -----
    exp(-x): the most pessimistic of the five, as real defects cluster.

    References
    ----------
    .. [1] J. A. Cunningham, "The use and evaluation of yield models in integrated circuit
       manufacturing", IEEE Trans. Semicond. Manuf. 3(2), 1990, pp. 60-71.
    """
    return np.exp(-_checked(faults))


def murphy(faults: ArrayLike) -> NDArray[np.float64]:
    """Yield when the density itself varies, with a triangular distribution. [-]

    Notes
    -----
    ((1 - exp(-x)) / x)^2.

    References
    ----------
    .. [1] B. T. Murphy, "Cost-size optima of monolithic integrated circuits", Proc. IEEE 52(12),
       1964, pp. 1537-1545.
    """
    x = _checked(faults)
    safe = np.where(x > 0.0, x, 1.0)
    return np.asarray(np.where(x > 0.0, -np.expm1(-safe) / safe, 1.0) ** 2)


def seeds(faults: ArrayLike) -> NDArray[np.float64]:
    """Yield when the density varies, with an exponential distribution. [-]

    Notes
    -----
    1 / (1 + x): the most optimistic of the five for a large die.

    References
    ----------
    .. [1] R. B. Seeds, "Yield, economic, and logistic models for complex digital arrays",
       IEEE Int. Conv. Rec., 1967.
    """
    return np.asarray(1.0 / (1.0 + _checked(faults)))


def negative_binomial(faults: ArrayLike, cluster_alpha: ArrayLike) -> NDArray[np.float64]:
    """Yield when the density varies, with a gamma distribution. [-]

    Parameters
    ----------
    faults : array_like
        Mean faults per die.
    cluster_alpha : array_like
        Clustering: one is Seeds, infinity is Poisson; small is more clustered.

    Raises
    ------
    ValueError
        If `cluster_alpha` is not positive.

    Notes
    -----
    (1 + x / alpha)^-alpha.

    References
    ----------
    .. [1] C. H. Stapper, "Defect density distribution for LSI yield calculations", IEEE Trans.
       Electron Devices 20(7), 1973, pp. 655-657.
    """
    x = _checked(faults)
    alpha = np.asarray(cluster_alpha, dtype=np.float64)
    if not np.all(alpha > 0.0):
        raise ValueError("cluster_alpha must be positive")
    independent = np.isinf(alpha)
    finite = np.where(independent, 1.0, alpha)
    exponent = np.where(independent, x, finite * np.log1p(x / finite))
    return np.exp(-exponent)


def bose_einstein(faults_per_layer: ArrayLike, critical_layers: ArrayLike) -> NDArray[np.float64]:
    """Yield of a die with several critical layers, each of which follows Seeds. [-]

    Parameters
    ----------
    faults_per_layer : array_like
        Mean faults per die and layer: the density belongs to one layer here.
    critical_layers : array_like
        Number of critical layers, at least one.

    Raises
    ------
    ValueError
        If `critical_layers` is below one.

    Notes
    -----
    (1 + x)^-N.

    References
    ----------
    .. [1] J. E. Price, "A new look at yield of integrated circuits", Proc. IEEE 58(8), 1970, pp. 1290-1291.
    """
    x = _checked(faults_per_layer)
    layers = np.asarray(critical_layers, dtype=np.float64)
    if not np.all(layers >= 1.0):
        raise ValueError("critical_layers must be at least one")
    return np.exp(-layers * np.log1p(x))


LAWS: Mapping[str, Callable[..., NDArray[np.float64]]] = MappingProxyType(
    {
        "poisson": poisson,
        "murphy": murphy,
        "seeds": seeds,
        "negative_binomial": negative_binomial,
        "bose_einstein": bose_einstein,
    }
)
SHAPE_NAME: Mapping[str, str] = MappingProxyType(
    {"negative_binomial": "cluster_alpha", "bose_einstein": "critical_layers"}
)  # the second argument of the laws that have one


def die_yield(law: str, faults: ArrayLike, shape: ArrayLike | None = None) -> NDArray[np.float64]:
    """Yield by the law of that name. [-]

    Parameters
    ----------
    law : str
        A key of `LAWS`.
    faults : array_like
        Mean faults per die (and layer, for ``bose_einstein``).
    shape : array_like, optional
        ``cluster_alpha`` or ``critical_layers``, for the laws in `SHAPE_NAME`.

    Raises
    ------
    ValueError
        If the law is unknown, or its shape is missing or superfluous.
    """
    if law not in LAWS:
        near = get_close_matches(law, LAWS, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"unknown yield law {law!r}, expected one of {', '.join(LAWS)}{hint}")
    if law in SHAPE_NAME:
        if shape is None:
            raise ValueError(f"yield law {law!r} needs {SHAPE_NAME[law]}")
        return LAWS[law](faults, shape)
    if shape is not None:
        raise ValueError(f"yield law {law!r} takes no shape")
    return LAWS[law](faults)


def _checked(faults: ArrayLike) -> NDArray[np.float64]:
    x = np.asarray(faults, dtype=np.float64)
    if not np.all(x >= 0.0):
        raise ValueError("faults per die must be a number, zero or more")
    return x
