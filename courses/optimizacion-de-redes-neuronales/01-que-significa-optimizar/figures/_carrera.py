"""Four batch sizes race to one training loss; who wins depends on what is counted.

One hidden layer of 64 ReLU, plain SGD. For each batch size the learning rate is the best of a grid
on seeds 100–104; what is reported comes from seeds 0–9.
"""

import numpy as np
from _digitos import gradients, interval, loss, net, split, step

TARGET = 0.15
GRIDS = {
    8: (0.4, 0.6, 0.9, 1.35, 2.0),
    64: (1.8, 2.7, 4.0, 6.0, 9.0),
    256: (2.7, 4.0, 6.0, 9.0, 13.5),
    1297: (2.4, 3.6, 5.4, 8.1, 12.0),
}
TUNING, REPORTING = range(100, 105), range(10)

# Milliseconds of one step: measured once, on 2 x86-64 cores, one thread, numpy 2.4 (least of 12 medians).
# Constants on purpose: timed again they change with the machine and its load, the order does not.
STEP_MS = {8: 0.042, 64: 0.080, 256: 0.238, 1297: 1.068}


def steps_to_target(images, labels, batch, eta, seed, examples=60_000):
    """Steps until the loss on all the training set is under TARGET; infinite if it never is."""
    rng = np.random.default_rng(seed)
    layers = net((64, 64, 10), rng)
    look_every, steps = max(1, 64 // batch), 0
    while steps * batch < examples:
        order = rng.permutation(len(labels))
        for start in range(0, len(labels) - batch + 1, batch):
            if steps % look_every == 0:
                now = loss(layers, images, labels)
                if now < TARGET:
                    return steps
                if not now < 100:
                    return np.inf
            some = order[start : start + batch]
            layers = step(layers, gradients(layers, images[some], labels[some]), eta)
            steps += 1
    return np.inf


def race():
    """Steps, examples and milliseconds of every batch size, and where two of them tie."""
    images, labels, _, _ = split()
    runs = {}
    for batch, grid in GRIDS.items():
        costs = [
            np.mean([steps_to_target(images, labels, batch, eta, seed) for seed in TUNING]) for eta in grid
        ]
        eta = grid[int(np.argmin(costs))]
        steps = [steps_to_target(images, labels, batch, eta, seed) for seed in REPORTING]
        mean, half = interval(steps)
        runs[batch] = {
            "batch": batch,
            "eta": eta,
            "steps": steps,
            "mean_steps": mean,
            "half_steps": half,
            "mean_examples": batch * mean,
            "half_examples": batch * half,
            "mean_epochs": batch * mean / len(labels),
            "step_ms": STEP_MS[batch],
            "mean_ms": STEP_MS[batch] * mean,
        }
    batches, times = np.array(list(STEP_MS)), np.array(list(STEP_MS.values()))
    rows = np.column_stack([1 / times, batches / times])  # weights relative, not absolute, errors
    fixed, per_example = np.linalg.lstsq(rows, np.ones(len(times)), rcond=None)[0]
    overhead = fixed / per_example
    mean = {batch: run["mean_steps"] for batch, run in runs.items()}

    def tie(small, large):
        """The fixed cost, in examples, at which two batch sizes cost the same."""
        return (mean[large] * large - mean[small] * small) / (mean[small] - mean[large])

    return {
        "target": TARGET,
        "runs": {f"b{batch}": run for batch, run in runs.items()},
        "machine": "2 núcleos x86-64, un hilo, numpy 2.4; medido una vez",
        "fixed_cost_in_examples": overhead,
        "total": {f"b{batch}": mean[batch] * (overhead + batch) for batch in mean},
        "ties": {"b8_b64": tie(8, 64), "b64_b256": tie(64, 256), "b256_b1297": tie(256, 1297)},
        "full_over_b8_examples": 1297 * mean[1297] / (8 * mean[8]),
        "b8_over_full_steps": mean[8] / mean[1297],
    }
