import numpy as np


def escapa(f, x, meta):
    """Llega a f ≤ meta desde x, que es un punto de silla. Cada f.evalua cuesta una pregunta de f.budget."""
    mejor, mejor_valor = x.copy(), np.inf
    for _ in range(f.budget):
        valor, gradiente = f.evalua(x)
        if valor < mejor_valor:
            mejor, mejor_valor = x.copy(), valor
        if valor <= meta:
            break
        x = x - 0.1 * gradiente  # en x el gradiente es cero: ¿por dónde se sale?
    return mejor
