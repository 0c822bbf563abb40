"""A course of one unit, two lessons (one written), one exercise, one lab and one figure."""

from __future__ import annotations

import json
import re
from pathlib import Path

from lessons.content import course as content
from lessons.content import drawings, stamp

OUTLINE = """\
front:
  - {slug: objetivos, title: Objetivos}
end:
  - {slug: glosario, title: Glosario}
labs: [simetria]
units:
  - number: 1
    slug: uno
    title: La primera
    exercises: [doble]
    sections:
      - number: "1.1"
        title: Sección
        lessons:
          - {number: 1.1.1, slug: velocidad, title: Velocidad}
          - {number: 1.1.2, slug: estabilidad, title: Estabilidad}
"""
COURSE = """\
---
slug: curso
title: Curso de prueba
description: Para probar.
updated: 2025-12-26
macros:
  \\R: '\\mathbb{R}'
---
"""
UNIT = """\
---
number: 1
slug: uno
title: La primera
goals: ["Medir $\\\\rho$"]
sections:
  - number: "1.1"
    title: Sección
    lessons: [1.1.1, 1.1.2]
exercises: [doble]
---

Introducción.
"""
FRONT = "---\nslug: objetivos\ntitle: Objetivos\nstatus: written\n---\nSabrás medir.\n"
GLOSSARY = """\
---
slug: glosario
title: Glosario
status: written
---

### paso, iteración | step | 1.1.1
Un cambio de los pesos.
"""
LESSON = """\
---
number: 1.1.1
title: Velocidad
slug: velocidad
minutes: 5
summary: Sabrás contar.
status: written
---

Con $x \\in \\R^n$ un [[paso]] cuesta {{ reloj.seconds | 2 }} s[^1], o sea $t = {{ reloj.seconds | .2f }}$.

[^1]: Medido en *esta* máquina.

$$\\rho = \\frac{\\kappa-1}{\\kappa+1}$$

## La idea

:::figure reloj
alt: Una recta que baja.
caption: "Baja hasta {{ reloj.end | e1 }}."
:::

Dice [@polyak1964] que sí; sigue en [la otra](leccion:1.1.2) y en [el ejercicio](ejercicio:doble).

| a | b |
|---|---|
| $|x|$ | 2 |

```python
print("hola")
```

:::aviso Cuidado
Con **esto**.
:::

:::demostracion Por qué
Porque $a = b$.
:::

:::codigo tres
```python
print(1 + 2)
```

```salida
3
```
:::

:::lab simetria
task: Rompe la simetría.
notice: Que vuelve.
fallback: reloj
:::

:::exercise doble
:::

:::quiz
- key: cuanto
  kind: numeric
  idea: velocidad
  prompt: ¿Cuánto es $\\frac12$?
  answer: 0.5
  tolerance: 0.01
  right: La mitad.
  wrong:
    - {value: 2, why: Al revés.}
- key: cual
  kind: single
  idea: velocidad
  prompt: ¿Cuál?
  options:
    - {text: Esta, why: Sí., correct: true}
    - {text: Aquella, why: No.}
:::

:::fuentes
- key: polyak1964
  authors: B. T. Polyak
  year: 1964
  title: Some methods
  arxiv: 1811.03600
:::
"""
QUIZ = """\
---
unit: 1
status: written
---

:::quiz
- key: cuantos-pasos
  kind: numeric
  idea: velocidad
  vary:
    kappa: [10, 50, 100]
    cifras: [3, 6]
  let:
    pasos: kappa / 4 * ln(10**cifras)
  where: kappa * cifras < 500
  prompt: Con $\\kappa = {{ kappa }}$, ¿cuántos pasos cuestan {{ cifras }} cifras?
  answer: pasos
  rtol: 0.02
  unit: pasos
  right: Son $\\frac{ {{ kappa }} }{4}\\ln 10^{ {{ cifras }} } \\approx {{ pasos | 3 }}$.
  wrong:
    - {value: 2 * pasos, why: "{{ 2 * pasos | 3 }} serían para la distancia."}
- key: cual-crece
  kind: single
  idea: velocidad
  prompt: ¿Qué crece con κ?
  options:
    - {text: Los pasos, why: Sí., correct: true}
    - {text: Las épocas, why: No siempre.}
:::
"""
EXERCISE = """\
---
slug: doble
title: El doble
lesson: 1.1.1
kind: implement
difficulty: 1
runtime: numpy
functions: ["doble(x)"]
limits: {seconds: 5, cpu_seconds: 5, memory_mb: 256, calls: 60, output_kb: 64}
groups:
  - slug: ejemplos
    title: Ejemplos
    idea: El doble de $x$.
    points: 10
    visible: true
  - slug: azar
    title: Al azar
    idea: De cualquier $x$.
    points: 20
    hints: {suma: Parece que sumas.}
---

Devuelve $2x$.
"""
GRADER = """\
from grading.judge.author import Float, group


@group("ejemplos")
def ejemplos(attempt):
    attempt.close(attempt.call("doble", 2.0, returns=Float()), 4.0)


@group("azar")
def azar(attempt):
    for x in attempt.rng.uniform(3, 9, size=3):
        got = attempt.call("doble", float(x), returns=Float())
        attempt.close(got, 2 * x, hint="suma" if abs(got - x - 2) < 1e-6 else "")
"""
WRONGS = {
    "suma_dos": "return x + 2.0",
    "siempre_cuatro": "return 4.0",
    "cuadrado": "return x * x",
}
SCRIPT = "def compute():\n    return {}\n"
DATA = {"seconds": 0.0512, "end": 0.00012, "steps": [1, 2, 3]}
SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" \
data-script="{script}" data-computing="{computing}" data-data="{data}">\
<defs><path id="reloj-{kind}-1" d="M0 0L9 9"/></defs><use href="#reloj-{kind}-1" stroke="var(--c1)"/></svg>
"""


def make(root: Path) -> Path:
    """Write the course into `root`."""
    write(root, "outline.yaml", OUTLINE)
    write(root, "course.md", COURSE)
    write(root, "front/objetivos.md", FRONT)
    write(root, "glossary.md", GLOSSARY)
    write(root, "01-uno/unit.md", UNIT)
    write(root, "01-uno/1.1.1-velocidad.md", LESSON)
    write(root, "01-uno/exercises/doble/exercise.md", EXERCISE)
    write(root, "01-uno/exercises/doble/grader.py", GRADER)
    write(root, "01-uno/exercises/doble/solution.py", "def doble(x):\n    return 2 * x\n")
    write(root, "01-uno/exercises/doble/starter.py", "def doble(x):\n    return 0.0\n")
    for name, body in WRONGS.items():
        hint = "\nhint: suma" if name == "suma_dos" else ""
        promise = f'"""Confunde el doble con otra cosa: {body}.\n\nfails: azar{hint}\n"""'
        write(root, f"01-uno/exercises/doble/wrong/{name}.py", f"{promise}\n\n\ndef doble(x):\n    {body}\n")
    figure(root)
    return root


def end_quiz(root: Path) -> None:
    """Give the unit an end quiz: a numeric question that varies, and one that does not."""
    write(root, "01-uno/quiz.md", QUIZ)


def promise_exercise(root: Path, slug: str) -> None:
    """Promise an exercise that nobody has written."""
    for name in ("outline.yaml", "01-uno/unit.md"):
        replace(root, name, "exercises: [doble]", f"exercises: [doble, {slug}]")


def figure(root: Path) -> None:
    """The figure's files, stamped as `drawfigures` stamps them."""
    folder = "01-uno/figures/reloj"
    write(root, f"{folder}.py", SCRIPT)
    write(root, f"{folder}.json", json.dumps(DATA))
    write(root, f"{folder}.csv", "pasos,κ\n1,2\n")
    stamps = {
        "script": stamp.of_script(root / f"{folder}.py"),
        "computing": stamp.of_computing(root / f"{folder}.py"),
        "data": stamp.of_data(json.dumps(DATA).encode()),
    }
    for kind in ("wide", "narrow"):
        write(root, f"{folder}.{kind}.svg", SVG.format(kind=kind, **stamps))
    assert drawings.is_current(root / f"{folder}.py")


def write(root: Path, name: str, text: str) -> None:
    """Write a file and the folders above it."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def replace(root: Path, name: str, old: str, new: str) -> int:
    """Change a text that must be there; returns the line on which it stands."""
    text = (root / name).read_text(encoding="utf-8")
    assert old in text, f"{name} has no {old!r}"
    write(root, name, text.replace(old, new))
    return text.count("\n", 0, text.index(old)) + 1


def told(root: Path, cache: Path, *, strict: bool = False) -> list[str]:
    """Every mistake of the course, as it is printed."""
    return [str(mistake) for mistake in content.read(root, cache=cache, strict=strict).mistakes]


def without_anchors(html: str) -> str:
    """`html` without the ids that are made for students' notes."""
    return re.sub(r' id="par-[0-9a-f-]+"', "", html)
