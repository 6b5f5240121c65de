/**
 * @file What every environment promises, checked for each one in the index; the
 * promises are in src/lab/contract-env.ts, which users' own tasks meet too.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe } from "vitest";
import type { EnvPlugin } from "../../src/env.ts";
import { envs } from "../../src/envs/index.ts";
import { envContract } from "../../src/lab/contract-env.ts";
import { testChecks } from "./checks.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function usedBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

describe.each(envs.map((env) => [env.id, env as unknown as EnvPlugin] as const))("environment %s", (_, env) => {
  testChecks(envContract(env, { usedBytes }));
});
