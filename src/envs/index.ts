/** @file Generated from the files beside it by `npm run gen`; do not edit. */

import { cheeseCorner } from "./cheese-corner.ts";
import { cheeseDish } from "./cheese-dish.ts";
import { keysChests } from "./keys-chests.ts";
import { miniSokoban } from "./mini-sokoban.ts";
import { monsterWorld } from "./monster-world.ts";
import { valueMaze } from "./value-maze.ts";

export const envs = [cheeseCorner, cheeseDish, keysChests, miniSokoban, monsterWorld, valueMaze] as const;
