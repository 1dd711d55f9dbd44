"""Stiffness and expansion of a layer of posts in a fill: bumps in underfill, across the posts."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

VALID = {"fraction": (0.0, 0.6)}  # beyond it the posts all but touch


def across_posts_pa(fraction: ArrayLike, post_pa: ArrayLike, fill_pa: ArrayLike) -> NDArray[np.float64]:
    """Modulus across aligned round posts, ``Em (1 + 2 n f)/(1 - n f)``, ``n = (Ef/Em - 1)/(Ef/Em + 2)``. [Pa]

    Arguments of shape (...); `fraction` of the area that the posts cover.

    References
    ----------
    .. [1] J. C. Halpin, J. L. Kardos, "The Halpin-Tsai equations: a review", Polym. Eng. Sci. 16(5), 1976,
       pp. 344-352; shape factor 2 across round fibres.
    """
    f, post, fill = (np.asarray(w, dtype=np.float64) for w in (fraction, post_pa, fill_pa))
    n = (post / fill - 1.0) / (post / fill + 2.0)
    return np.asarray(fill * (1.0 + 2.0 * n * f) / (1.0 - n * f))


def expansion_per_k(
    fraction: ArrayLike, post_pa: ArrayLike, fill_pa: ArrayLike, post_per_k: ArrayLike, fill_per_k: ArrayLike
) -> NDArray[np.float64]:
    """Expansion of the mixture, each part weighted by its stiffness. [1/K]

    References
    ----------
    .. [1] P. S. Turner, "Thermal-expansion stresses in reinforced plastics", J. Res. Natl. Bur. Stand. 37, 1946,
       pp. 239-250.
    """
    f, post, fill, a, b = (
        np.asarray(w, dtype=np.float64) for w in (fraction, post_pa, fill_pa, post_per_k, fill_per_k)
    )
    return np.asarray((f * post * a + (1.0 - f) * fill * b) / (f * post + (1.0 - f) * fill))
