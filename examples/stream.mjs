// Writes an epoch of a corpus as lines of JSON, over HTTP alone: server-sent events, or pages with --pages. It goes on
// with the next row after any cut, and checks the number and the checksum of the rows of every answer that ended.
//
//   node examples/stream.mjs CORPUS [--seed N] [--epoch N] [--pages] > rows.jsonl
//
// AUGSVC_URL is the server, http://127.0.0.1:8000 where it is not set. Node 18 or later; no packages.

import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string" }, epoch: { type: "string" }, column: { type: "string" }, pages: { type: "boolean" } },
});
const url = process.env.AUGSVC_URL ?? "http://127.0.0.1:8000";
const { seed = "0", epoch = "0", column = "text" } = options;
const WAIT_MS = 500;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? 0xedb88320 ^ (byte >>> 1) : byte >>> 1;
  return byte;
});

// What an end frame promises, counted as the rows come.
class Tally {
  #utf8 = new TextEncoder();
  #crc = ~0;
  rows = 0;

  add(row) {
    this.#u64(row._position);
    for (const text of [row[column], row._original].filter((value) => value !== undefined)) {
      const bytes = this.#utf8.encode(text);
      this.#u64(bytes.length);
      this.#update(bytes);
    }
    this.rows++;
  }

  check(end) {
    const checksum = (~this.#crc >>> 0).toString(16).padStart(8, "0");
    if (end.rows !== this.rows || end.checksum !== checksum) throw new Error("the rows that came are not those sent");
  }

  #u64(value) {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
    this.#update(bytes);
  }

  #update(bytes) {
    for (const byte of bytes) this.#crc = TABLE[(this.#crc ^ byte) & 0xff] ^ (this.#crc >>> 8);
  }
}

async function view() {
  const body = JSON.stringify({ corpus: positionals[0], seed: Number(seed) });
  const answer = await fetch(`${url}/views`, { method: "POST", body, headers: { "Content-Type": "application/json" } });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()).view_id;
}

// The blocks of a text that arrives in pieces; what lacks its separator at the end is dropped.
async function* blocks(body, separator) {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split(separator);
    rest = parts.pop();
    yield* parts;
  }
}

// As a browser's EventSource would: the id of the last event is all that has to be kept.
async function* events(viewId) {
  let last = `v1.${viewId}.${epoch}.0`;
  for (;;) {
    try {
      const headers = { Accept: "text/event-stream", "Last-Event-ID": last };
      const answer = await fetch(`${url}/views/${viewId}/stream`, { headers });
      if (answer.status === 204) return;
      if (!answer.ok) throw new Error(await answer.text());
      const tally = new Tally();
      for await (const block of blocks(answer.body, "\n\n")) {
        const event = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s, 2)));
        const line = JSON.parse(event.data);
        if (event.event === "error") throw new Error(line._error.detail);
        if (event.event === "end") tally.check(line._end);
        if (event.event === "rows") {
          tally.add(line);
          yield line;
        }
        last = event.id;
      }
    } catch (error) {
      console.error(`going on from ${last}: ${error.message}`);
      await sleep(WAIT_MS);
    }
  }
}

// A page is checked before any of its rows is used; a broken one is asked for again.
async function* pages(viewId) {
  let cursor = `v1.${viewId}.${epoch}.0`;
  while (cursor) {
    try {
      const answer = await fetch(`${url}/views/${viewId}/rows?cursor=${cursor}&rows=4096`);
      if (!answer.ok) throw new Error(await answer.text());
      const lines = (await answer.text()).trimEnd().split("\n").map(JSON.parse);
      const end = lines.pop()._end;
      const tally = new Tally();
      for (const row of lines) tally.add(row);
      tally.check(end);
      yield* lines;
      cursor = end.next;
    } catch (error) {
      console.error(`again from ${cursor}: ${error.message}`);
      await sleep(WAIT_MS);
    }
  }
}

let count = 0;
for await (const row of (options.pages ? pages : events)(await view())) {
  process.stdout.write(`${JSON.stringify(row)}\n`);
  count++;
}
console.error(`${count} rows`);
