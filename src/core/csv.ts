/** @file Comma-separated values as RFC 4180 writes them. */

/** A header and its lines; a missing value is an empty field. */
export function csv(header: readonly string[], lines: readonly (readonly (string | number | undefined)[])[]): string {
  const field = (value: string | number | undefined) => {
    const text = String(value ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${[header, ...lines].map((line) => line.map(field).join(",")).join("\n")}\n`;
}
