/**
 * @file What fails every test: writing to the console, and warnings of the process. Library code is silent; a
 * test that means to see output spies on the method itself.
 */

import { afterAll, afterEach } from "vitest";

const noise: string[] = [];
for (const method of ["debug", "error", "info", "log", "trace", "warn"] as const) {
  console[method] = (...values: unknown[]) => {
    noise.push(`console.${method}(${values.map(String).join(", ")})`);
  };
}
process.on("warning", (warning) => noise.push(`process warning: ${warning.name}: ${warning.message}`));

function failOnNoise(): void {
  if (noise.length > 0) throw new Error(`unexpected output:\n${noise.splice(0).join("\n")}`);
}
afterEach(failOnNoise);
// What was written while a file loaded, or after its last test.
afterAll(failOnNoise);
