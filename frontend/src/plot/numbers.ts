/** Numbers as a Spanish reader writes and reads them. */

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const THIN = "\u202f";

/** 3 → "³", -2 → "⁻²". */
export function superscript(power: number): string {
  const digits = [...String(Math.abs(power))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("");
  return power < 0 ? `⁻${digits}` : digits;
}

/** `value` with `digits` significant digits: 0,001 · 12 500 · 3,1·10⁻⁶. */
export function spanish(value: number, digits = 3): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const sign = value < 0 ? "−" : "";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e6) {
    const [mantissa = "", power = "0"] = size.toExponential(digits - 1).split("e");
    const trimmed = trim(mantissa).replace(".", ",");
    const tens = `10${superscript(Number(power))}`;
    return sign + (trimmed === "1" ? tens : `${trimmed}·${tens}`);
  }
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  const [whole = "", part = ""] = trim(size.toFixed(decimals)).split(".");
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, THIN) : whole;
  return sign + grouped + (part ? `,${part}` : "");
}

function trim(digits: string): string {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}

/** What a person typed as a number: takes 0,1 and 0.1 and 1e-3; null for anything else. */
export function parseNumber(text: string): number | null {
  const clean = text
    .trim()
    .replace(/[\s\u202f\u00a0]/g, "")
    .replace("−", "-")
    .replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(clean)) return null;
  const value = Number(clean);
  return Number.isFinite(value) ? value : null;
}
