/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { cheeseCorner } from "./cheese-corner.ts";

export const envs = [cheeseCorner] as const;
