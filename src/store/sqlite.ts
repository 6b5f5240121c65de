/**
 * @file Records in one SQLite file, through Kysely, so that the same queries run
 * on another database later. Write-ahead log, flushed at every save; several
 * processes may use it at once.
 */
import { existsSync, statSync } from "node:fs";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { type Generated, Kysely, type SqliteDatabase, SqliteDialect, sql } from "kysely";
import { LabError } from "../core/errors.ts";
import { CORRUPT_FIX, storeFailure } from "./failure.ts";
import { sealOf } from "./sqlite-seal.ts";
import {
  artifactsOf,
  type Damage,
  decodeRecord,
  encodeRecord,
  hashText,
  matches,
  type RecordEntry,
  type RecordKind,
  type RecordName,
  recordFix,
  type Store,
} from "./store.ts";

interface Schema {
  readonly record: {
    readonly kind: RecordKind;
    readonly id: string;
    readonly hash: string;
    readonly saved_ms: number;
    /** Order of saving, also within one millisecond. */
    readonly serial: Generated<number>;
    readonly json: string;
  };
}

/**
 * Each entry brings the schema from its index to the next version; published ones are never edited.
 * Every column is either hashed or held twice (in the table and in an index that SQLite compares with it), so that
 * a flipped bit shows.
 */
const MIGRATIONS: readonly (readonly string[])[] = [
  [
    `create table record (
      serial integer primary key autoincrement,
      kind text not null, id text not null, hash text not null, saved_ms integer not null, json text not null)`,
    "create unique index record_by_id on record (kind, id)",
    "create index record_by_time on record (saved_ms, kind)",
  ],
];

interface Connection {
  readonly database: DatabaseSync;
  readonly db: Kysely<Schema>;
}

export type Records = Pick<Store, "save" | "load" | "list" | "close"> & {
  /** Check the file and every record in it; `needed` lists the artifacts that records rest on, with who needs them. */
  verify(progress?: (share: number) => void): Promise<RecordVerification>;
  drop(name: RecordName): Promise<void>;
  /** The database and the files that belong to it. */
  readonly paths: readonly string[];
  /** Every row that can be read from the file, in order, whatever state it is in; closes the store. */
  salvage(): Promise<readonly SavedRow[]>;
  /** Put salvaged rows back. */
  restore(rows: readonly SavedRow[]): Promise<void>;
};

/** A record as the table holds it. */
export type SavedRow = Omit<Schema["record"], "serial">;

export interface RecordVerification {
  readonly records: number;
  readonly bytes: number;
  readonly damage: readonly Damage[];
  readonly needed: ReadonlyMap<string, readonly RecordName[]>;
}

/**
 * Records in the SQLite file at `path`, opened when first used.
 *
 * @param now milliseconds since 1970
 */
export function sqliteRecords(path: string, now: () => number): Records {
  let opened: Promise<Connection> | undefined;
  const seal = sealOf(path);
  let isChanged = false;
  const connect = (): Promise<Connection> => {
    opened ??= open(path);
    // A failure is told every time, and the next call tries again.
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };
  const attempt = async <T>(action: string, work: (db: Kysely<Schema>) => Promise<T>): Promise<T> => {
    try {
      return await work((await connect()).db);
    } catch (error) {
      throw storeFailure(error, action, path);
    }
  };
  const write = async (action: string, work: (db: Kysely<Schema>) => Promise<unknown>): Promise<void> => {
    isChanged = true;
    await attempt(action, async (db) => {
      seal.break();
      await work(db);
      seal.break();
    });
  };
  const close = async () => {
    const connection = await opened?.catch(() => undefined);
    opened = undefined;
    if (connection && isChanged) seal.write(connection.database);
    isChanged = false;
    await connection?.db.destroy();
  };
  const paths = [path, `${path}-wal`, `${path}-shm`, `${path}.sha256`];
  /** Reading a store that was never written creates nothing. */
  const isEmpty = () => opened === undefined && !existsSync(path);

  return {
    async save(kind, id, record) {
      const { json, hash } = encodeRecord(kind, record);
      await write(`saving ${kind} ${id}`, (db) =>
        db
          .insertInto("record")
          .values({ kind, id, hash, saved_ms: now(), json })
          .onConflict((conflict) =>
            conflict.columns(["kind", "id"]).doUpdateSet((row) => ({
              hash: row.ref("excluded.hash"),
              saved_ms: row.ref("excluded.saved_ms"),
              json: row.ref("excluded.json"),
            })),
          )
          .execute(),
      );
      return hash;
    },
    async load(kind, id) {
      if (isEmpty()) return undefined;
      const row = await attempt(`reading ${kind} ${id}`, (db) =>
        db
          .selectFrom("record")
          .select(["json", "hash"])
          .where("kind", "=", kind)
          .where("id", "=", id)
          .executeTakeFirst(),
      );
      return row && decodeRecord(kind, id, row.json, row.hash);
    },
    async list(kind, { prefix = "", where, limit = Number.POSITIVE_INFINITY } = {}) {
      if (isEmpty()) return [];
      const rows = await attempt("listing records", (db) => {
        let query = db
          .selectFrom("record")
          .select(["kind", "id", "hash", "saved_ms as savedMs", sql<number>`length(cast(json as blob))`.as("bytes")])
          .$if(where !== undefined, (q) => q.select("json"))
          .orderBy("saved_ms", "desc")
          .orderBy("serial", "desc");
        if (kind) query = query.where("kind", "=", kind);
        if (prefix) query = query.where(sql`substr(id, 1, ${prefix.length})`, "=", prefix);
        return query.execute();
      });
      return rows
        .filter((row) => where === undefined || matches(JSON.parse(row.json ?? "null"), where))
        .slice(0, limit)
        .map(({ json: _, ...entry }): RecordEntry => entry);
    },
    async verify(progress) {
      const needed = new Map<string, RecordName[]>();
      const damage: Damage[] = [];
      let [records, bytes] = [0, 0];
      const database = (problem: string) =>
        damage.push({ what: "database", name: path, problem, fix: CORRUPT_FIX, paths, records: [] });
      if (isEmpty()) return { records, bytes, damage, needed };
      bytes += statSync(path).size;
      // Opening may write to the file, so the seal is looked at first.
      const isSealBroken = opened === undefined && seal.isBroken();
      try {
        await attempt("checking the database", async (db) => {
          const check = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
          for (const { integrity_check: verdict } of check.rows) if (verdict !== "ok") database(verdict);
          const { database: raw } = await connect();
          if (schemaOf(raw) !== expectedSchema()) database("its tables are not as they were made");
          const { total } = await db
            .selectFrom("record")
            .select((row) => row.fn.countAll<number>().as("total"))
            .executeTakeFirstOrThrow();
          for await (const row of db.selectFrom("record").select(["kind", "id", "hash", "json"]).stream()) {
            records++;
            progress?.(records / total);
            if (hashText(row.json) === row.hash) {
              const record = decodeRecord(row.kind, row.id, row.json, row.hash);
              for (const hash of artifactsOf(row.kind, record)) {
                needed.set(hash, [...(needed.get(hash) ?? []), { kind: row.kind, id: row.id }]);
              }
            } else {
              damage.push({
                what: "record",
                name: `${row.kind} ${row.id}`,
                problem: "it does not match its hash",
                fix: recordFix(row.kind),
                paths: [],
                records: [{ kind: row.kind, id: row.id }],
              });
            }
          }
        });
      } catch (error) {
        if (!(error instanceof LabError)) throw error;
        database(error.message);
      }
      if (damage.length === 0 && isSealBroken) database("its bytes differ from those when it was last closed");
      return { records, bytes, damage, needed };
    },
    async drop({ kind, id }) {
      await write(`dropping ${kind} ${id}`, (db) =>
        db.deleteFrom("record").where("kind", "=", kind).where("id", "=", id).execute(),
      );
    },
    paths,
    async salvage() {
      await close();
      return readableRows(path);
    },
    async restore(rows) {
      for (const row of rows) {
        await write(`restoring ${row.kind} ${row.id}`, (db) =>
          db
            .insertInto("record")
            .values(row)
            .onConflict((conflict) => conflict.doNothing())
            .execute(),
        );
      }
    },
    close,
  };
}

/** Row by row, so that one damaged page costs the rows on it and no others. */
function readableRows(path: string): SavedRow[] {
  const rows: SavedRow[] = [];
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    const newest = Number(database.prepare("select seq from sqlite_sequence where name = 'record'").get()?.seq ?? 0);
    const select = database.prepare("select kind, id, hash, saved_ms, json from record where serial = ?");
    for (let serial = 1; serial <= newest; serial++) {
      try {
        const row = select.get(serial) as SavedRow | undefined;
        if (row && hashText(row.json) === row.hash) rows.push({ ...row });
      } catch {
        // This row lies on a damaged page: it is what is lost.
      }
    }
  } catch {
    // Not even its tables can be found: nothing can be salvaged.
  }
  database?.close();
  return rows;
}

/** Open and bring the schema up to date; on a full or read-only disk, open for reading alone. */
async function open(path: string): Promise<Connection> {
  try {
    return await prepared(new DatabaseSync(path), "pragma journal_mode = wal");
  } catch (error) {
    const failure = storeFailure(error, "opening the store", path);
    const isBlocked =
      failure instanceof LabError && (failure.code === "store/full" || failure.code === "store/unavailable");
    if (!isBlocked || !existsSync(path)) throw failure;
    // A write-ahead log needs room for its shared index. Alone on the file, SQLite keeps that index in memory…
    const alone = () => prepared(new DatabaseSync(path), "pragma locking_mode = exclusive");
    // …and a file that nobody can write needs none, provided no log is left beside it.
    const frozen = () => prepared(new DatabaseSync(new URL("?immutable=1", pathToFileURL(path)), { readOnly: true }));
    return await alone().catch(() => {
      if (existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0) throw failure;
      return frozen().catch(() => {
        throw failure;
      });
    });
  }
}

/** How long a process waits for another one's write, milliseconds. */
const BUSY_MS = 15_000;

async function prepared(database: DatabaseSync, pragma?: string): Promise<Connection> {
  try {
    // As a pragma: the option of the constructor is younger than the oldest Node we run on.
    database.exec(`pragma busy_timeout = ${BUSY_MS}`);
    if (pragma) database.exec(pragma);
    database.exec("pragma synchronous = full");
    migrate(database);
    return { database, db: new Kysely<Schema>({ dialect: new SqliteDialect({ database: adapter(database) }) }) };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Bring the schema to the newest version, in one transaction that two processes cannot share. */
function migrate(database: DatabaseSync): void {
  const version = (): number => Number(database.prepare("pragma user_version").get()?.user_version);
  if (version() === MIGRATIONS.length) return;
  database.exec("begin immediate");
  try {
    const from = version();
    if (from > MIGRATIONS.length) {
      throw new LabError(
        "store/unavailable",
        `store: the database has a newer format, got ${from}; expected ${MIGRATIONS.length}`,
        {
          hint: "Update mesascope: the store was written by a newer version.",
        },
      );
    }
    for (const statements of MIGRATIONS.slice(from)) for (const statement of statements) database.exec(statement);
    database.exec(`pragma user_version = ${MIGRATIONS.length}`);
    database.exec("commit");
  } catch (error) {
    database.exec("rollback");
    throw error;
  }
}

/** Every table and index as the database describes it. */
const schemaOf = (database: DatabaseSync): string =>
  JSON.stringify(database.prepare("select type, name, tbl_name, sql from sqlite_schema order by name").all());

/** What the migrations make of an empty database. */
function expectedSchema(): string {
  const database = new DatabaseSync(":memory:");
  migrate(database);
  const schema = schemaOf(database);
  database.close();
  return schema;
}

/** What Kysely's SQLite dialect asks of a driver, answered by `node:sqlite`. */
function adapter(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare(text) {
      const statement = database.prepare(text);
      return {
        reader: /^\s*(select|with|pragma)\b|\breturning\b/i.test(text),
        all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
        iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
      };
    },
  };
}
