/** Whether the reader wants less motion: said to the system, or in the profile (`<html data-motion="less">`). */
export function lessMotion(): boolean {
  return document.documentElement.dataset.motion === "less" || matchMedia("(prefers-reduced-motion: reduce)").matches;
}
