/** Lines of equal height on a grid, by marching squares. */

export interface Contour {
  level: number;
  /** Pieces, parted by NaN. */
  xs: number[];
  ys: number[];
}

/** `heights` row by row, the first row at the lowest y; both axes run from −reach to reach. */
export function contours(heights: ArrayLike<number>, side: number, reach: number, levels: readonly number[]): Contour[] {
  const step = (2 * reach) / (side - 1);
  return levels.map((level) => {
    const [xs, ys]: [number[], number[]] = [[], []];
    for (let row = 0; row < side - 1; row++) {
      for (let column = 0; column < side - 1; column++) {
        for (const [from, to] of crossings(heights, side, row, column, level)) {
          xs.push(-reach + from.x * step, -reach + to.x * step, NaN);
          ys.push(-reach + from.y * step, -reach + to.y * step, NaN);
        }
      }
    }
    return { level, xs, ys };
  });
}

interface Place {
  x: number;
  y: number;
}

/** The pieces inside one square, in units of the grid. */
function crossings(heights: ArrayLike<number>, side: number, row: number, column: number, level: number): [Place, Place][] {
  const corners: [number, number][] = [
    [column, row],
    [column + 1, row],
    [column + 1, row + 1],
    [column, row + 1],
  ];
  const found: Place[] = [];
  corners.forEach(([x0, y0], i) => {
    const [x1, y1] = corners[(i + 1) % 4] as [number, number];
    const [a, b] = [heights[y0 * side + x0] as number, heights[y1 * side + x1] as number];
    if (a < level === b < level) return;
    const share = (level - a) / (b - a);
    found.push({ x: x0 + share * (x1 - x0), y: y0 + share * (y1 - y0) });
  });
  if (found.length === 4) return [[found[0] as Place, found[1] as Place], [found[2] as Place, found[3] as Place]];
  return found.length === 2 ? [[found[0] as Place, found[1] as Place]] : [];
}
