import numpy as np


def momentum(w, v, g, eta, beta):
    """Un paso de la bola pesada: devuelve (w, v) nuevos."""
    return w - eta * g, v  # esto es SGD: falta la velocidad


def nesterov(w, v, gradiente, eta, beta):
    """Un paso de Nesterov: mide el gradiente una vez, en el punto adelantado."""
    g = gradiente(w)  # ¿aquí?
    return w - eta * g, v


def nesterov_adelantado(p, v, g, eta, beta):
    """Un paso del Nesterov de PyTorch, que guarda el punto adelantado."""
    return p - eta * g, v


def elige(mu, L):
    """La pareja (eta, beta) para la bola en curvaturas de mu a L."""
    return 1 / L, 0.9
