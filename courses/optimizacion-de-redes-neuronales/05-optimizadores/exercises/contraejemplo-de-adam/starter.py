def contraejemplo(beta1, beta2):
    """Pendientes (probabilidad, pendiente) con media positiva en las que Adam acabe en +1 y AMSGrad en -1."""
    # Una de cada tres veces, 3; las demás, -1. ¿Le sirve a cualquier memoria?
    return [(1 / 3, 3.0), (2 / 3, -1.0)]
