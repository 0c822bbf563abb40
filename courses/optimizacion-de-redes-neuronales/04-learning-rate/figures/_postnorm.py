"""Residual blocks with the norm after the sum, many nets side by side, under Adam. Seeds fix everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from _manada import Ints, batches
from numpy.typing import NDArray

Array = NDArray[np.floating]
WIDTH, CLASSES, NORM = 64, 10, 1e-5


class Nets:
    """A net is one row of `flat`: input layer, blocks h ← LN(h + W₂ ReLU(W₁ h)), output layer."""

    def __init__(self, seeds: Sequence[int], blocks: int = 8, dtype: type = np.float32) -> None:
        self.blocks = blocks
        shapes = [("in", (WIDTH, WIDTH)), ("in_b", (1, WIDTH))]
        for i in range(blocks):
            shapes += [(f"w1_{i}", (WIDTH, WIDTH)), (f"b1_{i}", (1, WIDTH)), (f"w2_{i}", (WIDTH, WIDTH))]
            shapes += [(f"b2_{i}", (1, WIDTH)), (f"g_{i}", (1, WIDTH)), (f"s_{i}", (1, WIDTH))]
        shapes += [("out", (WIDTH, CLASSES)), ("out_b", (1, CLASSES))]
        self.shapes, at = {}, 0
        for name, shape in shapes:
            self.shapes[name] = (at, at + shape[0] * shape[1], shape)
            at += shape[0] * shape[1]
        self.flat = np.zeros((len(seeds), at), dtype)
        for row, seed in enumerate(seeds):
            rng = np.random.default_rng(seed)
            for name, (a, b, _) in self.shapes.items():
                if name.startswith("g_"):
                    self.flat[row, a:b] = 1
                elif not name.startswith("s_"):  # PyTorch's: uniform in ±1/√inputs, biases too
                    self.flat[row, a:b] = rng.uniform(-1, 1, b - a) / np.sqrt(WIDTH)

    def part(self, flat: Array, name: str) -> Array:
        a, b, shape = self.shapes[name]
        return flat[:, a:b].reshape(-1, *shape)

    def gradient(self, flat: Array, x: Array, y: Ints | None) -> tuple[Array, Array]:
        """Loss and gradient of each net on its batch; without labels, the scores alone."""
        one = lambda name: self.part(flat, name)  # noqa: E731
        h = x @ one("in") + one("in_b")
        kept = []
        for i in range(self.blocks):
            r = np.maximum(h @ one(f"w1_{i}") + one(f"b1_{i}"), 0)
            z = h + r @ one(f"w2_{i}") + one(f"b2_{i}")
            z = z - z.mean(axis=-1, keepdims=True)
            spread = np.sqrt((z * z).mean(axis=-1, keepdims=True) + NORM)
            z = z / spread
            kept.append((h, r, z, spread))
            h = z * one(f"g_{i}") + one(f"s_{i}")
        scores = h @ one("out") + one("out_b")
        if y is None:
            return scores, scores
        scores = scores - scores.max(axis=-1, keepdims=True)
        powers = np.exp(scores)
        total = powers.sum(axis=-1, keepdims=True)
        loss = (np.log(total) - np.take_along_axis(scores, y[..., None], axis=-1)).mean(axis=(1, 2))
        back = powers / total
        np.put_along_axis(back, y[..., None], np.take_along_axis(back, y[..., None], axis=-1) - 1, axis=-1)
        back /= x.shape[1]
        found = np.empty_like(flat)
        put = lambda name, value: self.part(found, name).__setitem__(slice(None), value)  # noqa: E731
        put("out", h.swapaxes(1, 2) @ back)
        put("out_b", back.sum(axis=1, keepdims=True))
        back = back @ one("out").swapaxes(1, 2)
        for i in range(self.blocks - 1, -1, -1):
            h, r, z, spread = kept[i]
            put(f"g_{i}", (back * z).sum(axis=1, keepdims=True))
            put(f"s_{i}", back.sum(axis=1, keepdims=True))
            back = back * one(f"g_{i}")
            back = back - back.mean(axis=-1, keepdims=True) - z * (back * z).mean(axis=-1, keepdims=True)
            back = back / spread
            put(f"w2_{i}", r.swapaxes(1, 2) @ back)
            put(f"b2_{i}", back.sum(axis=1, keepdims=True))
            inner = (back @ one(f"w2_{i}").swapaxes(1, 2)) * (r > 0)
            put(f"w1_{i}", h.swapaxes(1, 2) @ inner)
            put(f"b1_{i}", inner.sum(axis=1, keepdims=True))
            back = back + inner @ one(f"w1_{i}").swapaxes(1, 2)
        put("in", np.broadcast_to(x, (len(flat), *x.shape[-2:])).swapaxes(1, 2) @ back)
        put("in_b", back.sum(axis=1, keepdims=True))
        return loss, found


def adam(
    nets: Nets,
    images: Array,
    labels: Ints,
    seeds: Sequence[int],
    eta: Callable[[int], Array],
    *,
    steps: int,
    batch: int = 64,
    frozen: Array | None = None,
    watch: Callable[[int, Array, Array], None] | None = None,
) -> None:
    """Adam(0.9, 0.999); `frozen` steps only fill its averages; `watch` sees k, losses and v̂ before each."""
    m, v = np.zeros_like(nets.flat), np.zeros_like(nets.flat)
    for k, chosen in enumerate(batches(seeds, len(labels), batch, steps)):
        loss, g = nets.gradient(nets.flat, images[chosen], labels[chosen])
        m += 0.1 * (g - m)
        v += 0.001 * (g * g - v)
        second = v / (1 - 0.999 ** (k + 1))
        if watch:
            watch(k, loss, second)
        now = np.asarray(eta(k), dtype=nets.flat.dtype).reshape(-1, 1)
        if frozen is not None:
            now = np.where((k >= frozen).reshape(-1, 1), now, 0).astype(nets.flat.dtype)
        nets.flat -= now * (m / (1 - 0.9 ** (k + 1))) / (np.sqrt(second) + 1e-8)


def error(nets: Nets, images: Array, labels: Ints) -> Array:
    """Percentage of images that each net gets wrong."""
    scores, _ = nets.gradient(nets.flat, images[None], None)
    return 100 * (scores.argmax(axis=-1) != labels).mean(axis=1)


def full_loss(nets: Nets, images: Array, labels: Ints) -> Array:
    return nets.gradient(
        nets.flat,
        np.broadcast_to(images[None], (len(nets.flat), *images.shape)),
        np.broadcast_to(labels, (len(nets.flat), len(labels))),
    )[0]
