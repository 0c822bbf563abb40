"""SGD con un solo η y bajada a cero: en otras unidades, o se queda quieto o se va.

fails: escalas, perfil, ninguno-atras
hint: escala, perfil, peor
"""

import numpy as np


def optimiza(grad, pesos, T, formas):
    w = np.array(pesos)
    for t in range(T):
        w = w - 0.05 * (1 - t / T) * grad(w)
    return w
