"""Discrete cosine transforms by numpy's FFT alone: importing scipy's would cost more than the transforms.

References
----------
.. [1] J. Makhoul, "A fast cosine transform in one and two dimensions", IEEE Trans. Acoust., Speech, Signal Process.
   28(1), 27-34, 1980, doi:10.1109/TASSP.1980.1163351: an N-point transform from an N-point FFT of the even samples
   followed by the odd ones in reverse.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def _turns(n: int) -> NDArray[np.complex128]:
    return np.asarray(np.exp(-0.5j * np.pi * np.arange(n // 2 + 1) / n))


def _norms(n: int) -> Floats:
    norm = np.full(n, np.sqrt(2.0 / n))
    norm[0] = np.sqrt(1.0 / n)
    return norm


def forward(x: Floats) -> Floats:
    """Orthonormal DCT-II along the last axis."""
    n = x.shape[-1]
    ordered = np.concatenate([x[..., ::2], x[..., 1::2][..., ::-1]], axis=-1)
    turned = np.fft.rfft(ordered, axis=-1) * _turns(n)
    half = n // 2 + 1
    wave = np.empty_like(ordered)
    wave[..., :half] = turned.real
    wave[..., half:] = -turned.imag[..., n - half : 0 : -1]
    wave *= _norms(n)
    return wave


def inverse(wave: Floats) -> Floats:
    """Inverse of `forward` (orthonormal DCT-III) along the last axis."""
    n = wave.shape[-1]
    half = n // 2 + 1
    plain = wave / _norms(n)
    turned = np.empty((*wave.shape[:-1], half), dtype=np.complex128)
    turned.real = plain[..., :half]
    turned.imag[..., 0] = 0.0
    turned.imag[..., 1:] = -plain[..., : n - half : -1] if half > 1 else 0.0
    ordered = np.fft.irfft(turned * _turns(n).conj(), n, axis=-1)
    x = np.empty_like(plain)
    x[..., ::2] = ordered[..., : (n + 1) // 2]
    x[..., 1::2] = ordered[..., : (n - 1) // 2 : -1] if n > 1 else 0.0
    return x


def forward_plane(x: Floats) -> Floats:
    """`forward` along the last two axes."""
    return forward(forward(x).swapaxes(-1, -2)).swapaxes(-1, -2)


def inverse_plane(wave: Floats) -> Floats:
    """`inverse` along the last two axes."""
    return inverse(inverse(wave).swapaxes(-1, -2)).swapaxes(-1, -2)
