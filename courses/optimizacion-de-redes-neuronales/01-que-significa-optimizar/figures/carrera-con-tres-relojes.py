"""Four batch sizes race to one training loss; who wins depends on what is counted."""

from _carrera import race

CLOCKS = (
    ("Pasos", "pasos", lambda run: 1, (10, 20, 50, 100)),
    ("Ejemplos (y épocas)", "ejemplos", lambda run: run["batch"], (1000, 3000, 10_000)),
    ("Segundos de esta CPU", "ms", lambda run: run["step_ms"], (1, 2, 5, 10)),
)


def compute():
    return race()


def draw(data, canvas):
    runs = list(data["runs"].values())
    panels = canvas.panels(3, height=230 if canvas.wide else 190, share_y=canvas.wide)
    for ax, (title, unit, price, ticks) in zip(panels, CLOCKS, strict=True):
        canvas.axis(ax, title=title, x=unit, x_log=True)
        best = min(run["mean_steps"] * price(run) for run in runs)
        for row, run in enumerate(runs):
            mean, half = run["mean_steps"] * price(run), run["half_steps"] * price(run)
            series = "c2" if mean == best else "muted"
            canvas.line(ax, [mean - half, mean + half], [row + 0.25] * 2, series=series, width=4)
            canvas.points(
                ax,
                [steps * price(run) for steps in run["steps"]],
                [row] * len(run["steps"]),
                series=series,
                size=5,
                hollow=True,
            )
            if mean == best:
                last = max(run["steps"]) * price(run)
                ax.annotate("gana", (last, row), (9, 0), textcoords="offset points", va="center")
        ax.set_yticks(range(len(runs)), [f"B = {run['batch']}" for run in runs])
        ax.set_ylim(len(runs) - 0.4, -0.8)
        ax.grid(visible=False, axis="y")
        ax.margins(x=0.12)
        ax.set_xticks(
            ticks, [f"{tick:,}".replace(",", "\u202f") if tick > 9999 else str(tick) for tick in ticks]
        )
