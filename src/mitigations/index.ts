/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { oracleRegretReplay } from "./oracle-regret-replay.ts";

export const mitigations = [oracleRegretReplay] as const;
