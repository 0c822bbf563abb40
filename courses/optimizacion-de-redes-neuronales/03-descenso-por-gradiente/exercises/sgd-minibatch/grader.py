"""The judge gives the gradients, so it sees every batch and every point, and walks the same path."""

import numpy as np

from grading.judge.author import Array, group

DIM = 4


class Run:
    """One call of `entrena` on random least squares, with the batches that it asked for."""

    def __init__(self, attempt, n, batch, epochs, seed, since=0, start=None, eta=0.05):
        rng = np.random.default_rng(int(attempt.rng.integers(2**31)))
        self.rows, self.targets = rng.normal(size=(n, DIM)), rng.normal(size=n)
        self.n, self.batch, self.eta = n, batch, eta
        self.start = rng.normal(size=DIM) if start is None else start
        self.batches, self.points = [], []

        def asked(point, some):
            self.batches.append(some)
            self.points.append(point)
            return self.mean_gradient(point, some)

        gradient = attempt.function(
            asked,
            arguments=(Array((DIM,)), Array(("b",), dtype="int", low=0, high=n - 1)),
            name="gradiente",
            noun="el gradiente",
            record=None,
        )
        self.end = attempt.call(
            "entrena",
            gradient,
            self.start,
            n,
            eta,
            batch,
            epochs,
            seed,
            since,
            returns=Array((DIM,)),
            unchanged=True,
        )

    def mean_gradient(self, point, some):
        rows = self.rows[some]
        return rows.T @ (rows @ point - self.targets[some]) / max(len(some), 1)

    def sizes(self):
        return [len(some) for some in self.batches]

    def epochs(self):
        """The order of each epoch, one row each; only after the sizes have been checked."""
        return np.concatenate(self.batches).reshape(-1, self.n) if self.batches else np.empty((0, self.n))

    def loss(self, point):
        return float(np.mean((self.rows @ point - self.targets) ** 2) / 2)

    def draw(self, attempt):
        """The loss where the student was, and where the same batches would have led."""
        right = [self.start]
        for some in self.batches:
            step = self.eta * len(some) / self.batch
            right.append(right[-1] - step * self.mean_gradient(right[-1], some))
        attempt.axes(x="paso", y="pérdida, todos los ejemplos", log=False)
        attempt.reference("con tus mismos batches", range(len(right)), [self.loss(w) for w in right])
        been = [*self.points, self.end]
        attempt.curve("tú", range(len(been)), [self.loss(w) for w in been])

    def first_stray(self):
        """Index of the first step that left the right path; None if none did.

        The student's own batches are followed: only where gradients are taken and what is subtracted counts.
        Sums in another order differ by rounding, some 1e-15 a step: 1e-9 is far above it.
        """
        point = self.start
        for number, (some, at) in enumerate(zip(self.batches, self.points, strict=True)):
            if not np.allclose(point, at, rtol=1e-9, atol=1e-9):
                return number - 1
            point = point - self.eta * len(some) / self.batch * self.mean_gradient(at, some)
        return None if np.allclose(point, self.end, rtol=1e-9, atol=1e-9) else len(self.batches) - 1


def expected_sizes(n, batch, epochs):
    return ([batch] * (n // batch) + [n % batch] * (n % batch > 0)) * epochs


@group("ejemplos")
def ejemplos(attempt):
    run = Run(attempt, n=12, batch=4, epochs=1, seed=3)
    run.draw(attempt)
    if run.sizes() != expected_sizes(12, 4, 1):
        attempt.fail(hint="trozos", message=f"Con n = 12 y batch = 4 pediste batches de {run.sizes()}.")
    if run.first_stray() is not None:
        attempt.fail(hint="paso", message="Tus pesos no son los de restar η por el gradiente de cada batch.")


def same_company(orders, batch):
    """Share of the neighbours i, i+1 that end in one batch: small if shuffled, near 1 in blocks."""
    n = orders.shape[1]
    places = np.argsort(orders, axis=1) // batch
    return float(np.mean(places[:, np.arange(n - 1)] == places[:, np.arange(1, n)]))


@group("epocas")
def epocas(attempt):
    batch = int(attempt.rng.integers(5, 9))
    n, epochs = 10 * batch, 6
    run = Run(attempt, n=n, batch=batch, epochs=epochs, seed=int(attempt.rng.integers(1000)))
    if run.sizes() != expected_sizes(n, batch, epochs):
        attempt.fail(
            hint="con-reemplazo", message="Los batches de tus épocas no recorren el conjunto entero."
        )
    orders = run.epochs()
    if (np.sort(orders, axis=1) != np.arange(n)).any():
        attempt.fail(hint="con-reemplazo", message="En una época no sale cada ejemplo exactamente una vez.")
    if (orders == np.arange(n)).all(axis=1).any():
        attempt.fail(hint="sin-barajar", message="Los ejemplos salen sin barajar.")
    if len({tuple(order) for order in orders.tolist()}) < epochs:
        attempt.fail(hint="mismo-orden", message="Dos épocas tienen el mismo orden.")
    # shuffled: (batch − 1)/(n − 1) < 0.11 on average over 300 pairs and more; whole blocks: over 0.8
    if same_company(orders, batch) > 0.4:
        attempt.fail(hint="bloques-fijos", message="Los batches los forman siempre los mismos vecinos.")
    if run.first_stray() is not None:
        attempt.fail(hint="paso", message="En algún paso los pesos dejan de ser los del descenso.")


@group("resto")
def resto(attempt):
    for number in range(3):
        batch = int(attempt.rng.integers(5, 12))
        left = int(attempt.rng.integers(1, batch - 1))
        full = int(attempt.rng.integers(2, 5))
        n, epochs = batch * full + left, 3
        run = Run(attempt, n=n, batch=batch, epochs=epochs, seed=int(attempt.rng.integers(1000)))
        if number == 0:
            run.draw(attempt)
        sizes = run.sizes()
        if sizes == [batch] * (full * epochs):
            attempt.fail(hint="suelta-resto", message="Los ejemplos que no llenan un batch no se usan nunca.")
        if sizes != expected_sizes(n, batch, epochs):
            attempt.fail(hint="trozos", message="El tamaño de tus batches no es el que se pide.")
        stray = run.first_stray()
        if stray is not None:
            last = sizes[stray] < batch
            attempt.fail(
                hint="resto-pesado" if last else "paso",
                message="Los pesos se desvían en el último batch de una época."
                if last
                else "Los pesos se desvían en un batch lleno.",
            )


@group("semilla")
def semilla(attempt):
    seed = int(attempt.rng.integers(5, 1000))
    n, batch, epochs = 60, 4, 4

    def orders(of):
        run = Run(attempt, n=n, batch=batch, epochs=epochs, seed=of)
        if run.sizes() != expected_sizes(n, batch, epochs):
            attempt.fail(message="Los batches de tus épocas no recorren el conjunto entero.")
        return run.epochs()

    first, again = orders(seed), orders(seed)
    if (first != again).any():
        attempt.fail(hint="no-repite", message="La misma semilla da órdenes distintos en dos llamadas.")
    for other in (seed + 1, seed - 1, 0, seed + 1000):
        theirs = orders(other)
        same = (first[:, None, :] == theirs[None, :, :]).all(axis=2)
        if same.diagonal().any():
            attempt.fail(hint="semilla-ignorada", message="Dos semillas distintas dan el mismo orden.")
        if same.any():
            attempt.fail(
                hint="semillas-vecinas", message="Una época de una semilla es otra época de otra semilla."
            )


@group("reanuda")
def reanuda(attempt):
    seed = int(attempt.rng.integers(1000))
    batch = int(attempt.rng.integers(4, 9))
    n, epochs = 5 * batch, 5
    whole = Run(attempt, n=n, batch=batch, epochs=epochs, seed=seed)
    for since in (1, 3):
        start = attempt.rng.normal(size=DIM)
        rest = Run(attempt, n=n, batch=batch, epochs=epochs, seed=seed, since=since, start=start)
        per_epoch = n // batch
        if len(rest.batches) == len(whole.batches):
            attempt.fail(hint="desde-ignorado", message="Al reanudar das todas las épocas otra vez.")
        tail = whole.batches[since * per_epoch :]
        if len(rest.batches) != len(tail):
            attempt.fail(hint="desde-ignorado", message="Al reanudar no das las épocas que faltaban.")
        if any(not np.array_equal(a, b) for a, b in zip(rest.batches, tail, strict=True)):
            attempt.fail(
                hint="otro-orden", message="Al reanudar, los batches no son los de la ejecución entera."
            )


@group("bordes")
def bordes(attempt):
    seed = int(attempt.rng.integers(1000))
    for since in (0, 3):
        run = Run(attempt, n=10, batch=5, epochs=since, seed=seed, since=since)
        if run.batches or not np.array_equal(run.start, run.end):
            attempt.fail(hint="ninguna", message="Sin épocas que dar, los pesos no son los de partida.")
    with attempt.hinting("batch-enorme"):
        run = Run(attempt, n=6, batch=int(attempt.rng.integers(9, 40)), epochs=3, seed=seed)
    if run.sizes() != [6, 6, 6] or run.first_stray() is not None:
        attempt.fail(hint="batch-enorme", message="Con batch mayor que n, los pasos no son los que se piden.")
    for n, batch in ((1, 1), (1, 3), (7, 1)):
        with attempt.hinting("uno"):
            run = Run(attempt, n=n, batch=batch, epochs=2, seed=seed)
        if run.sizes() != expected_sizes(n, batch, 2) or run.first_stray() is not None:
            attempt.fail(
                hint="uno", message="Con un solo ejemplo o batches de uno, los pasos no son los que se piden."
            )
