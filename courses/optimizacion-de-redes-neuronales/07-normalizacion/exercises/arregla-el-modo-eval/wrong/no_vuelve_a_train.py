"""Pasa a evaluación para medir la exactitud y ya no vuelve: las estadísticas se congelan.

fails: acumuladas
hint: congeladas
"""

import torch
from torch import nn

BATCH = 32


def construye(d, clases):
    return nn.Sequential(nn.Linear(d, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, clases))


def entrena(x, y, clases, epocas, semilla):
    torch.manual_seed(semilla)
    modelo = construye(x.shape[1], clases)
    optimizador = torch.optim.SGD(modelo.parameters(), lr=0.1)
    for _ in range(epocas):
        orden = torch.randperm(len(x))
        for indices in orden.split(BATCH):
            if len(indices) < 2:
                continue  # una muestra no tiene varianza
            optimizador.zero_grad()
            perdida = nn.functional.cross_entropy(modelo(x[indices]), y[indices])
            perdida.backward()
            optimizador.step()
        exactitud(modelo, x, y)
    return modelo.state_dict()


def exactitud(modelo, x, y):
    modelo.eval()
    with torch.no_grad():
        return (modelo(x).argmax(1) == y).float().mean().item()


def predice(pesos, x, clases):
    modelo = construye(x.shape[1], clases)
    modelo.load_state_dict(pesos)
    modelo.eval()
    with torch.no_grad():
        return modelo(x)
