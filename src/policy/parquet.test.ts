import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { readLog } from "./log-file.ts";
import { parquetAsJsonLines } from "./parquet.ts";

test("a log in columns is the log in lines", async () => {
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: "episode", data: ["a", "a", "b"], type: "STRING" },
      { name: "step", data: [0n, 1n, 0n], type: "INT64" },
      { name: "action", data: ["up", "left", "down"], type: "STRING" },
      { name: "level", data: ["###/#M#/###", null, "###/#M#/###"], type: "STRING" },
    ],
  });
  const text = new TextDecoder().decode(await parquetAsJsonLines(new Uint8Array(buffer)));
  expect(readLog(text, "jsonl")).toEqual([
    { where: "line 1", episode: "a", step: 0, action: "up", level: "###\n#M#\n###" },
    { where: "line 2", episode: "a", step: 1, action: "left" },
    { where: "line 3", episode: "b", step: 0, action: "down", level: "###\n#M#\n###" },
  ]);
});

test("what is no Parquet file is refused", async () => {
  await expect(parquetAsJsonLines(new TextEncoder().encode("episode,step,action\n"))).rejects.toThrow(
    /not a readable Parquet file/,
  );
});
